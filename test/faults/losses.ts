// R3: records that wait are deleted from the agent's state: one, some, a whole batch with its envelope, or the last ones. The server
// shows exactly their numbers as missing within one check-in.
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { until } from '../helpers/system.ts'
import { killed, openMachine, type Machine } from './machine.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'

const ways = ['one record', 'some records', 'the last records', 'a batch with its envelope'] as const

export async function deleteRecords(runs: number, chance: Chance): Promise<Outcome> {
  const machine = await openMachine()
  const failures: string[] = []
  try {
    const first = machine.start()
    await until(
      () => `a first report, and a policy\n${machine.output()}`,
      () => machine.proxy.counts.received > 1 && machine.state().hasPolicy,
    )
    await killed(first)
    for (let run = 0; run < runs; run++) {
      const way = chance.pick(ways)
      const failure = await lose(machine, way, chance)
      if (failure !== null) failures.push(`${way}: ${failure}`)
    }
  } finally {
    await machine.close()
  }
  return { name: 'R3: records deleted from the state are shown as missing', runs, failures, notes: [] }
}

async function lose(machine: Machine, way: (typeof ways)[number], chance: Chance): Promise<string | null> {
  const { proxy } = machine
  proxy.fate = () => 'refuse'
  const refused = () => proxy.counts.fates.get('refuse') ?? 0
  const before = refused()
  const offline = machine.start()
  // One session makes an envelope that is not received; more make records that wait behind it.
  const sessions = [machine.plant()]
  await until(
    () => `a session to be written down\n${machine.output()}`,
    () => holds(machine, sessions),
  )
  await until('an envelope to be sealed', () => refused() > before)
  for (let n = 0; n < 4; n++) sessions.push(machine.plant())
  await until(
    () => `all sessions to be written down\n${machine.output()}`,
    () => holds(machine, sessions),
  )
  await killed(offline)

  const gone = remove(machine, way, chance)
  if (gone.length === 0) return 'there was nothing to delete'
  const shownBefore = machine.atServer().events.length
  proxy.fate = () => 'pass'
  const receivedBefore = proxy.counts.received
  const online = machine.start()
  machine.plant()
  await until(
    () => `a check-in\n${machine.output()}`,
    () => proxy.counts.received > receivedBefore,
  )
  const missing = (): number[] =>
    machine
      .atServer()
      .events.slice(shownBefore)
      .flatMap((summary) => {
        const [, from, to] = /^missing-records from=(\d+) to=(\d+)/.exec(summary) ?? []
        return from === undefined ? [] : range(Number(from), Number(to))
      })
  // One check-in is as many envelopes as it takes, one right after the other.
  await until('the gap', () => missing().length >= gone.length, 3000).catch(() => undefined)
  const shown = missing()
  await killed(online)
  return String(shown) === String(gone) ? null : `deleted ${String(gone)}, shown ${String(shown)}`
}

function holds(machine: Machine, sessions: readonly number[]): boolean {
  const texts = machine.state().records.map(({ text }) => text)
  return sessions.every((at) => texts.some((text) => text.includes(`"at":${at}`)))
}

/** Deletes; tells the numbers that no envelope holds any more. */
function remove(machine: Machine, way: (typeof ways)[number], chance: Chance): readonly number[] {
  const database = new DatabaseSync(join(machine.stateFolder, 'state.sqlite'))
  try {
    const sealedTo = Number(database.prepare('SELECT max(last) AS last FROM sealed').get()?.['last'] ?? -1)
    const waiting = database
      .prepare('SELECT sequence FROM records ORDER BY sequence')
      .all()
      .map((row) => Number(row['sequence']))
    const behind = waiting.filter((sequence) => sequence > sealedTo)
    const from = chance.below(behind.length)
    const chosen = {
      'one record': behind.slice(from, from + 1),
      'some records': behind.slice(from, from + 1 + chance.below(behind.length - from)),
      'the last records': behind.slice(from),
      'a batch with its envelope': waiting.filter((sequence) => sequence <= sealedTo),
    }[way]
    if (way === 'a batch with its envelope') database.exec('DELETE FROM sealed')
    const drop = database.prepare('DELETE FROM records WHERE sequence = ?')
    for (const sequence of chosen) drop.run(sequence)
    return chosen
  } finally {
    database.close()
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
