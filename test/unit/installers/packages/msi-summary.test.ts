import { expect, test } from 'vitest'
import { settleSummary } from '../../../../installers/packages/msi-summary.ts'

const code = '{22E06C63-9D9D-4446-A6B9-26B124D0A653}'

/** A summary as MS-OLEPS has it (header of 48 bytes, table of properties, values), between other bytes of a file. */
function packageWith(content: string, madeAt: bigint): Buffer {
  const text = Buffer.alloc(48)
  text.writeUInt32LE(30, 0)
  text.writeUInt32LE(code.length + 1, 4)
  text.write(code, 8, 'latin1')
  const time = Buffer.alloc(12)
  time.writeUInt32LE(64, 0)
  time.writeBigUInt64LE(madeAt, 4)
  const table = Buffer.alloc(8 + 3 * 8)
  table.writeUInt32LE(3, 4)
  for (const [index, [id, place]] of [
    [9, 32],
    [12, 80],
    [13, 92],
  ].entries()) {
    table.writeUInt32LE(id ?? 0, 8 + index * 8)
    table.writeUInt32LE(place ?? 0, 12 + index * 8)
  }
  const header = Buffer.alloc(48)
  header.write('e0859ff2f94f6810ab9108002b27b3d9', 28, 'hex')
  header.writeUInt32LE(48, 44)
  return Buffer.concat([Buffer.from('before'), header, table, text, time, time, Buffer.from(content)])
}

const settled = (content: string, madeAt: bigint, at = 1_700_000_000): Buffer => {
  const bytes = packageWith(content, madeAt)
  settleSummary(bytes, at)
  return bytes
}
const codeIn = (bytes: Buffer) => /\{[0-9A-F-]{36}\}/.exec(bytes.toString('latin1'))?.[0]

test('a package that was made at another moment is the same', () => {
  expect(settled('a', 1n).equals(settled('a', 2n))).toBe(true)
})

test('its times are those of its release', () => {
  // 2023-11-14T22:13:20Z, as `date` and Windows' w32tm tell it.
  expect(settled('a', 1n).readBigUInt64LE(6 + 48 + 80 + 4)).toBe(133_444_736_000_000_000n)
})

test.each([
  ['other content', settled('b', 1n)],
  ['another release', settled('a', 1n, 1_700_000_001)],
])('%s has another code', (_, other) => {
  expect(codeIn(other)).not.toBe(codeIn(settled('a', 1n)))
  expect(codeIn(other)).not.toBe(code)
})

test.each([
  ['no summary', Buffer.from('x')],
  ['two', Buffer.concat([packageWith('a', 1n), packageWith('a', 1n)])],
])('of %s nothing is made', (_, bytes) => {
  expect(() => settleSummary(bytes, 0)).toThrow(/summary/)
})
