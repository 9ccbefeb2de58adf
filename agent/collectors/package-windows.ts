// Packages of WinGet, Scoop and Chocolatey, by the folders and manifests that each leaves on the disk. What WinGet starts an
// installer for is in Windows' own list (app-windows.ts); only what it unpacks itself has a folder of its own.
// Sources: winget-cli issue 6181 (folders of portable packages), Scoop's wiki ("Scoop Folder Layout"), Chocolatey's documentation
// ("lib" folder), looked at 2026-11-23; none of it was run.
import type { Account } from '#shared/observation.ts'
import type { Reach } from '../platform/files.ts'
import { fittingAt, type PackageLook } from './package-look.ts'

interface Place {
  readonly manager: 'winget' | 'scoop' | 'chocolatey'
  readonly template: string
}

export const systemWindowsPlaces: readonly Place[] = [
  { manager: 'winget', template: '/C:/Program Files/WinGet/Packages/*' },
  { manager: 'scoop', template: '/C:/ProgramData/scoop/apps/*/*/manifest.json' },
  { manager: 'chocolatey', template: '/C:/ProgramData/chocolatey/lib/*/*.nuspec' },
]
export const homeWindowsPlaces: readonly Place[] = [
  { manager: 'winget', template: '~/AppData/Local/Microsoft/WinGet/Packages/*' },
  { manager: 'scoop', template: '~/scoop/apps/*/*/manifest.json' },
]

const maxManifestBytes = 1024 * 1024

/** Of one account, or of the system (`account` null). */
export function lookAtWindowsManagers(look: PackageLook, ofPlaces: Reach, account: Account | null): void {
  const who = account?.name ?? null
  for (const { manager, template } of account === null ? systemWindowsPlaces : homeWindowsPlaces) {
    for (const { path, info, reach } of fittingAt(look, ofPlaces, account, template)) {
      const named = manager === 'chocolatey' ? nuspecAt(look, reach, who, path) : namedBy[manager](path)
      if (named === null || look.counted.has(info.identity)) continue
      look.counted.add(info.identity)
      look.add({ account: who, manager, ...named, path, scope: 'installed', installedAt: info.createdAt })
    }
  }
}

type Named = { readonly name: string; readonly version: string | null } | null

const namedBy: Readonly<Record<'winget' | 'scoop', (path: string) => Named>> = {
  // `Publisher.Name_Microsoft.Winget.Source_8wekyb3d8bbwe`
  winget: (path) => {
    const name = /\/([\w.+-]+\.[\w.+-]+?)_[^/]+_[a-z0-9]{13}$/.exec(path)?.[1]
    return name === undefined ? null : { name, version: null }
  },
  // `apps/name/1.2.3/manifest.json`; `current` is a link to one of them.
  scoop: (path) => {
    const [, name, version] = /\/apps\/([^/]+)\/([^/]+)\/manifest\.json$/.exec(path) ?? []
    return name === undefined || version === undefined || version === 'current' ? null : { name, version }
  },
}

function nuspecAt(look: PackageLook, reach: Reach, who: string | null, path: string): Named {
  const about = reach.parsed(path, maxManifestBytes, parseNuspec)
  if (about.ok) return about.value
  look.list.add(who, about.gap)
  return null
}

/** `<id>` and `<version>` of a package's own metadata. */
export function parseNuspec(bytes: Uint8Array): Named {
  const text = new TextDecoder().decode(bytes)
  const name = /<id>\s*([\w.-]+)\s*<\/id>/.exec(text)?.[1]
  const version = /<version>\s*([\w.+-]+)\s*<\/version>/.exec(text)?.[1]
  return name === undefined ? null : { name: name.toLowerCase(), version: version ?? null }
}
