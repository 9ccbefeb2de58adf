// A file out of a package's archive, as the build takes Node from it.
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { fileInArchive } from '../../../../installers/executable/pinned-node.ts'

function archive(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const header = Buffer.alloc(512)
    header.write(path, 'latin1')
    header.write(`${text.length.toString(8).padStart(11, '0')} `, 124, 'latin1')
    const content = Buffer.alloc(Math.ceil(text.length / 512) * 512)
    content.write(text, 'latin1')
    return [header, content]
  })
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}

const files = { 'package/package.json': '{}', 'package/bin/node': 'x'.repeat(700), 'package/LICENSE': '' }

test.each(Object.entries(files))('%s is taken whole, and nothing after it', (path, text) => {
  expect(fileInArchive(archive(files), path).toString()).toBe(text)
})

test('a package without the file is refused', () => {
  expect(() => fileInArchive(archive(files), 'package/bin/node.exe')).toThrow(
    expect.objectContaining({ code: 'archive-incomplete' }),
  )
})
