// Reads the one thing of an npm configuration file that tells where global packages go. Pure; touches no file.
import { partedAt, withoutTrailingSlash } from './plain-text.ts'
import { portablePath } from './windows-paths.ts'

/** The `prefix` of an .npmrc, with `~`, `$HOME`, `${HOME}` and `${XDG_DATA_HOME}` (as it usually is) replaced; null when there is none or it is not absolute. */
export function prefixOfNpmrc(text: string, home: string): string | null {
  let prefix: string | null = null
  for (const line of text.split('\n')) {
    const [name, value] = partedAt(line, '=') ?? []
    if (name === 'prefix' && value) prefix = value.replace(/^(["'])(.*)\1$/, '$2')
  }
  return prefix === null ? null : absoluteIn(home, prefix.replace('${XDG_DATA_HOME}', '~/.local/share'))
}

/** A path as a shell or npm would take it, if it is plain: absolute, without a variable other than HOME. */
export function absoluteIn(home: string, text: string): string | null {
  const plain = text.replace(/^~(?=\/|$)/, home).replaceAll(/\$\{HOME\}|\$HOME\b/g, home)
  const path = onWindows(home) ? (portablePath(withAppData(plain, home)) ?? plain) : plain
  if (!path.startsWith('/') || path.includes('$') || path.includes('`') || path.includes('\0')) return null
  return withoutTrailingSlash(path)
}

function onWindows(home: string): boolean {
  return /^\/[A-Z]:\//.test(home)
}

function withAppData(text: string, home: string): string {
  const drive = home.slice(1)
  return text
    .replace(/^\$\{APPDATA\}/i, `${drive}/AppData/Roaming`)
    .replace(/^\$\{LOCALAPPDATA\}/i, `${drive}/AppData/Local`)
    .replace(/^\$\{USERPROFILE\}/i, drive)
}
