// Node's permission model as a second line behind the system's sandbox: the agent needs no more than it allows, and what it does
// not bind is known, so that nobody takes it for the first.
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openState } from '../../../../agent/state.ts'
import { openTestState } from '../../../helpers/test-agent.ts'
import { until } from '../../../helpers/system.ts'

const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))
let folder: string
let flags: readonly string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-permission-'))
  // As installed: the name of one begins with that of the other.
  for (const name of ['state', 'state-accounts']) mkdirSync(join(folder, name), { mode: 0o700 })
  flags = [
    '--permission',
    '--allow-fs-read=*',
    `--allow-fs-write=${folder}/state/`,
    `--allow-fs-write=${folder}/state-accounts/`,
    '--allow-net',
    '--disable-warning=ExperimentalWarning',
  ]
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** False, too, while there is no state yet, or one that is only being made. */
function hasLooked(state: string): boolean {
  const opened = openState({ folder: state, now: Date.now(), random: randomBytes, readOnly: true })
  if (!opened.ok) return false
  const looked = opened.state.read('daemon')?.lastScanAt != null
  opened.state.close()
  return looked
}

test('the daemon looks, keeps and stops in order with no child process, worker or native code', async () => {
  const env = { PATH: process.env['PATH'], HOME: folder, CUTOFF_SETTINGS: join(folder, 'none') }
  const daemon = spawn(process.execPath, [...flags, main, 'run', '--state', join(folder, 'state')], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  daemon.stderr.on('data', (part: Buffer) => (said += part.toString()))
  const ended = new Promise<number | null>((resolve) => daemon.once('close', resolve))
  const read = <T>(look: (state: ReturnType<typeof openTestState>) => T): T => {
    const state = openTestState(join(folder, 'state'), Date.now(), true)
    try {
      return look(state)
    } finally {
      state.close()
    }
  }
  try {
    await until(
      () => `the first look: ${said}`,
      () => daemon.exitCode !== null || hasLooked(join(folder, 'state')),
      20_000,
    )
    expect(read((state) => state.outbox.waiting())).toBeGreaterThan(1)
  } finally {
    daemon.kill('SIGTERM')
  }
  expect({ status: await ended, said }).toEqual({ status: 0, said: '' })
  // Who may look at all leaves each account its copy.
  const copies = process.getuid?.() === 0 ? ['0.json'] : []
  expect(readdirSync(join(folder, 'state-accounts'))).toEqual(expect.arrayContaining(copies))
})

test('it stops programs, workers, native code and files elsewhere; databases and links it does not see', () => {
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'state/link'))
  const script = join(folder, 'attempts.mjs')
  writeFileSync(
    script,
    `import fs from 'node:fs'
import { spawnSync } from 'node:child_process'
import { Worker } from 'node:worker_threads'
import { DatabaseSync } from 'node:sqlite'
const attempt = (name, run) => {
  try { run(); console.log(name, 'ok') } catch (error) { console.log(name, error.code) }
}
attempt('file', () => fs.writeFileSync('${folder}/file', ''))
attempt('program', () => spawnSync('/bin/true'))
attempt('worker', () => new Worker('', { eval: true }))
attempt('native', () => process.dlopen({ exports: {} }, '/none.node'))
attempt('new-link', () => fs.symlinkSync('/etc', '${folder}/state/other'))
attempt('own', () => fs.writeFileSync('${folder}/state/own', ''))
attempt('database', () => new DatabaseSync('${folder}/a.sqlite').exec('CREATE TABLE t (a)'))
attempt('attached', () => new DatabaseSync(':memory:').exec("ATTACH '${folder}/b.sqlite' AS b; CREATE TABLE b.t (a)"))
attempt('old-link', () => fs.writeFileSync('${folder}/state/link', ''))
`,
  )
  const printed = execFileSync(process.execPath, [...flags, script], { encoding: 'utf8' })
  const denied = 'ERR_ACCESS_DENIED'
  expect(
    Object.fromEntries(
      printed
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    ),
  ).toEqual({
    file: denied,
    program: denied,
    worker: denied,
    native: 'ERR_DLOPEN_DISABLED',
    'new-link': denied,
    own: 'ok',
    // Only the system's sandbox stops these.
    database: 'ok',
    attached: 'ok',
    'old-link': 'ok',
  })
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['a.sqlite', 'b.sqlite', 'elsewhere']))
})
