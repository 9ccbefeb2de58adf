// People's profiles in the registry's ProfileList: which SID has which folder. Pure.
import type { RegistryKey } from './registry-export.ts'
import { textIn } from './registry-export.ts'

export interface WindowsProfile {
  readonly sid: string
  /** As the registry has it, variables filled in. */
  readonly folder: string
}

/** Of people: local and domain accounts (`S-1-5-21-…`) and those of Entra ID (`S-1-12-1-…`). All others are services. */
const people = /^S-1-(?:5-21|12-1)-[\d-]+$/

/** @param keys of `HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList` and below */
export function parseProfiles(keys: ReadonlyMap<string, RegistryKey>): readonly WindowsProfile[] {
  return [...keys].flatMap(([name, values]) => {
    // `….bak` is a profile that could not be loaded once; its folder is looked at as nobody's.
    const sid = name.slice(name.lastIndexOf('\\') + 1)
    const folder = textIn(values, 'ProfileImagePath')
    if (folder === null || !people.test(sid)) return []
    return [{ sid, folder: folder.replace(/^%SystemDrive%/i, 'C:') }]
  })
}
