// A settings file: flat YAML, one `name: value` a line. Text in, values as text out; what a value means is not known here.
// Not by the package `yaml`, which costs a process that rests most of its life 9 MB and 23 ms; whatever is read here is
// read the same by it, and everything else that YAML can say is refused by its line.

export interface SettingLines {
  /** By name; those that were said to be null or nothing are left out. */
  readonly values: Readonly<Record<string, string>>
  readonly mistakes: readonly { readonly line: number; readonly message: string }[]
}

const form = /^([A-Za-z][A-Za-z0-9_-]*)[ \t]*:(?:[ \t]+(.*))?$/

export function parseSettingLines(text: string): SettingLines {
  const values = new Map<string, string | null>()
  const mistakes: { line: number; message: string }[] = []
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trimEnd()
    if (line === '' || /^[ \t]*#/.test(line) || (index === 0 && line === '---')) continue
    const wrong = (message: string): number => mistakes.push({ line: index + 1, message })
    const [, name, rest] = form.exec(line) ?? []
    if (name === undefined) wrong('it is not of the form `name: value`')
    else if (values.has(name)) wrong(`\`${name}\` is said twice`)
    else {
      const value = scalarOf((rest ?? '').trim())
      if (value.ok) values.set(name, value.text)
      else wrong(value.message)
    }
  }
  const said = [...values].filter((entry): entry is [string, string] => entry[1] !== null)
  return { values: Object.fromEntries(said), mistakes }
}

type Scalar =
  | { readonly ok: true; readonly text: string | null }
  | { readonly ok: false; readonly message: string }

function scalarOf(rest: string): Scalar {
  const quoted = /^(?:'([^']*)'|"([^"\\]*)")(?:[ \t]+#.*)?$/.exec(rest)
  if (quoted !== null) return { ok: true, text: quoted[1] ?? quoted[2] ?? '' }
  if (rest.startsWith('"') || rest.startsWith("'"))
    return { ok: false, message: 'its quotes do not fit; put it in single quotes, with none inside' }
  const plain = rest.replace(/(^|[ \t]+)#.*$/, '')
  if (plain === '' || /^(~|null|Null|NULL)$/.test(plain)) return { ok: true, text: null }
  if (/^[,[\]{}&*!|>%@`?:]/.test(plain) || /^-([ \t]|$)|^---|:([ \t]|$)/.test(plain))
    return { ok: false, message: 'the value is no plain text; put it in single quotes' }
  return { ok: true, text: plain }
}
