// Reads `dscl . -readall /Users RecordName UniqueID NFSHomeDirectory`: the accounts in a Mac's own directory. Pure.

export interface DirectoryUser {
  readonly name: string
  readonly uid: number
  /** Null where the record has none. */
  readonly home: string | null
}

/** Records are parted by `-`; a value with a space in it stands on lines of its own, each with a space before it. */
export function parseDsclUsers(text: string): readonly DirectoryUser[] {
  return text.split(/^-\r?$/m).flatMap((record) => {
    const values = valuesOf(record)
    // A record may have several names, parted by spaces or one on each line; the first is its own.
    const name = values.get('RecordName')?.split(/[ \n]/)[0]
    const uid = values.get('UniqueID')
    if (!name || uid === undefined || !/^-?\d+$/.test(uid)) return []
    return [{ name, uid: Number(uid), home: values.get('NFSHomeDirectory')?.split('\n')[0] ?? null }]
  })
}

function valuesOf(record: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  let key: string | null = null
  for (const line of record.split('\n')) {
    const [, name, rest = ''] = /^(?:dsAttrTypeNative:)?(\w+):(?: (.*))?$/.exec(line) ?? []
    if (name !== undefined) values.set((key = name), rest)
    else if (key !== null && line.startsWith(' '))
      values.set(key, [values.get(key), line.slice(1)].filter(Boolean).join('\n'))
  }
  return values
}
