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
    const status = valueOf(buffer, text, 'Status: ', start, end)
    if (status?.endsWith(' installed')) {
      const name = valueOf(buffer, text, 'Package: ', start, end)
      const version = valueOf(buffer, text, 'Version: ', start, end)
      if (name && version) packages.push({ name, version })
    }
    start = end + 2
  }
  return packages
}

/** The value of a field in one paragraph. A copy of its bytes: a slice of the text would keep all of the text alive. */
function valueOf(buffer: Buffer, text: string, field: string, start: number, end: number): string | null {
  const at = text.startsWith(field, start) ? start : text.indexOf(`\n${field}`, start) + 1
  if ((at === 0 && start !== 0) || at > end || !text.startsWith(field, at)) return null
  const line = text.indexOf('\n', at)
  return buffer.toString('utf8', at + field.length, line < 0 || line > end ? end : line).trim()
}
