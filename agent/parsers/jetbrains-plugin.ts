// Reads the id and version from a JetBrains plugin's META-INF/plugin.xml. Pure. Takes two elements, not XML at large.

export interface JetbrainsPlugin {
  readonly id: string
  readonly version: string | null
}

/** Null when the text names no plugin. An absent id is the name, as the platform itself has it. */
export function parsePluginXml(text: string): JetbrainsPlugin | null {
  const plain = withoutComments(text)
  if (!/<idea-plugin[\s>]/.test(plain)) return null
  const id = elementOf(plain, 'id') ?? elementOf(plain, 'name')
  return id === null ? null : { id, version: elementOf(plain, 'version') }
}

/** In one pass: a pattern would begin anew at each comment that has no end. */
function withoutComments(text: string): string {
  let plain = ''
  let at = 0
  for (;;) {
    const open = text.indexOf('<!--', at)
    const close = open < 0 ? -1 : text.indexOf('-->', open)
    if (close < 0) return plain + text.slice(at)
    plain += text.slice(at, open)
    at = close + 3
  }
}

function elementOf(text: string, name: string): string | null {
  const open = text.indexOf(`<${name}>`)
  const close = open < 0 ? -1 : text.indexOf(`</${name}>`, open)
  if (close < 0) return null
  const value = text.slice(open + name.length + 2, close).trim()
  return value === '' || value.length > 200 ? null : value
}

/** `disabled_plugins.txt`: the id of one plugin a line. */
export function parseDisabledPlugins(bytes: Uint8Array): ReadonlySet<string> {
  const lines = new TextDecoder().decode(bytes).split('\n')
  return new Set(lines.map((line) => line.trim()).filter(Boolean))
}
