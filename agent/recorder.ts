// Writes down what a look gave: memory, marks, knowledge and records in one transaction, or nothing of it.
// What could not be written is kept for the next time; what may leave is report.ts's to decide.
import type { Gap, TraceObservation } from '#shared/observation.ts'
import type { DevicePolicy, WireRecord } from '#shared/protocol.ts'
import { isAstray, type PastSegment } from './clock-segments.ts'
import type { DeviceClock } from './device-clock.ts'
import { clockSet } from './disagreements.ts'
import { learnFrom } from './knowledge.ts'
import { markKey, type DatedMark, type Look } from './marks.ts'
import type { Host } from './platform/host.ts'
import type { Report, Reported, ReportContext } from './report.ts'
import { agentRecord } from './report/agent-record.ts'
import { reportContextOf, type Reporter } from './report/context.ts'
import { decideMarks, toldAgain } from './report/marks.ts'
import { isPassing } from './report/gaps.ts'
import type { State } from './state.ts'

export interface RecorderParts {
  readonly state: State
  readonly host: Host
  readonly clock: DeviceClock
  readonly reporter: Reporter
  readonly policy: () => DevicePolicy | null
  readonly homeOf: (account: string | null) => string | null
}

export interface LookOutcome {
  /** A use was witnessed in an open window: report it now. */
  readonly urgent: boolean
  readonly records: number
}

export const noReport: Report = { records: [], told: [], refused: 0 }

export class Recorder {
  readonly #parts: RecorderParts
  /** Marks of looks that could not be written down: the memory has moved on, so they must not be lost. */
  readonly #unsaved = new Map<string, DatedMark>()
  /** Traces whose marks are written down. One that changed, or was read by another policy, is another observation. */
  readonly #settled = new WeakSet<TraceObservation>()
  #writtenBy: Look['detected'] = []
  #decidedBy: DevicePolicy | null = null

  constructor(parts: RecorderParts) {
    this.#parts = parts
  }

  readonly isSettled = (trace: TraceObservation): boolean => this.#settled.has(trace)

  /** Whether the marks of all these very traces are written down. */
  isWritten(detected: Look['detected']): boolean {
    return detected === this.#writtenBy
  }

  /** @param report makes the report inside the transaction, with what the look has just taught */
  save(look: Look, marks: readonly DatedMark[], report: (context: ReportContext) => Report): LookOutcome {
    const { state } = this.#parts
    for (const mark of marks) {
      const key = markKey(mark)
      if (!this.#unsaved.has(key)) this.#unsaved.set(key, mark)
    }
    const outcome = this.#transact(() => {
      state.memory.flush()
      const unsaved = [...this.#unsaved.values()]
      state.marks.add(unsaved, 'new')
      learnFrom(look, unsaved, state.tools)
      const context = this.#context(look.at)
      return this.#tell(report(context), context)
    })
    state.memory.flushed()
    this.#unsaved.clear()
    if (!this.isWritten(look.detected)) this.#noteWritten(look.detected)
    return outcome
  }

  /** Decides again on marks that waited. */
  settle(now: number): LookOutcome {
    const context = this.#context(now)
    return this.#transact(() => this.#tell(noReport, context))
  }

  reported(): Reported {
    const { told } = this.#parts.state
    const passing = new Set(this.#parts.state.read('passing') ?? [])
    return { get: told.get, text: told.text, keys: told.keys, metBefore: (gap) => passing.has(gapName(gap)) }
  }

  /** Remembers which passing gaps a full look met; call inside its transaction, after the report. */
  notePassing(gaps: readonly Gap[]): void {
    this.#parts.state.write('passing', gaps.filter(isPassing).map(gapName))
  }

  /** Writes down that the clock was set, if it was. */
  noteClock(): void {
    this.#transact(() => undefined)
  }

  #noteWritten(detected: Look['detected']): void {
    for (const { matches } of detected) {
      for (const { observation } of matches) if (observation.kind === 'trace') this.#settled.add(observation)
    }
    this.#writtenBy = detected
  }

  #transact<T>(work: () => T): T {
    const { state, clock } = this.#parts
    const { past } = clock.read()
    const dealtWith = past.map((segment) => ({
      id: segment.id,
      noted: true,
      doubted: segment.doubted || isAstray(segment),
    }))
    try {
      const result = state.transact(() => {
        this.#noteSegments(past)
        clock.save(dealtWith)
        return work()
      })
      clock.saved(dealtWith)
      return result
    } catch (error) {
      // Nothing was decided: go through all marks the next time.
      this.#decidedBy = null
      throw error
    }
  }

  /** That the clock was set is told; marks that a day of uncertainty does not do for are put in doubt, told or not. */
  #noteSegments(past: readonly PastSegment[]): void {
    const { state, host, reporter } = this.#parts
    const now = host.now()
    for (const segment of past) {
      if (!segment.noted) state.outbox.append([agentRecord('clock-stepped', null, now)])
      if (segment.doubted || !isAstray(segment)) continue
      const context = { ...this.#context(now), hashSession: reporter.hashSession }
      const told = state.marks.doubtTimes(segment.id, clockSet(segment))
      state.outbox.append(told.flatMap((mark) => toldAgain(mark, context) ?? []))
    }
  }

  #context(now: number): ReportContext {
    const { state, host, clock, reporter, policy, homeOf } = this.#parts
    return reportContextOf(reporter, {
      policy: policy(),
      measures: state.read('clocks') ?? [],
      now,
      boot: clock.read(),
      facts: host.facts(),
      homeOf,
      tools: state.tools,
    })
  }

  #tell(report: Report, context: ReportContext): LookOutcome {
    const { state } = this.#parts
    const released = this.#release(context)
    const records = [...report.records, ...released]
    if (report.refused > 0) {
      records.push(agentRecord('dropped', `unpublishable ${report.refused}`, context.now))
    }
    state.outbox.append(records)
    state.told.keep(report.told)
    return { urgent: released.some((record) => record.basis === 'witnessed'), records: records.length }
  }

  #release(context: ReportContext): readonly Extract<WireRecord, { type: 'mark' }>[] {
    const { state, reporter } = this.#parts
    const isNewPolicy = this.#decidedBy !== context.policy
    this.#decidedBy = context.policy
    const decided = decideMarks(state.marks, { ...context, hashSession: reporter.hashSession }, isNewPolicy)
    for (const { key } of decided.released) state.marks.set(key, 'released')
    for (const key of decided.shut) state.marks.set(key, 'shut')
    for (const key of decided.surplus) state.marks.drop(key)
    return decided.released.map(({ record }) => record)
  }
}

function gapName({ collector, account, path, reason }: Gap): string {
  return [collector, account ?? '', path, reason].join('\0')
}
