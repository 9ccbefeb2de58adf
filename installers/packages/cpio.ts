// The archive of a flat package's files: cpio in its old portable form, which is the one that Apple's installer reads. Pure.
import type { TreeEntry } from './package-tree.ts'

const types = { folder: 0o040000, file: 0o100000, link: 0o120000 } as const

/** @param at seconds since 1970, of every entry; all belong to root. */
export function cpio(entries: readonly TreeEntry[], at: number): Buffer {
  const parts = entries.flatMap(({ kind, path, mode, bytes }, index) => [
    header(path, index + 1, types[kind] | mode, kind === 'folder' ? 2 : 1, at, bytes.length),
    bytes,
  ])
  return Buffer.concat([...parts, header('TRAILER!!!', 0, 0, 1, 0, 0)])
}

function header(path: string, inode: number, mode: number, links: number, at: number, size: number): Buffer {
  const name = Buffer.from(`${path}\0`)
  const owner = [octal(0, 6), octal(0, 6)]
  const fields = [octal(0, 6), octal(inode, 6), octal(mode, 6), ...owner, octal(links, 6), octal(0, 6)]
  return Buffer.concat([
    Buffer.from(['070707', ...fields, octal(at, 11), octal(name.length, 6), octal(size, 11)].join('')),
    name,
  ])
}

function octal(value: number, digits: number): string {
  const text = value.toString(8).padStart(digits, '0')
  if (text.length > digits) throw new Error(`${value} has no room in ${digits} octal digits of a cpio header`)
  return text
}
