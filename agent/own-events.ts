// What befell the agent without its being told: killed, held up, given other settings. It is noticed here and told once a day at
// most, by its day: how often would say how often the machine was switched on.
import { trialRun } from './policy-trial.ts'
import type { Settings } from './settings.ts'
import type { State } from './state.ts'
import { agentRecord, type AgentRecord } from './report/agent-record.ts'
import { sha256 } from './state/keys.ts'

/** Longer between two looks at what runs, which come every minute, than any load explains while the machine is awake. */
const stalledMs = 15 * 60_000

/** Tells it, unless the same was told of this day. Call inside a transaction. */
export function tellOnceADay(
  state: State,
  event: AgentRecord['event'],
  now: number,
  detail: string | null = null,
): void {
  const record = agentRecord(event, detail, now)
  const key = toldAs(event)
  if (state.told.text(key) === JSON.stringify(record)) return
  state.outbox.append([record])
  state.told.keep([[key, record]])
}

/** Under which key it is known that it was told. */
function toldAs(event: AgentRecord['event']): string {
  return `agent\0${event}`
}

/**
 * Tells how the run before ended, if not in order, and which settings are others since.
 * @param boot of the machine as it runs now. Where it is another than then, the machine itself went down, which is nobody's doing
 */
export function noteSinceLastRun(state: State, boot: string, settings: Settings, now: number): void {
  const wasKilled = state.read('daemon') !== null && state.read('clock')?.boot === boot
  const before = state.read('settings') ?? {}
  const after = hashed(settings)
  const changed = Object.keys(after).filter(
    (name) => Object.hasOwn(before, name) && before[name] !== after[name],
  )
  state.transact(() => {
    if (wasKilled) tellOnceADay(state, 'killed', now)
    trialRun(state, boot, now)
    if (changed.length > 0) tellOnceADay(state, 'reconfigured', now, changed.toSorted().join(', '))
    state.write('settings', after)
  })
}

/** Tells that the agent ends in order, and why where a package's script left the word. Call inside a transaction. */
export function noteEnd(state: State, now: number): void {
  const why = state.departure.read(now)
  if (why === null) return tellOnceADay(state, 'stopping', now)
  state.outbox.append([agentRecord(why, null, now)])
  // Whoever starts again says so, on the same day too.
  state.told.keep([[toldAs('started'), null]])
}

/** Their names are told and their values not: an address may hold a password. */
function hashed(settings: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, sha256(JSON.stringify(value))]),
  )
}

/** Tells of time awake in which nothing was looked at: the process was held, or starved. */
export function noteStandstill(state: State, awakeMs: number, everyMs: number, now: number): void {
  if (awakeMs > stalledMs + everyMs) state.transact(() => tellOnceADay(state, 'stalled', now))
}
