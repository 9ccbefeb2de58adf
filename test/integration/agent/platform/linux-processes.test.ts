// Real processes of this machine, as the agent sees them.
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { processCollector } from '../../../../agent/collectors/process.ts'
import { linuxHost } from '../../../../agent/platform/linux.ts'
import { linuxProcesses } from '../../../../agent/platform/linux-processes.ts'
import { scanContext } from '../../../helpers/scan-context.ts'

let folder = ''
const children: ChildProcess[] = []

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cutoff-processes-')))
  const root = join(folder, 'lib', 'node_modules', '@v', 'tool')
  mkdirSync(join(root, 'dist'), { recursive: true })
  mkdirSync(join(folder, 'bin'))
  writeFileSync(
    join(root, 'package.json'),
    '{"name":"@v/tool","version":"1.2.3","bin":{"tool":"dist/cli.js"}}',
  )
  writeFileSync(join(root, 'dist', 'package.json'), '{"type":"commonjs"}')
  writeFileSync(
    join(root, 'dist', 'cli.js'),
    'if (process.argv[2]) process.title = process.argv[2]\nconsole.log(1)\nsetInterval(() => {}, 1000)\n',
  )
  symlinkSync('../lib/node_modules/@v/tool/dist/cli.js', join(folder, 'bin', 'tool'))
  copyFileSync('/bin/sleep', join(root, 'dist', 'native'))
  writeFileSync(join(folder, 'claude'), '#!/bin/sh\necho 1\nread x\n', { mode: 0o755 })
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Starts something and waits until it says so, or until it is there. */
async function started(
  command: string,
  args: readonly string[],
  cwd = folder,
  speaks = true,
): Promise<number> {
  const child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'ignore'] })
  children.push(child)
  if (speaks) await new Promise((resolve) => child.stdout.once('data', resolve))
  else await new Promise((resolve) => child.once('spawn', resolve))
  return child.pid ?? -1
}

async function observed(pid: number) {
  const host = linuxHost()
  const { observations } = await processCollector.collect(scanContext(host))
  const one = observations.find((observation) => observation.pid === pid)
  return (
    one && {
      name: one.name,
      executable: one.executable,
      script: one.script,
      package: one.package?.name ?? null,
    }
  )
}

const script = () => join(folder, 'lib/node_modules/@v/tool/dist/cli.js')

describe('what a real process runs', () => {
  test('a script through a link, with .. in its path', async () => {
    const pid = await started(process.execPath, [
      '--expose-gc',
      '--max-old-space-size=100',
      'lib/../bin/tool',
    ])
    expect(await observed(pid)).toMatchObject({
      script: script(),
      package: '@v/tool',
      executable: realpathSync(process.execPath),
    })
  })

  test('a program that calls itself something else is still sleep', async () => {
    const other = await started('/bin/bash', ['-c', 'echo 1; exec -a claude sleep 100'])
    await new Promise((resolve) => setTimeout(resolve, 200))
    const { processes } = linuxHost().processes()
    const one = processes.find((process) => process.pid === other)
    expect(one?.executable).toBe(realpathSync('/bin/sleep'))
    expect(one?.argv).toEqual(['claude', '100'])
    expect(await observed(other)).toBe(undefined)
  })

  test('a shell script called like a tool is a shell that runs it', async () => {
    const pid = await started(join(folder, 'claude'), [])
    expect(await observed(pid)).toEqual({
      name: 'claude',
      executable: realpathSync('/bin/sh'),
      script: join(folder, 'claude'),
      package: null,
    })
  })

  test('a program whose file is gone keeps its path and its package', async () => {
    const native = join(folder, 'lib/node_modules/@v/tool/dist/native')
    const pid = await started(native, ['100'], folder, false)
    unlinkSync(native)
    expect(await observed(pid)).toMatchObject({ executable: native, script: null, package: '@v/tool' })
  })

  test('a title that a program gave itself hides its script, and nothing is made up', async () => {
    const pid = await started(process.execPath, [join(folder, 'bin', 'tool'), 'pi'])
    const one = await observed(pid)
    expect(one).toMatchObject({ name: 'pi', script: null })
    // The package, if any, is the one that brought node.
    expect(one?.package).not.toBe('@v/tool')
  })
})

describe('the process table', () => {
  test('a process that becomes another program is seen as that one', async () => {
    const table = linuxProcesses()
    const pid = await started('/bin/bash', ['-c', 'echo 1; read x; exec sleep 100'])
    const programOf = () => table.read().processes.find((process) => process.pid === pid)?.executable

    expect(programOf()).toBe(realpathSync('/bin/bash'))
    children.at(-1)?.stdin?.write('go\n')
    await expect.poll(programOf).toBe(realpathSync('/bin/sleep'))
  })

  test('a known process is the same value at the next look, and a gone one is gone', async () => {
    const table = linuxProcesses()
    const pid = await started('/bin/sleep', ['100'], folder, false)
    const find = () => table.read().processes.find((process) => process.pid === pid)
    await expect.poll(() => find()?.executable).toBe(realpathSync('/bin/sleep'))
    expect(find()).toBe(find())
    children.at(-1)?.kill('SIGKILL')
    await expect.poll(find).toBe(undefined)
  })

  test('so is one that has worked since', () => {
    const table = linuxProcesses()
    const own = () => table.read().processes.find(({ pid }) => pid === process.pid)
    const lineOf = () => readFileSync('/proc/self/stat', 'utf8')
    const [first, line] = [own(), lineOf()]
    for (let work = 0; lineOf() === line; work++) Math.sqrt(work)
    expect(first).toBeDefined()
    expect(own()).toBe(first)
  })

  test('owner, parent, start and arguments are exact', async () => {
    const before = Date.now()
    const pid = await started('/bin/sleep', ['100'], folder, false)
    const one = linuxProcesses()
      .read()
      .processes.find((process) => process.pid === pid)
    expect(one).toMatchObject({
      uid: String(process.getuid?.()),
      parentPid: process.pid,
      cwd: folder,
      contained: false,
    })
    expect(one?.argv).toEqual(['/bin/sleep', '100'])
    // The kernel counts in hundredths of a second from a start that it tells in whole seconds.
    expect(Math.abs((one?.startedAt ?? 0) - before)).toBeLessThan(3000)
  })

  test('kernel threads are none', () => {
    const { processes } = linuxProcesses().read()
    expect(processes.filter((process) => process.parentPid === 2)).toEqual([])
    expect(processes.some((one) => one.pid === process.pid)).toBe(true)
  })
})
