// Plug-ins of Vim and Neovim, by the name of their folder, which is that of the repository that they were fetched from.
import type { Account, ExtensionObservation } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import type { Reach } from '../platform/files.ts'
import type { ScanContext } from './collector.ts'
import { expand } from './expand.ts'
import type { OnGap } from './extension-state.ts'

/** Where plug-in managers put them: lazy.nvim, vim-plug, Vundle, dein, and Vim's own packages (packer, paq, mini.deps). */
export const vimPlaces = [
  '~/.local/share/nvim/lazy/*',
  '~/.local/share/nvim/plugged/*',
  '~/.local/share/nvim/site/pack/*/start/*',
  '~/.local/share/nvim/site/pack/*/opt/*',
  '~/.config/nvim/pack/*/start/*',
  '~/.config/nvim/pack/*/opt/*',
  '~/.local/share/lunarvim/site/pack/lazy/opt/*',
  '~/.cache/dein/repos/github.com/*/*',
  '~/.vim/plugged/*',
  '~/.vim/bundle/*',
  '~/.vim/pack/*/start/*',
  '~/.vim/pack/*/opt/*',
] as const

export function vimPlugins(
  context: ScanContext,
  account: Account,
  reach: Reach,
  onGap: OnGap,
): readonly ExtensionObservation[] {
  const found = new Map<string, ExtensionObservation>()
  for (const place of vimPlaces) {
    const folders = expand({
      reach,
      template: pathOf(place, account.home),
      onGap,
      isOver: () => context.signal.aborted,
      dotted: false,
    })
    for (const { path, info } of folders) {
      if (info.kind !== 'folder' || found.has(info.identity)) continue
      found.set(info.identity, {
        kind: 'extension',
        account: account.name,
        at: context.now,
        host: 'neovim',
        id: path.slice(path.lastIndexOf('/') + 1),
        version: null,
        path,
        status: 'installed',
      })
    }
  }
  return [...found.values()]
}
