// Tells from the first bytes of a command what it is, and where a shim's shell text passes control on. Pure.
import type { CommandObservation } from '#shared/observation.ts'

export interface CommandHead {
  readonly format: CommandObservation['format']
  /**
   * The file that a shell shim executes: absolute, or relative to `$basedir` (the shim's own folder) as `./…`, or to
   * the home as `~/…`. Null for programs and for scripts that do something of their own.
   */
  readonly passesTo: string | null
}

/** Shims of npm, pnpm and their kin stay below 6 KB. */
export const headBytes = 8 * 1024

export function parseCommandHead(bytes: Uint8Array): CommandHead {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const format = formatOf(head)
  if (format !== 'script') return { format, passesTo: null }
  const text = head.toString('utf8')
  return { format, passesTo: batch.test(text) ? batchPassesTo(text) : passesTo(text) }
}

/** A batch file of Windows, as cmd-shim (npm, yarn) and pnpm write it. */
const batch = /^@(?:echo off|setlocal)\b/i
/** The last step: `"%dp0%\node_modules\…\cli.js" %*`, where the folder is the shim's own. */
const batchPassing = /"%(?:~dp0|dp0%)\\?([^"%]+)"\s+%\*/gi

function batchPassesTo(text: string): string | null {
  const last = [...text.matchAll(batchPassing)].at(-1)?.[1]
  return last === undefined ? null : `./${last.replaceAll('\\', '/')}`
}

function formatOf(head: Buffer): CommandHead['format'] {
  if (head.length < 4) return 'other'
  const magic = head.readUInt32BE(0)
  if (magic === 0x7f454c46) return 'elf'
  if ([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe].includes(magic)) return 'mach-o'
  if (head[0] === 0x4d && head[1] === 0x5a) return 'pe'
  const isBatch = batch.test(head.toString('latin1', 0, 16))
  return isBatch || (head[0] === 0x23 && head[1] === 0x21) ? 'script' : 'other'
}

/** `exec`, perhaps an interpreter, and one plain path: `$basedir/…`, `$HOME/…`, `~/…` or absolute. */
const passing =
  /^[ \t]*exec[ \t]+(?:(?:node|bun|"?\$(?:\{?basedir\}?)\/node"?)[ \t]+(?:--?[\w-]+(?:=\S+)?[ \t]+)*)?(?:"([^"$`\\]*(?:\$\{?(?:basedir|HOME)\}?[^"$`\\]*)?)"|'([^'$`]*)'|([^\s"'$`;&|]+|\$\{?HOME\}?\/[^\s"'$`;&|]+))/gm

/** A wrapper's last step without `exec`: one plain path that gets all of the arguments. */
const handingOn =
  /^[ \t]*(?:\w+=\S*[ \t]+)*(?:"([^"$`\\]*(?:\$\{?HOME\}?[^"$`\\]*)?)"|([^\s"'$`;&|]+|\$\{?HOME\}?\/[^\s"'$`;&|]+))[ \t](?:[^\n"'`;&|]*[ \t])?"\$@"[ \t]*$/gm

function passesTo(text: string): string | null {
  if (!/^#!\s*\S*\/(?:env\s+)?(?:sh|bash|dash|zsh|ksh)\b/.test(text)) return null
  let last: string | null = null
  for (const match of text.matchAll(passing)) {
    const path = plain(match[1] ?? match[2] ?? match[3] ?? '')
    // `exec "$basedir/node"` alone is the interpreter of the branch above it.
    if (path !== null && !/\/(?:node|bun)$/.test(path)) last = path
  }
  if (last !== null) return last
  for (const match of text.matchAll(handingOn)) last = plain(match[1] ?? match[2] ?? '') ?? last
  return last
}

function plain(text: string): string | null {
  const path = text.replace(/^\$\{?basedir\}?\//, './').replace(/^\$\{?HOME\}?\//, '~/')
  if (path.includes('$') || path.includes('\0')) return null
  return path.startsWith('/') || path.startsWith('./') || path.startsWith('~/') ? path : null
}
