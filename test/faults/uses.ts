// C6, replayed: uses are written in every way that tools have, also while the agent is stopped or killed, and each has to be at
// the server soon. Real files, the system's own watches, real agent and server; only the writers are played.
import { once } from 'node:events'
import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '../load/statistics.ts'
import { until } from '../helpers/system.ts'
import { killed, openMachine, type Machine } from './machine.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'
import { openWriting } from './writing.ts'

/** What becomes of the agent in a round. */
const fates = [
  'runs',
  'runs',
  'runs',
  'runs',
  'is killed before',
  'is stopped before',
  'is killed after',
] as const
const mostAtOnce = 8
/** As they are usually: what no watch told of is not found by the next look at everything, which would hide it. */
const usual = { CUTOFF_PROCESS_SECONDS: '60', CUTOFF_SCAN_SECONDS: '3600' }
/** What is not there by then is missed. */
const missedAfterMs = 40_000

interface Use {
  readonly way: string
  readonly at: number
  readonly fate: (typeof fates)[number]
  /** From when it was written, or from the agent's start; null: not there in time. */
  tookMs: number | null
}

export async function writeUses(runs: number, chance: Chance): Promise<Outcome> {
  const machine = await openMachine({ env: usual })
  const { asAccount, home } = machine
  const writing = asAccount(() => openWriting(home, Math.ceil(runs / 8) + 10, chance))
  try {
    let agent = machine.start()
    await until(
      () => `what was there before at the server\n${machine.output()}`,
      () => {
        const there = machine.usesAtServer()
        return [...writing.before].every((at) => there.has(at))
      },
      120_000,
    )
    const uses: Use[] = []
    for (let left = runs; left > 0;) {
      const fate = chance.pick(fates)
      const waysNow = Array.from({ length: Math.min(left, 1 + chance.below(mostAtOnce)) }, () =>
        chance.pick(writing.ways),
      )
      left -= waysNow.length
      if (fate === 'is killed before') await killed(agent)
      if (fate === 'is stopped before') await stopped(agent)
      const first = uses.length
      for (const way of waysNow) {
        const at = Math.max(Date.now() - 5, (uses.at(-1)?.at ?? 0) + 1)
        asAccount(() => way.write(at))
        uses.push({ way: way.name, at, fate, tookMs: null })
        if (chance.below(2) === 0) await sleep(chance.below(300))
      }
      if (fate === 'is killed after') {
        await sleep(chance.below(1500))
        await killed(agent)
      }
      if (fate !== 'runs') agent = machine.start()
      await arrival(machine, uses.slice(first))
      if (Math.floor(first / 100) < Math.floor(uses.length / 100)) console.log(`  ${uses.length} uses`)
    }
    await stopped(agent)
    return judge(machine, uses, writing.before, runs)
  } finally {
    asAccount(() => writing.close())
    await machine.close()
  }
}

/** Waits until all uses of a round are there, and notes how long it took. */
async function arrival(machine: Machine, round: readonly Use[]): Promise<void> {
  const begunMs = performance.now()
  while (performance.now() - begunMs < missedAfterMs) {
    const there = machine.usesAtServer()
    for (const use of round)
      if (use.tookMs === null && there.has(use.at)) use.tookMs = performance.now() - begunMs
    if (round.every(({ tookMs }) => tookMs !== null)) return
    await sleep(100)
  }
}

async function stopped(agent: ChildProcess): Promise<void> {
  const gone = once(agent, 'exit')
  agent.kill('SIGTERM')
  await gone
}

function judge(machine: Machine, uses: readonly Use[], before: ReadonlySet<number>, runs: number): Outcome {
  const written = new Set(uses.map(({ at }) => at))
  const marks = machine.state().marks
  const invented = [...machine.usesAtServer()].filter((at) => !written.has(at) && !before.has(at))
  const missed = uses.filter(({ tookMs }) => tookMs === null)
  const failures = missed.map(
    ({ way, fate, at }) =>
      `${way}, agent ${fate}: not at the server; known as ${marks.find((mark) => mark.at === at)?.basis ?? 'unseen'}`,
  )
  if (missed.length > 0) failures.push(machine.output().slice(-2000))
  if (invented.length > 0) failures.push(`${invented.length} uses at the server that nobody had`)
  const took = (which: readonly Use[]): string => {
    const seconds = which.flatMap(({ tookMs }) => (tookMs === null ? [] : [tookMs / 1000]))
    if (seconds.length === 0) return 'none'
    const [p50, p95] = [50, 95].map((p) => percentile(seconds, p).toFixed(1))
    return `${seconds.length}: p50 ${p50} s, p95 ${p95} s, longest ${Math.max(...seconds).toFixed(1)} s`
  }
  return {
    name: 'C6: uses written in every way, the agent running, stopped or killed',
    runs,
    failures,
    notes: [
      `to the server, agent running ${took(uses.filter(({ fate }) => fate === 'runs'))}`,
      `the slowest of these: ${slowest(uses.filter(({ fate }) => fate === 'runs'))}`,
      `from the next start of one that was stopped or killed ${took(uses.filter(({ fate }) => fate !== 'runs'))}`,
    ],
  }
}

function slowest(uses: readonly Use[]): string {
  const sorted = uses.toSorted((a, b) => (b.tookMs ?? Infinity) - (a.tookMs ?? Infinity)).slice(0, 5)
  return sorted.map(({ way, tookMs }) => `${way} ${((tookMs ?? Infinity) / 1000).toFixed(1)} s`).join('; ')
}
