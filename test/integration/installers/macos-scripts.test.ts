// The scripts that device management of macOS runs, run here by sh (and zsh where there is one): Apple's programs are stand-ins
// that answer as its manuals say.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import {
  jamfAttribute,
  kandjiAudit,
  preinstallScript,
  workspaceOneInstallCheck,
  workspaceOneSensor,
} from '../../../installers/managed/macos-scripts.ts'

const root = mkdtempSync(join(tmpdir(), 'cutoff-scripts-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const shells = ['sh', 'zsh'].filter((shell) => spawnSync(shell, ['-c', ':']).error === undefined)

const standIns: Readonly<Record<string, string>> = {
  '/Library/Cutoff/cutoff-agent':
    '[ -n "$VERSION" ] || exit 127\nif [ "$1" = --version ]; then echo "$VERSION"; else printf "%s" "$STATUS"; fi',
  // `-extract KEY raw -o - -`: a null is no value, and an error.
  '/usr/bin/plutil': 'sed -n "s/.*\\"$2\\":\\"\\([^\\"]*\\)\\".*/\\1/p" | grep .',
  // `-j -u -f FORMAT TIME +%s`, and `-u +%s`.
  '/bin/date': 'if [ "$1" = -j ]; then date -u -d "$5Z" +%s; else date -u -d "$NOW" +%s; fi',
  '/bin/launchctl': '[ "$1 $2" = "print system/dev.cutoff.agent" ] && [ "$LOADED" = yes ]',
  '/usr/sbin/chown': 'echo "$@" >> "$CALLED"',
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'run-'))
})

/** The script, with the stand-ins and a folder of this test in place of Apple's. */
function run(script: string, shell: string, env: Readonly<Record<string, string>>, ...args: string[]) {
  let text = script
  for (const [path, body] of Object.entries(standIns)) {
    const own = join(folder, path.replaceAll('/', '_'))
    writeFileSync(own, `#!/bin/sh\n${body}\n`)
    chmodSync(own, 0o755)
    text = text.replaceAll(path, own)
  }
  text = text.replaceAll("'/Library/", `'${folder}/Library/`)
  const { status, stdout, stderr } = spawnSync(shell, ['-s', '--', ...args], {
    input: text,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], CALLED: join(folder, 'called'), ...env },
  })
  return { status, said: stdout.trim(), why: stderr.trim() }
}

describe.each(shells)('by %s', (shell) => {
  const reported = '{"running":true,"lastReportAt":"2026-07-14T09:00:00.250Z"}'
  test.each([
    ['a report 49 hours ago', { VERSION: '1.2.3', STATUS: reported, NOW: '2026-07-16T10:30:00Z' }, '49'],
    ['a report just now', { VERSION: '1.2.3', STATUS: reported, NOW: '2026-07-14T09:00:10Z' }, '0'],
    ['no report yet', { VERSION: '1.2.3', STATUS: '{"lastReportAt":null}', NOW: '2026-07-16' }, '-1'],
    ['no agent', { VERSION: '', STATUS: '', NOW: '2026-07-16' }, '-1'],
  ])('%s', (_, env, hours) => {
    expect(run(jamfAttribute(), shell, env)).toEqual({
      status: 0,
      said: `<result>${hours}</result>`,
      why: '',
    })
    expect(run(workspaceOneSensor(), shell, env)).toEqual({ status: 0, said: hours, why: '' })
  })

  test.each([
    ['this version', '1.10.3', 'yes', true],
    ['a later one', '1.11.0', 'yes', true],
    ['an early one of it', '1.10.3-rc.1', 'yes', true],
    ['an older one, smaller as a number alone', '1.9.4', 'yes', false],
    ['none', '', 'yes', false],
    ['one that launchd does not have', '1.10.3', 'no', false],
  ])('installed: %s', (_, version, loaded, isThere) => {
    const env = { VERSION: version, LOADED: loaded, STATUS: '' }
    // The two managements mean opposite things by a status.
    expect(run(kandjiAudit('1.10.3'), shell, env).status).toBe(isThere ? 0 : 1)
    expect(run(workspaceOneInstallCheck('1.10.3'), shell, env).status).toBe(isThere ? 1 : 0)
  })

  describe('before the package', () => {
    const tokenFile = '/Library/Application Support/Cutoff/enrolment-token'
    const script = preinstallScript(tokenFile)
    const settings = () => {
      mkdirSync(join(folder, 'Library/Managed Preferences'), { recursive: true })
      writeFileSync(join(folder, 'Library/Managed Preferences/dev.cutoff.agent.plist'), '')
    }
    const written = () => join(folder, tokenFile)

    test('a token is put down for root alone, in place of one before', () => {
      settings()
      const given = ['/', 'a Mac', 'ann', 'first']
      expect(run(script, shell, {}, ...given)).toEqual({ status: 0, said: '', why: '' })
      expect(run(script.replace('PUT THE TOKEN HERE', '-Second_2'), shell, {})).toMatchObject({ status: 0 })
      expect(readFileSync(written(), 'utf8')).toBe('-Second_2\n')
      expect(statSync(written()).mode & 0o777).toBe(0o400)
      expect(statSync(join(written(), '..')).mode & 0o777).toBe(0o755)
      expect(readFileSync(join(folder, 'called'), 'utf8')).toContain(`root:wheel ${written()}\n`)
    })

    test('without the settings nothing is done, so that it is tried again', () => {
      const ended = run(script, shell, {}, '/', 'a Mac', 'ann', 'token')
      expect(ended).toMatchObject({ status: 1, why: expect.stringContaining('tried again') as unknown })
      expect(existsSync(written())).toBe(false)
    })

    test.each(['', 'a b', '$(id)', "a'b"])('%j is no token', (token) => {
      settings()
      const ended = run(script, shell, {}, '/', 'a Mac', 'ann', token)
      expect(ended).toMatchObject({
        status: 1,
        why: expect.stringContaining('no enrolment token') as unknown,
      })
      expect(existsSync(written())).toBe(false)
    })
  })
})

test('a place with quotes in it is a place', () => {
  const script = preinstallScript("/Library/it's here")
  expect(
    spawnSync('sh', ['-c', `${/^file=.*$/m.exec(script)?.[0]}\nprintf %s "$file"`], { encoding: 'utf8' })
      .stdout,
  ).toBe("/Library/it's here")
})
