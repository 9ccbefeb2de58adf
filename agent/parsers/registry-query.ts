// What `reg query KEY` prints: the values of that key as text, numbers in decimal. Keys below it are passed over.

export interface RegistryValues {
  readonly values: Readonly<Record<string, string>>
  /** Names whose values are neither text nor number. */
  readonly passedOver: readonly string[]
}

/** @param key as it was asked for, with its root in full: `HKEY_LOCAL_MACHINE\…` */
export function parseRegistryQuery(text: string, key: string): RegistryValues {
  const values: Record<string, string> = {}
  const passedOver: string[] = []
  let inside = false
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('HKEY_')) inside = line.trimEnd().toLowerCase() === key.toLowerCase()
    const [, name, type, data] = /^ {4}(.+?) {4}(REG_[A-Z_]+)(?: {4}(.*))?$/.exec(line) ?? []
    if (!inside || name === undefined || name === '(Default)') continue
    const value = valueOf(type ?? '', data ?? '')
    if (value === null) passedOver.push(name)
    else values[name] = value
  }
  return { values, passedOver }
}

function valueOf(type: string, data: string): string | null {
  if (type === 'REG_SZ' || type === 'REG_EXPAND_SZ') return data
  if (type !== 'REG_DWORD' && type !== 'REG_QWORD') return null
  return /^0x[0-9a-f]{1,16}$/i.test(data) ? BigInt(data).toString() : null
}
