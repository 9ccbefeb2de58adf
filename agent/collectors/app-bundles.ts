// Applications of macOS: the id and version that each bundle says of itself, and of those of which the catalogue knows it the team that
// its signature names.
import type { Account, AppObservation } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import { signingTeam } from '../parsers/code-signature.ts'
import { maxPlistBytes, parsePropertyList, textOf } from '../parsers/property-list.ts'
import type { OpenFile, Reach } from '../platform/files.ts'
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
  // Only of those is it asked for: nothing else would come of it.
  const signed = new Set(context.wanted.app.flatMap(({ id, teamId }) => (teamId === undefined ? [] : [id])))
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
      else {
        const { program, ...app } = about.value
        const team = signed.has(app.id) ? { team: teamOf(reach, path, program, who, list) } : {}
        keep({ kind: 'app', account: who, at: context.now, idKind: 'bundle', path, ...app, ...team })
      }
    }
  }
}

function teamOf(
  reach: Reach,
  bundle: string,
  program: string | null,
  who: string | null,
  list: GapList,
): string | null {
  if (program === null) return null
  const team = reach.examined(`${bundle}/Contents/MacOS/${program}`, teamIn)
  if (team.ok) return team.value
  list.add(who, team.gap)
  return null
}

function teamIn(file: OpenFile): string | null {
  return signingTeam((position, length) => file.readAt(position, length))
}

interface Bundle extends Pick<AppObservation, 'id' | 'name' | 'version'> {
  /** The name of its main program; null where it is no plain name. */
  readonly program: string | null
}

function parseBundle(bytes: Uint8Array): Bundle | null {
  const about = parsePropertyList(bytes)
  const id = textOf(about, 'CFBundleIdentifier')
  const program = textOf(about, 'CFBundleExecutable')
  if (id === null) return null
  return {
    id,
    name: textOf(about, 'CFBundleDisplayName') ?? textOf(about, 'CFBundleName'),
    version: textOf(about, 'CFBundleShortVersionString') ?? textOf(about, 'CFBundleVersion'),
    program: program === null || /^\.*$|\//.test(program) ? null : program,
  }
}
