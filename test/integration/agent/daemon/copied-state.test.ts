// S4 by two real daemons on one machine, where nothing but the chain tells a copied state from its original.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSystem, until, type System } from '../../../helpers/system.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
let system: System
let folder: string
let env: NodeJS.ProcessEnv
let printed: string
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-copied-'))
  printed = ''
  system = await startSystem()
  system.applyPolicy({
    rules: [{ id: 'none', tools: ['claude-code'], verdict: 'banned', from: '2999-01-01' }],
  })
  const server = (...words: string[]): string =>
    execFileSync(process.execPath, ['server/main.ts', ...words], {
      cwd: root,
      env: { ...process.env, CUTOFF_DATA: join(system.folder, 'server') },
      encoding: 'utf8',
    }).trim()
  writeFileSync(join(folder, 'token'), server('enrol-token'), { mode: 0o600 })
  env = {
    PATH: process.env['PATH'],
    HOME: folder,
    CUTOFF_SETTINGS: join(folder, 'etc'),
    CUTOFF_SERVER: system.url,
    CUTOFF_TOKEN_FILE: join(folder, 'token'),
    CUTOFF_ORGANISATION_KEY: /organisation fingerprint\s+(.+)/.exec(server('keys'))?.[1],
  }
})
afterEach(async () => {
  await Promise.all(children.splice(0).map(stopped))
  await system.close()
  rmSync(folder, { recursive: true, force: true })
})

function daemon(state: string): ChildProcess {
  const child = spawn(process.execPath, ['agent/main.ts', 'run', '--state', join(folder, state)], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => (printed += `${state}: ${String(part)}`))
  children.push(child)
  return child
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

const deviceOf = (state: string): string => {
  const { text } = JSON.parse(readFileSync(join(folder, state, 'enrolment.json'), 'utf8')) as { text: string }
  return (JSON.parse(text) as { device: string }).device
}

function atServer(sql: string): string[] {
  const database = new DatabaseSync(join(system.folder, 'server', 'cutoff.sqlite'), { readOnly: true })
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => String(Object.values(row)[0]))
  } finally {
    database.close()
  }
}

test('each goes on as a device of its own, without being started again', { timeout: 180_000 }, async () => {
  const reports = (): number => Number(atServer('SELECT coalesce(sum(counter), 0) FROM chains')[0])
  const first = daemon('one')
  await until(
    () => `the first reports\n${printed}`,
    () => reports() >= 2,
  )
  await stopped(first)
  cpSync(join(folder, 'one'), join(folder, 'two'), { recursive: true })
  const pair = [daemon('one'), daemon('two')]
  const apart = (): boolean => deviceOf('one') !== deviceOf('two')
  await until(() => `two devices\n${printed}`, apart, 120_000)
  const seenAt = (): string[] => atServer('SELECT last_seen_at FROM devices ORDER BY id')
  const before = seenAt()
  await until(
    () => `a report of each\n${printed}`,
    () => seenAt().length === 2 && seenAt().every((at, index) => at !== 'null' && at !== before[index]),
  )
  expect(pair.map(({ exitCode }) => exitCode)).toEqual([null, null])
  const events = atServer('SELECT summary FROM events')
  expect(events.filter((summary) => summary.startsWith('copied '))).toHaveLength(2)
  expect(printed).toContain('the state was on two machines')
  // Neither is taken for the other any more.
  const quarrels = (): number => atServer("SELECT 1 FROM events WHERE type = 'state-diverged'").length
  const settled = quarrels()
  const at = seenAt()
  await until('two more reports of each', () => seenAt().every((seen, index) => seen !== at[index]))
  expect(quarrels()).toBe(settled)
})
