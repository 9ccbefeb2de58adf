import { expect, test } from 'vitest'
import { mcpServerCollector } from '../../../../agent/collectors/mcp-server.ts'
import { fakeHost, type FakeNode } from '../../../helpers/fake-host.ts'
import { look, observed } from '../../../helpers/scan-context.ts'

const wanted = {
  mcp: [
    { place: '~/.tool/mcp.json', format: 'json', key: 'mcpServers', ...observed },
    { place: '~/.tool/config.toml', format: 'toml', key: 'mcp_servers', ...observed },
    { place: '~/.tool/config.yaml', format: 'yaml', key: 'extensions', ...observed },
  ],
} as const

test.each<[string, string, FakeNode, string[], string[]]>([
  [
    'JSON',
    'mcp.json',
    '{"mcpServers":{"docs":{"command":"npx","args":["@v/docs"]}}}',
    ['docs npm:@v/docs'],
    [],
  ],
  ['TOML', 'config.toml', '[mcp_servers.docs]\ncommand = "uvx"\nargs = ["docs"]\n', ['docs pypi:docs'], []],
  ['YAML', 'config.yaml', 'extensions:\n  docs:\n    cmd: docs-server\n', ['docs docs-server'], []],
  ['settings without servers', 'mcp.json', '{}', [], []],
  ['a file that is none', 'mcp.json', 'hello', [], ['unparsable /home/ann/.tool/mcp.json']],
  ['a file of 1 GB', 'mcp.json', { bytes: 1024 ** 3 }, [], ['too-large /home/ann/.tool/mcp.json']],
  ['a link to a secret', 'mcp.json', { link: '/etc/shadow' }, [], ['outside-home /etc']],
])('%s', async (_title, name, node, expected, gaps) => {
  const host = fakeHost({ files: { [`/home/ann/.tool/${name}`]: node, '/etc/shadow': 'secret' } })
  const found = await look(mcpServerCollector, host, { wanted })
  expect(
    found.observations.map(
      (one) => `${one.name} ${one.package ? `${one.package.manager}:${one.package.name}` : one.program}`,
    ),
  ).toEqual(expected)
  expect(found.gaps.map(({ reason, path }) => `${reason} ${path}`)).toEqual(gaps)
})
