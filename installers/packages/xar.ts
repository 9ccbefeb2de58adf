// The outer archive of a flat package: a table of contents in compressed XML, then the files one after the other. Pure.
import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { element, xmlDocument, type Element } from '../managed/xml.ts'

export interface XarFile {
  readonly name: string
  /** Bytes, or a folder's files. */
  readonly content: Buffer | readonly XarFile[]
}

const headerBytes = 28
const sha1Bytes = 20

/** @param at seconds since 1970 */
export function xar(files: readonly XarFile[], at: number): Buffer {
  const heap: Buffer[] = []
  let offset = sha1Bytes // The checksum of the table comes first.
  let last = 0
  const described = ({ name, content }: XarFile): Element => {
    const id = String(++last)
    const named = [
      element('name', {}, name),
      element('type', {}, Buffer.isBuffer(content) ? 'file' : 'directory'),
    ]
    if (!Buffer.isBuffer(content)) return element('file', { id }, ...named, ...content.map(described))
    const sum = createHash('sha1').update(content).digest('hex')
    const data = element(
      'data',
      {},
      element('length', {}, String(content.length)),
      element('offset', {}, String(offset)),
      element('size', {}, String(content.length)),
      // Compressed already, or too small to matter.
      element('encoding', { style: 'application/octet-stream' }),
      element('extracted-checksum', { style: 'sha1' }, sum),
      element('archived-checksum', { style: 'sha1' }, sum),
    )
    heap.push(content)
    offset += content.length
    return element('file', { id }, ...named, data)
  }
  const contents = files.map(described)
  const text = Buffer.from(
    xmlDocument(
      element(
        'xar',
        {},
        element(
          'toc',
          {},
          element(
            'checksum',
            { style: 'sha1' },
            element('offset', {}, '0'),
            element('size', {}, String(sha1Bytes)),
          ),
          element('creation-time', {}, new Date(at * 1000).toISOString().slice(0, 19)),
          ...contents,
        ),
      ),
    ),
  )
  const table = deflateSync(text, { level: 9 })
  const header = Buffer.alloc(headerBytes)
  header.write('xar!')
  header.writeUInt16BE(headerBytes, 4)
  header.writeUInt16BE(1, 6)
  header.writeBigUInt64BE(BigInt(table.length), 8)
  header.writeBigUInt64BE(BigInt(text.length), 16)
  header.writeUInt32BE(1, 24) // Checksums are SHA-1: integrity is the signature's.
  return Buffer.concat([header, table, createHash('sha1').update(table).digest(), ...heap])
}
