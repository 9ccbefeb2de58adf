// Small JSON files kept twice with a checksum, so that one flipped bit or half-written copy costs nothing.
// Knows no meaning; the schema is passed in.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { OwnFolder } from '../platform/own-folder.ts'

const Checked = z.object({ check: z.string(), text: z.string() })

/** A value kept as `<name>.json` and `<name>-copy.json`. */
export interface CheckedFile<T> {
  /** The value of the first whole copy; `absent` when there is no file, `broken` when no copy is whole. */
  readonly read: () => { readonly is: 'value'; readonly value: T } | { readonly is: 'absent' | 'broken' }
  /** Writes a copy anew that is damaged or gone while the other is whole, before that goes too. */
  readonly heal: () => void
  /** False when the disk refused; the old value is then still there. */
  readonly write: (value: T) => boolean
}

export function checkedFile<T>(folder: OwnFolder, name: string, schema: z.ZodType<T>): CheckedFile<T> {
  const names = [`${name}.json`, `${name}-copy.json`]
  return {
    read() {
      let absent = 0
      for (const file of names) {
        const read = folder.read(file)
        if (!read.ok && read.code === 'ENOENT') absent++
        const value = read.ok ? parse(read.text, schema) : null
        if (value !== null) return { is: 'value', value }
      }
      return { is: absent === names.length ? 'absent' : 'broken' }
    },
    heal() {
      const copies = names.map((file) => {
        const read = folder.read(file)
        return { file, text: read.ok && parse(read.text, schema) !== null ? read.text : null }
      })
      const whole = copies.find(({ text }) => text !== null)?.text
      if (whole == null) return
      // Where the disk refuses, the whole copy stays as it is.
      for (const { file, text } of copies) if (text === null) folder.write(file, whole)
    },
    write(value) {
      const text = JSON.stringify(value)
      const whole = JSON.stringify({ check: checksum(text), text })
      return names.map((file) => folder.write(file, whole).ok).every((ok) => ok)
    },
  }
}

function parse<T>(whole: string, schema: z.ZodType<T>): T | null {
  try {
    const { check, text } = Checked.parse(JSON.parse(whole))
    return check === checksum(text) ? schema.parse(JSON.parse(text)) : null
  } catch {
    return null // damaged: the other copy may be whole
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
