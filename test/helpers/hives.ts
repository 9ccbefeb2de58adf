// Hives of the registry: what a real Windows and other programs wrote (test/fixtures/registry), and ones made of single cells, as
// nobody writes them.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parseRegistryExport, type RegistryKey } from '../../agent/parsers/registry-export.ts'

/** @param name of a file of the fixtures below `registry`, without its `.gz` */
export function hiveFixture(name: string): Buffer {
  return gunzipSync(readFileSync(new URL(`../fixtures/registry/${name}.gz`, import.meta.url)))
}

/** What hivexregedit exported of one, by the keys' whole names. */
export function exportFixture(name: string): ReadonlyMap<string, RegistryKey> {
  const keys = parseRegistryExport(Buffer.from(`\uFEFF${hiveFixture(name).toString()}`, 'utf16le'))
  if (keys === null) throw new Error(`${name} is no export`)
  return keys
}

/** Makes cells; each call gives the place of the new one. */
export interface CellWriter {
  readonly cell: (bytes: Buffer) => number
  /** A key without values. @param list place of the list of its subkeys */
  readonly key: (name: string, subkeys?: number, list?: number) => number
  readonly list: (kind: 'lf' | 'lh' | 'li' | 'ri', places: readonly number[]) => number
}

/** @param write gives the place of the root key */
export function madeHive(write: (cells: CellWriter) => number): Buffer {
  const parts: Buffer[] = [Buffer.alloc(32)]
  let end = 32
  parts[0]?.write('hbin', 'latin1')
  const cells: CellWriter = {
    cell(bytes) {
      const place = end
      const cell = Buffer.alloc(Math.ceil((4 + bytes.length) / 8) * 8)
      cell.writeInt32LE(-cell.length)
      bytes.copy(cell, 4)
      parts.push(cell)
      end += cell.length
      return place
    },
    key(name, subkeys = 0, list = 0xffff_ffff) {
      const bytes = Buffer.alloc(76 + name.length)
      bytes.write(`nk\u0020\0`, 'latin1')
      bytes.writeUInt32LE(subkeys, 20)
      bytes.writeUInt32LE(list, 28)
      bytes.writeUInt16LE(name.length, 72)
      bytes.write(name, 76, 'latin1')
      return cells.cell(bytes)
    },
    list(kind, places) {
      const step = kind === 'lf' || kind === 'lh' ? 8 : 4
      const bytes = Buffer.alloc(4 + places.length * step)
      bytes.write(kind, 'latin1')
      bytes.writeUInt16LE(places.length, 2)
      for (const [index, place] of places.entries()) bytes.writeUInt32LE(place, 4 + index * step)
      return cells.cell(bytes)
    },
  }
  const root = write(cells)
  const head = Buffer.alloc(4096)
  head.write('regf', 'latin1')
  for (const [word, at] of [
    [1, 4],
    [1, 8],
    [1, 20],
    [5, 24],
    [root, 36],
    [end, 40],
  ] as const)
    head.writeUInt32LE(word, at)
  return summed(Buffer.concat([head, ...parts]))
}

/** Its head's sum made right again after a change. */
export function summed(hive: Buffer): Buffer {
  let sum = 0
  for (let at = 0; at < 508; at += 4) sum ^= hive.readInt32LE(at)
  hive.writeInt32LE(sum, 508)
  return hive
}

/** As one that Windows had not written all changes into. */
export function leftBehind(hive: Buffer): Buffer {
  hive.writeUInt32LE(hive.readUInt32LE(4) + 1, 4)
  return summed(hive)
}
