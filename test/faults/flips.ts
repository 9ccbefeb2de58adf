// R7, every state file: one bit is flipped on the disk and the state is opened again. Either nothing that is kept has changed, or the
// agent says why it begins anew; it never believes a changed value, never fails to start, and never loses its identity.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openState } from '../../agent/state.ts'
import { fakeHost, aNow } from '../helpers/fake-host.ts'
import { claudeInstalled, testAgent, transcript } from '../helpers/test-agent.ts'
import { startTestServer } from '../helpers/test-server.ts'
import { examplePolicy } from '../helpers/wire-records.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'

const tables = [
  'meta',
  'looks',
  'traces',
  'roots',
  'moved_homes',
  'tools',
  'marks',
  'reported',
  'records',
  'sealed',
  'sent',
]
const startWithinMs = 10_000

export async function flipBits(runs: number, chance: Chance): Promise<Outcome> {
  const scratch = mkdtempSync(join(tmpdir(), 'cutoff-flips-'))
  try {
    const states = await makeStates(scratch)
    const failures: string[] = []
    let anew = 0
    let unchanged = 0
    let slowestMs = 0
    for (let run = 0; run < runs; run++) {
      const whole = chance.pick(states)
      const folder = join(scratch, 'flipped')
      cpSync(whole.folder, folder, { recursive: true })
      const files = readdirSync(folder).filter((name) => statSync(join(folder, name)).size > 0)
      const name = chance.pick(files)
      const bytes = readFileSync(join(folder, name))
      const at = chance.below(bytes.length)
      const bit = chance.below(8)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
      writeFileSync(join(folder, name), bytes)
      const where = `${whole.name}, ${name}, byte ${at} of ${bytes.length}, bit ${bit}`
      const startedMs = performance.now()
      const said = lookAt(folder, whole)
      slowestMs = Math.max(slowestMs, performance.now() - startedMs)
      if (said.fault !== null) failures.push(`${where}: ${said.fault}`)
      if (said.anew) anew++
      else unchanged++
      rmSync(folder, { recursive: true })
    }
    if (slowestMs > startWithinMs) failures.push(`the slowest start took ${Math.round(slowestMs)} ms`)
    const notes = [
      `${anew} began anew and say why, ${unchanged} had changed nothing; slowest start ${Math.round(slowestMs)} ms`,
    ]
    return { name: 'R7: one flipped bit in a file of the state', runs, failures, notes }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

interface WholeState {
  readonly name: string
  readonly folder: string
  readonly key: string
  readonly enrolment: string
  readonly content: string
}

/** One with its log, as a killed agent leaves it, and one that was closed in order. */
async function makeStates(scratch: string): Promise<readonly WholeState[]> {
  const folder = join(scratch, 'state')
  const server = await startTestServer()
  await server.apply(examplePolicy)
  const host = fakeHost({ files: claudeInstalled() })
  const agent = testAgent({ host, server, folder })
  const plant = (n: number): void => {
    const at = aNow + n * 1000
    const path = `/home/ann/.claude/projects/-src/${n}-0b2f.jsonl`
    host.put(path, { content: transcript(at), modifiedAt: at, createdAt: at - 500 })
  }
  await agent.enrol()
  await agent.looks.full()
  await agent.reporting.report()
  host.advance(60_000)
  server.clock.now += 60_000
  for (let n = 0; n < 30; n++) plant(n)
  await agent.looks.full()
  await agent.reporting.report()
  agent.transport = async () => ({ ok: false, code: 'ECONNREFUSED', message: 'nobody listens' })
  for (let n = 30; n < 60; n++) plant(n)
  await agent.looks.full()
  await agent.reporting.report()
  for (let n = 60; n < 90; n++) plant(n)
  await agent.looks.full()
  const of = (name: string, from: string): WholeState => {
    const copy = join(scratch, name)
    cpSync(from, copy, { recursive: true })
    rmSync(join(copy, 'state.sqlite-shm'), { force: true })
    const read = join(scratch, 'read')
    cpSync(copy, read, { recursive: true })
    const content = contentOf(read)
    rmSync(read, { recursive: true })
    return {
      name,
      folder: copy,
      key: agent.state.key.publicKey,
      enrolment: JSON.stringify(agent.state.enrolment()),
      content,
    }
  }
  const killed = of('killed', folder)
  agent.state.close()
  const closed = { ...killed, name: 'closed', folder: join(scratch, 'closed') }
  cpSync(folder, closed.folder, { recursive: true })
  await server.close()
  return [killed, closed]
}

function lookAt(
  folder: string,
  whole: WholeState,
): { readonly fault: string | null; readonly anew: boolean } {
  try {
    const opened = openState({ folder, now: aNow + 1, random: randomBytes })
    if (!opened.ok) return { fault: `it does not start: ${opened.message}`, anew: false }
    const { state } = opened
    const why = state.read('newEpoch')
    const { publicKey } = state.key
    const enrolment = JSON.stringify(state.enrolment())
    state.transact(() => state.outbox.append([{ type: 'agent', event: 'started', detail: null, at: 0 }]))
    const waits = state.outbox.waiting() > 0
    state.close()
    if (publicKey !== whole.key) return { fault: 'it has another key', anew: false }
    if (enrolment !== whole.enrolment) return { fault: 'it is not enrolled any more', anew: false }
    if (!waits) return { fault: 'it keeps nothing', anew: false }
    if (why !== null) return { fault: null, anew: true }
    const content = contentOf(folder, true)
    return { fault: content === whole.content ? null : 'it believes what was changed', anew: false }
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : 'it threw', anew: false }
  }
}

/** Everything that is kept, as text. @param andOne less the record that was added since */
function contentOf(folder: string, andOne = false): string {
  const database = new DatabaseSync(join(folder, 'state.sqlite'))
  const rows = tables.map((table) => {
    const all = database.prepare(`SELECT * FROM ${table}`).all()
    if (!andOne) return all
    if (table === 'records') return all.slice(0, -1)
    if (table !== 'meta') return all
    return all.map((row) =>
      row['key'] === 'chain'
        ? {
            ...row,
            value: String(row['value']).replace(/"sequence":(\d+)/, (_, n) => `"sequence":${Number(n) - 1}`),
          }
        : row,
    )
  })
  database.close()
  return JSON.stringify(rows, (key, value) => (key === 'checked' ? undefined : value))
}
