// Reads the texts of /etc/passwd and /etc/login.defs (passwd(5), login.defs(5)). Pure; touches no file.

export interface PasswdEntry {
  readonly name: string
  readonly uid: number
  readonly home: string
  readonly shell: string
}

/** Entries in the order of the file; lines that are not seven fields with a numeric uid are left out. */
export function parsePasswd(text: string): readonly PasswdEntry[] {
  const entries: PasswdEntry[] = []
  for (const line of text.split('\n')) {
    const fields = line.split(':')
    const [name, , uid, , , home, shell] = fields
    if (!name || name.startsWith('#') || uid === undefined || home === undefined || !/^\d{1,10}$/.test(uid))
      continue
    entries.push({ name, uid: Number(uid), home, shell: shell ?? '' })
  }
  return entries
}

export interface UidRange {
  readonly min: number
  readonly max: number
}

/** UID_MIN and UID_MAX, with the usual 1000 and 60000 where the file says nothing. */
export function parseUidRange(text: string): UidRange {
  let min = 1000
  let max = 60_000
  for (const line of text.split('\n')) {
    // The expression is for two of some 400 lines; at every look it would be tried on all.
    if (!line.includes('UID_M')) continue
    const match = /^\s*(UID_MIN|UID_MAX)\s+(\d{1,10})\s*(?:#.*)?$/.exec(line)
    if (match?.[1] === 'UID_MIN') min = Number(match[2])
    else if (match?.[1] === 'UID_MAX') max = Number(match[2])
  }
  return { min, max }
}
