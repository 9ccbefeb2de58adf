// What Windows' registry notes of programs that were started: BAM (by account) and UserAssist (what was started from the desktop).
// These lists have every program of a person: what is not asked for is dropped here, and of the rest nothing is read but when it
// was last started, never how often or for how long. Pure.
// Sources: libyal's winreg-kb ("Background activity moderator", "User Assist"), looked at 2026-11-23.
import type { RegistryKey } from './registry-export.ts'
import { volumePath } from './windows-paths.ts'

/** A program's last start, as far as a list has kept it. */
export interface NotedStart {
  /** As `programIn` writes it. */
  readonly program: string
  /** Ms since 1970, in the device's clock at that time. */
  readonly at: number
}

export type IsWanted = (program: string) => boolean

/** @param keys of `…\Services\bam\State\UserSettings\<SID>` */
export function parseBam(keys: ReadonlyMap<string, RegistryKey>, isWanted: IsWanted): readonly NotedStart[] {
  return startsIn(
    keys.values(),
    (name) => name,
    isWanted,
    (bytes) => timeAt(bytes, 0),
  )
}

/** A value of Windows 7 and later. */
const userAssistBytes = 72

/** @param keys of `…\Explorer\UserAssist` and below: names in ROT13 */
export function parseUserAssist(
  keys: ReadonlyMap<string, RegistryKey>,
  isWanted: IsWanted,
): readonly NotedStart[] {
  const counts = [...keys].flatMap(([name, values]) => (/\\Count$/i.test(name) ? [values] : []))
  return startsIn(counts, rot13, isWanted, (bytes) =>
    bytes.length === userAssistBytes ? timeAt(bytes, 60) : null,
  )
}

function startsIn(
  keys: Iterable<RegistryKey>,
  nameOf: (name: string) => string,
  isWanted: IsWanted,
  timeOf: (bytes: Buffer) => number | null,
): readonly NotedStart[] {
  return [...keys].flatMap((values) =>
    [...values].flatMap(([name, value]): NotedStart[] => {
      const program = programIn(nameOf(name))
      if (program === null || !isWanted(program)) return []
      const at = value.type === 'bytes' ? timeOf(value.bytes) : null
      return at === null ? [] : [{ program, at }]
    }),
  )
}

/** Known folders that UserAssist writes in place of a path, as far as tools lie in them. */
const knownFolders: ReadonlyMap<string, string> = new Map([
  ['{f38bf404-1d43-42f2-9305-67de0b28fc23}', '/windows'],
  ['{6d809377-6af0-444b-8957-a3773f02200e}', '/program files'],
  ['{7c5a40ef-a0fb-4bfc-874a-c0f2e0b9fa8e}', '/program files (x86)'],
])

/**
 * A program as these lists name it, in lower case: a path without its drive (`/users/ann/bin/x.exe`), since a volume's number tells no
 * letter, or the family of a package of the Store's kind (`name_publisher`). Null for everything else.
 */
export function programIn(name: string): string | null {
  const lower = name.toLowerCase()
  const [, folder, below] = /^(\{[\da-f-]{36}\})\\(.+)$/s.exec(lower) ?? []
  if (folder !== undefined) {
    const known = knownFolders.get(folder)
    return known === undefined ? null : `${known}/${below?.replaceAll('\\', '/')}`
  }
  return volumePath(lower) ?? /^([\w.-]+_[\da-z]{13})(?:!.*)?$/.exec(lower)?.[1] ?? null
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0)
    return String.fromCharCode(code + ((code | 32) < 0x6e ? 13 : -13))
  })
}

/** From 1601, where a FILETIME begins, to 1970. */
const from1601Ms = 11_644_473_600_000n

/** The end of the year 9999. */
const latest = 253_402_300_799_999

/** A FILETIME, to the millisecond; null where it is zero or no time of this age. */
function timeAt(bytes: Buffer, offset: number): number | null {
  if (bytes.length < offset + 8) return null
  const at = Number(bytes.readBigUInt64LE(offset) / 10_000n - from1601Ms)
  return at > 0 && at <= latest ? at : null
}
