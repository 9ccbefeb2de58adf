// One look at the device: runs every collector with a deadline, contains its errors, and says how well it could look.
// Knows no tool and no network. One of the three places that catch: what throws here is a bug, and a gap.
import process from 'node:process'
import type { Account, Coverage, Gap, GapReason, Observation, ObservationKind } from '#shared/observation.ts'
import { type Wanted, wantedOf } from '#shared/match.ts'
import type { Tool, TraceSignal } from '#shared/tool.ts'
import type { AnyCollected, AnyCollector, Collected, ScanContext } from './collectors/collector.ts'
import { collectors } from './collectors/registry.ts'
import { lookAtTrace } from './collectors/trace.ts'
import type { Budgets } from './budgets.ts'
import type { Memory } from './memory.ts'
import type { Host } from './platform/host.ts'
import type { Repeats } from './repeats.ts'

export interface ScanOptions {
  readonly memory: Memory
  /** Read the structural keys of session records (the policy's `confirmUse`). */
  readonly confirmUse: boolean
  readonly inventory: ScanContext['inventory']
  /** Device clock at the beginning, ms since 1970. */
  readonly now: number
  /** For the whole look; one collector gets at most half of it. */
  readonly budgetMs: number
  /** Version of the catalogue, which the coverage names. */
  readonly catalogue: string
  /** Which collectors wait; without it each has its turn. */
  readonly budgets?: Budgets
  /** Without it every collector looks anew. */
  readonly repeats?: Repeats
}

export interface CollectorReport {
  readonly name: string
  readonly ms: number
  readonly observations: number
  readonly gaps: number
}

export interface ScanResult {
  readonly startedAt: number
  readonly finishedAt: number
  readonly cpuMs: number
  readonly accounts: readonly Account[]
  readonly observations: readonly Observation[]
  readonly gaps: readonly Gap[]
  readonly coverage: readonly Coverage[]
  readonly collectors: readonly CollectorReport[]
}

const nothing: AnyCollected = { observations: [], gaps: [] }

/** More gaps of one kind than this say no more; the last one tells how many there were. */
const maxGapsOfAKind = 50

/** Looks at everything that the collectors know to look at. Never throws for what it finds on the device. */
export async function scan(host: Host, tools: readonly Tool[], options: ScanOptions): Promise<ScanResult> {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const end = begun + options.budgetMs
  host.files.refresh()
  await host.prepare()
  const { accounts, gaps: accountGaps } = host.accounts()
  const context = contextOf(host, accounts, wantedOf(tools, host.os), options)

  const observations: (readonly Observation[])[] = []
  const gaps: Gap[] = [...accountGaps]
  const reports: CollectorReport[] = []
  for (const collector of Object.values(collectors)) {
    const start = performance.now()
    const signal = deadlineAt(Math.min(end, start + options.budgetMs / 2))
    const hasTurn = options.budgets?.takeTurn(collector.kind) ?? true
    const collected = hasTurn ? await contained(collector, { ...context, signal }, options.repeats) : nothing
    if (hasTurn) options.budgets?.turnEnded(collector.kind, signal.wasSeen())
    const kept = [
      ...withoutFlood(collected.gaps),
      ...(signal.wasSeen() || !hasTurn ? overBudget(collector.kind, context) : []),
    ]
    observations.push(collected.observations)
    gaps.push(...kept)
    reports.push({
      name: collector.kind,
      ms: Math.round((performance.now() - start) * 10) / 10,
      observations: collected.observations.length,
      gaps: kept.length,
    })
  }
  const used = process.cpuUsage(cpu)
  return {
    startedAt: options.now,
    finishedAt: options.now + Math.round(performance.now() - begun),
    cpuMs: Math.round((used.user + used.system) / 100) / 10,
    accounts,
    observations: observations.flat(),
    gaps,
    coverage: coverageOf(accounts, gaps, options.catalogue, options.now),
    collectors: reports,
  }
}

/** A change that a watcher saw: a trace signal's template, and the one file if it is known. */
export interface Change {
  readonly signal: TraceSignal
  readonly path?: string
}

export type LookOptions = Pick<ScanOptions, 'memory' | 'confirmUse' | 'now' | 'budgetMs'>

/** Looks at one account's files of one trace template, or at one such file: what a watcher calls after a change. */
export function lookAt(
  host: Host,
  account: Account,
  change: Change,
  options: LookOptions,
): Collected<'trace'> {
  host.files.refresh()
  const context = contextOf(host, [account], wantedOf([], host.os), {
    ...options,
    inventory: 'catalogue-only',
  })
  return lookAtTrace(context, account, change.signal, change.path)
}

function contextOf(
  host: Host,
  accounts: readonly Account[],
  wanted: Wanted,
  options: Pick<ScanOptions, 'memory' | 'confirmUse' | 'inventory' | 'now' | 'budgetMs'>,
): ScanContext {
  const { memory, confirmUse, inventory, now, budgetMs } = options
  return {
    host,
    accounts: accounts.filter((account) => account.readable),
    wanted,
    memory,
    confirmUse,
    inventory,
    now,
    signal: deadlineAt(performance.now() + budgetMs),
  }
}

interface Deadline {
  readonly aborted: boolean
  /** Whether somebody asked when the time was up, and so left something out. */
  readonly wasSeen: () => boolean
}

/** They ask for each of thousands of files: the clock is asked for one in so many. */
const asksPerReading = 16

/** Collectors are synchronous, so no timer could abort them: they ask, and the clock answers. */
function deadlineAt(monotonicMs: number): Deadline {
  let seen = false
  let asks = 0
  return {
    get aborted() {
      if (!seen && asks++ % asksPerReading === 0) seen = performance.now() > monotonicMs
      return seen
    },
    wasSeen: () => seen,
  }
}

/** What a collector left out when its time was up may be of any account. */
function overBudget(collector: ObservationKind, { accounts, now }: ScanContext): readonly Gap[] {
  return [null, ...accounts.map(({ name }) => name)].map((account) => ({
    collector,
    account,
    path: '/',
    reason: 'over-budget',
    detail: null,
    at: now,
  }))
}

async function contained(
  collector: AnyCollector,
  context: ScanContext,
  repeats: Repeats | undefined,
): Promise<AnyCollected> {
  try {
    return await (repeats?.collect(collector, context) ?? collector.collect(context))
  } catch (error) {
    const detail = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown'
    const gap: Gap = {
      collector: collector.kind,
      account: null,
      path: '/',
      reason: 'failed',
      detail,
      at: context.now,
    }
    return { observations: [], gaps: [gap] }
  }
}

function withoutFlood(gaps: readonly Gap[]): readonly Gap[] {
  const counts = new Map<string, number>()
  const kept: Gap[] = []
  for (const gap of gaps) {
    const key = `${gap.account ?? ''}\0${gap.reason}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count <= maxGapsOfAKind) kept.push(gap)
  }
  return kept.map((gap) => {
    const more = (counts.get(`${gap.account ?? ''}\0${gap.reason}`) ?? 0) - maxGapsOfAKind
    const isLast =
      more > 0 && gap === kept.findLast((one) => one.account === gap.account && one.reason === gap.reason)
    return isLast ? { ...gap, detail: `and ${more} more` } : gap
  })
}

const blind: ReadonlySet<GapReason> = new Set(['blind-spot'])

/**
 * One entry for the machine (`null`) and one per account. A gap of the machine does not count against an account:
 * both are shown. `at` is this look; since when a place has not been seen is known to who keeps the gaps.
 */
export function coverageOf(
  accounts: readonly Account[],
  gaps: readonly Gap[],
  catalogue: string,
  at: number,
): readonly Coverage[] {
  return [null, ...accounts.map((account) => account.name)].map((account) => {
    const own = gaps.filter((gap) => gap.account === account)
    const isBlind = own.some((gap) => blind.has(gap.reason))
    const isOpen = own.some((gap) => !blind.has(gap.reason))
    return {
      account,
      state: isOpen ? 'not-attested' : isBlind ? 'attested-but-blind-spots' : 'attested',
      at,
      catalogue,
      gaps: own.length,
    }
  })
}
