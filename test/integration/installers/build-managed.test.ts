// The files for device management, as `npm run build:managed` writes them, before programs that others wrote for their formats.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { readSettingsFolder } from '../../../agent/platform/settings-folder.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'cutoff-managed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const built = spawnSync(
  process.execPath,
  [
    join(root, 'installers/build-managed.ts'),
    ...['--out', folder],
    ...['--organisation', 'Example & Sons'],
    ...['--set', 'server=https://cutoff.example.com/a&b'],
    ...['--set', 'scanSeconds=7200'],
    ...['--code-requirement', 'identifier "dev.cutoff.agent" and anchor apple generic'],
  ],
  { encoding: 'utf8' },
)

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

test('says what it wrote and where', () => {
  expect({ status: built.status, stderr: built.stderr }).toEqual({ status: 0, stderr: '' })
  expect(built.stdout).toBe(`23 files and an Ansible role are in ${folder}.\n`)
})

test('a mistake is named, and what was there stays', () => {
  const again = spawnSync(
    process.execPath,
    [join(root, 'installers/build-managed.ts'), '--out', folder, '--set', 'sever=x'],
    { encoding: 'utf8' },
  )
  expect(again.status).toBe(2)
  expect(again.stderr).toContain('there is no such setting')
  expect(existsSync(join(folder, 'settings.md'))).toBe(true)
})

const readPlist = 'import json, plistlib, sys; json.dump(plistlib.load(open(sys.argv[1], "rb")), sys.stdout)'

const payloads = {
  settings: [
    { PayloadType: 'dev.cutoff.agent', server: 'https://cutoff.example.com/a&b', scanSeconds: 7200 },
  ],
  access: [
    {
      Services: {
        SystemPolicyAllFiles: [
          { CodeRequirement: 'identifier "dev.cutoff.agent" and anchor apple generic', StaticCode: false },
        ],
      },
    },
  ],
  background: [
    { Rules: [{ RuleType: 'LabelPrefix', RuleValue: 'dev.cutoff.' }] },
    {
      PayloadType: 'com.apple.notificationsettings',
      NotificationSettings: [
        { BundleIdentifier: 'com.apple.ScriptEditor2', NotificationsEnabled: true, ShowInLockScreen: false },
      ],
    },
  ],
} as const

describe.skipIf(!has('python3'))('profiles, read by Python’s plistlib', () => {
  test.each(['settings', 'access', 'background'])('cutoff-%s.mobileconfig', (name) => {
    const path = join(folder, `macos/cutoff-${name}.mobileconfig`)
    const profile = JSON.parse(execFileSync('python3', ['-c', readPlist, path], { encoding: 'utf8' })) as {
      readonly PayloadContent: readonly Record<string, unknown>[]
    }
    expect(profile).toMatchObject({ PayloadType: 'Configuration', PayloadOrganization: 'Example & Sons' })
    expect(profile.PayloadContent).toMatchObject(payloads[name as keyof typeof payloads])
  })

  // Each is put into a profile that Workspace ONE makes.
  test.each([
    ['settings', payloads.settings[0]],
    ['access', payloads.access[0]],
    ['background-items', payloads.background[0]],
    ['notices', payloads.background[1]],
  ])('workspace-one-%s.xml', (name, payload) => {
    const text = readFileSync(join(folder, `macos/workspace-one-${name}.xml`), 'utf8')
    expect(text).toMatch(/^<dict>\n/)
    const path = join(folder, `${name}.plist`)
    writeFileSync(path, `<plist version="1.0">${text}</plist>`)
    expect(JSON.parse(execFileSync('python3', ['-c', readPlist, path], { encoding: 'utf8' }))).toMatchObject(
      payload ?? {},
    )
  })
})

test.skipIf(!has('xmllint')).each(['cutoff.admx', 'en-US/cutoff.adml', 'zh-CN/cutoff.adml'])(
  'xmllint takes %s',
  (name) => {
    const run = spawnSync('xmllint', ['--noout', join(folder, 'windows', name)], { encoding: 'utf8' })
    expect({ status: run.status, said: run.stderr }).toEqual({ status: 0, said: '' })
  },
)

describe.skipIf(!has('ansible-lint'))('the Ansible role', () => {
  const role = join(folder, 'linux/ansible')

  test('ansible-lint has nothing to say, by its strictest profile', () => {
    const run = spawnSync('ansible-lint', ['--offline', '--profile', 'production', '--nocolor', role], {
      encoding: 'utf8',
      cwd: role,
    })
    expect({ status: run.status, said: run.stdout }).toMatchObject({ status: 0 })
  })

  test('writes settings that the agent reads', () => {
    const settings = join(folder, 'etc')
    mkdirSync(join(settings, 'conf.d'), { recursive: true })
    const values = {
      server: 'https://cutoff.example.com',
      scanSeconds: 7200,
      noProxy: 'a.example, b.example',
    }
    const playbook = join(folder, 'write.yml')
    cpSync(join(role, 'roles/cutoff_agent/templates/50-organisation.yaml.j2'), join(folder, 'settings.j2'))
    const task = {
      'ansible.builtin.template': {
        src: join(folder, 'settings.j2'),
        dest: join(settings, 'conf.d/50-organisation.yaml'),
        mode: '0644',
      },
    }
    writeFileSync(
      playbook,
      JSON.stringify([
        {
          hosts: 'localhost',
          connection: 'local',
          gather_facts: false,
          vars: { cutoff_agent_settings: values },
          tasks: [task],
        },
      ]),
    )
    const run = spawnSync('ansible-playbook', ['-i', 'localhost,', playbook], { encoding: 'utf8' })
    expect({ status: run.status, said: run.status === 0 ? '' : run.stdout }).toEqual({ status: 0, said: '' })
    const read = readSettingsFolder(settings, [process.getuid?.() ?? 0])
    expect(read.faults).toEqual([])
    expect(read.given.map((one) => one.values)).toEqual([
      { server: 'https://cutoff.example.com', scanSeconds: '7200', noProxy: 'a.example, b.example' },
    ])
  })
})

test('the file for Linux is read by the agent without a fault', () => {
  const settings = join(folder, 'plain')
  mkdirSync(join(settings, 'conf.d'), { recursive: true })
  cpSync(join(folder, 'linux/50-organisation.yaml'), join(settings, 'conf.d/50-organisation.yaml'))
  const read = readSettingsFolder(settings, [process.getuid?.() ?? 0])
  expect(read.faults).toEqual([])
  expect(read.given[0]?.values).toMatchObject({
    server: 'https://cutoff.example.com/a&b',
    scanSeconds: '7200',
  })
  expect(readFileSync(join(folder, 'settings.md'), 'utf8')).toContain('| `scanSeconds` |')
})
