// A property list in XML, as macOS keeps managed preferences: its top dictionary's plain values as text. Nothing else of
// the format; a value that is a list or dictionary is named and passed over.

export type PlistValues =
  | {
      readonly ok: true
      readonly values: Readonly<Record<string, string>>
      /** Names whose values are no plain text, number or yes and no. */
      readonly passedOver: readonly string[]
    }
  | { readonly ok: false }

const token = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>|<(\/?)([A-Za-z]+)(?:\s[^>]*?)?(\/?)>|([^<]+)/g

export function parseManagedPlist(text: string): PlistValues {
  const values: Record<string, string> = {}
  const passedOver: string[] = []
  const open: string[] = []
  let key: string | null = null
  let held = ''
  let seen = false
  for (const [, closing, element, empty, between] of text.matchAll(token)) {
    if (between !== undefined) held += between
    if (element === undefined) continue
    const atTop = isTop(open)
    seen ||= isTop([...open, element])
    if (closing === '' && empty === '') {
      // What a list or dictionary holds is not looked at: its own end tells of it.
      open.push(element)
      held = ''
      continue
    }
    if (closing !== '') {
      if (open.pop() !== element) return { ok: false }
      if (!isTop(open)) continue
    } else if (!atTop) continue
    if (element === 'key') key = decoded(held)
    else if (key !== null) {
      const value = plainOf(element, empty === '' ? held : '')
      if (value === null) passedOver.push(key)
      else values[key] = value
      key = null
    }
    held = ''
  }
  return seen && open.length === 0 ? { ok: true, values, passedOver } : { ok: false }
}

function isTop(open: readonly string[]): boolean {
  return open.length === 2 && open[0] === 'plist' && open[1] === 'dict'
}

function plainOf(element: string, text: string): string | null {
  if (element === 'string') return decoded(text)
  if (element === 'integer' || element === 'real') return text.trim()
  return element === 'true' || element === 'false' ? element : null
}

const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return names[name] ?? whole
    const point = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal)
    return point <= 0x10_ffff ? String.fromCodePoint(point) : whole
  })
}
