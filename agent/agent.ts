// The daemon: when to look, when to report. Wires looks, watching and check-ins together; decides nothing about evidence.
// One job at a time, in order; a bug in one is logged and the next goes on.
import type { Account } from '#shared/observation.ts'
import type { DevicePolicy } from '#shared/protocol.ts'
import type { Tool } from '#shared/tool.ts'
import type { DeviceClock } from './device-clock.ts'
import { basesOf } from './collectors/moved-homes.ts'
import type { Looks, LookOutcome } from './looks.ts'
import type { Host } from './platform/host.ts'
import type { WatchFolder } from './platform/folder-watch.ts'
import { passTrial, trialLook } from './policy-trial.ts'
import { noteEnd, noteStandstill, tellOnceADay } from './own-events.ts'
import { agentRecord } from './report/agent-record.ts'
import type { State } from './state.ts'
import type { Spool } from './spool.ts'
import { lastReportMs, type Reporting } from './sync/reporting.ts'
import { gatherChanges, type Timers } from './gather.ts'
import { watchTraces, type TraceChange, type TraceWatch } from './watch.ts'

export interface AgentParts {
  readonly state: State
  readonly host: Host
  readonly clock: DeviceClock
  readonly tools: readonly Tool[]
  readonly looks: Looks
  readonly reporting: Reporting
  readonly spool: Spool
  readonly watchFolder: WatchFolder
  readonly timers: Timers
  readonly random: () => number
  readonly scanEveryMs: number
  readonly processesEveryMs: number
  /** How many times as long as usual the next regular look waits, as the machine's power asks for; absent: once. */
  readonly patience?: () => number
  readonly pid: number
  readonly log: (line: string) => void
  /** Called when a full look and what it led to are over, and after a check-in: many small looks have gone before it. */
  readonly rest?: () => void
  /** Writes the accounts’ copies of what is known and was sent of them; absent where there are none. */
  readonly copy?: () => void
}

/** Between a witnessed use and its report: more of the same may follow at once. */
const urgentDelayMs = 500
/** Longer than any timer is late: the machine slept. */
const sleptMs = 30_000
/** How long a machine is awake at most before that is noticed, whatever the time between two looks. It costs two clocks. */
const wakeEveryMs = 25_000
const firstSpreadMs = 30_000
/** When a report ended in a fault of our own (a full disk, a bug). */
const afterFaultMs = 60_000
/** After a full look, which mostly leads to a check-in within a second; and after any check-in. */
const restAfterMs = 5000

export class Agent {
  readonly #parts: AgentParts
  readonly #watch: TraceWatch
  readonly #changes: ReturnType<typeof gatherChanges>
  #queue: Promise<void> = Promise.resolve()
  #cancels = new Map<string, () => void>()
  #stopped = false
  #asleepMs = 0
  #lookedAwakeMs = 0
  #timesSet = 0

  constructor(parts: AgentParts) {
    this.#parts = parts
    this.#changes = gatherChanges(parts.timers, (changes) => this.#job('traces', () => this.#traces(changes)))
    this.#watch = watchTraces({
      files: parts.host.files,
      watchFolder: parts.watchFolder,
      bases: (account) => basesOf(parts.host.files, parts.state.memory, account).bases,
      changed: (change) => this.#changes.add(change),
    })
  }

  /** Begins: a full look at once, then all the rest by its own clock. */
  start(): void {
    const { state, host, pid } = this.#parts
    const now = host.now()
    this.#asleepMs = this.#asleep()
    this.#lookedAwakeMs = host.awakeMs()
    state.transact(() => {
      const why = state.read('newEpoch')
      if (why !== null) {
        state.outbox.append([agentRecord('new-epoch', why, now)])
        state.write('newEpoch', null)
      }
      tellOnceADay(state, 'started', now)
      state.write('daemon', { pid, startedAt: now, lastScanAt: null })
    })
    state.departure.done()
    // A device that has reported before can wait a moment: many are switched on at the same minute.
    const spreadMs = state.read('sync')?.lastAt == null ? 0 : firstSpreadMs * this.#parts.random()
    this.#job('first look', async () => {
      // So that a notice of the looking can be shown before anything is known but who there is.
      await host.prepare()
      this.#parts.copy?.()
      const { urgent } = await this.#full()
      // A use while the agent was stopped is told as soon as any other.
      if (!urgent) this.#checkInAfter(spreadMs)
    })
    this.#noticeWaking()
    const { processesEveryMs, scanEveryMs, patience } = this.#parts
    this.#every(
      'processes',
      () => processesEveryMs,
      () => this.#processes(),
    )
    this.#every(
      'scan',
      () => scanEveryMs * (patience?.() ?? 1),
      async () => void (await this.#full()),
    )
  }

  /** Ends: says so to the server if it answers quickly, and lets go of everything. */
  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    for (const cancel of this.#cancels.values()) cancel()
    this.#changes.close()
    this.#watch.close()
    const { state, host, looks, reporting } = this.#parts
    reporting.giveUp()
    await this.#queue
    looks.noteClock()
    state.transact(() => {
      noteEnd(state, host.now())
      state.write('daemon', null)
    })
    state.departure.done()
    await reporting.reportLast(lastReportMs)
    state.close()
  }

  /** All jobs so far are done. */
  settled(): Promise<void> {
    return this.#queue
  }

  #job(name: string, run: () => Promise<void>): void {
    if (this.#stopped) return
    this.#queue = this.#queue.then(async () => {
      try {
        await run()
        this.#parts.spool.keep()
      } catch (error) {
        this.#parts.log(
          `${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}`,
        )
      }
    })
  }

  #every(name: string, everyMs: () => number, run: () => Promise<void>): void {
    this.#after(name, everyMs(), () => {
      this.#job(name, run)
      this.#every(name, everyMs, run)
    })
  }

  #after(name: string, ms: number, run: () => void): void {
    // What a stop finds on its way goes on to its end; a timer would keep the process for as long as it is set for.
    if (this.#stopped) return
    this.#cancels.get(name)?.()
    this.#cancels.set(name, this.#parts.timers.after(ms, run))
  }

  async #full(): Promise<LookOutcome> {
    const { looks, state, host, pid, spool } = this.#parts
    // Watched before the look: what appears between the two would wait for the next one.
    await host.prepare()
    this.#followAccounts(host.accounts().accounts, true)
    looks.unwatched = this.#watch.gaps(host.now())
    trialLook(state, host.now())
    const outcome = await looks.full()
    passTrial(state)
    this.#told(outcome)
    // What the look found (moved homes), and what came while it went on.
    this.#follow()
    spool.prune()
    const startedAt = state.read('daemon')?.startedAt ?? host.now()
    const { gaps, waiting } = looks.shortfall()
    state.write('daemon', { pid, startedAt, lastScanAt: host.now(), gaps, waiting: [...waiting] })
    this.#restSoon()
    // Last: everything else is done where the disk has no room for it.
    looks.keepRepeats()
    return outcome
  }

  async #traces(changes: readonly TraceChange[]): Promise<void> {
    this.#told(await this.#parts.looks.traces(changes))
  }

  #noticeWaking(): void {
    this.#after('waking', wakeEveryMs, () => {
      if (this.#asleep() - this.#asleepMs > sleptMs) this.#job('waking', () => this.#catchUp())
      this.#noticeWaking()
    })
  }

  /** After sleep, and after the clock was set: a look at everything, and a check-in soon. */
  async #catchUp(): Promise<void> {
    const asleepMs = this.#asleep()
    const slept = asleepMs - this.#asleepMs > sleptMs
    this.#asleepMs = asleepMs
    const { clock } = this.#parts
    clock.read()
    const wasSet = clock.timesSet() !== this.#timesSet
    this.#timesSet = clock.timesSet()
    if (slept || wasSet) {
      await this.#full()
      this.#checkInAfter(5000 * this.#parts.random())
    }
  }

  async #processes(): Promise<void> {
    this.#noticeStandstill()
    await this.#catchUp()
    const { host, looks } = this.#parts
    this.#told(await looks.processes())
    // Somebody who is new to the machine has a home to look at and to watch.
    if (!looks.knowsAll(host.accounts().accounts)) await this.#full()
    // Homes are mounted, replaced, and moved by what runs, and no watch tells of it.
    this.#follow()
    const unwatched = this.#watch.unwatched()
    if (unwatched.length > 0) await this.#traces(unwatched)
  }

  #noticeStandstill(): void {
    const { state, host, processesEveryMs } = this.#parts
    const awakeMs = host.awakeMs()
    // Elsewhere that clock may go on while the machine sleeps.
    if (host.os === 'linux')
      noteStandstill(state, awakeMs - this.#lookedAwakeMs, processesEveryMs, host.now())
    this.#lookedAwakeMs = awakeMs
  }

  #follow(): void {
    this.#followAccounts(this.#parts.looks.accounts())
  }

  #followAccounts(accounts: readonly Account[], lookComes = false): void {
    this.#watch.follow(
      accounts,
      this.#parts.tools.flatMap((tool) => tool.signals.trace ?? []),
      lookComes,
    )
  }

  /** How long the machine has slept since some moment. */
  #asleep(): number {
    const { host } = this.#parts
    return host.sinceBootMs() - host.awakeMs()
  }

  #told({ urgent }: LookOutcome): void {
    if (urgent && this.#parts.reporting.mayHurry()) this.#checkInAfter(urgentDelayMs)
  }

  #restSoon(): void {
    this.#after('rest', restAfterMs, () => this.#job('rest', async () => this.#parts.rest?.()))
  }

  #checkInAfter(ms: number): void {
    this.#after('check-in', ms, () => this.#job('check-in', () => this.#checkIn()))
  }

  async #checkIn(): Promise<void> {
    const { reporting, looks, state, host } = this.#parts
    this.#checkInAfter(afterFaultMs)
    looks.settle()
    const { nextMs, policyChanged } = await reporting.report()
    const sync = state.read('sync')
    if (sync !== null) state.write('sync', { ...sync, nextAt: host.now() + Math.round(nextMs) })
    this.#parts.copy?.()
    this.#checkInAfter(nextMs)
    this.#restSoon()
    if (!policyChanged || this.#stopped) return
    // Other windows, other settings: look again at what is on the disk, and tell what has become due.
    await this.#full()
    this.#checkInAfter(0)
  }
}

/** The policy in force on this device, read from the state once per version. */
export function policyReader(
  state: State,
  read: (text: string) => DevicePolicy | null,
): () => DevicePolicy | null {
  let text: string | null = null
  let policy: DevicePolicy | null = null
  return () => {
    const stored = state.read('policy')
    if (stored === null) return null
    if (stored.signed.text !== text) {
      text = stored.signed.text
      policy = read(text)
    }
    return policy
  }
}
