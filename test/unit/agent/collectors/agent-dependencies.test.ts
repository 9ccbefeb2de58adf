// What an installed package is built with, as far as it says that it behaves like an AI coding agent; and who sets marks.
import { expect, test } from 'vitest'
import { packageCollector } from '../../../../agent/collectors/package.ts'
import { processCollector } from '../../../../agent/collectors/process.ts'
import { parseRequirements } from '../../../../agent/parsers/python-requirements.ts'
import type { Process } from '../../../../agent/platform/host.ts'
import { fakeHost, type FakeTree } from '../../../helpers/fake-host.ts'
import { look } from '../../../helpers/scan-context.ts'

const modules = '/home/ann/.npm-global/lib/node_modules'
const tools = '/home/ann/.local/share/pipx/venvs'
const site = 'lib/python3.12/site-packages'

function manifest(change: object): string {
  return JSON.stringify({ name: 'mystery', version: '1.0.0', bin: { mystery: 'cli.js' }, ...change })
}

test.each<[why: string, files: FakeTree, expected: (readonly string[] | undefined)[]]>([
  [
    'SDKs for models and for MCP',
    {
      [`${modules}/mystery/package.json`]: manifest({
        dependencies: { chalk: '5', openai: '1', '@ai-sdk/anthropic': '1', '@modelcontextprotocol/sdk': '1' },
      }),
    },
    [['openai', '@ai-sdk/*', '@modelcontextprotocol/sdk']],
  ],
  [
    'none of them',
    { [`${modules}/mystery/package.json`]: manifest({ dependencies: { chalk: '5' } }) },
    [undefined],
  ],
  [
    'a library without a command',
    { [`${modules}/mystery/package.json`]: manifest({ bin: undefined, dependencies: { openai: '1' } }) },
    [undefined],
  ],
  [
    'what only its developers need',
    { [`${modules}/mystery/package.json`]: manifest({ devDependencies: { openai: '1' } }) },
    [undefined],
  ],
  [
    'a Python tool in an environment of its own',
    {
      [`${tools}/mystery/${site}/mystery-1.0.dist-info/METADATA`]:
        'Metadata-Version: 2.4\nName: mystery\nRequires-Dist: openai>=1.2; python_version >= "3.9"\n\nHello\n',
    },
    [['openai']],
  ],
])('a package with %s', async (_, files, expected) => {
  const { observations, gaps } = await look(packageCollector, fakeHost({ files }))
  expect(observations.map(({ dependsOn }) => dependsOn)).toEqual(expected)
  expect(gaps).toEqual([])
})

test('with a catalogue-only inventory those that are built as agents are still seen, and no others', async () => {
  const files = {
    [`${modules}/mystery/package.json`]: manifest({ dependencies: { openai: '1' } }),
    [`${modules}/other/package.json`]: manifest({ name: 'other' }),
  }
  const { observations } = await look(packageCollector, fakeHost({ files }), { inventory: 'catalogue-only' })
  expect(observations.map(({ name }) => name)).toEqual(['mystery'])
})

test.each([
  ['Requires-Dist: OpenAI\r\nRequires-Dist: google_genai (>=1.0)\r\n', ['openai', 'google-genai']],
  ['Requires-Dist: litellm[proxy]>=1\nRequires-Dist: mcp ; extra == "mcp"\n', ['litellm']],
  ['Summary: x\n\nRequires-Dist: openai\n', []],
  ['', []],
])('requirements in %j', (text, expected) => {
  expect(parseRequirements(Buffer.from(text))).toEqual(expected)
})

function withMarks(...own: string[]): Process['variables'] {
  return (names) => ({ names: own.filter((name) => names.has(name)), folders: [] })
}

test('who sets a mark that any agent may set is told, and not who merely has it', async () => {
  const files = { [`${modules}/mystery/package.json`]: manifest({}), [`${modules}/mystery/cli.js`]: '' }
  const argv = ['node', `${modules}/mystery/cli.js`]
  const processes = [
    { pid: 7, executable: '/usr/bin/node', argv, variables: withMarks('HOME') },
    { pid: 8, parentPid: 7, executable: '/usr/bin/bash', variables: withMarks('AI_AGENT') },
    { pid: 9, parentPid: 8, executable: '/usr/bin/git', variables: withMarks('AI_AGENT') },
  ]
  for (const inventory of ['full', 'catalogue-only'] as const) {
    const { observations } = await look(processCollector, fakeHost({ files, processes }), { inventory })
    expect(observations.map(({ pid, sets }) => [pid, sets])).toEqual([[7, ['AI_AGENT']]])
  }
})
