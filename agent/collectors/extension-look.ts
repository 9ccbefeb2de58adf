// What the parts of the extension collector share in the look at one account.
import type { Account } from '#shared/observation.ts'
import type { Obstacle, Reach } from '../platform/files.ts'
import type { ScanContext } from './collector.ts'
import { expandEach, type Fitting } from './expand.ts'
import { templatesFor, type Base } from './moved-homes.ts'

export interface ExtensionLook {
  readonly context: ScanContext
  readonly account: Account
  /** What the home is looked at with. */
  readonly reach: Reach
  /** Folders that variables put in the place of some of the home's. */
  readonly moved: readonly Base[]
  readonly onGap: (gap: Obstacle | null) => void
}

/** What fits a place (`~/…`), also where a variable moved it. */
export function fittingIn(look: ExtensionLook, place: string): readonly Fitting[] {
  return expandEach(placesOf(look, place), { onGap: look.onGap, isOver: () => look.context.signal.aborted })
}

/** Where a place (`~/…`) is to be looked for. */
export function placesOf(
  { account, reach, moved }: ExtensionLook,
  place: string,
): readonly { readonly template: string; readonly reach: Reach }[] {
  return templatesFor(account, reach, moved, place)
}
