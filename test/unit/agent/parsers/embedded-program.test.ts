import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { embeddedProgram, whichHolds } from '../../../../agent/parsers/embedded-program.ts'
import { elfOf, bunProgram, oldBunProgram, rustProgram, seaProgram } from '../../../helpers/native-builds.ts'

interface Capture {
  readonly of: string
  readonly bytes: number
  readonly reads: readonly (readonly [position: number, base64: string])[]
}

const folder = new URL('../../../fixtures/builds/', import.meta.url)
const captures = new Map(
  readdirSync(folder).map((file) => [
    file,
    JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Capture,
  ]),
)

/** What was captured of the file, and nothing else. */
function captureReader({ reads }: Capture) {
  return (position: number, length: number): Buffer => {
    const found = reads.map(([at, base64]) => [at, Buffer.from(base64, 'base64')] as const)
    const [at, bytes] =
      found.find(([from, part]) => position >= from && position + length <= from + part.length) ?? []
    return at === undefined || bytes === undefined
      ? Buffer.alloc(0)
      : bytes.subarray(position - at, position - at + length)
  }
}

/** Asking for what no file can have is a bug. */
const reader = (bytes: Buffer) => (position: number, length: number) => {
  if (!Number.isSafeInteger(position) || position < 0 || length < 0) throw new Error(`${position} ${length}`)
  return bytes.subarray(position, position + length)
}
const programOf = (bytes: Buffer) => embeddedProgram(reader(bytes), bytes.length)
const script = { entry: 'src/cli.js', text: 'console.log("example")', built: '--user-agent=example/1' }

describe('real programs, as captured', () => {
  test.each([
    ['claude-code.json', 'bun', 'cli', 3],
    ['opencode.json', 'bun', 'src/index.js', 3],
    ['copilot.json', 'node-sea', 'sea-loader.js', 1],
    ['codex.json', 'rust', null, 1],
  ])('%s', (file, format, entry, parts) => {
    const capture = captures.get(file)
    if (capture === undefined) throw new Error(`no ${file}`)
    const program = embeddedProgram(captureReader(capture), capture.bytes)
    expect(program).toMatchObject({ format, entry })
    expect(program?.parts).toHaveLength(parts)
    // What is read of hundreds of megabytes is bounded.
    expect(program?.parts.reduce((sum, part) => sum + part.bytes, 0)).toBeLessThan(5_000_000)
  })

  test('every capture is in the table', () => {
    expect([...captures.keys()].toSorted()).toEqual([
      'claude-code.json',
      'codex.json',
      'copilot.json',
      'opencode.json',
    ])
  })
})

test.each([
  ['of Bun', bunProgram(script), { format: 'bun', entry: 'src/cli.js' }],
  ['of an older Bun', oldBunProgram(script), { format: 'bun', entry: 'src/cli.js' }],
  [
    'of Node',
    seaProgram({ ...script, entry: '/build/out/main.js' }),
    { format: 'node-sea', entry: 'main.js' },
  ],
  ['of Rust', rustProgram('example'), { format: 'rust', entry: null }],
])('a program %s', (_, bytes, expected) => {
  expect(programOf(bytes)).toMatchObject(expected)
})

test.each([
  ['C', elfOf({ '.comment': Buffer.from('GCC: (Debian 12)\0'), '.rodata': Buffer.from('example') })],
  ['no texts', elfOf({ '.comment': Buffer.from('rustc version 1\0') })],
  ['Bun’s section, empty', elfOf({ '.bun': Buffer.alloc(0) })],
  ['Bun’s section, something else', elfOf({ '.bun': Buffer.alloc(200, 0x41) })],
  ['a script', Buffer.from('#!/bin/sh\nexec claude\n'.padEnd(200))],
  ['nothing', Buffer.alloc(0)],
])('none of these: %s', (_, bytes) => {
  expect(programOf(bytes)).toBeNull()
})

describe('texts', () => {
  const wide = bunProgram({ ...script, text: Buffer.from('see https://example.com/', 'utf16le') })
  const far = Buffer.concat([
    Buffer.alloc(700_000),
    Buffer.from('one here'),
    Buffer.alloc(400_000),
    Buffer.from('two here'),
  ])
  test.each<[string, Buffer, readonly (readonly string[])[], number | null]>([
    ['in the script', bunProgram(script), [['console.log', 'example']], 0],
    ['in the arguments that are built in', bunProgram(script), [['--user-agent=example/']], 0],
    ['as UTF-16', wide, [['https://example.com/']], 0],
    ['one of them missing', bunProgram(script), [['console.log', 'elsewhere']], null],
    ['the second candidate’s', bunProgram(script), [['elsewhere'], ['console.log']], 1],
    ['far from each other', rustProgram(far), [['one here', 'two here']], 0],
    [
      'behind what is read',
      rustProgram(Buffer.concat([Buffer.alloc(4 * 1024 * 1024), Buffer.from('late text')])),
      [['late text']],
      null,
    ],
  ])('%s', (_, bytes, texts, expected) => {
    const candidates = texts.map((holds) => ({ holds: [...holds] }))
    const found = whichHolds(reader(bytes), programOf(bytes)?.parts ?? [], candidates)
    expect(found).toBe(expected === null ? null : candidates[expected])
  })

  test('a text across two of the pieces that are read', () => {
    for (let at = 524_280; at < 524_296; at += 1) {
      const bytes = rustProgram(
        Buffer.concat([Buffer.alloc(at), Buffer.from('across the edge'), Buffer.alloc(9_000)]),
      )
      const candidate = { holds: ['across the edge'] }
      expect(whichHolds(reader(bytes), programOf(bytes)?.parts ?? [], [candidate])).toBe(candidate)
    }
  })
})

test.each([
  ['Bun', bunProgram(script)],
  ['older Bun', oldBunProgram(script)],
  ['Node', seaProgram(script)],
  ['Rust', rustProgram('example')],
])('whatever is broken in a program of %s, nothing throws', (_, whole) => {
  for (let at = 0; at < whole.length; at += 1) {
    for (const value of [0, 0x7f, 0xff]) {
      const broken = Buffer.from(whole)
      broken[at] = value
      expect(() => programOf(broken)).not.toThrow()
    }
    expect(() => programOf(whole.subarray(0, at))).not.toThrow()
  }
})
