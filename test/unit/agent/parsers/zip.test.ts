import { expect, test } from 'vitest'
import { fileInZip } from '../../../../agent/parsers/zip.ts'

// Written by Python 3.11's zipfile: a.txt stored, b.txt deflated; 2026-11-22.
const captured = Buffer.from(
  '504b03041400000000000000210086a61036050000000500000005000000612e74787468656c6c6f504b030414000000' +
    '0800000021007760a453060000006400000005000000622e7478743330a03d0000504b01021403140000000000000021' +
    '0086a610360500000005000000050000000000000000000000800100000000612e747874504b01021403140000000800' +
    '000021007760a4530600000064000000050000000000000000000000800128000000622e747874504b05060000000002' +
    '00020066000000510000000000',
  'hex',
)

function read(archive: Buffer, name: string, maxBytes = 1000): string | null {
  const readAt = (position: number, length: number) => archive.subarray(position, position + length)
  return fileInZip(readAt, archive.length, name, maxBytes)?.toString() ?? null
}

test('a stored and a packed file are found by their names', () => {
  expect(read(captured, 'a.txt')).toBe('hello')
  expect(read(captured, 'b.txt')).toBe('0'.repeat(100))
  expect(read(captured, 'c.txt')).toBe(null)
})

test('more than the bound is not unpacked, whatever the archive says of it', () => {
  expect(read(captured, 'b.txt', 99)).toBe(null)
  const lying = Buffer.from(captured)
  const said = lying.lastIndexOf(Buffer.from([0x64, 0, 0, 0]))
  lying.writeUInt32LE(1, said)
  expect(read(lying, 'b.txt', 99)).toBe(null)
})

test.each<[string, Buffer]>([
  ['empty', Buffer.alloc(0)],
  ['no archive', Buffer.alloc(5000, 65)],
  ['cut', captured.subarray(0, captured.length - 30)],
  ['of ends only', Buffer.from('504b0506'.repeat(2000), 'hex')],
])('an archive that is %s holds nothing', (_title, archive) => {
  expect(read(archive, 'a.txt')).toBe(null)
})

test('bytes changed anywhere end in something or nothing, never in an error', () => {
  for (let at = 0; at < captured.length; at += 1) {
    for (const value of [0, 0x7f, 0xff]) {
      const broken = Buffer.from(captured)
      broken[at] = value
      expect(() => read(broken, 'b.txt')).not.toThrow()
    }
  }
})
