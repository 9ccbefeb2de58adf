// Reads /var/lib/dpkg/status (deb822 paragraphs, see dpkg(1)). Pure; touches no file.

export interface DebPackage {
  readonly name: string
  readonly version: string
}

/** A machine with every package of a distribution has some ten thousand. */
export const maxStatusBytes = 64 * 1024 * 1024

/** Installed packages only: those whose status ends in `installed`. */
export function parseDpkgStatus(bytes: Uint8Array): readonly DebPackage[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  const packages: DebPackage[] = []
  for (const paragraph of text.split('\n\n')) {
    const name = field(paragraph, 'Package')
    const version = field(paragraph, 'Version')
    if (name === null || version === null) continue
    if (field(paragraph, 'Status')?.endsWith(' installed')) packages.push({ name, version })
  }
  return packages
}

function field(paragraph: string, name: string): string | null {
  const start = paragraph.startsWith(`${name}: `) ? 0 : paragraph.indexOf(`\n${name}: `) + 1
  if (start === 0 && !paragraph.startsWith(`${name}: `)) return null
  const from = start + name.length + 2
  const end = paragraph.indexOf('\n', from)
  return paragraph.slice(from, end < 0 ? undefined : end).trim() || null
}
