import { expect, test } from 'vitest'
import { signingTeam } from '../../../../agent/parsers/code-signature.ts'
import type { ReadAt } from '../../../../agent/parsers/read-at.ts'
import { capturedSignature } from '../../../helpers/signed-program.ts'

/** A file of which only some parts were kept; the rest reads as zeros. */
function captured(change: (position: number, bytes: Buffer) => void = () => {}): ReadAt {
  const kept = capturedSignature()
  for (const { position, bytes } of kept) change(position, bytes)
  return readerOf(kept)
}

function readerOf(kept: readonly { readonly position: number; readonly bytes: Buffer }[]): ReadAt {
  return (position, length) => {
    const read = Buffer.alloc(length)
    for (const part of kept) {
      const from = Math.max(position, part.position)
      const to = Math.min(position + length, part.position + part.bytes.length)
      if (from < to) part.bytes.copy(read, from - position, from - part.position, to - part.position)
    }
    return read
  }
}

const signature = 145_739_856
const directory = 52
const inSignature = (at: number, bytes: readonly number[]) =>
  captured((position, part) => void (position === signature && Buffer.from(bytes).copy(part, at)))
const inHead = (at: number, bytes: readonly number[]) =>
  captured((position, part) => void (position === 0 && Buffer.from(bytes).copy(part, at)))

test('the team that signed Node for macOS', () => {
  expect(signingTeam(captured())).toBe('HX7739G8FX')
})

test('of a program for two processors, the one that both name', () => {
  const head = Buffer.alloc(48)
  head.writeUInt32BE(0xcafebabe, 0)
  head.writeUInt32BE(2, 4)
  head.writeUInt32BE(0x1000, 16)
  head.writeUInt32BE(0x4000_0000, 36)
  const thin = captured()
  const both: ReadAt = (position, length) =>
    position < 0x1000
      ? readerOf([{ position: 0, bytes: head }])(position, length)
      : thin(position - (position < 0x4000_0000 ? 0x1000 : 0x4000_0000), length)
  expect(signingTeam(both)).toBe('HX7739G8FX')
  const one: ReadAt = (position, length) =>
    position < 0x4000_0000 ? both(position, length) : Buffer.alloc(length)
  expect(signingTeam(one)).toBeNull()
})

test.each<[string, ReadAt]>([
  ['nothing', () => Buffer.alloc(0)],
  ['zeros', (_, length) => Buffer.alloc(length)],
  ['ones', (_, length) => Buffer.alloc(length, 0xff)],
  ['a head alone', (position, length) => captured()(0, 64).subarray(position, position + length)],
  ['more load commands than any program has', inHead(20, [0, 0, 0, 0x7f])],
  ['a load command of no size', inHead(36, [0, 0, 0, 0])],
  ['no signature', inSignature(0, [0])],
  ['blobs without a CodeDirectory', inSignature(12, [1])],
  ['a CodeDirectory that is none', inSignature(directory, [0])],
  ['one of before teams', inSignature(directory + 8, [0, 2, 1, 0])],
  ['one without a team, as an ad hoc signature has', inSignature(directory + 48, [0, 0, 0, 0])],
  ['a team far beyond the file', inSignature(directory + 48, [0xff, 0xff, 0xff, 0xff])],
  ['a team of other letters', inSignature(directory + 101, [0x1b])],
  [
    'many processors',
    (position, length) => Buffer.from('cafebabe7fffffff', 'hex').subarray(position, position + length),
  ],
])('no team in %s', (_, readAt) => {
  expect(signingTeam(readAt)).toBeNull()
})

test('whatever is broken, it reads little and nothing throws', () => {
  for (let at = 0; at < 600; at += 1) {
    for (const readAt of [inHead(at, [0xff, 0xff]), inSignature(at, [0xff, 0xff])]) {
      let read = 0
      signingTeam((position, length) => {
        read += length
        return readAt(position, length)
      })
      expect(read).toBeLessThan(5 * 1024 * 1024)
    }
  }
})
