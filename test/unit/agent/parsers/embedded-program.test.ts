import { describe, expect, test } from 'vitest'
import { embeddedProgram, whichHolds } from '../../../../agent/parsers/embedded-program.ts'
import { broken, captured, capturedBuild, captureReader } from '../../../helpers/captured-builds.ts'
import { elfOf, bunProgram, oldBunProgram, rustProgram, seaProgram } from '../../../helpers/native-builds.ts'

/** Asking for what no file can have is a bug. */
const reader = (bytes: Buffer) => (position: number, length: number) => {
  if (!Number.isSafeInteger(position) || position < 0 || length < 0) throw new Error(`${position} ${length}`)
  return bytes.subarray(position, position + length)
}
const programOf = (bytes: Buffer) => embeddedProgram(reader(bytes), bytes.length)
const script = { entry: 'src/cli.js', text: 'console.log("example")', built: '--user-agent=example/1' }

describe('real programs, as captured', () => {
  const real = [
    ['claude-code', 'bun', 'cli', 3],
    ['claude-code-darwin', 'bun', 'cli', 3],
    ['claude-code-windows', 'bun', 'cli', 3],
    ['opencode', 'bun', 'src/index.js', 3],
    ['opencode-windows', 'bun', 'src/index.js', 3],
    ['copilot', 'node-sea', 'sea-loader.js', 1],
    ['copilot-darwin', 'node-sea', 'sea-loader.js', 1],
    ['copilot-windows', 'node-sea', 'sea-loader.js', 1],
    ['codex', 'rust', null, 1],
    ['codex-darwin', 'rust', null, 1],
    ['codex-windows', 'rust', 'codex.pdb', 1],
    // Nothing is built in: what its compiler leaves open, its texts would tell.
    ['node-windows', 'rust', 'node.pdb', 1],
  ] as const

  test.each(real)('%s', (name, format, entry, parts) => {
    const build = capturedBuild(name)
    const program = embeddedProgram(captureReader(build), build.bytes)
    expect(program).toMatchObject({ format, entry })
    expect(program?.parts).toHaveLength(parts)
    // What is read of hundreds of megabytes is bounded.
    expect(program?.parts.reduce((sum, part) => sum + part.bytes, 0)).toBeLessThan(5_000_000)
  })

  test('Bun itself, with nothing in its section', () => {
    const build = capturedBuild('bun-darwin')
    expect(embeddedProgram(captureReader(build), build.bytes)).toBeNull()
  })

  test('every capture is in the table', () => {
    expect([...captured.keys()].toSorted()).toEqual(['bun-darwin', ...real.map(([name]) => name)].toSorted())
  })

  test.each(['claude-code-darwin', 'copilot-windows'])('whatever is broken in %s, nothing throws', (name) => {
    const build = capturedBuild(name)
    for (const [part, { bytes }] of build.parts.entries()) {
      for (let at = 0; at < Math.min(bytes.length, 600); at += 1) {
        for (const value of [0, 0x7f, 0xff]) {
          const readAt = captureReader(broken(build, part, at, value))
          expect(() => embeddedProgram(readAt, build.bytes)).not.toThrow()
        }
      }
    }
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
