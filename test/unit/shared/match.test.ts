// How observations become detections: what proves, what is only likely, and what a name alone is worth.
import { describe, expect, test } from 'vitest'
import { detect, runsOf } from '#shared/detect.ts'
import { matcherOf } from '#shared/match.ts'
import type { CommandObservation, Observation, ProcessObservation } from '#shared/observation.ts'
import { Tool } from '#shared/tool.ts'

const tool = Tool.parse({
  id: 'example',
  name: 'Example',
  vendor: 'Example Inc.',
  vendorCountry: null,
  category: 'agent-cli',
  homepage: 'https://example.com',
  about: 'for tests',
  recordsSessions: true,
  signals: {
    package: [{ manager: 'npm', name: '@example/cli', basis: 'documented' }],
    command: [
      { name: 'example', basis: 'documented' },
      { name: 'ex', basis: 'documented' },
    ],
    executable: [{ place: '~/.example/versions/*', minBytes: 1000, basis: 'documented' }],
    extension: [{ host: 'vscode', id: 'Example.Assistant', basis: 'documented' }],
    app: [
      { idKind: 'bundle', id: 'com.example.signed', teamId: 'ABCDE12345', basis: 'documented' },
      { idKind: 'bundle', id: 'com.example.any', basis: 'documented' },
    ],
    mcp: [{ place: '~/.example.json', format: 'json', key: 'servers', basis: 'documented' }],
    config: [
      { place: '~/.example.json', basis: 'documented' },
      { place: '~/.example/settings.json', basis: 'documented' },
    ],
    trace: [
      {
        place: '~/.example/sessions/*.jsonl',
        means: 'session',
        record: { format: 'json-lines', time: 't', held: [{ key: 'type', equals: 'answer' }] },
        basis: 'documented',
      },
    ],
    title: [{ name: 'example', basis: 'documented' }],
    environment: [
      { name: 'EXAMPLE', basis: 'documented' },
      { name: 'EXAMPLE_SESSION', basis: 'documented' },
    ],
  },
})

const home = '/home/alice'
const common = { account: 'alice', at: 1000 }
const npm = { manager: 'npm', version: '1.2.3', root: '/p' } as const

const seen = {
  package: {
    kind: 'package',
    ...common,
    manager: 'npm',
    name: '@example/cli',
    version: '1.2.3',
    path: '/p',
    scope: 'installed',
    installedAt: null,
  },
  otherPackage: {
    kind: 'package',
    ...common,
    manager: 'npm',
    name: 'example',
    version: '1.0.0',
    path: '/q',
    scope: 'installed',
    installedAt: null,
  },
  command: commandSeen({}),
  script: commandSeen({ format: 'script' }),
  linkToOther: commandSeen({ target: '/usr/bin/sleep' }),
  ofDistribution: commandSeen({ path: '/usr/bin/example', target: '/usr/bin/example' }),
  secondName: commandSeen({ name: 'ex', path: '/b/ex', target: '/b/ex' }),
  ownedByOther: {
    kind: 'command',
    ...common,
    name: 'example',
    path: '/b/example',
    target: '/q/x',
    bytes: 10,
    format: 'script',
    package: { ...npm, name: 'example' },
  },
  ownedByTool: {
    kind: 'command',
    ...common,
    name: 'renamed',
    path: '/b/renamed',
    target: '/p/x',
    bytes: 10,
    format: 'elf',
    package: { ...npm, name: '@example/cli' },
  },
  native: {
    kind: 'command',
    ...common,
    name: 'example',
    path: '/b/example',
    target: `${home}/.example/versions/2.0`,
    bytes: 5000,
    format: 'elf',
    package: null,
  },
  nativeStub: {
    kind: 'command',
    ...common,
    name: 'other',
    path: '/b/other',
    target: `${home}/.example/versions/2.0`,
    bytes: 5,
    format: 'script',
    package: null,
  },
  process: {
    kind: 'process',
    ...common,
    pid: 7,
    parentPid: 1,
    startedAt: 1,
    name: 'node',
    executable: '/n/node',
    script: '/p/cli.js',
    package: { ...npm, name: '@example/cli' },
    title: null,
    sets: [],
  },
  lookalike: {
    kind: 'process',
    ...common,
    pid: 8,
    parentPid: 1,
    startedAt: 1,
    name: 'example',
    executable: '/usr/bin/sleep',
    script: null,
    package: null,
    title: null,
    sets: [],
  },
  titled: plainProcess({ title: 'example' }),
  renamed: plainProcess({ name: 'x', executable: `${home}/bin/x`, sets: ['EXAMPLE', 'EXAMPLE_SESSION'] }),
  config: {
    kind: 'config',
    ...common,
    path: `${home}/.example.json`,
    place: '~/.example.json',
    bytes: 2,
    modifiedAt: 1,
  },
  mcp: mcpServer('~/.example.json', null),
  asServer: mcpServer('~/.other.json', '@example/cli'),
  otherServer: mcpServer('~/.other.json', '@example/other'),
  settings: {
    kind: 'config',
    ...common,
    path: `${home}/.example/settings.json`,
    place: '~/.example/settings.json',
    bytes: 2,
    modifiedAt: 1,
  },
  held: trace({ heldAt: [900], beganAt: 800, whole: true }),
  attempt: trace({ heldAt: [], beganAt: 800, whole: true }),
  unconfirmed: trace(null),
  extension: {
    kind: 'extension',
    ...common,
    host: 'vscode',
    id: 'example.assistant',
    version: '3.0',
    path: '/e',
    status: 'installed',
  },
  oldExtension: {
    kind: 'extension',
    ...common,
    host: 'vscode',
    id: 'example.assistant',
    version: '3.0',
    path: '/e',
    status: 'leftover',
  },
  disabledExtension: {
    kind: 'extension',
    ...common,
    host: 'vscode',
    id: 'example.assistant',
    version: '3.0',
    path: '/e',
    status: 'disabled',
  },
} satisfies Record<string, Observation>

function commandSeen(change: Partial<CommandObservation>): CommandObservation {
  return {
    kind: 'command',
    ...common,
    name: 'example',
    path: '/b/example',
    target: '/b/example',
    bytes: 10,
    format: 'elf',
    package: null,
    ...change,
  }
}

function plainProcess(change: Partial<ProcessObservation>): ProcessObservation {
  return {
    kind: 'process',
    ...common,
    pid: 9,
    parentPid: 1,
    startedAt: 1,
    name: 'node',
    executable: '/usr/bin/node',
    script: null,
    package: null,
    title: null,
    sets: [],
    ...change,
  }
}

function mcpServer(place: string, npmPackage: string | null): Observation {
  return {
    kind: 'mcp-server',
    ...common,
    path: place.replace('~', home),
    place,
    name: 'server',
    transport: 'stdio',
    program: 'npx',
    package: npmPackage === null ? null : { manager: 'npm', name: npmPackage },
  }
}

function trace(facts: { heldAt: number[]; beganAt: number; whole: boolean } | null): Observation {
  const path = `${home}/.example/sessions/a.jsonl`
  return {
    kind: 'trace',
    ...common,
    path,
    place: '~/.example/sessions/a.jsonl',
    bytes: 9,
    modifiedAt: 900,
    createdAt: 800,
    session: 'a',
    facts,
    lastLookAt: null,
    grew: true,
  }
}

function detectedFrom(observations: readonly Observation[]) {
  const matcher = matcherOf([tool], 'linux')
  return detect(observations.flatMap((o) => matcher.match(o, home)))
}

describe('what adds up to a detection', () => {
  const cases: [string, (keyof typeof seen)[], string | null, string | null, boolean][] = [
    ['its package', ['package'], 'installed', 'proven', true],
    ['an unrelated package and command of its name', ['otherPackage', 'ownedByOther'], null, null, false],
    ['a command of its name', ['command'], null, null, false],
    ['two commands of its names', ['command', 'secondName'], null, null, false],
    ['a process of its name', ['lookalike'], null, null, false],
    ['a renamed command that its package owns', ['ownedByTool'], 'installed', 'proven', true],
    ['its native layout', ['native'], 'installed', 'likely', true],
    ['a stub in its native layout', ['nativeStub'], null, null, false],
    ['one setting', ['config'], null, null, false],
    ['two settings', ['config', 'settings'], 'leftover', 'likely', false],
    ['a setting and a command of its name', ['config', 'command'], 'installed', 'likely', true],
    [
      'a setting and a program of its name of the distribution',
      ['config', 'ofDistribution'],
      'installed',
      'likely',
      true,
    ],
    ['a setting and somebody’s script of its name', ['config', 'script'], null, null, false],
    ['a setting and a link of its name to another program', ['config', 'linkToOther'], null, null, false],
    ['a held session and somebody’s script of its name', ['held', 'script'], 'leftover', 'proven', false],
    ['a running process of its package', ['process'], 'started', 'proven', true],
    ['a held session, tool gone', ['held'], 'leftover', 'proven', false],
    ['a held session, tool there', ['held', 'package'], 'used', 'proven', true],
    ['an attempt, tool there', ['attempt', 'package'], 'started', 'proven', true],
    ['a session that was not confirmed', ['unconfirmed', 'package'], 'used', 'proven', true],
    ['its extension, whatever its case', ['extension'], 'installed', 'proven', true],
    ['its extension, switched off', ['disabledExtension'], 'installed', 'proven', true],
    ['its extension, left over', ['oldExtension'], 'leftover', 'proven', false],
    ['a process that calls itself so', ['titled'], null, null, false],
    ['a title and a command of its name: one name', ['titled', 'command'], null, null, false],
    ['a setting and the servers in it: one file', ['config', 'mcp'], null, null, false],
    ['its servers and another setting', ['mcp', 'settings'], 'leftover', 'likely', false],
    ['another tool’s settings that start it as a server', ['asServer'], null, null, false],
    [
      'as a server for another tool, and a setting of its own',
      ['asServer', 'config'],
      'leftover',
      'likely',
      false,
    ],
    ['another package as a server', ['otherServer', 'config'], null, null, false],
    ['a renamed program that sets its variables', ['renamed'], null, null, false],
    ['a renamed program that sets its variables, and a session', ['renamed', 'held'], 'used', 'proven', true],
  ]
  test.each(cases)('%s', (_title, names, state, strength, present) => {
    const detected = detectedFrom(names.map((name) => seen[name]))
    expect(detected.map((d) => [d.state, d.strength, d.present])).toEqual(
      state === null ? [] : [[state, strength, present]],
    )
  })
})

describe('whether it runs', () => {
  test.each<[string, (keyof typeof seen)[], boolean]>([
    ['its own process', ['process'], true],
    ['a process with its title, where it is there', ['titled', 'package'], true],
    ['a renamed program that sets its variables, and a session', ['renamed', 'held'], true],
    ['nothing but its package', ['package'], false],
  ])('%s', (_title, names, running) => {
    expect(detectedFrom(names.map((name) => seen[name]))[0]?.running).toBe(running)
  })

  test('a title makes a likely run, not a proven one', () => {
    const [detected] = detectedFrom([seen.titled, seen.package])
    expect(runsOf(detected?.matches ?? [], true).map((m) => m.evidence.strength)).toEqual(['likely'])
  })
})

test('a machine-wide installation makes the tool present for an account with traces of it', () => {
  const detected = detectedFrom([{ ...seen.package, account: null }, seen.held])
  expect(detected.map((d) => [d.account, d.state])).toEqual([
    [null, 'installed'],
    ['alice', 'used'],
  ])
})

test('one fact seen twice counts once', () => {
  expect(detectedFrom([seen.package, seen.package])[0]?.evidence).toHaveLength(1)
})

test('evidence never moves to another account', () => {
  const detected = detectedFrom([seen.package, { ...seen.held, account: 'bob' }])
  expect(detected.map((d) => [d.account, d.state])).toEqual([
    ['alice', 'installed'],
    ['bob', 'leftover'],
  ])
})

test.each<[string, string, string | null | undefined, string]>([
  ['its maker’s', 'com.example.signed', 'ABCDE12345', 'proven'],
  ['another’s', 'com.example.signed', 'ZZZZZ99999', 'likely'],
  ['none, or one that could not be read', 'com.example.signed', null, 'likely'],
  ['not looked for', 'com.example.signed', undefined, 'proven'],
  ['any, where the maker’s is not known', 'com.example.any', 'ZZZZZ99999', 'proven'],
])('a bundle under a signature: %s', (_title, id, team, strength) => {
  const app: Observation = {
    kind: 'app',
    ...common,
    idKind: 'bundle',
    id,
    name: null,
    version: null,
    path: '/Applications/Example.app',
    ...(team === undefined ? {} : { team }),
  }
  expect(matcherOf([tool], 'darwin').match(app, null)).toMatchObject([{ evidence: { strength } }])
})
