// Which of a package's files are programs of their own.
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { programsBelow } from '../../catalogue/renamed-programs.ts'

test('what Linux can start and is large enough, once, links aside', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-programs-'))
  const put = (name: string, magic: string, bytes = 1024 * 1024, mode = 0o755) => {
    const content = Buffer.alloc(bytes)
    content.write(magic, 'latin1')
    writeFileSync(join(folder, name), content)
    chmodSync(join(folder, name), mode)
  }
  mkdirSync(join(folder, 'bin'))
  put('bin/tool', '\x7fELF')
  linkSync(join(folder, 'bin/tool'), join(folder, 'twin'))
  symlinkSync('bin/tool', join(folder, 'link'))
  put('small', '\x7fELF', 1000)
  put('text', '#!/bin/sh')
  put('data', '\x7fELF', undefined, 0o644)
  put('addon.node', '\x7fELF')
  put('libx.so.1', '\x7fELF')
  const found = programsBelow(folder).map((path) => path.slice(folder.length + 1))
  rmSync(folder, { recursive: true })
  expect(found).toHaveLength(1)
  expect(['bin/tool', 'twin']).toContain(found[0])
})
