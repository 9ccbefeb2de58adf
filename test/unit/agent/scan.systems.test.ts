// Homes of a Mac and a Windows machine as installers and tools lay them out, made up from the catalogue's documented places:
// what the real catalogue makes of them.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { emptyMemory } from '../../../agent/memory.ts'
import { scan } from '../../../agent/scan.ts'
import { tools } from '../../../shared/catalogue.ts'
import { detect } from '../../../shared/detect.ts'
import { matcherOf } from '../../../shared/match.ts'
import { Gap, Observation } from '../../../shared/observation.ts'
import type { FakeTree } from '../../helpers/fake-host.ts'
import {
  annsSid,
  fakeMac,
  fakeWindows,
  type FakeMac,
  type FakeSystem,
  type FakeWindows,
} from '../../helpers/fake-systems.ts'
import { hiveFixture } from '../../helpers/hives.ts'
import { macPortsRegistry } from '../../helpers/macports-registry.ts'
import { signedProgram } from '../../helpers/signed-program.ts'
import { inShort } from '../../helpers/scan-context.ts'

async function found({ host }: FakeSystem, inventory: 'full' | 'catalogue-only' = 'catalogue-only') {
  const result = await scan(host, tools, {
    memory: emptyMemory(),
    confirmUse: true,
    inventory,
    now: host.now(),
    budgetMs: 60_000,
    catalogue: 'test',
  })
  for (const one of result.observations) Observation.parse(one)
  for (const one of result.gaps) Gap.parse(one)
  const homes = new Map(result.accounts.map(({ name, home }) => [name, home]))
  const matcher = matcherOf(tools, host.os)
  const detected = detect(
    result.observations.flatMap((o) =>
      matcher.match(o, o.account === null ? null : (homes.get(o.account) ?? null)),
    ),
  )
  return {
    gaps: result.gaps.map(inShort),
    observations: result.observations,
    tools: detected
      .filter(({ strength }) => strength !== 'weak')
      .map(({ tool, account, state }) => `${account ?? '-'} ${tool} ${state}`)
      .toSorted(),
  }
}

async function onMac(files: FakeTree, more: FakeMac = {}) {
  return found(await fakeMac({ ...more, files }))
}

async function onWindows(files: FakeTree, more: FakeWindows = {}) {
  return found(await fakeWindows({ ...more, files }))
}

function npmPackage(folder: string, name: string, bin: string): FakeTree {
  return {
    [`${folder}/${name}/package.json`]: JSON.stringify({ name, version: '1.2.3', bin }),
    [`${folder}/${name}/${bin}`]: { content: '#!/usr/bin/env node\n', mode: 0o755 },
  }
}

const session = `${JSON.stringify({
  type: 'assistant',
  sessionId: 's',
  timestamp: '2026-11-22T10:00:00.000Z',
  message: { role: 'assistant', model: 'claude-x', content: [] },
})}\n`
const extension = (id: string) =>
  JSON.stringify([{ identifier: { id }, version: '2.1.0', relativeLocation: `${id}-2.1.0` }])
const infoPlist = (id: string, program = 'App') =>
  `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd"><plist version="1.0"><dict><key>CFBundleExecutable</key><string>${program}</string><key>CFBundleIdentifier</key><string>${id}</string><key>CFBundleShortVersionString</key><string>1.0</string></dict></plist>`

const mac = '/Users/ann'
const registryOfPorts = '/opt/local/var/macports/registry/registry.db'
const support = `${mac}/Library/Application Support`

test.each<[string, FakeTree, string]>([
  [
    'npm of Homebrew’s Node',
    npmPackage('/opt/homebrew/lib/node_modules', '@google/gemini-cli', 'cli.js'),
    '- gemini-cli installed',
  ],
  [
    'npm of the installer’s Node',
    npmPackage('/usr/local/lib/node_modules', '@openai/codex', 'cli.js'),
    '- codex-cli installed',
  ],
  [
    'pnpm',
    {
      [`${mac}/Library/pnpm/global/5/package.json`]: '{"name":"g","dependencies":{"@openai/codex":"1"}}',
      ...npmPackage(`${mac}/Library/pnpm/global/5/node_modules`, '@openai/codex', 'cli.js'),
    },
    'ann codex-cli installed',
  ],
  [
    'fnm',
    npmPackage(
      `${support}/fnm/node-versions/v24.1.0/installation/lib/node_modules`,
      '@openai/codex',
      'cli.js',
    ),
    'ann codex-cli installed',
  ],
  ['a formula', { '/opt/homebrew/Cellar/aider/0.86.1/bin/aider': 'x' }, '- aider installed'],
  ['a cask', { '/opt/homebrew/Caskroom/claude-code/2.1.330/claude': 'x' }, '- claude-code installed'],
  [
    'a port, of which another version is kept',
    {
      [registryOfPorts]: macPortsRegistry([
        ['claude-code', '2.1.70', 'imaged'],
        ['claude-code', '2.1.74', 'installed'],
        ['ripgrep', '14.1.1', 'installed'],
      ]),
    },
    '- claude-code installed',
  ],
  [
    'pip for an account',
    { [`${mac}/Library/Python/3.13/lib/python/site-packages/aider_chat-0.86.1.dist-info/METADATA`]: 'x' },
    'ann aider installed',
  ],
  [
    'an extension of VS Code',
    {
      [`${mac}/.vscode/extensions/extensions.json`]: extension('anthropic.claude-code'),
      [`${mac}/.vscode/extensions/anthropic.claude-code-2.1.0/package.json`]: '{}',
    },
    'ann claude-code installed',
  ],
  [
    'an application',
    { '/Applications/Cursor.app/Contents/Info.plist': infoPlist('com.todesktop.230313mzl4w4u92') },
    '- cursor installed',
  ],
  [
    'an application of an account',
    { [`${mac}/Applications/Cursor.app/Contents/Info.plist`]: infoPlist('com.todesktop.230313mzl4w4u92') },
    'ann cursor installed',
  ],
  [
    'a session without its tool',
    { [`${mac}/.claude/projects/-x/s.jsonl`]: session },
    'ann claude-code leftover',
  ],
])('on a Mac, %s', async (_title, files, expected) => {
  expect((await onMac(files)).tools).toEqual([expected])
})

test.each<[string, FakeTree, readonly string[]]>([
  [
    'a port that is not active',
    { [registryOfPorts]: macPortsRegistry([['claude-code', '2.1.70', 'imaged']]) },
    [],
  ],
  [
    'a database with another layout',
    { [registryOfPorts]: macPortsRegistry([['claude-code', '2.1.70', 'installed']], { withUrl: true }) },
    [`- unparsable ${registryOfPorts}`],
  ],
  ['what is no database', { [registryOfPorts]: 'x' }, [`- unparsable ${registryOfPorts}`]],
  [
    'a log that is not in the database yet',
    { [registryOfPorts]: macPortsRegistry([]), [`${registryOfPorts}-wal`]: 'x' },
    [`- unsupported ${registryOfPorts}-wal (write-ahead-log)`],
  ],
])('on a Mac, of MacPorts: %s', async (_title, files, expected) => {
  const { tools: seen, gaps } = await onMac(files)
  expect({ seen, gaps: gaps.filter((gap) => gap.includes('macports')) }).toEqual({ seen: [], gaps: expected })
})

const cursorApp = '/Applications/Cursor.app/Contents'
const cursorId = 'com.todesktop.230313mzl4w4u92'

test.each<[string, FakeTree, string | null, readonly string[]]>([
  ['its maker’s', { [`${cursorApp}/MacOS/App`]: signedProgram('VDXQ22DGB9') }, 'VDXQ22DGB9', []],
  ['another’s', { [`${cursorApp}/MacOS/App`]: signedProgram('ABCDE12345') }, 'ABCDE12345', []],
  ['none', { [`${cursorApp}/MacOS/App`]: '#!/bin/sh' }, null, []],
  ['of no program', {}, null, []],
  [
    'what is no file',
    { [`${cursorApp}/MacOS/App`]: { folder: true } },
    null,
    [`- not-regular ${cursorApp}/MacOS/App`],
  ],
])('on a Mac, the team that signed a bundle: %s', async (_title, program, team, expected) => {
  const {
    observations,
    tools: seen,
    gaps,
  } = await onMac({
    [`${cursorApp}/Info.plist`]: infoPlist(cursorId),
    ...program,
  })
  expect(observations).toMatchObject([{ kind: 'app', id: cursorId, team }])
  expect(seen).toEqual(['- cursor installed'])
  expect(gaps.filter((gap) => gap.includes('Cursor.app'))).toEqual(expected)
})

test.each(['../../../../Library/x', '..', ''])(
  'on a Mac, a main program is looked for in its bundle alone: %s',
  async (name) => {
    const { host, touched } = await fakeMac({
      files: {
        [`${cursorApp}/Info.plist`]: infoPlist(cursorId, name),
        '/Library/x': signedProgram('VDXQ22DGB9'),
      },
    })
    const { observations } = await found({ host, asked: [], touched: [] })
    expect(observations).toMatchObject([{ id: cursorId, team: null }])
    expect(touched).toContain(`${cursorApp}/Info.plist`)
    expect(touched).not.toContain('/Library/x')
  },
)

test('on a Mac, of a bundle without a known team no program is opened', async () => {
  const app = '/Applications/Other.app/Contents'
  const { host, touched } = await fakeMac({
    files: {
      [`${app}/Info.plist`]: infoPlist('com.example.other'),
      [`${app}/MacOS/App`]: signedProgram('ABCDE12345'),
    },
  })
  const { observations } = await found({ host, asked: [], touched: [] }, 'full')
  expect(observations.map((one) => 'team' in one)).toEqual([false])
  expect(touched).toContain(`${app}/Info.plist`)
  expect(touched).not.toContain(`${app}/MacOS/App`)
})

test('on a Mac, a port in full inventory has its version', async () => {
  const { host } = await fakeMac({
    files: { [registryOfPorts]: macPortsRegistry([['ripgrep', '14.1.1', 'installed']]) },
  })
  const { observations } = await found({ host, asked: [], touched: [] }, 'full')
  expect(observations).toMatchObject([
    { kind: 'package', manager: 'macports', name: 'ripgrep', version: '14.1.1' },
  ])
})

const claudeJob = {
  '/opt/tools/node_modules/@openai/codex/package.json':
    '{"name":"@openai/codex","version":"1.0.0","bin":"cli.js"}',
  '/opt/tools/node_modules/@openai/codex/cli.js': { content: '#!/usr/bin/env node\n', mode: 0o755 },
  [`${mac}/Library/LaunchAgents/x.plist`]:
    '<plist><dict><key>ProgramArguments</key><array><string>/opt/tools/node_modules/@openai/codex/cli.js</string></array></dict></plist>',
} as const

test('on a Mac, what launchd starts for an account is a command of it', async () => {
  const { observations } = await onMac(claudeJob)
  expect(observations.filter(({ kind }) => kind === 'command')).toMatchObject([
    { account: 'ann', path: `${mac}/Library/LaunchAgents/x.plist`, package: { name: '@openai/codex' } },
  ])
})

const windows = '/C:/Users/ann'
const roaming = `${windows}/AppData/Roaming`
const local = `${windows}/AppData/Local`

test.each<[string, FakeTree, string]>([
  [
    'npm',
    npmPackage(`${roaming}/npm/node_modules`, '@google/gemini-cli', 'cli.js'),
    'ann gemini-cli installed',
  ],
  [
    'npm of a moved prefix',
    {
      [`${windows}/.npmrc`]: 'prefix=C:\\Users\\ann\\tools\\npm\n',
      ...npmPackage(`${windows}/tools/npm/node_modules`, '@openai/codex', 'cli.js'),
    },
    'ann codex-cli installed',
  ],
  [
    'npm for everybody',
    npmPackage('/C:/Program Files/nodejs/node_modules', '@openai/codex', 'cli.js'),
    '- codex-cli installed',
  ],
  [
    'nvm-windows',
    npmPackage(`${roaming}/nvm/v24.1.0/node_modules`, '@openai/codex', 'cli.js'),
    'ann codex-cli installed',
  ],
  [
    'uv',
    { [`${roaming}/uv/tools/aider-chat/Lib/site-packages/aider_chat-0.86.1.dist-info/METADATA`]: 'x' },
    'ann aider installed',
  ],
  [
    'an extension of VS Code',
    {
      [`${windows}/.vscode/extensions/extensions.json`]: extension('anthropic.claude-code'),
      [`${windows}/.vscode/extensions/anthropic.claude-code-2.1.0/package.json`]: '{}',
    },
    'ann claude-code installed',
  ],
  [
    'a native program',
    { [`${local}/Programs/cursor/Cursor.exe`]: { content: 'MZ\0\0', bytes: 200_000_000 } },
    'ann cursor installed',
  ],
  [
    'a program for everybody of 32 bits',
    {
      '/C:/Program Files (x86)/Syncfusion Code Studio/Syncfusion Code Studio.exe': {
        content: 'MZ\0\0',
        bytes: 200_000_000,
      },
    },
    '- code-studio installed',
  ],
  [
    'WinGet',
    {
      [`${local}/Microsoft/WinGet/Packages/charmbracelet.crush_Microsoft.Winget.Source_8wekyb3d8bbwe/crush.exe`]:
        'MZ',
    },
    'ann crush installed',
  ],
  ['Scoop', { [`${windows}/scoop/apps/crush/0.2.0/manifest.json`]: '{}' }, 'ann crush installed'],
  [
    // Written by hand after Chocolatey’s documentation of its manifest: not captured.
    'Chocolatey',
    {
      '/C:/ProgramData/chocolatey/lib/ollama/ollama.nuspec':
        '<package><metadata><id>ollama</id><version>0.9.1</version></metadata></package>',
    },
    '- ollama installed',
  ],
  [
    'a package of the Store',
    { [`${local}/Packages/Claude_pzs8sxrjxfjjc`]: { folder: true } },
    'ann claude-desktop installed',
  ],
  [
    'a package of the Store, for the machine',
    { '/C:/Program Files/WindowsApps/Claude_1.2.3.0_x64__pzs8sxrjxfjjc': { folder: true } },
    '- claude-desktop installed',
  ],
  [
    'a session without its tool',
    { [`${windows}/.claude/projects/C--x/s.jsonl`]: session },
    'ann claude-code leftover',
  ],
])('on Windows, %s', async (_title, files, expected) => {
  expect((await onWindows(files)).tools).toEqual([expected])
})

test('on Windows, what an account’s registry lists', async () => {
  const hive = `HKEY_USERS\\${annsSid}`
  const key = String.raw`${hive}\Software\Microsoft\Windows\CurrentVersion\Uninstall`
  const registry = {
    [`${hive}\\Environment`]: `[${hive}\\Environment]\n`,
    [key]: `[${key}\\Zed]\n"DisplayName"="Zed"\n`,
  }
  expect((await onWindows({}, { registry })).tools).toEqual(['ann zed installed'])
})

test('on Windows, what the hive of an account lists that is not logged on, and what it starts', async () => {
  const shim = readFileSync(new URL('../../fixtures/shims/gemini.cmd', import.meta.url))
  const files = {
    [`${windows}/tools/gemini.cmd`]: shim,
    ...npmPackage(`${windows}/tools/node_modules`, '@google/gemini-cli', 'bundle/gemini.js'),
  }
  expect((await onWindows(files)).tools).toEqual([])
  const { tools: detected, gaps } = await onWindows({
    ...files,
    [`${windows}/NTUSER.DAT`]: hiveFixture('hives/hivex.dat'),
  })
  expect(detected).toEqual(['ann codebuddy installed', 'ann gemini-cli installed', 'ann zed installed'])
  expect(gaps).toEqual([])
})

test('on Windows, a command leads through its shim to its package', async () => {
  const shim = readFileSync(new URL('../../fixtures/shims/gemini.cmd', import.meta.url))
  const { observations } = await found(
    await fakeWindows({
      files: {
        [`${roaming}/npm/gemini.cmd`]: shim,
        ...npmPackage(`${roaming}/npm/node_modules`, '@google/gemini-cli', 'bundle/gemini.js'),
      },
    }),
  )
  expect(observations.filter(({ kind }) => kind === 'command')).toMatchObject([
    { name: 'gemini', account: 'ann', format: 'script', package: { name: '@google/gemini-cli' } },
  ])
})

test('on Windows, what runs is known by the script that node was given, and is its account’s', async () => {
  const snapshot = {
    drives: [{ id: 'C:', type: 3, fileSystem: 'NTFS' }],
    processes: [
      {
        pid: 900,
        parentPid: 4,
        name: 'node.exe',
        path: 'C:\\Program Files\\nodejs\\node.exe',
        line: '"C:\\Program Files\\nodejs\\node.exe"  "C:\\Users\\ann\\AppData\\Roaming\\npm\\node_modules\\@google\\gemini-cli\\cli.js" -p "secret words"',
        startedAt: Date.UTC(2026, 10, 22, 11),
        owner: annsSid,
      },
    ],
  }
  const files = npmPackage(`${roaming}/npm/node_modules`, '@google/gemini-cli', 'cli.js')
  const { observations, gaps } = await onWindows(files, { snapshot })
  const running = observations.filter(({ kind }) => kind === 'process')
  expect(running).toMatchObject([{ account: 'ann', package: { name: '@google/gemini-cli' } }])
  expect(JSON.stringify(observations)).not.toContain('secret')
  expect(gaps.filter((gap) => !gap.includes('hive-not-loaded'))).toEqual([])
})

test('on Windows, a system of WSL is a blind spot, and nothing of it is started', async () => {
  const { gaps } = await onWindows({ [`${local}/wsl/1/ext4.vhdx`]: 'x' })
  expect(gaps).toContain(`ann blind-spot ${local}/wsl/1/ext4.vhdx (wsl)`)
})

test('on Windows, a task is the command of the account that it names', async () => {
  // Written by hand after Microsoft’s documentation of the Task Scheduler’s schema: not captured.
  const task = (user: string) =>
    Buffer.from(
      `\uFEFF<?xml version="1.0" encoding="UTF-16"?><Task><Principals><Principal><UserId>${user}</UserId></Principal></Principals><Settings><Enabled>true</Enabled></Settings><Actions><Exec><Command>"C:\\Users\\ann\\AppData\\Roaming\\npm\\gemini.cmd"</Command></Exec></Actions></Task>`,
      'utf16le',
    )
  const shim = readFileSync(new URL('../../fixtures/shims/gemini.cmd', import.meta.url))
  const { observations } = await onWindows({
    [`${roaming}/npm/gemini.cmd`]: shim,
    ...npmPackage(`${roaming}/npm/node_modules`, '@google/gemini-cli', 'bundle/gemini.js'),
    '/C:/Windows/System32/Tasks/Own': task(annsSid),
    '/C:/Windows/System32/Tasks/Other': task('S-1-5-21-9-9-9-1001'),
  })
  const commands = observations.filter(({ kind }) => kind === 'command')
  expect(commands.map((one) => ('path' in one ? one.path : ''))).toEqual([
    `${roaming}/npm/gemini.cmd`,
    '/C:/Windows/System32/Tasks/Own',
  ])
})

test('an empty home of either has nothing in it, and only what cannot be looked at is a gap', async () => {
  expect(await onMac({})).toMatchObject({ tools: [], gaps: ['- unsupported / (arguments)'] })
  expect(await onWindows({})).toMatchObject({
    tools: [],
    gaps: [`ann unsupported ${windows}/NTUSER.DAT (hive-not-loaded)`],
  })
})
