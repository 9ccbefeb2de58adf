// Looks at the device: everything, single traces, or what runs; and hands what it saw to be written down.
// Makes no request; tells its caller whether a use was witnessed that may be told at once.
import { detect, type Detected } from '#shared/detect.ts'
import { matcherOf, wantedOf, type Match } from '#shared/match.ts'
import type { Account, Gap, ObservationKind } from '#shared/observation.ts'
import { oncePer } from '#shared/once-per.ts'
import type { DevicePolicy } from '#shared/protocol.ts'
import type { Tool, TraceSignal } from '#shared/tool.ts'
import { listedOf } from '#shared/unlisted.ts'
import { createBudgets } from './budgets.ts'
import { dailyForgetting } from './collectors/gone-traces.ts'
import { processCollector } from './collectors/process.ts'
import { Conclusions } from './conclusions.ts'
import { presenceMarks, recordlessRun, runMarks, sessionMarks, type Look } from './marks.ts'
import type { DeviceClock } from './device-clock.ts'
import type { Host } from './platform/host.ts'
import { noReport, Recorder, type LookOutcome } from './recorder.ts'
import { joinReports, reportDetection, reportScan, type Report, type ReportContext } from './report.ts'
import type { Reporter } from './report/context.ts'
import { isOpen, onServer, windowsFor } from './report/windows.ts'
import { createRepeats, type Repeats } from './repeats.ts'
import { followRuns, isRecordless, runKey, type RunLook, type Runs } from './runs.ts'
import { lookAt, scan } from './scan.ts'
import type { State } from './state.ts'
import type { TraceChange } from './watch.ts'

export type { LookOutcome } from './recorder.ts'

export interface LooksParts {
  readonly state: State
  readonly host: Host
  readonly clock: DeviceClock
  readonly tools: readonly Tool[]
  readonly reporter: Reporter
  readonly policy: () => DevicePolicy | null
  readonly budgetMs: number
  readonly catalogue: string
}

const nothing: LookOutcome = { urgent: false, records: 0 }

export class Looks {
  readonly #parts: LooksParts
  readonly #recorder: Recorder
  readonly #conclusions: Conclusions
  readonly #toolsAt: ReadonlyMap<string, readonly string[]>
  readonly #budgets = createBudgets()
  readonly #repeats: Repeats
  #gaps = 0
  #accounts: readonly Account[] = []
  /** Of the last full look, with what later looks at traces added. */
  #detected = new Map<string, Detected>()
  #runs: Runs = new Map()
  #fullAt = 0
  /** Accounts with something among their traces that the last full look could not look into. */
  #hidden: ReadonlySet<string | null> = new Set()
  /** Of the last look at what runs, by the clock as it is set now. */
  #ranAt: number | null = null
  #timesSet = 0
  readonly #forgetGone = dailyForgetting()
  /** Folders that could not be watched as of the last time they were chosen. */
  unwatched: readonly Gap[] = []
  /** When a session record of a tool and account was last written. */
  readonly #recordedAt = new Map<string, number>()

  constructor(parts: LooksParts) {
    this.#parts = parts
    this.#repeats = createRepeats(parts.state.repeats.of)
    this.#recorder = new Recorder({ ...parts, homeOf: (account) => this.#homeOf(account) })
    this.#conclusions = new Conclusions({
      matcher: matcherOf(parts.tools, parts.host.os),
      listed: listedOf(parts.tools),
      configTemplate: parts.reporter.configTemplate,
    })
    this.#toolsAt = toolsByPlace(parts.tools)
  }

  /** The accounts of the last full look. */
  accounts(): readonly Account[] {
    return this.#accounts
  }

  /** Whether the last full look was at all of them, with the homes that they have now. */
  knowsAll(accounts: readonly Account[]): boolean {
    return accounts.every(({ name, uid, home }) =>
      this.#accounts.some((known) => known.name === name && known.uid === uid && known.home === home),
    )
  }

  /** What the last full look could not do: how many gaps it met, and which collectors waited. */
  shortfall(): { readonly gaps: number; readonly waiting: readonly ObservationKind[] } {
    return { gaps: this.#gaps, waiting: this.#budgets.waiting() }
  }

  /** Looks at everything. */
  async full(): Promise<LookOutcome> {
    const { state, host, tools, policy, budgetMs, catalogue } = this.#parts
    const collect = policy()?.collect
    this.#fullAt = host.now()
    const result = await scan(host, tools, {
      memory: state.memory,
      confirmUse: collect?.confirmUse ?? true,
      inventory: collect?.inventory ?? 'full',
      now: this.#fullAt,
      budgetMs,
      catalogue,
      budgets: this.#budgets,
      repeats: this.#repeats,
    })
    this.#accounts = result.accounts
    this.#forgetGone(host, state.memory, result.accounts)
    this.#gaps = result.gaps.length
    this.#hidden = new Set(
      result.gaps.filter(({ collector }) => collector === 'trace').map((gap) => gap.account),
    )
    const conclusion = this.#conclusions.ofLook(result.observations, result.accounts)
    const { detected } = conclusion
    this.#noteRecords(detected)
    const look = this.#look(detected)
    const ofSessions = this.#recorder.isWritten(detected) ? [] : sessionMarks(look, this.#recorder.isSettled)
    const marks = [...ofSessions, ...runMarks(look), ...presenceMarks(look)]
    const outcome = this.#recorder.save(look, marks, (context) => {
      const gaps = [...result.gaps, ...this.unwatched]
      const report = reportScan({ ...result, ...conclusion, gaps }, this.#recorder.reported(), context)
      this.#recorder.notePassing(result.gaps)
      return report
    })
    this.#detected = new Map(detected.map((d) => [runKey(d.tool, d.account), d]))
    return outcome
  }

  /** Looks at traces that changed. Falls back to a full look for a tool of which nothing is known yet. */
  async traces(changes: readonly TraceChange[]): Promise<LookOutcome> {
    const { state, host, policy, budgetMs } = this.#parts
    const isNew = changes.some(({ account, signal }) =>
      (this.#toolsAt.get(signal.place) ?? []).some(
        (tool) => !state.tools.able(tool, account.name) && this.#mayTell(tool),
      ),
    )
    if (isNew) return this.full()
    const options = {
      memory: state.memory,
      confirmUse: policy()?.collect.confirmUse ?? true,
      now: host.now(),
      budgetMs,
    }
    const observations = changes.flatMap(({ account, signal, path }) => {
      const change = path === null ? { signal } : { signal, path }
      return lookAt(host, account, change, options).observations
    })
    const detected = detect(this.#conclusions.match(observations))
    this.#noteRecords(detected)
    const look = this.#look(detected)
    return this.#recorder.save(look, sessionMarks(look), (context) =>
      joinReports(detected.map((d) => this.#reportOpen(d, context))),
    )
  }

  /** Looks at what runs. */
  async processes(): Promise<LookOutcome> {
    const { state, host, tools } = this.#parts
    const seen = this.#runLook()
    const now = seen.at
    await host.prepare()
    host.files.refresh()
    const collected = await processCollector.collect({
      host,
      accounts: this.#accounts.filter((account) => account.readable),
      wanted: wantedOf(tools, host.os),
      memory: state.memory,
      confirmUse: false,
      inventory: 'catalogue-only',
      now,
      signal: { aborted: false },
    })
    const detected = detect(this.#conclusions.match(collected.observations))
    this.#runs = followRuns(this.#runs, detected, seen)
    const silent = detected.filter((d) => this.#isRecordless(d, seen))
    // Before it is said that there is no record: look at all of them.
    const full = silent.some(({ tool }) => this.#mayTell(tool)) ? await this.full() : nothing
    const look = this.#look(detected)
    const marks = [
      ...runMarks(look),
      ...silent.filter((d) => this.#isRecordless(d, seen)).flatMap((d) => recordlessRun(look, d) ?? []),
    ]
    if (marks.length === 0 && state.memory.pending() === 0) return full
    const outcome = this.#recorder.save(look, marks, () => noReport)
    return { urgent: full.urgent || outcome.urgent, records: full.records + outcome.records }
  }

  /** Decides again on marks that waited; before a regular check-in and after a new policy. */
  settle(): LookOutcome {
    return this.#recorder.settle(this.#parts.host.now())
  }

  /** Writes down what need not be looked for again, for the next process. */
  keepRepeats(): void {
    const { state, host } = this.#parts
    const due = this.#repeats.due(host.now())
    if (due.length === 0) return
    state.transact(() => {
      for (const [kind, repeat] of due) state.repeats.keep(kind, repeat)
    })
  }

  /** Writes down that the clock was set, if it was. */
  noteClock(): void {
    this.#recorder.noteClock()
  }

  #homeOf(account: string | null): string | null {
    return this.#accounts.find(({ name }) => name === account)?.home ?? null
  }

  #look(detected: readonly Detected[]): Look {
    const { state, host, clock } = this.#parts
    return {
      boot: clock.read(),
      at: host.now(),
      detected,
      before: { able: state.tools.able, isKnown: state.marks.has, newest: state.marks.newest },
    }
  }

  #noteRecords(detected: readonly Detected[]): void {
    for (const one of detected) {
      const key = runKey(one.tool, one.account)
      const last = Math.max(this.#recordedAt.get(key) ?? 0, lastRecordOf(one))
      if (last > 0) this.#recordedAt.set(key, last)
    }
  }

  /** A full look tells when it was made: a use may cause one only where its time might be told, too. */
  #mayTell(tool: string): boolean {
    const { policy, state, host, clock } = this.#parts
    if (policy() === null) return true
    const now = onServer(host.now(), clock.read().id, 1, state.read('clocks') ?? [])
    return windowsFor(policy(), tool).some(
      ({ from, until }) =>
        now.at + now.uncertaintyMs >= from && (until === null || now.at - now.uncertaintyMs < until),
    )
  }

  /** What ran before the clock was set is begun anew: nothing before can be compared with what is to come. */
  #runLook(): RunLook {
    const { host, clock } = this.#parts
    clock.read()
    if (clock.timesSet() !== this.#timesSet) {
      this.#timesSet = clock.timesSet()
      this.#runs = new Map()
      this.#recordedAt.clear()
      this.#ranAt = null
    }
    const look = {
      at: host.now(),
      awakeMs: host.awakeMs(),
      lastAt: this.#ranAt,
      startsFit: this.#timesSet === 0,
    }
    this.#ranAt = look.at
    return look
  }

  #isRecordless(detected: Detected, seen: RunLook): boolean {
    const { tools, state } = this.#parts
    const tool = tools.find(({ id }) => id === detected.tool)
    if (tool?.recordsSessions !== true) return false
    const key = runKey(detected.tool, detected.account)
    const run = this.#runs.get(key)
    if (run === undefined || !isRecordless(run, this.#recordedAt.get(key) ?? null, seen)) return false
    if (this.#fullAt >= run.seenSince && !this.#sawRecords(tool, detected.account)) return false
    const told = state.marks
      .of(detected.tool, detected.account)
      .some((mark) => mark.withoutRecord && mark.at >= run.seenSince)
    return !told
  }

  /** Whether the last full look saw every place where the account's session records would be: a gap is no absence. */
  #sawRecords(tool: Tool, account: string | null): boolean {
    const { state, host } = this.#parts
    const places = wantedOf([tool], host.os).trace.filter(
      ({ means, place }) => means === 'session' && place.startsWith('~/'),
    )
    return (
      account !== null &&
      !this.#hidden.has(account) &&
      places.every(({ place }) => (state.memory.lastLookAt(account, place) ?? 0) >= this.#fullAt)
    )
  }

  /** The detection anew, if its window is open; otherwise it waits for the next full look, so that its time shows nothing. */
  #reportOpen(fresh: Detected, context: ReportContext): Report {
    const open = isOpen(
      windowsFor(context.policy, fresh.tool),
      onServer(context.now, context.boot.id, 1, context.measures),
    )
    if (!open) return noReport
    const known = this.#detected.get(runKey(fresh.tool, fresh.account))
    const merged = detect([...(known === undefined ? [] : oneOfEach(known.matches)), ...fresh.matches]).find(
      (d) => d.tool === fresh.tool && d.account === fresh.account,
    )
    if (merged === undefined) return noReport
    this.#detected.set(runKey(fresh.tool, fresh.account), merged)
    return reportDetection({ ...merged, ...presenceOf(merged, known) }, this.#recorder.reported(), context)
  }
}

/** A machine-wide installation is not among an account's own matches; what the full look made of it holds. */
function presenceOf(merged: Detected, known: Detected | undefined): Pick<Detected, 'present' | 'state'> {
  const present = merged.present || known?.present === true
  return { present, state: present && merged.state === 'leftover' ? 'used' : merged.state }
}

/** Traces can be thousands; one of each signal is enough to go on from. */
function oneOfEach(matches: readonly Match[]): readonly Match[] {
  const seen = new Set<string>()
  return matches.filter((match) => {
    if (match.observation.kind !== 'trace') return true
    const first = !seen.has(match.evidence.signal)
    seen.add(match.evidence.signal)
    return first
  })
}

/** When a session record was last written, 0 where there is none. */
const lastRecordOf = oncePer(({ matches }: Detected): number =>
  matches.reduce(
    (latest, { observation: o, trace }) =>
      o.kind === 'trace' && trace?.means === 'session' ? Math.max(latest, o.modifiedAt) : latest,
    0,
  ),
)

function toolsByPlace(tools: readonly Tool[]): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>()
  for (const tool of tools) {
    for (const signal of tool.signals.trace ?? ([] as readonly TraceSignal[])) {
      places.set(signal.place, [...(places.get(signal.place) ?? []), tool.id])
    }
  }
  return places
}
