// Reads a desktop entry (freedesktop.org Desktop Entry Specification 1.5) as far as it names a program. Pure.

export interface DesktopEntry {
  readonly name: string | null
  /** The program of its Exec line, without arguments; null when it is none that can be told. */
  readonly program: string | null
  readonly isApplication: boolean
  readonly isHidden: boolean
}

export const maxEntryBytes = 256 * 1024

export function parseDesktopEntry(bytes: Uint8Array): DesktopEntry {
  const values = new Map<string, string>()
  let inside = false
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const text = line.trim()
    if (text.startsWith('[')) {
      inside = text === '[Desktop Entry]'
      continue
    }
    if (!inside || text.startsWith('#')) continue
    const equals = text.indexOf('=')
    if (equals < 1) continue
    const key = text.slice(0, equals).trim()
    if (!values.has(key)) values.set(key, text.slice(equals + 1).trim())
  }
  const name = values.get('Name') ?? null
  return {
    name: name === null ? null : name.slice(0, 200),
    program: programOf(values.get('Exec')),
    isApplication: values.get('Type') === 'Application',
    isHidden: values.get('Hidden') === 'true',
  }
}

function programOf(exec: string | undefined): string | null {
  if (exec === undefined) return null
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(exec)
  const program = quoted?.[1] === undefined ? exec.split(/\s/)[0] : quoted[1].replaceAll(/\\(.)/g, '$1')
  return program === undefined || program === '' || program.length > 4096 ? null : program
}
