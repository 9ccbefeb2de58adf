// A newly taken policy is on trial until the first full look under it has ended. An agent that twice in a row does not get that far
// goes back to the one before, says so, and does not take that document again: whatever the policy does to it, it stays able to report.
import { z } from 'zod'
import { releaseName, type Signed } from '#shared/protocol.ts'
import { agentRecord } from './report/agent-record.ts'
import type { State } from './state.ts'
import { sha256 } from './state/keys.ts'
import { readPolicy } from './sync/policy.ts'

export const Trial = z.strictObject({
  /** The start of the machine in which the last run under it began; null: not known. */
  boot: z.string().nullable(),
  /** Runs in a row that ended without a word in the start of the machine in which they began: a power cut is nobody's fault. */
  deaths: z.int(),
  /** Looks of this run that began and did not end, and were not cut off by its end. */
  looks: z.int(),
})
export type Trial = z.infer<typeof Trial>

/** Once may be anything: an upgrade, a user, a full disk. */
const mostFailures = 2

/** Takes a policy, on trial. Call inside a transaction. */
export function takeOnTrial(state: State, signed: Signed, etag: string | null): void {
  // One that is on trial itself is nothing to go back to.
  if (state.read('trial') === null) state.write('policyBefore', state.read('policy'))
  state.write('trial', { boot: state.read('clock')?.boot ?? null, deaths: 0, looks: 0 })
  state.write('policy', { signed, etag })
}

/**
 * A run begins. Call inside a transaction, before it writes down that it runs.
 * @param boot of the machine as it runs now
 */
export function trialRun(state: State, boot: string, now: number): void {
  const trial = state.read('trial')
  if (trial === null) return
  const died = state.read('daemon') !== null && trial.boot === boot
  const deaths = died ? trial.deaths + 1 : 0
  if (deaths >= mostFailures) goBack(state, 'run-died', now)
  else state.write('trial', { boot, deaths, looks: 0 })
}

/** A full look begins. */
export function trialLook(state: State, now: number): void {
  const trial = state.read('trial')
  if (trial === null) return
  state.transact(() => {
    if (trial.looks >= mostFailures) goBack(state, 'look-failed', now)
    else state.write('trial', { ...trial, looks: trial.looks + 1 })
  })
}

/** A full look has ended well. */
export function passTrial(state: State): void {
  if (state.read('trial') === null) return
  state.transact(() => endTrial(state))
}

/** Whether a document is the one that this agent went back from. */
export function isGivenBack(state: State, { text }: Pick<Signed, 'text'>): boolean {
  const given = state.read('givenBack')
  return given !== null && given === nameOf(text)
}

function goBack(state: State, why: 'run-died' | 'look-failed', now: number): void {
  const [policy, before] = [state.read('policy'), state.read('policyBefore')]
  if (policy !== null) {
    // Another organisation's is none to go back to.
    state.write('policy', before?.signed.key === policy.signed.key ? before : null)
    state.write('givenBack', nameOf(policy.signed.text))
    state.write('refusedPolicy', sha256(policy.signed.text + policy.signed.signature))
    state.outbox.append([agentRecord('policy-refused', why, now)])
  }
  endTrial(state)
}

function endTrial(state: State): void {
  state.write('trial', null)
  state.write('policyBefore', null)
}

function nameOf(text: string): string | null {
  const policy = readPolicy(text)
  return policy === null ? null : releaseName(policy.version, text, sha256)
}
