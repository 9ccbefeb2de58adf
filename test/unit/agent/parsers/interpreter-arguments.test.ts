import { describe, expect, test } from 'vitest'
import type { Family } from '../../../../agent/parsers/interpreter-arguments.ts'
import {
  interpreterOf,
  moduleArgument,
  scriptArgument,
} from '../../../../agent/parsers/interpreter-arguments.ts'

describe('interpreters', () => {
  test.each<[string, string | null]>([
    ['/usr/bin/node', 'node'],
    ['/home/ann/.nvm/versions/node/v26.10.0/bin/node', 'node'],
    ['/usr/bin/nodejs', 'node'],
    ['/usr/bin/python3.11', 'python'],
    ['/home/ann/.bun/bin/bun', 'bun'],
    ['/usr/bin/dash', 'shell'],
    ['/usr/bin/nodemon', null],
    ['/usr/bin/bundle', null],
    ['/home/ann/.local/share/claude/versions/2.1.330', null],
  ])('%s: %s', (executable, family) => {
    expect(interpreterOf(executable)).toBe(family)
  })

  test.each<[Family, readonly string[], string | null]>([
    ['node', ['node', '/p/cli.js', '-p', 'hi'], '/p/cli.js'],
    ['node', ['/usr/bin/node', '--max-old-space-size=12052', '/p/gemini'], '/p/gemini'],
    ['node', ['node', '--expose-gc', '--no-warnings', 'cli.js'], 'cli.js'],
    ['node', ['node', '-r', './hook.js', '--import', 'x', 'cli.js'], 'cli.js'],
    ['node', ['node', '-e', 'code', '@anthropic-ai/claude-code'], null],
    ['node', ['node', '--eval=code', 'x'], null],
    ['node', ['node', '-p', '1', 'x.js'], null],
    ['node', ['node', '--', 'script.js'], 'script.js'],
    ['node', ['node', 'inspect', 'x.js'], 'x.js'],
    ['node', ['node'], null],
    ['node', ['node', '--run', 'build'], null],
    ['node', ['npm exec @anthropic-ai/claude-code'], null],
    ['node', ['', '', ''], null],
    ['bun', ['bun', 'run', 'x.ts'], 'x.ts'],
    ['bun', ['bun', 'x', 'pkg'], null],
    ['bun', ['bun', '/p/x.ts'], '/p/x.ts'],
    ['deno', ['deno', 'run', '-A', '--config', 'c.json', 'm.ts'], 'm.ts'],
    ['deno', ['deno', 'run', '-A', 'file:///srv/m.ts'], 'file:///srv/m.ts'],
    ['deno', ['deno', 'run', '-A', 'npm:tool@1'], null],
    ['deno', ['deno', 'run', 'https://example.com/m.ts'], null],
    ['python', ['python3', '-m', 'aider'], null],
    ['python', ['python3', '-Ic', 'code'], null],
    ['python', ['python3', '-W', 'ignore', '/p/aider'], '/p/aider'],
    ['shell', ['/bin/sh', '/home/ann/bin/claude', '-p'], '/home/ann/bin/claude'],
    ['shell', ['bash', '-lc', 'claude'], null],
    ['shell', ['bash', '--rcfile', 'x', 'y'], 'y'],
    ['shell', ['sh', '-s'], null],
    ['shell', ['-bash'], null],
  ] as const)('%s %j runs %s', (family, argv, expected) => {
    expect(scriptArgument(family, argv)).toBe(expected)
  })
})

test.each<[readonly string[], string | null]>([
  [['python3', '-m', 'aider', '--model', 'x'], 'aider'],
  [['python3', '-I', '-W', 'ignore', '-m', 'a.b'], 'a.b'],
  [['python3', '-Im', 'aider'], 'aider'],
  [['python3', '-maider'], 'aider'],
  [['python3', 'script.py', '-m', 'aider'], null],
  [['python3', '-c', 'x', '-m', 'aider'], null],
  [['python3', '-Ic', 'm', 'aider'], null],
  [['python3', '-m', '../x'], null],
  [['python3', '-m'], null],
  [['python3', '-Wm', 'aider'], null],
  [[], null],
])('%j runs the module %s', (argv, expected) => {
  expect(moduleArgument(argv)).toBe(expected)
})
