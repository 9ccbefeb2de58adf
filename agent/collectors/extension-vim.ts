// Plug-ins of Vim and Neovim, by the name of their folder, which is that of the repository that they were fetched from.
import type { ExtensionObservation } from '#shared/observation.ts'
import { fittingIn, type ExtensionLook } from './extension-look.ts'

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

export function vimPlugins(look: ExtensionLook): readonly ExtensionObservation[] {
  const { context, account } = look
  const found = new Map<string, ExtensionObservation>()
  for (const place of vimPlaces) {
    for (const { path, info } of fittingIn(look, place)) {
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
