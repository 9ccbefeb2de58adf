// `npm start` as a new user meets it: one command, a table, a link that signs in; stopped, killed and started again.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DeviceRow, pageOf } from '#shared/api.ts'
import { signIn, until } from '../helpers/system.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'cutoff-start-'))
const children: ChildProcess[] = []

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Start {
  readonly child: ChildProcess
  readonly output: () => string
  readonly ended: Promise<number | null>
}

function npmStart(data: string, listen: string): Start {
  const env: NodeJS.ProcessEnv = { ...process.env, CUTOFF_DATA: data, CUTOFF_LISTEN: listen }
  const child = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  children.push(child)
  const printed: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => printed.push(chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, output: () => printed.join(''), ended }
}

const linkIn = (output: string): string => /http:\S+\/login\?token=\S+/.exec(output)?.[0] ?? ''

async function isUp(listen: string): Promise<boolean> {
  return fetch(`http://${listen}/livez`).then(
    (answer) => answer.ok,
    () => false,
  )
}

async function ready(start: Start): Promise<string> {
  await until(
    () => `the link to sign in with; so far: ${start.output()}`,
    () => linkIn(start.output()) !== '' || start.child.exitCode !== null,
    120_000,
  )
  expect(start.output()).toContain('Dashboard: ')
  return linkIn(start.output())
}

/** As a terminal does with Ctrl-C: to the whole group. */
function interrupt({ child }: Start): void {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
}

test('starts, shows, stops, and goes on where it was after Ctrl-C and after kill -9', async () => {
  const listen = `127.0.0.1:${await takePort((port) => port)}`
  const data = join(folder, 'data')

  const first = npmStart(data, listen)
  const link = await ready(first)
  expect(first.output()).toMatch(/Found on|No AI coding tool was found/)
  const admin = await signIn(`http://${listen}`, link)
  const devices = await admin.get('/devices', pageOf(DeviceRow))
  expect(devices).toMatchObject({ total: 1, items: [{ status: 'active' }] })
  interrupt(first)
  await first.ended
  expect(await isUp(listen)).toBe(false)

  const second = npmStart(data, listen)
  await ready(second)
  if (second.child.pid !== undefined) process.kill(-second.child.pid, 'SIGKILL')
  await second.ended
  await until('the children of a killed start to notice', async () => !(await isUp(listen)))

  const third = npmStart(data, listen)
  const again = await signIn(`http://${listen}`, await ready(third))
  const same = await again.get('/devices', pageOf(DeviceRow))
  expect(same.items.map((device) => device.id)).toEqual(devices.items.map((device) => device.id))
  await expect(fetch(link, { redirect: 'manual' }).then((answer) => answer.status)).resolves.toBe(401)
  interrupt(third)
  await third.ended
}, 300_000)

describe('what stands in the way gets one clear sentence', () => {
  test('a taken port', async () => {
    await takePort(async (port) => {
      const start = npmStart(join(folder, 'taken'), `127.0.0.1:${port}`)
      expect(await start.ended).toBe(1)
      expect(cutoffLines(start)).toEqual([
        expect.stringMatching(/^cutoff: .*127\.0\.0\.1:\d+.*CUTOFF_LISTEN.* \[port-taken\]$/),
      ])
    })
  })

  test('a data folder that cannot be one', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const start = npmStart(join(file, 'data'), '127.0.0.1:1')
    expect(await start.ended).toBe(1)
    expect(cutoffLines(start)).toEqual([
      expect.stringMatching(/^cutoff: .*cannot be written .*CUTOFF_DATA.* \[data-unwritable\]$/),
    ])
  })

  test('a database that is none, which stays as it was', async () => {
    const data = join(folder, 'broken')
    mkdirSync(data)
    writeFileSync(join(data, 'cutoff.sqlite'), 'something that somebody wrote here\n'.repeat(100))
    const start = npmStart(data, `127.0.0.1:${await takePort((port) => port)}`)
    expect(await start.ended).toBe(1)
    expect(cutoffLines(start)).toEqual([
      expect.stringMatching(/^cutoff: .*cutoff\.sqlite.* \[database-[a-z-]+\]$/),
    ])
    expect(readFileSync(join(data, 'cutoff.sqlite'), 'utf8')).toMatch(/^something that somebody/)
  })
})

function cutoffLines(start: Start): string[] {
  return start
    .output()
    .split('\n')
    .filter((line) => line.startsWith('cutoff:'))
}

/** A port that is free before and after; taken while `work` runs. */
async function takePort<T>(work: (port: number) => T | Promise<T>): Promise<T> {
  // Reads and never answers; a socket that is not read from would never end.
  const server: Server = createServer((socket) => socket.resume())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work(z.object({ port: z.int() }).parse(server.address()).port)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}
