import { describe, expect, test } from 'vitest'
import { signedProgram } from '../../../../agent/parsers/signed-program.ts'
import { broken, capturedBuild, captureReader } from '../../../helpers/captured-builds.ts'

describe('real programs, as captured', () => {
  test.each<[string, readonly string[], string]>([
    ['claude-code-darwin', ['com.anthropic.claude-code'], 'Q6L2SF6YDW'],
    ['claude-code-windows', ['Claude Code', 'bun-profile.pdb'], 'Anthropic, PBC'],
    ['codex-darwin', ['codex'], '2DC432GLL2'],
    ['codex-windows', ['codex.pdb'], 'OpenAI OpCo, LLC'],
    ['copilot-darwin', ['copilot'], 'VEKTX9H2N7'],
    ['copilot-windows', ['GitHub Copilot CLI', 'node.pdb'], 'GitHub, Inc.'],
    // Its maker left in it what Bun says of itself.
    ['opencode-windows', ['Bun', 'bun-profile.pdb'], 'Anomaly Innovations, Inc https://anoma.ly/'],
    ['bun-darwin', ['bun'], '7FRXF46ZSN'],
    ['node-windows', ['Node.js', 'node.pdb'], 'OpenJS Foundation'],
  ])('%s', (name, names, signer) => {
    const program = signedProgram(captureReader(capturedBuild(name)))
    expect(program?.names).toEqual(names)
    expect(program?.signers).toContain(signer)
  })

  test.each(['claude-code', 'codex', 'copilot', 'opencode'])('%s, for Linux: nobody signs there', (name) => {
    expect(signedProgram(captureReader(capturedBuild(name)))).toBeNull()
  })
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(8_000)],
  ['ones', Buffer.alloc(8_000, 0xff)],
  ['a program of DOS', Buffer.from('MZ'.padEnd(8_000, '\0'))],
  ['a script', Buffer.from('@echo off\r\nclaude %*\r\n'.padEnd(200))],
])('nobody signed %s', (_, bytes) => {
  expect(signedProgram((position, length) => bytes.subarray(position, position + length))).toBeNull()
})

test.each(['claude-code-darwin', 'codex-windows', 'copilot-windows'])(
  'whatever is broken in %s, it reads little and nothing throws',
  (name) => {
    const build = capturedBuild(name)
    for (const [part, { bytes }] of build.parts.entries()) {
      for (let at = 0; at < Math.min(bytes.length, 600); at += 1) {
        for (const value of [0, 0x7f, 0xff]) {
          let read = 0
          const readAt = captureReader(broken(build, part, at, value))
          signedProgram((position, length) => {
            read += length
            return readAt(position, length)
          })
          expect(read).toBeLessThan(1024 * 1024)
        }
      }
    }
  },
)
