import { expect, test } from 'vitest'
import { parseCargoCrates } from '../../../../agent/parsers/cargo-crates.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('cargo’s list of what it installed', () => {
  const text =
    '[v1]\n"codex-cli 0.1.2 (registry+https://github.com/rust-lang/crates.io-index)" = ["codex"]\n"x 1.0.0 (path+file:///x)" = ["a", "b"]\nnonsense\n'
  expect(parseCargoCrates(bytes(text))).toEqual([
    { name: 'codex-cli', version: '0.1.2', local: false, commands: ['codex'] },
    { name: 'x', version: '1.0.0', local: true, commands: ['a', 'b'] },
  ])
})
