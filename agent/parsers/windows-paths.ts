// Windows' paths as the rest of the agent writes them: `C:\Users\ann` is `/C:/Users/ann`, as in the URL of a file. Pure.

/**
 * The path for the system's own calls, in the form that it takes literally (`\\?\`): no name is a device, no trailing dot is
 * dropped. Null for what is no plain path on a drive: a share, or a name with a colon, which opens another stream of a file.
 */
export function nativePath(path: string): string | null {
  const [, drive, rest = ''] = /^\/([A-Za-z]):(\/.*)?$/s.exec(path) ?? []
  // eslint-disable-next-line no-control-regex -- such a name cannot exist, and NUL would end the path
  if (drive === undefined || /[\\:*?"<>|\0-\x1f]/.test(rest)) return null
  // A drive itself is not to be had in that form (Wine 8 refuses it), and has no name that could be mistaken.
  return rest === '' ? `${drive}:\\` : `\\\\?\\${drive}:${rest.replaceAll('/', '\\')}`
}

/** As the system or a program writes a path. Null for what lies on no drive (`\\server\share`, a volume without a letter). */
export function portablePath(native: string): string | null {
  const [, drive, rest = ''] = /^(?:\\\\[?.]\\|\\\?\?\\)?([A-Za-z]):(?:[\\/](.*))?$/s.exec(native) ?? []
  if (drive === undefined) return null
  const segments = rest.split(/[\\/]+/).filter((segment) => segment !== '')
  return [`/${drive.toUpperCase()}:`, ...segments].join('/')
}

/** Replaces the start of a path that is a home in other case, since a home is known by its spelling. */
export function inHomes(path: string, homes: readonly string[]): string {
  const lower = path.toLowerCase()
  const home = homes.find((one) => lower === one.toLowerCase() || lower.startsWith(`${one.toLowerCase()}/`))
  return home === undefined ? path : home + path.slice(home.length)
}

const ofEveryone: Readonly<Record<string, string>> = {
  systemdrive: 'C:',
  systemroot: String.raw`C:\Windows`,
  windir: String.raw`C:\Windows`,
  programfiles: String.raw`C:\Program Files`,
  'programfiles(x86)': String.raw`C:\Program Files (x86)`,
  programdata: String.raw`C:\ProgramData`,
}
/** Below the home. */
const ofAccount: Readonly<Record<string, string>> = {
  userprofile: '',
  appdata: String.raw`\AppData\Roaming`,
  localappdata: String.raw`\AppData\Local`,
  temp: String.raw`\AppData\Local\Temp`,
}

/**
 * A text of the registry with variables of the system's own for folders filled in; others stay.
 * @param home portable; null where the text is the machine's
 */
export function withFolders(text: string, home: string | null): string {
  return text.replace(/%([^%]+)%/g, (written, variable: string) => {
    const name = variable.toLowerCase()
    const below = ofAccount[name]
    if (below !== undefined && home !== null) return `${home.slice(1)}${below}`
    return ofEveryone[name] ?? written
  })
}

/** A path without the drive or volume that it lies on (`/Users/ann`), for what names volumes by number. Null for any other path. */
export function volumePath(native: string): string | null {
  const below = /^\\device\\harddiskvolume\d+\\(.+)$/is.exec(native)?.[1]
  return below === undefined ? (portablePath(native)?.slice(3) ?? null) : `/${below.replaceAll('\\', '/')}`
}
