// The proxies that /etc/environment names. Its form is pam_env's (Linux-PAM, modules/pam_env/pam_env.c, read 2026-11-23). Nothing
// else of the file is kept. Pure.
import { systemProxyOf, type SystemProxy } from './system-proxy.ts'

const assignment = /^(?:export )?([A-Za-z0-9_]+)=(.*)$/
const names = ['http_proxy', 'https_proxy', 'no_proxy']

export function parseEnvironmentProxy(text: string): SystemProxy {
  const values = new Map<string, string>()
  for (const line of assembled(text)) {
    const [, name = '', value = ''] = assignment.exec(line) ?? []
    if (names.includes(name.toLowerCase())) values.set(name, unquoted(value))
  }
  // The lower-case one first, as Node's agent has it.
  const named = (name: string) => values.get(name) || values.get(name.toUpperCase()) || null
  return systemProxyOf({
    place: 'environment-file',
    http: named('http_proxy'),
    https: named('https_proxy'),
    bypass: named('no_proxy')?.split(',') ?? [],
  })
}

/** Lines that go on after a backslash are one. There is no way to write a # that begins no comment. */
function* assembled(text: string): Generator<string> {
  let begun = ''
  for (const written of text.split('\n')) {
    const [code = '', comment] = written.split('#', 2)
    const part = code.trim()
    if (part === '') continue
    const goesOn = comment === undefined && part.endsWith('\\')
    begun += goesOn ? part.slice(0, -1) : part
    if (goesOn) continue
    yield begun
    begun = ''
  }
}

/** A quote at the beginning is dropped, and one at the end with it; they need not be the same, and others stay. */
function unquoted(value: string): string {
  return /^["']/.test(value) ? value.slice(1).replace(/["']$/, '') : value
}
