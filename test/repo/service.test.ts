// The service's unit: what systemd itself makes of it, and the few lines on which the rest hangs.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { residentEnvironment } from '../../installers/resident-environment.ts'
import { filesBelow, readText } from '../helpers/repository.ts'

const units = ['cutoff-agent.service', 'cutoff-copies.service', 'cutoff-copies.path']
const sessionUnits = ['cutoff-notice.path', 'cutoff-notice.service']

/** All values of a key, in order. */
function valuesOf(unit: string, key: string): readonly string[] {
  return readText(`installers/linux/${unit}`)
    .split('\n')
    .flatMap((line) => (line.startsWith(`${key}=`) ? line.slice(key.length + 1).split(' ') : []))
}

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

describe.runIf(hasSystemd)('systemd-analyze', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cutoff-units-'))
    for (const name of [...units, ...sessionUnits])
      copyFileSync(`installers/linux/${name}`, join(folder, name))
    // The programs are not installed here, and systemd asks for them.
    for (const unit of [...units, ...sessionUnits].filter((name) => name.endsWith('.service')))
      writeFileSync(
        join(folder, unit),
        readText(`installers/linux/${unit}`)
          .replace(/^(ExecStart=)\S+/m, '$1/bin/true')
          .replace(/^Documentation=.*$/m, ''),
      )
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const analyze = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: folder },
    })
    return { status, text: `${stdout}${stderr}` }
  }

  test('finds nothing wrong, and knows every word', () => {
    for (const [whose, names] of [
      ['--system', units],
      ['--user', sessionUnits],
    ] as const) {
      const { status, text } = analyze('verify', whose, ...names.map((name) => `./${name}`))
      const ours = text.split('\n').filter((line) => /cutoff|cycle/.test(line))
      expect({ status, ours }).toEqual({ status: 0, ours: [] })
    }
  })

  // Tenths: 24 is 2.4 of 10, "OK". What is left is the two capabilities, the network and the sight of others.
  test.each([
    ['cutoff-agent.service', 24],
    ['cutoff-copies.service', 12],
  ])('%s: exposure of at most %i', (unit, most) => {
    const { status, text } = analyze('security', '--offline=true', `--threshold=${most}`, `./${unit}`)
    expect({ status, text: status === 0 ? '' : text }).toEqual({ status: 0, text: '' })
  })
})

test('the agent has the two rights that looking takes, and no third', () => {
  for (const key of ['CapabilityBoundingSet', 'AmbientCapabilities'])
    expect(valuesOf('cutoff-agent.service', key)).toEqual(['CAP_DAC_READ_SEARCH', 'CAP_SYS_PTRACE'])
})

test('nothing by which looking at processes becomes changing them is left', () => {
  const calls = valuesOf('cutoff-agent.service', 'SystemCallFilter')
  expect(calls[0]).toBe('@system-service')
  expect(calls).toEqual(
    expect.arrayContaining([
      '~@debug',
      'process_vm_writev',
      '@aio',
      '@privileged',
      'pidfd_getfd',
      'execveat',
    ]),
  )
})

test('the folders of the unit, of the fragments and of the agent are the same', () => {
  const command = valuesOf('cutoff-agent.service', 'ExecStart').join(' ')
  expect(command).toBe('/usr/bin/cutoff-agent run --state /var/lib/cutoff')
  expect(valuesOf('cutoff-agent.service', 'StateDirectory')).toEqual(['cutoff'])
  expect(valuesOf('cutoff-agent.service', 'ReadWritePaths')).toEqual(['/var/lib/cutoff-accounts'])
  expect(valuesOf('cutoff-copies.service', 'ReadWritePaths')).toEqual(['/var/lib/cutoff-accounts'])
  expect(readText('installers/linux/cutoff.tmpfiles')).toContain(
    'd /var/lib/cutoff-accounts 0755 cutoff cutoff -',
  )
  expect(readText('agent/settings.ts')).toContain("'/var/lib/cutoff-accounts'")
})

test('the service has the variables that keep a resident agent small', () => {
  const variables = Object.entries(residentEnvironment).map(([name, value]) => `${name}=${value}`)
  expect(valuesOf('cutoff-agent.service', 'Environment').flatMap((line) => line.split(' '))).toEqual(
    variables,
  )
})

test('the agent starts programs on macOS and Windows alone', () => {
  const starting = filesBelow('agent').filter((path) =>
    /node:child_process|from 'ps-list'|systeminformation/.test(readText(path)),
  )
  expect(starting.filter((path) => path.endsWith('.ts'))).toEqual(['agent/platform/system-programs.ts'])
  // Chosen by the system, and loaded there alone.
  for (const chooser of ['this-host', 'this-desktop', 'managed-settings'])
    expect(readText(`agent/platform/${chooser}.ts`)).not.toMatch(
      /^import .*(system-programs|darwin|windows)/m,
    )
})
