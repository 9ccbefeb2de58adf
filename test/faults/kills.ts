// R1 and R2: the agent is killed at any instant while sessions appear, over a network that cuts and repeats. In the end every
// session that was left is at the server, all that the agent had ever accepted too, each once, and nothing is called missing.
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../helpers/system.ts'
import type { Fate } from './cutting-proxy.ts'
import { killed, openMachine, type Kept, type Machine } from './machine.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'

const fates: readonly Fate[] = ['pass', 'pass', 'repeat', 'cut-reply', 'cut-request', 'refuse']
/** A start takes about a second: some of these lie before anything is open, some in the middle of a look or a report. */
const longestLifeMs = 4500

export async function killAgents(runs: number, chance: Chance): Promise<Outcome> {
  const machine = await openMachine()
  try {
    const planted: number[] = []
    const accepted = new Map<string, Kept>()
    const witnessed = new Set<number>()
    // The first start enrols and learns the policy; without one nothing may leave.
    const first = machine.start()
    await until(
      () => `a first report\n${machine.output()}`,
      () => machine.proxy.counts.received > 1,
    )
    await killed(first)

    machine.proxy.fate = () => chance.pick(fates)
    for (let run = 0; run < runs; run++) {
      const lifeMs = 50 + chance.next() * longestLifeMs
      const plantsAt = Array.from({ length: chance.below(4) }, () => chance.next() * lifeMs).toSorted(
        (a, b) => a - b,
      )
      const agent = machine.start()
      let passedMs = 0
      for (const atMs of plantsAt) {
        await sleep(atMs - passedMs)
        passedMs = atMs
        planted.push(machine.plant())
      }
      await sleep(lifeMs - passedMs)
      await killed(agent)
      const { records, marks } = machine.state()
      for (const record of records) accepted.set(nameOf(record), record)
      for (const { at, basis } of marks) if (basis === 'witnessed') witnessed.add(at)
      if ((run + 1) % 50 === 0) console.log(`  ${run + 1} kills, ${planted.length} sessions`)
    }
    machine.proxy.fate = () => 'pass'
    await bringHome(machine, planted)
    return judge(machine, planted, accepted, witnessed, runs)
  } finally {
    await machine.close()
  }
}

/** Lets the agent report all that it has. */
async function bringHome(machine: Machine, planted: readonly number[]): Promise<void> {
  const agent = machine.start()
  const missing = (): number => {
    const there = new Set(machine.atServer().marks.map(({ at }) => at))
    return planted.filter((at) => !there.has(at)).length
  }
  // What is missing after a minute is lost, which is said by the comparison.
  await until('all sessions', () => missing() === 0, 90_000).catch(() => undefined)
  await sleep(1000)
  const gone = new Promise((resolve) => agent.once('exit', resolve))
  agent.kill('SIGTERM')
  await gone
  await machine.proxy.settled()
}

function judge(
  machine: Machine,
  planted: readonly number[],
  accepted: ReadonlyMap<string, Kept>,
  witnessed: ReadonlySet<number>,
  runs: number,
): Outcome {
  const { records, marks, events, devices } = machine.atServer()
  const there = new Map(records.map((record) => [nameOf(record), record.text]))
  const basis = new Map(marks.map((mark) => [mark.at, mark.basis]))
  const { counts } = machine.proxy
  const lostSessions = planted.filter((at) => !basis.has(at))
  const lostRecords = [...accepted].filter(([name, { text }]) => there.get(name) !== text)
  const weakened = [...witnessed].filter((at) => basis.has(at) && basis.get(at) !== 'witnessed')
  const markTexts = records.map(({ text }) => text).filter((text) => text.startsWith('{"type":"mark"'))
  const doubled = markTexts.length - new Set(markTexts).size
  const alarms = events.filter((summary) => /^(missing-records|state-diverged|clone-suspected)/.test(summary))
  const failures = [
    ...lostSessions.map((at) => `the session of ${new Date(at).toISOString()} never came`),
    ...lostRecords.map(([name]) => `record ${name} was accepted and never came, or came as another`),
    ...weakened.map((at) => `the session of ${new Date(at).toISOString()} was witnessed and came as found`),
    ...(doubled === 0 ? [] : [`${doubled} marks came twice`]),
    ...alarms.map((summary) => `the server shows: ${summary}`),
    ...(devices === 1 ? [] : [`there are ${devices} devices`]),
  ]
  const told = [...counts.fates].map(([fate, times]) => `${fate} ${times}`).join(', ')
  return {
    name: 'R1, R2: killed at any instant, over a network that cuts and repeats',
    runs,
    failures,
    notes: [
      `${planted.length} sessions, ${witnessed.size} witnessed; ${accepted.size} accepted records seen at kills`,
      `${records.length} records at the server; check-ins: ${told}; ${counts.repeated} repetitions`,
    ],
  }
}

const nameOf = ({ epoch, sequence }: Kept): string => `${epoch} ${sequence}`
