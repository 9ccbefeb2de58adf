// A folder of settings files: `settings.yaml`, then `conf.d/*.yaml` by name. Read only where nobody but the administrator
// can have written it; otherwise refused with the reason, and as if it were not there.
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  type Stats,
} from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { parseSettingLines } from '../parsers/settings-lines.ts'
import type { AdministratorSettings, GivenSettings, SourceFault } from './managed-settings.ts'

const maxBytes = 64 * 1024

/** @param owners uids whose files and folders are believed */
export function readSettingsFolder(path: string, owners: readonly number[]): AdministratorSettings {
  const faults: SourceFault[] = []
  const given: GivenSettings[] = []
  const folder = mayRead(path, owners, faults)
  if (!folder) return { given, faults }
  const read = (file: string, layer: GivenSettings['layer']): void => {
    const values = readFile(file, owners, faults)
    if (values !== null) given.push({ layer, source: file, values })
  }
  read(join(path, 'settings.yaml'), 'file')
  const managed = join(path, 'conf.d')
  if (mayRead(managed, owners, faults)) {
    for (const name of namesIn(managed, faults)) read(join(managed, name), 'managed')
  }
  return { given, faults }
}

/** The folder is there and may be believed. */
function mayRead(path: string, owners: readonly number[], faults: SourceFault[]): boolean {
  try {
    const info = statSync(path)
    if (!info.isDirectory()) return false
    return believed(path, info, owners, faults)
  } catch (error) {
    noteFailure(path, error, faults)
    return false
  }
}

function namesIn(path: string, faults: SourceFault[]): readonly string[] {
  try {
    return readdirSync(path)
      .filter((name) => /^[^.].*\.ya?ml$/.test(name))
      .toSorted()
  } catch (error) {
    noteFailure(path, error, faults)
    return []
  }
}

function readFile(
  path: string,
  owners: readonly number[],
  faults: SourceFault[],
): Readonly<Record<string, string>> | null {
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
      const { values, mistakes } = parseSettingLines(readFileSync(file, 'utf8'))
      for (const { line, message } of mistakes) {
        faults.push({
          code: 'source-invalid',
          source: path,
          message: `Line ${line} of ${path} is passed over: ${message}.`,
        })
      }
      return values
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

function noteFailure(path: string, error: unknown, faults: SourceFault[]): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
  if (code === 'ENOENT' || code === 'ENOTDIR') return
  faults.push({
    code: 'source-unreadable',
    source: path,
    message: `${path} cannot be read (${code}): what it says is not known here.`,
  })
}
