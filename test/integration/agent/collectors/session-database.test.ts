// Sessions in SQLite databases on the disk, while their tool writes to them.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { traceCollector } from '../../../../agent/collectors/trace.ts'
import { emptyMemory } from '../../../../agent/memory.ts'
import type { Host } from '../../../../agent/platform/host.ts'
import { linuxHost } from '../../../../agent/platform/linux.ts'
import { tools } from '../../../../shared/catalogue.ts'
import type { TraceSignal } from '../../../../shared/tool.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'

const fixtures = new URL('../../../fixtures/traces/opencode/', import.meta.url)
const start = 1_795_380_000_000
let home = ''
let file = ''

const signal: TraceSignal = {
  place: '~/data/tool.db',
  means: 'session',
  appended: false,
  record: {
    format: 'sqlite',
    table: 'message',
    json: ['data'],
    session: 'session_id',
    time: 'time_created',
    held: [
      { key: 'data.role', equals: 'assistant' },
      { key: 'data.finish', not: [] },
    ],
  },
  ...observed,
}
const wanted = { trace: [signal] }

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'cutoff-database-'))
})

beforeEach(() => {
  rmSync(join(home, 'data'), { recursive: true, force: true })
  mkdirSync(join(home, 'data'))
  file = join(home, 'data', 'tool.db')
})

afterAll(() => {
  rmSync(home, { recursive: true, force: true })
})

function hostOf(): Host {
  const account = { name: 'ann', uid: String(process.getuid?.()), home, readable: true }
  return { ...linuxHost(), accounts: () => ({ accounts: [account], gaps: [] }) }
}

function open(): DatabaseSync {
  const db = new DatabaseSync(file)
  db.exec(
    'PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, data TEXT)',
  )
  return db
}

function say(db: DatabaseSync, session: string, n: number, data: object): void {
  db.prepare('INSERT INTO message VALUES (?, ?, ?, ?)').run(
    `${session}-${n}`,
    session,
    start + n * 1000,
    JSON.stringify(data),
  )
}

const question = { role: 'user' }
const answer = { role: 'assistant', finish: 'stop' }
const attempt = { role: 'assistant', error: { name: 'APIError' } }

describe('sessions in a database', () => {
  test('are told apart, with what stands only in the log, and nothing beside the file is touched', async () => {
    const db = open()
    say(db, 'one', 0, question)
    say(db, 'one', 2, answer)
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    say(db, 'two', 10, question)
    say(db, 'two', 11, attempt)
    const before = readdirSync(join(home, 'data')).map((name) => [
      name,
      statSync(join(home, 'data', name)).mtimeMs,
    ])

    const { observations, gaps } = await look(traceCollector, hostOf(), { wanted })

    expect(gaps).toEqual([])
    expect(observations.map(({ session, facts }) => [session, facts])).toEqual([
      ['two', { heldAt: [], beganAt: start + 10_000, whole: true }],
      ['one', { heldAt: [start + 2000], beganAt: start, whole: true }],
    ])
    expect(observations[0]?.bytes).toBe(statSync(file).size + statSync(`${file}-wal`).size)
    expect(
      readdirSync(join(home, 'data')).map((name) => [name, statSync(join(home, 'data', name)).mtimeMs]),
    ).toEqual(before)
    db.close()
  })

  test('grow one by one', async () => {
    const db = open()
    say(db, 'one', 0, answer)
    say(db, 'two', 1, answer)
    const memory = emptyMemory()
    const host = hostOf()
    await look(traceCollector, host, { wanted, memory, now: 5000 })
    say(db, 'two', 2000, answer)

    const { observations } = await look(traceCollector, host, { wanted, memory, now: 6000 })

    expect(observations.map(({ session, grew, lastLookAt }) => [session, grew, lastLookAt])).toEqual([
      ['two', true, 5000],
      ['one', false, 5000],
    ])
    db.close()
  })

  test('are read while the tool writes, always as some transaction left them', async () => {
    const writer = spawn(
      process.execPath,
      [
        '-e',
        `const { DatabaseSync } = require('node:sqlite'); const db = new DatabaseSync(process.argv[1])
         db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=20; CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, data TEXT)')
         const one = db.prepare('INSERT INTO message VALUES (?, ?, ?, ?)'); const text = JSON.stringify({ role: 'assistant', finish: 'stop', x: 'y'.repeat(3000) })
         for (let n = 0; ; n += 1) { db.exec('BEGIN'); for (const s of ['a', 'b']) one.run(s + n, s, ${start} + n * 1000, text); db.exec('COMMIT'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); if (n === 10) console.log(1) }`,
        file,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    try {
      await new Promise((resolve) => writer.stdout.once('data', resolve))
      const host = hostOf()
      let last = 0
      let read = 0
      for (let n = 0; n < 40; n += 1) {
        const { observations, gaps } = await look(traceCollector, host, { wanted })
        for (const gap of gaps) expect(gap.reason).toBe('changed-while-read')
        if (gaps.length > 0) continue
        read += 1
        const ends = observations.map(({ facts }) => facts?.heldAt.at(-1) ?? 0)
        // Both rows of a transaction or neither, and never less than before.
        expect(ends).toEqual([ends[0], ends[0]])
        expect(ends[0]).toBeGreaterThanOrEqual(last)
        last = ends[0] ?? 0
      }
      expect(read).toBeGreaterThan(0)
    } finally {
      writer.kill('SIGKILL')
    }
  })
})

test.each(['use', 'attempt', 'attempt-interrupted'])('captured rows of a real tool: %s', async (name) => {
  const trace = tools
    .find(({ id }) => id === 'opencode')
    ?.signals.trace?.find(({ record }) => record?.format === 'sqlite')
  const db = new DatabaseSync(file)
  db.exec(
    `PRAGMA journal_mode=WAL; PRAGMA foreign_keys=OFF; ${readFileSync(new URL('schema.sql', fixtures), 'utf8')}`,
  )
  for (const line of readFileSync(new URL(`${name}.jsonl`, fixtures), 'utf8')
    .trim()
    .split('\n')) {
    const { table, ...row } = JSON.parse(line) as { table: string } & Record<string, string | number | null>
    const columns = Object.keys(row)
    const text = `INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join(',')}) VALUES (${columns.map(() => '?').join(',')})`
    db.prepare(text).run(...Object.values(row))
  }

  const { observations, gaps } = await look(traceCollector, hostOf(), {
    wanted: { trace: trace === undefined ? [] : [{ ...trace, place: signal.place }] },
  })
  db.close()

  expect(gaps).toEqual([])
  expect(observations.length).toBe(1)
  expect((observations[0]?.facts?.heldAt.length ?? 0) > 0).toBe(name === 'use')
  expect(observations[0]?.session).toMatch(/^ses_/)
})

describe('databases that were made to do harm', () => {
  const gapsOf = async () => (await look(traceCollector, hostOf(), { wanted })).gaps.map(inShort)

  test.each<[string, string]>([
    [
      'a view in the place of the table',
      "CREATE VIEW message AS SELECT 's' AS session_id, 1 AS time_created, '{}' AS data",
    ],
    [
      'a virtual table in its place',
      'CREATE VIRTUAL TABLE message USING fts5(session_id, time_created, data)',
    ],
    ['other columns', 'CREATE TABLE message (x)'],
    ['no table', 'CREATE TABLE other (x)'],
  ])('%s is not read', async (_title, sql) => {
    const db = new DatabaseSync(file)
    db.exec(sql)
    db.close()
    expect(await gapsOf()).toMatchObject([
      expect.stringMatching(/^ann unparsable .*tool\.db \((?:no-table|unreadable)\)$/),
    ])
  })

  test('a table whose column is computed by a function is not computed', async () => {
    const db = new DatabaseSync(file)
    db.exec("CREATE TABLE message (session_id, time_created, data AS (printf('%*c', 100000000, 'x')))")
    db.exec(`INSERT INTO message (session_id, time_created) VALUES ('s', ${start})`)
    db.close()
    expect(await gapsOf()).toMatchObject([expect.stringMatching(/^ann unparsable/)])
  })

  test('bytes changed anywhere end in rows or in a gap', async () => {
    const db = open()
    for (let n = 0; n < 300; n += 1) say(db, `s${n % 3}`, n, answer)
    db.exec('PRAGMA journal_mode=DELETE')
    db.close()
    const bytes = readFileSync(file)
    // A small generator with a fixed seed, so that a failure can be had again.
    let seed = 12_345
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) % below
    for (let round = 0; round < 300; round += 1) {
      const broken = Buffer.from(bytes)
      for (let n = 0; n < 8; n += 1) broken[random(round % 2 === 0 ? bytes.length : 8192)] = random(256)
      writeFileSync(file, broken)
      const { observations } = await look(traceCollector, hostOf(), { wanted })
      expect(observations.length).toBeGreaterThan(0)
    }
  })

  test('more than the bound is a gap', async () => {
    writeFileSync(file, '')
    const { truncateSync } = await import('node:fs')
    truncateSync(file, 65 * 1024 * 1024)
    expect(await gapsOf()).toEqual([`ann too-large ${file} (68157440 bytes)`])
  })
})
