// The signature of macOS executables, on the smallest file that has what it needs; test/executables reads real ones.
import { describe, expect, test } from 'vitest'
import { signAdHoc } from '../../../../installers/executable/mach-o-signature.ts'
import { readMachO, readSignature } from '../../../executables/mach-o.ts'

const page = 4096

/** One page of header and text, one and a half of data for the linker. `spare`: bytes between commands and content. */
function machO(spare: number): Buffer {
  const file = Buffer.alloc(page * 2.5, 0x5a)
  const sectionBytes = 80
  const commandBytes = 72 + sectionBytes + 72
  file.fill(0, 0, 32 + commandBytes + spare)
  for (const [at, value] of [
    [0, 0xfeedfacf],
    [4, 0x0100000c],
    [12, 2],
    [16, 2],
    [20, commandBytes],
  ] as const) {
    file.writeUInt32LE(value, at)
  }
  const segment = (at: number, name: string, offset: number, bytes: number, sections: number): void => {
    file.writeUInt32LE(0x19, at)
    file.writeUInt32LE(72 + sections * sectionBytes, at + 4)
    file.write(name, at + 8, 'latin1')
    file.writeBigUInt64LE(BigInt(offset), at + 40)
    file.writeBigUInt64LE(BigInt(bytes), at + 48)
    file.writeUInt32LE(sections, at + 64)
  }
  segment(32, '__TEXT', 0, page, 1)
  file.write('__text', 32 + 72, 'latin1')
  file.writeUInt32LE(32 + commandBytes + spare, 32 + 72 + 48)
  segment(32 + 72 + sectionBytes, '__LINKEDIT', page, page * 1.5, 0)
  return file
}

const whole = { identifier: 'dev.example', adHoc: true, pages: 3, badPages: 0, complete: true }

describe('an ad-hoc signature', () => {
  test('covers every page and ends the file', () => {
    expect(readSignature(readMachO(signAdHoc(machO(16), 'dev.example')))).toEqual(whole)
  })

  test.each([
    ['in the header', 40, 2],
    ['in the text', page - 1, 2],
    ['in what the linker wrote', page * 2.5 - 1, 2],
  ])('shows a byte that was changed %s', (_where, at) => {
    const signed = signAdHoc(machO(16), 'dev.example')
    signed.writeUInt8(signed.readUInt8(at) ^ 1, at)
    expect(readSignature(readMachO(signed))).toEqual({ ...whole, badPages: 1 })
  })

  test('takes the place of an earlier one', () => {
    const once = signAdHoc(machO(16), 'dev.example')
    expect(signAdHoc(once, 'dev.example').equals(once)).toBe(true)
    expect(readSignature(readMachO(signAdHoc(once, 'dev.other')))?.identifier).toBe('dev.other')
  })

  test('is not put over the program where there is no room for its command', () => {
    expect(() => signAdHoc(machO(8), 'dev.example')).toThrow('no room')
  })

  test('is for one processor’s program alone', () => {
    expect(() => signAdHoc(Buffer.alloc(64), 'dev.example')).toThrow('not a Mach-O file')
  })
})
