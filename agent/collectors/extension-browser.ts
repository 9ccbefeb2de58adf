// Extensions of browsers of Chrome's family, by id. Only those are looked for that the catalogue wants: what else somebody
// has in a browser is nobody's business here.
import type { ExtensionObservation } from '#shared/observation.ts'
import type { Platform } from '#shared/tool.ts'
import { fittingIn, type ExtensionLook } from './extension-look.ts'

/** Folders with one folder per profile, of packages, snaps and flatpaks; from the browsers' documentation, 2026-11-23. */
const linuxFolders = [
  '~/.config/google-chrome',
  '~/.config/google-chrome-beta',
  '~/.config/google-chrome-unstable',
  '~/.config/chromium',
  '~/.config/microsoft-edge',
  '~/.config/microsoft-edge-dev',
  '~/.config/BraveSoftware/Brave-Browser',
  '~/.config/vivaldi',
  '~/snap/chromium/common/chromium',
  '~/.var/app/com.google.Chrome/config/google-chrome',
  '~/.var/app/org.chromium.Chromium/config/chromium',
  '~/.var/app/com.microsoft.Edge/config/microsoft-edge',
  '~/.var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser',
] as const
const browserFolders: Readonly<Record<Platform, readonly string[]>> = {
  linux: linuxFolders,
  darwin: [
    'Google/Chrome',
    'Google/Chrome Beta',
    'Google/Chrome Dev',
    'Chromium',
    'Microsoft Edge',
    'Microsoft Edge Dev',
    'BraveSoftware/Brave-Browser',
    'Vivaldi',
    'Arc/User Data',
  ].map((folder) => `~/Library/Application Support/${folder}`),
  windows: [
    'Google/Chrome',
    'Google/Chrome Beta',
    'Google/Chrome Dev',
    'Chromium',
    'Microsoft/Edge',
    'Microsoft/Edge Dev',
    'BraveSoftware/Brave-Browser',
    'Vivaldi',
  ].map((folder) => `~/AppData/Local/${folder}/User Data`),
}
const placesOn = (os: Platform): readonly string[] =>
  browserFolders[os].map((folder) => `${folder}/*/Extensions`)
export const browserPlaces = [...placesOn('linux'), ...placesOn('darwin'), ...placesOn('windows')]

/** `wanted`: the ids as they are. */
export function browserExtensions(
  look: ExtensionLook,
  wanted: ReadonlySet<string>,
): readonly ExtensionObservation[] {
  if (wanted.size === 0) return []
  const { context, account, onGap } = look
  const found: ExtensionObservation[] = []
  for (const place of placesOn(context.host.os)) {
    for (const { path: profile, reach } of fittingIn(look, place)) {
      for (const id of wanted) {
        const path = `${profile}/${id}`
        const listing = reach.list(path)
        if (!listing.ok) {
          onGap(listing.gap)
          continue
        }
        const version = newestOf(listing.value.entries.map(({ name }) => name))
        if (version === null) continue
        found.push({
          kind: 'extension',
          account: account.name,
          at: context.now,
          host: 'chromium',
          id,
          version,
          path,
          status: 'installed',
        })
      }
    }
  }
  return found
}

/** Of folders such as `1.0.81_0`, one per version that is there; the older are removed when the browser starts. */
function newestOf(names: readonly string[]): string | null {
  const versions = names.flatMap((name) => /^(\d+(?:\.\d+){0,3})_\d+$/.exec(name)?.[1] ?? [])
  return versions.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0] ?? null
}
