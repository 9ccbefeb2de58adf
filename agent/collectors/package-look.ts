// What the parts of the package collector share in one look.
import type { Account, GapReason, PackageObservation } from '#shared/observation.ts'
import { pathOf } from '#shared/place.ts'
import type { Obstacle, Reach } from '../platform/files.ts'
import type { ScanContext } from './collector.ts'
import { expand, type Expanded } from './expand.ts'
import type { GapList } from './gap.ts'
import { gapList } from './gap.ts'

export interface PackageLook {
  readonly context: ScanContext
  readonly list: GapList
  /** Identities of package folders: two names of one folder are one package. */
  readonly counted: Set<string>
  /** Real paths of the `node_modules` and folders of Python packages that were looked through. */
  readonly visited: string[]
  readonly observations: PackageObservation[]
  /** Keeps a package, if the inventory is full, the catalogue wants it or it is built as agents are. */
  readonly add: (found: Omit<PackageObservation, 'kind' | 'at'>) => void
}

export function packageLook(context: ScanContext): PackageLook {
  const wanted = new Set(context.wanted.package.map((signal) => signal.name))
  const observations: PackageObservation[] = []
  return {
    context,
    list: gapList('package', context.now),
    counted: new Set(),
    visited: [],
    observations,
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

/** What fits places in an account's home, hidden names only where a place names them. */
export function foldersAt(
  look: PackageLook,
  reach: Reach,
  account: Account,
  places: readonly string[],
): readonly Expanded[] {
  return places.flatMap((place) =>
    expand({
      reach,
      template: pathOf(place, account.home),
      onGap: (gap) => look.list.add(account.name, gap),
      isOver: () => look.context.signal.aborted,
      dotted: false,
    }),
  )
}
