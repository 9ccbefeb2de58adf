// Whether the server holds what this device told it: a hash over what was told, once a day at most, and all of it again where
// the answer is that it differs. Knows no network; the server ends what is not told again.
import { z } from 'zod'
import type { DevicePolicy } from '#shared/protocol.ts'
import { digestOf, ToldKind, type Told } from '#shared/told.ts'
import type { State } from './state.ts'
import { sha256 } from './state/keys.ts'

export const DriftState = z.strictObject({
  /** When the last hash was made. */
  comparedAt: z.int().nullable(),
  /** Since which sequence number all was told again, until a hash says so; null: it was not. */
  whole: z.int().nullable(),
  /** When all was last told again, and how many days have to pass before it is again. */
  toldAt: z.int().nullable(),
  waitDays: z.int().positive(),
})
export type DriftState = z.infer<typeof DriftState>

const nothingKnown: DriftState = { comparedAt: null, whole: null, toldAt: null, waitDays: 1 }
const dayMs = 86_400_000
/** Where telling all again does not help: a server keeps what a gap hides, as long as the gap lasts. */
const mostWaitDays = 32
/** The first version of the protocol in which a server compares. */
const comparesSince = 7

/**
 * What the next report without records says was told; null: nothing, as it was said today, or no server would compare it, or
 * no look has told all that there is by this policy. Notes that it was said: call inside the transaction that seals it.
 */
export function toldSoFar(state: State, policy: DevicePolicy | null, now: number): Told | null {
  const known = state.read('drift') ?? nothingKnown
  if (known.whole === null && !hasPassed(known.comparedAt, 1, now)) return null
  if ((state.read('serverProtocol') ?? 0) < comparesSince || !isAllTold(state, policy)) return null
  state.write('drift', { ...known, comparedAt: now })
  // What the policy does not ask for is forgotten here without being gone.
  const isFull = (policy?.collect.inventory ?? 'full') === 'full'
  const kinds = ToldKind.options.filter((kind) => kind !== 'inventory' || isFull)
  return { digest: digestOf(state.told.lasting(), kinds, sha256), kinds, whole: known.whole }
}

/** Takes the server's answer into account; call inside the transaction of the receipt. @param drift undefined: not compared */
export function learnDrift(state: State, drift: boolean | undefined, now: number): void {
  if (drift === undefined) return
  const known = state.read('drift') ?? nothingKnown
  if (!drift) {
    state.write('drift', { ...known, whole: null, waitDays: 1 })
  } else if (known.whole !== null) {
    state.write('drift', { ...known, whole: null, waitDays: Math.min(known.waitDays * 2, mostWaitDays) })
  } else if (hasPassed(known.toldAt, known.waitDays, now) && state.told.text('scan') !== null) {
    state.write('drift', { ...known, whole: state.outbox.chain().sequence + 1, toldAt: now })
    state.outbox.append(state.told.all())
  }
}

/** A full look has told what there is since all was last forgotten, and by the policy that holds now. */
function isAllTold(state: State, policy: DevicePolicy | null): boolean {
  const scan = state.told.get('scan')
  return scan?.type === 'scan' && scan.policyVersion === (policy?.version ?? null)
}

/** A clock that was set back says nothing. */
function hasPassed(since: number | null, days: number, now: number): boolean {
  return since === null || now < since || now - since >= days * dayMs
}
