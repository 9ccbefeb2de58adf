// Which module a program of Go was built from: Go writes it into every program. Pure: reads only through the function that
// it is given. Format: Go's debug/buildinfo, as of Go 1.18 and later; what older ones wrote is behind pointers, not read.
import { nativeParts } from './native-parts.ts'
import type { ReadAt } from './read-at.ts'

export interface GoModule {
  readonly name: string
  /** Null for what was built in a folder of somebody's, at no version. */
  readonly version: string | null
}

const magic = Buffer.from('\xff Go buildinf:', 'latin1')
const headerBytes = 32
const maxInfoBytes = 1024 * 1024
/** Around the text stand marks, by which the linker finds it. */
const markBytes = 16

/** Null when it is no program of Go, or one of Go's own tools. */
export function goModuleOf(readAt: ReadAt): GoModule | null {
  const part = nativeParts(readAt)?.goInfo() ?? null
  if (part === null || part.bytes < headerBytes) return null
  // Other compilers' programs for Windows have such a part too, and nothing of this in it.
  const header = readAt(part.offset, headerBytes)
  const isInline = ((header[15] ?? 0) & 2) !== 0
  if (!header.subarray(0, magic.length).equals(magic) || !isInline) return null
  const bytes = readAt(part.offset, Math.min(part.bytes, maxInfoBytes))
  const version = textAt(bytes, headerBytes)
  const info = version === null ? null : textAt(bytes, version.end)
  return info === null ? null : moduleIn(info.text)
}

/** A length as a variable-length integer, and as many bytes. */
function textAt(bytes: Buffer, start: number): { readonly text: Buffer; readonly end: number } | null {
  let length = 0
  let at = start
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[at]
    if (byte === undefined) return null
    at += 1
    length |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      const end = at + length
      return end > bytes.length ? null : { text: bytes.subarray(at, end), end }
    }
  }
  return null
}

/** A line such as `mod<TAB>github.com/v/tool<TAB>v1.2.3<TAB>h1:…`. */
function moduleIn(marked: Buffer): GoModule | null {
  if (marked.length < 2 * markBytes) return null
  const text = marked.subarray(markBytes, -markBytes).toString('utf8')
  const [, name, version] = /^mod\t([^\t\n]{1,300})\t([^\t\n]{0,100})/m.exec(text) ?? []
  if (name === undefined) return null
  return { name, version: version !== undefined && /^v\d/.test(version) ? version : null }
}
