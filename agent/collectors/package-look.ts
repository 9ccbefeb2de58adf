// What the parts of the package collector share in one look.
import type { Account, GapReason, PackageObservation } from '#shared/observation.ts'
import type { Obstacle, Reach } from '../platform/files.ts'
import type { ScanContext } from './collector.ts'
import { expandEach, type Fitting } from './expand.ts'
import type { GapList } from './gap.ts'
import { gapList } from './gap.ts'
import { movedProgramsOf, templatesFor, type Base } from './moved-homes.ts'

export interface PackageLook {
  readonly context: ScanContext
  readonly list: GapList
  /** Identities of package folders: two names of one folder are one package. */
  readonly counted: Set<string>
  /** Real paths of the `node_modules` and folders of Python packages that were looked through. */
  readonly visited: string[]
  readonly observations: PackageObservation[]
  /** Folders that variables of an account put in the place of managers'. */
  readonly moved: (account: Account) => readonly Base[]
  /** Keeps a package, if the inventory is full, the catalogue wants it or it is built as agents are. */
  readonly add: (found: Omit<PackageObservation, 'kind' | 'at'>) => void
}

export function packageLook(context: ScanContext): PackageLook {
  const wanted = new Set(context.wanted.package.map((signal) => signal.name))
  const observations: PackageObservation[] = []
  const list = gapList('package', context.now)
  const moved = new Map<Account, readonly Base[]>()
  return {
    context,
    list,
    counted: new Set(),
    visited: [],
    observations,
    moved(account) {
      const known = moved.get(account)
      if (known !== undefined) return known
      const { bases, gaps } = movedProgramsOf(context.host.files, context.memory, account)
      for (const gap of gaps) list.add(account.name, gap)
      moved.set(account, bases)
      return bases
    },
    add(found) {
      const isWanted = wanted.has(found.name) || found.dependsOn !== undefined
      if (context.inventory === 'catalogue-only' && !isWanted) return
      observations.push({ kind: 'package', at: context.now, ...found })
    },
  }
}

/** In folders that are anybody's a link out of one hides no more than one to anywhere else would. */
const telling: ReadonlySet<GapReason> = new Set(['over-budget', 'too-many', 'remote-mount', 'denied'])

export function inAnyFolder(gap: Obstacle): Obstacle | null {
  return telling.has(gap.reason) ? gap : null
}

/**
 * What fits a place of an account's (`~/…`), also where a variable moved it, or one of the system's (`account` null).
 * @param told what is told of a gap
 */
export function fittingAt(
  look: PackageLook,
  reach: Reach,
  account: Account | null,
  place: string,
  told: (gap: Obstacle) => Obstacle | null = (gap) => gap,
): readonly Fitting[] {
  const moved = account === null ? [] : look.moved(account)
  return expandEach(templatesFor(account, reach, moved, place), {
    onGap: (gap) => look.list.add(account?.name ?? null, told(gap)),
    isOver: () => look.context.signal.aborted,
  })
}
