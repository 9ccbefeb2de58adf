// Reads /var/lib/dpkg/status (deb822 paragraphs, see dpkg(1)). Pure; touches no file.

export interface DebPackage {
  readonly name: string
  readonly version: string
}

/** A machine with every package of a distribution has some ten thousand. */
export const maxStatusBytes = 64 * 1024 * 1024

/** Installed packages only: those whose status ends in `installed`. */
export function parseDpkgStatus(bytes: Uint8Array): readonly DebPackage[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // One character per byte, so that a place in the text is one in the bytes.
  const text = buffer.toString('latin1')
  const packages: DebPackage[] = []
  for (let start = 0; start < text.length;) {
    const blank = text.indexOf('\n\n', start)
    const end = blank < 0 ? text.length : blank
    const paragraph = { text: text.slice(start, end), bytes: buffer.subarray(start, end) }
    const status = valueOf(paragraph, 'Status: ')
    if (status?.endsWith(' installed')) {
      const name = valueOf(paragraph, 'Package: ')
      const version = valueOf(paragraph, 'Version: ')
      if (name && version) packages.push({ name, version })
    }
    start = end + 2
  }
  return packages
}

interface Paragraph {
  readonly text: string
  readonly bytes: Buffer
}

/** The value of a field. A copy of its bytes: a slice of the text would keep all of the text alive. */
function valueOf({ text, bytes }: Paragraph, field: string): string | null {
  const at = text.startsWith(field) ? 0 : text.indexOf(`\n${field}`) + 1
  if (!text.startsWith(field, at)) return null
  const line = text.indexOf('\n', at)
  return bytes.toString('utf8', at + field.length, line < 0 ? text.length : line).trim()
}
