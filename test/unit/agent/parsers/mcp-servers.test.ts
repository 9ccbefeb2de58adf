import { parse as parseToml } from 'smol-toml'
import { describe, expect, test } from 'vitest'
import { jsonc, parseMcpServers, type Parsed } from '../../../../agent/parsers/mcp-servers.ts'
import { parseYamlData as parseYaml } from '../../../../agent/parsers/yaml-data.ts'

const servers = (text: string, key = 'mcpServers', parse: Parsed = jsonc) =>
  parseMcpServers(text, parse, key)?.map(({ name, program, package: ref, transport }) =>
    [name, transport, program ?? '-', ref === null ? '-' : `${ref.manager}:${ref.name}`].join(' '),
  )
const json = (server: unknown) => JSON.stringify({ mcpServers: { it: server } })

describe('what a server would start', () => {
  test.each<[string, unknown, string[]]>([
    [
      'npx with a version',
      { command: 'npx', args: ['-y', '@v/server@1.2.3', '--token', 'x'] },
      ['it stdio npx npm:@v/server'],
    ],
    [
      'npx by its path, package named',
      { command: '/usr/bin/npx', args: ['--package', 'a', 'b'] },
      ['it stdio npx npm:a'],
    ],
    ['npx on Windows', { command: 'C:\\x\\npx.cmd', args: ['server'] }, ['it stdio npx.cmd npm:server']],
    ['pnpm dlx', { command: 'pnpm', args: ['dlx', 'server'] }, ['it stdio pnpm npm:server']],
    ['uvx', { command: 'uvx', args: ['server[all]==1', '/home/ann/secret'] }, ['it stdio uvx pypi:server']],
    [
      'uv tool run from a package',
      { command: 'uv', args: ['tool', 'run', '--from', 'pkg', 'cmd'] },
      ['it stdio uv pypi:pkg'],
    ],
    ['all words in one list', { command: ['npx', 'server'] }, ['it stdio npx npm:server']],
    ['a program of its own', { command: '/opt/s/server', args: ['npx', 'x'] }, ['it stdio server -']],
    ['npm that runs a script', { command: 'npm', args: ['start'] }, ['it stdio npm -']],
    ['an address', { url: 'https://user:secret@example.com/' }, ['it remote - -']],
    ['nothing that is known', { kind: 'builtin' }, []],
    ['a path as a package', { command: 'npx', args: ['/home/ann/secret'] }, ['it stdio npx -']],
  ])('%s', (_title, server, expected) => {
    expect(servers(json(server))).toEqual(expected)
  })
})

describe('where the servers stand', () => {
  test.each<[string, string, string, Parsed]>([
    ['a nested key', '{"a":{"b":{"s":{"command":"x"}}}}', 'a.b', jsonc],
    ['a key with a dot in it', '{"a.b":{"s":{"command":"x"}}}', 'a.b', jsonc],
    ['a list of named ones', '{"a":[{"name":"s","command":"x"}]}', 'a', jsonc],
    ['JSON with comments', '{ // why\n "a": {"s": {"command": "x",},}, }', 'a', jsonc],
    ['TOML', '[mcp_servers.s]\ncommand = "x"\n', 'mcp_servers', parseToml],
    ['YAML', 'a:\n  s:\n    cmd: x\n', 'a', parseYaml],
  ])('%s', (_title, text, key, parse) => {
    expect(servers(text, key, parse)).toEqual(['s stdio x -'])
  })
})

test.each<[string, string, Parsed]>([
  ['text', 'hello', jsonc],
  ['a list', '[]', jsonc],
  ['100,000 levels of JSON', '['.repeat(100_000), jsonc],
  ['100,000 levels of YAML', '['.repeat(100_000), parseYaml],
  ['100,000 levels of TOML', `a=${'['.repeat(100_000)}`, parseToml],
  ['an alias bomb', `a: &a [x]\nb: &b [${'*a,'.repeat(200)}]\nc: [${'*b,'.repeat(2000)}]`, parseYaml],
])('%s is no settings file', (_title, text, parse) => {
  expect(parseMcpServers(text, parse, 'mcpServers')).toBeNull()
})

test('a prototype is no server', () => {
  expect(servers('{"mcpServers":{"__proto__":{"command":"x"}}}', '__proto__')).toEqual([])
})
