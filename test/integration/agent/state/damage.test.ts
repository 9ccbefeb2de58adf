// What is left of a state after damage on the disk: what was witnessed, whose chain it was, and the word that it was damaged.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sessionMarks } from '../../../../agent/marks.ts'
import { openState, type State } from '../../../../agent/state.ts'
import { logDamage } from '../../../../agent/state/log-damage.ts'
import { openTestState, temporaryFolder } from '../../../helpers/test-agent.ts'
import { lookOver, minute, noon, packageSeen, sessionSeen } from '../../../helpers/observations.ts'

let folder: string
let state: State
beforeEach(() => {
  folder = temporaryFolder()
  state = openTestState(folder, noon)
})
afterEach(() => {
  state.close()
  rmSync(folder, { recursive: true, force: true })
})

const started = { type: 'agent', event: 'started', detail: null, at: noon } as const

/** Changes the file as it lies there. */
function change(name: string, work: (bytes: Buffer) => void): void {
  const path = join(folder, name)
  const bytes = readFileSync(path)
  work(bytes)
  writeFileSync(path, bytes)
}

/** The state as it lies there when its agent is killed: nothing was closed in order. */
function kill(): void {
  const killed = `${folder}-killed`
  cpSync(folder, killed, { recursive: true })
  state.close()
  rmSync(folder, { recursive: true })
  folder = killed
}

function openAgain(): string | null {
  const opened = openState({ folder, now: noon, random: randomBytes })
  if (!opened.ok) throw new Error(opened.message)
  state = opened.state
  return state.read('newEpoch')
}

function flipIn(text: string): (bytes: Buffer) => void {
  return (bytes) => {
    const at = bytes.indexOf(text)
    expect(at).toBeGreaterThan(-1)
    bytes[at] = (bytes[at] ?? 0) ^ 1
  }
}

test('a changed letter in a record is found; marks and the old chain’s head are taken over', () => {
  const [mark] = sessionMarks(lookOver([packageSeen(), sessionSeen([noon - minute])]))
  state.transact(() => {
    state.outbox.append([{ ...started, detail: 'remarkable' }])
    state.marks.add(mark === undefined ? [] : [mark], 'released')
  })
  const { epoch, head } = state.outbox.chain()
  state.close()
  change('state.sqlite', flipIn('remarkable'))
  expect(openAgain()).toContain('records')
  expect(state.outbox.chain()).toMatchObject({ previousEpoch: { epoch, head }, sequence: -1 })
  expect(state.marks.kept(false)).toMatchObject([{ state: 'new', mark: { basis: 'witnessed' } }])
})

test('a flipped bit in the log, which SQLite would pass over, begins a new chain that says so', () => {
  state.transact(() => state.outbox.append([{ ...started, detail: 'first' }]))
  state.transact(() => state.outbox.append([{ ...started, detail: 'remarkable' }]))
  state.transact(() => state.outbox.append([{ ...started, detail: 'last' }]))
  const { epoch } = state.outbox.chain()
  kill()
  change('state.sqlite-wal', flipIn('remarkable'))
  expect(openAgain()).toContain('log')
  expect(state.outbox.chain().epoch).not.toBe(epoch)
  expect(state.outbox.chain().previousEpoch?.epoch).toBe(epoch)
})

test('a log that a crash left half done is no damage', () => {
  state.transact(() => state.outbox.append([started]))
  kill()
  const path = join(folder, 'state.sqlite-wal')
  writeFileSync(path, readFileSync(path).subarray(0, -100))
  expect(openAgain()).toBeNull()
})

/** A log as a killed agent leaves it, with its two last transactions, and where its last frame begins. */
function logLeft(): { readonly log: Buffer; readonly lastAt: number } {
  state.transact(() => state.outbox.append([{ ...started, detail: 'before' }]))
  state.transact(() => state.outbox.append([{ ...started, detail: 'last' }]))
  const log = readFileSync(join(folder, 'state.sqlite-wal'))
  return { log, lastAt: log.length - 24 - log.readUInt32BE(8) }
}

test('a kill between the head of a log’s last frame and its page is no damage', () => {
  const { log, lastAt } = logLeft()
  log.copy(log, lastAt + 24, 32 + 24, 32 + 24 + log.readUInt32BE(8))
  expect(logDamage(log)).toBeNull()
})

test('one flipped bit anywhere in the last frame of a log is damage', () => {
  const { log, lastAt } = logLeft()
  const bits = [...Array(24 * 8).keys(), ...Array.from({ length: 400 }, (_, n) => 24 * 8 + n * 79)]
  const missed = bits.filter((bit) => {
    const flipped = Buffer.from(log)
    const at = lastAt + (bit >> 3)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit & 7))
    return logDamage(flipped) === null
  })
  expect(missed).toEqual([])
})

test('what an earlier run was killed over is not in the log of the next', () => {
  state.transact(() => state.outbox.append([started]))
  kill()
  expect(openAgain()).toBeNull()
  expect(readFileSync(join(folder, 'state.sqlite-wal'))).toHaveLength(0)
  expect(state.outbox.waiting()).toBe(1)
})

test('a damaged copy of the key is written anew, so that the other may be damaged later', () => {
  const { publicKey } = state.key
  for (const name of ['identity.json', 'identity-copy.json']) {
    state.close()
    change(name, flipIn('privateKey'))
    expect(openAgain()).toBeNull()
    expect(state.key.publicKey).toBe(publicKey)
  }
})

test('a state of the schema before, which had no checksums, is brought up with all that is in it', () => {
  state.transact(() => state.outbox.append([started]))
  const chain = state.outbox.chain()
  state.close()
  const old = new DatabaseSync(join(folder, 'state.sqlite'))
  const tables: [string, string][] = [
    ['meta', 'key TEXT PRIMARY KEY, value TEXT NOT NULL'],
    ['records', 'sequence INTEGER PRIMARY KEY, type TEXT NOT NULL, salt TEXT NOT NULL, text TEXT NOT NULL'],
  ]
  const all = old.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const others = all.map(({ name }) => String(name)).filter((name) => !tables.some(([t]) => t === name))
  for (const [name, columns] of tables) {
    const names = columns.replace(/ (TEXT|INTEGER)[^,]*/g, '')
    old.exec(
      `CREATE TABLE kept (${columns}); INSERT INTO kept SELECT ${names} FROM ${name}; DROP TABLE ${name}`,
    )
    old.exec(`ALTER TABLE kept RENAME TO ${name}`)
  }
  for (const name of others) {
    const columns = old
      .prepare(`PRAGMA table_info(${name})`)
      .all()
      .map((column) => `${String(column['name'])} ${String(column['type'])}`)
    old.exec(`DROP TABLE ${name}; CREATE TABLE ${name} (${columns.join(', ')})`)
  }
  old.exec('DROP TABLE looks; CREATE TABLE looks (account TEXT, template TEXT, at INTEGER)')
  old.exec("INSERT INTO looks VALUES ('ann', '~/.a', 5), ('ann', '~/.b', 5), ('ann', '~/.c', 6)")
  old.exec('CREATE INDEX marks_by_tool ON marks (tool); CREATE INDEX marks_by_state ON marks (state)')
  old.exec('PRAGMA user_version = 2; PRAGMA application_id = 0')
  old.close()
  expect(openAgain()).toBeNull()
  expect(state.outbox.chain()).toEqual(chain)
  expect(state.outbox.waiting()).toBe(1)
  expect(['~/.a', '~/.b', '~/.c', '~/.d'].map((place) => state.memory.lastLookAt('ann', place))).toEqual([
    5,
    5,
    6,
    null,
  ])
})
