// Reads files and folders of this machine's administrator: only where nobody else can have written them. What was refused or could
// not be read is a fault with the reason, and as if it were not there.
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync, type Stats } from 'node:fs'
import process from 'node:process'
import type { SourceFault } from './managed-settings.ts'

const maxBytes = 64 * 1024

/** The folder is there and may be believed. @param owners uids whose files and folders are believed */
export function isBelievedFolder(path: string, owners: readonly number[], faults: SourceFault[]): boolean {
  try {
    const info = statSync(path)
    if (!info.isDirectory()) return false
    return believed(path, info, owners, faults)
  } catch (error) {
    noteFailure(path, error, faults)
    return false
  }
}

/** The text of a file; null where there is none that may be believed. @param owners as above */
export function readBelievedFile(
  path: string,
  owners: readonly number[],
  faults: SourceFault[],
): string | null {
  try {
    // A link was made by who may write the folder; what counts is who may write the file that was opened.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const info = fstatSync(file)
      if (!info.isFile() || !believed(path, info, owners, faults)) return null
      if (info.size > maxBytes) {
        refuse(faults, path, `is larger than ${maxBytes} bytes: no settings file is`)
        return null
      }
      return readFileSync(file, 'utf8')
    } finally {
      closeSync(file)
    }
  } catch (error) {
    noteFailure(path, error, faults)
    return null
  }
}

function believed(path: string, info: Stats, owners: readonly number[], faults: SourceFault[]): boolean {
  // Windows keeps rights in lists that Node does not show; there the folder's place is what protects it.
  if (process.platform === 'win32') return true
  if (!owners.includes(info.uid)) {
    refuse(
      faults,
      path,
      `belongs to uid ${info.uid}, not to root: give it to root, so that nobody else decides`,
    )
    return false
  }
  if ((info.mode & 0o022) === 0) return true
  const mode = (info.mode & 0o7777).toString(8).padStart(4, '0')
  refuse(
    faults,
    path,
    `can be written by others than its owner (mode ${mode}): take that right away (chmod go-w)`,
  )
  return false
}

function refuse(faults: SourceFault[], source: string, why: string): void {
  faults.push({ code: 'source-refused', source, message: `${source} is passed over: it ${why}.` })
}

/** What is not there is no fault. */
export function noteFailure(path: string, error: unknown, faults: SourceFault[]): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
  if (code === 'ENOENT' || code === 'ENOTDIR') return
  faults.push({
    code: 'source-unreadable',
    source: path,
    message: `${path} cannot be read (${code}): what it says is not known here.`,
  })
}
