import { expect, test } from 'vitest'
import { parseRpmHeader } from '../../../../agent/parsers/rpm-header.ts'
import { capturedRpmHeader } from '../../../helpers/rpm-database.ts'

test('the header of an installed package, of which only the beginning is there', () => {
  expect(parseRpmHeader(capturedRpmHeader)).toEqual({ name: 'acme-tool', version: '1:1.2.3-4' })
})

test('without an epoch', () => {
  const header = Buffer.from(capturedRpmHeader)
  header.writeUInt32BE(9999, header.indexOf(Buffer.from([0, 0, 3, 0xeb])))
  expect(parseRpmHeader(header)).toEqual({ name: 'acme-tool', version: '1.2.3-4' })
})

test.each<[string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(200)],
  ['entries without text', capturedRpmHeader.subarray(0, 600)],
  ['more entries than any has', Buffer.alloc(200, 0xff)],
])('%s is no header', (_title, bytes) => {
  expect(parseRpmHeader(bytes)).toBeNull()
})

test('whatever is broken in it, nothing throws', () => {
  for (let at = 0; at < capturedRpmHeader.length; at += 1) {
    const broken = Buffer.from(capturedRpmHeader)
    broken[at] = 0xff
    expect(() => parseRpmHeader(broken)).not.toThrow()
    expect(() => parseRpmHeader(capturedRpmHeader.subarray(0, at))).not.toThrow()
  }
})
