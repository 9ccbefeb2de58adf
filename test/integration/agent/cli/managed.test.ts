// An agent that is installed by device management: everything it needs stands in files, and nobody types anything.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSystem, type System } from '../../../helpers/system.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

const server = (...args: string[]) =>
  execFileSync(process.execPath, ['server/main.ts', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], CUTOFF_DATA: join(system.folder, 'server'), CUTOFF_LOG: 'warn' },
    encoding: 'utf8',
  }).trim()
const fingerprint = () => /organisation fingerprint\s+(.+)/.exec(server('keys'))?.[1] ?? ''

/** Runs the daemon until it says as which device it has enrolled; undefined where it ended before. */
async function enrolling(
  env: Record<string, string | undefined>,
  whileEnrolled: (printed: string) => void,
): Promise<string | undefined> {
  const daemon = spawn(process.execPath, ['agent/main.ts', 'run'], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let printed = ''
  const enrolled = new Promise<string | undefined>((resolve) => {
    daemon.stderr.on('data', (part: Buffer) => {
      printed += part.toString()
      const device = /^enrolled as (.+)$/m.exec(printed)?.[1]
      if (device !== undefined) resolve(device)
    })
    daemon.once('close', () => resolve(undefined))
  })
  try {
    const device = await enrolled
    whileEnrolled(printed)
    return device
  } finally {
    const ended = new Promise((resolve) => daemon.once('close', resolve))
    if (daemon.exitCode === null && daemon.kill('SIGKILL')) await ended
  }
}

test('it enrols by what the files say, says where each setting came from, and follows to another key without its token', async () => {
  const { folder } = system
  const key = fingerprint()
  const files = join(folder, 'etc')
  const managed = join(files, 'conf.d/10-fleet.yaml')
  mkdirSync(join(files, 'conf.d'), { recursive: true, mode: 0o755 })
  writeFileSync(join(folder, 'token'), server('enrol-token', '--once'), { mode: 0o600 })
  writeFileSync(join(files, 'settings.yaml'), `stateFolder: ${join(folder, 'managed')}\nscanSecond: 60\n`)
  const settings = (organisationKey: string) =>
    `server: ${system.url}\ntokenFile: ${join(folder, 'token')}\norganisationKey: '${organisationKey}'\n`
  writeFileSync(managed, settings(key))

  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    CUTOFF_SETTINGS: files,
    CUTOFF_SERVER: 'https://evil.example',
  }
  const device = await enrolling(env, (printed) => {
    expect(printed).toContain('`scanSecond` in')
    expect(printed).toContain('did you mean `scanSeconds`?')
    expect(printed).toContain('CUTOFF_SERVER is passed over')
    const status = execFileSync(process.execPath, ['agent/main.ts', 'status'], {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(status).toMatch(new RegExp(`^server +${managed} +${system.url}$`, 'm'))
    expect(status).toMatch(/^scanSeconds +default +3600$/m)
  })
  expect(device).toBeTypeOf('string')

  server('keys', 'replace', 'organisation', '--unprepared', '--yes', '--reason', 'stolen')
  expect(fingerprint()).not.toBe(key)
  rmSync(join(folder, 'token'))
  writeFileSync(managed, settings(fingerprint()))
  const again = await enrolling(env, (printed) => expect(printed).not.toContain('token'))
  expect(again).toBe(device)
})

test('one that was enrolled by hand is enrolled again with another key of the organisation’s, as the same device', () => {
  const { folder } = system
  const tokenFile = join(folder, 'token-by-hand')
  writeFileSync(tokenFile, server('enrol-token', '--once'), { mode: 0o600 })
  const state = join(folder, 'by-hand')
  const enrol = () =>
    execFileSync(
      process.execPath,
      [
        ...['agent/main.ts', 'enrol', '--state', state, '--server', system.url, '--token-file', tokenFile],
        ...['--organisation-key-fingerprint', fingerprint()],
      ],
      { cwd: root, env: { PATH: process.env['PATH'], HOME: folder }, encoding: 'utf8' },
    )
  const first = enrol()
  expect(first).toMatch(/^Enrolled at /)
  expect(enrol()).toContain('already enrolled')
  server('keys', 'replace', 'organisation', '--unprepared', '--yes', '--reason', 'lost')
  expect(enrol()).toBe(first)
})
