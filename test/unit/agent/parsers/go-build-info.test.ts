import { describe, expect, test } from 'vitest'
import { elfSections } from '../../../../agent/parsers/elf-section.ts'
import { goModuleOf } from '../../../../agent/parsers/go-build-info.ts'
import { machOOf, peOf } from '../../../helpers/foreign-builds.ts'
import { capturedBuildInfo, elfWith, goProgram } from '../../../helpers/go-program.ts'

const reader = (bytes: Buffer) => (position: number, length: number) =>
  bytes.subarray(position, position + length)
const captured = elfWith('.go.buildinfo', capturedBuildInfo)

describe('the module of a program of Go', () => {
  test('as go install wrote it', () => {
    expect(goModuleOf(reader(captured))).toEqual({ name: 'example.com/acme/tool', version: 'v1.2.3' })
  })

  // Where Go 1.19.8's own linker puts it for darwin and windows, amd64 and arm64; Debian 12, 2026-11-23.
  test.each([
    ['macOS', machOOf({ '__DATA,__go_buildinfo': capturedBuildInfo })],
    ['Windows', peOf({ '.data': Buffer.concat([capturedBuildInfo, Buffer.alloc(5_000)]) })],
  ])('of one for %s', (_, program) => {
    expect(goModuleOf(reader(program))).toEqual({ name: 'example.com/acme/tool', version: 'v1.2.3' })
  })

  test.each<[string, Buffer, object | null]>([
    [
      'built in a folder',
      goProgram('mod\texample.com/x\t(devel)\t'),
      { name: 'example.com/x', version: null },
    ],
    [
      'of a dirty checkout',
      goProgram('mod\texample.com/x\tv1.0.1-0.20261101000000-abcdef123456+dirty\t'),
      { name: 'example.com/x', version: 'v1.0.1-0.20261101000000-abcdef123456+dirty' },
    ],
    ['one of Go’s own tools, which is of no module', goProgram('dep\texample.com/x\tv1.0.0'), null],
    ['another section', elfWith('.rodata', capturedBuildInfo), null],
    ['other content', elfWith('.go.buildinfo', Buffer.alloc(400)), null],
    ['a section cut short', elfWith('.go.buildinfo', capturedBuildInfo.subarray(0, 60)), null],
    ['a program for Windows of another compiler', peOf({ '.data': Buffer.alloc(400) }), null],
    ['no program', Buffer.from('#!/bin/sh\n'.padEnd(100)), null],
    ['nothing', Buffer.alloc(0), null],
  ])('%s', (_title, bytes, expected) => {
    expect(goModuleOf(reader(bytes))).toEqual(expected)
  })

  test('whatever is broken in it, nothing throws', () => {
    for (let at = 0; at < captured.length; at += 1) {
      for (const value of [0, 0x7f, 0xff]) {
        const broken = Buffer.from(captured)
        broken[at] = value
        expect(() => goModuleOf(reader(broken))).not.toThrow()
      }
      expect(() => goModuleOf(reader(captured.subarray(0, at)))).not.toThrow()
    }
  })

  test('a table of sections that reaches beyond the file is none', () => {
    const broken = Buffer.from(captured)
    broken.writeBigUInt64LE(2n ** 63n, 0x28)
    expect(elfSections(reader(broken))).toBeNull()
  })
})
