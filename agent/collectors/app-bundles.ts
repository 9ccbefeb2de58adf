// Applications of macOS: the id and version that each bundle says of itself. What its signature says (the team) is not read.
import type { Account, AppObservation } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import { maxPlistBytes, parsePropertyList, textOf } from '../parsers/property-list.ts'
import type { Reach } from '../platform/files.ts'
import type { ScanContext } from './collector.ts'
import { expand } from './expand.ts'
import type { GapList } from './gap.ts'

/** Where applications are put, and the folders that makers of several and JetBrains' Toolbox put theirs in. */
export const systemBundlePlaces = ['/Applications/*.app', '/Applications/*/*.app'] as const
export const homeBundlePlaces = ['~/Applications/*.app', '~/Applications/*/*.app'] as const

/** Of the system (`account` null) or an account. */
export function bundles(
  context: ScanContext,
  reach: Reach,
  account: Account | null,
  list: GapList,
  keep: (app: AppObservation) => void,
): void {
  const who = account?.name ?? null
  for (const place of account === null ? systemBundlePlaces : homeBundlePlaces) {
    const folders = expand({
      reach,
      template: account === null ? place : pathOf(place, account.home),
      onGap: (gap) => list.add(who, gap),
      isOver: () => context.signal.aborted,
      dotted: false,
    })
    for (const { path } of folders) {
      const about = reach.parsed(`${path}/Contents/Info.plist`, maxPlistBytes, parseBundle)
      if (!about.ok) list.add(who, about.gap)
      else if (about.value === null)
        list.add(who, { reason: 'unparsable', path: `${path}/Contents/Info.plist`, detail: null })
      else keep({ kind: 'app', account: who, at: context.now, idKind: 'bundle', path, ...about.value })
    }
  }
}

function parseBundle(bytes: Uint8Array): Pick<AppObservation, 'id' | 'name' | 'version'> | null {
  const about = parsePropertyList(bytes)
  const id = textOf(about, 'CFBundleIdentifier')
  if (id === null) return null
  return {
    id,
    name: textOf(about, 'CFBundleDisplayName') ?? textOf(about, 'CFBundleName'),
    version: textOf(about, 'CFBundleShortVersionString') ?? textOf(about, 'CFBundleVersion'),
  }
}
