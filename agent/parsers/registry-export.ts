// Reads what `reg export` writes (Windows Registry Editor Version 5.00): keys with their values. Pure.
import { untilZero } from './plain-text.ts'

export type RegistryValue =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'number'; readonly number: number }
  | { readonly type: 'bytes'; readonly bytes: Buffer }

/** Names of values in lower case; '' is a key's own. */
export type RegistryKey = ReadonlyMap<string, RegistryValue>

export const maxExportBytes = 32 * 1024 * 1024

/** By the key's whole name, as written (`HKEY_LOCAL_MACHINE\…`); null for what is no such file. */
export function parseRegistryExport(bytes: Uint8Array): ReadonlyMap<string, RegistryKey> | null {
  // UTF-16LE with its mark, whatever the system's language.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf16le')
  if (!text.startsWith('\uFEFFWindows Registry Editor Version 5.00')) return null
  const keys = new Map<string, Map<string, RegistryValue>>()
  let current: Map<string, RegistryValue> | null = null
  for (const [line] of text.matchAll(logicalLine)) {
    const name = /^\[([^-].*)\]\s*$/s.exec(line)?.[1]
    if (name !== undefined) keys.set(name, (current = new Map()))
    const [, quoted, written] = /^(?:@|"((?:[^"\\]|\\.)*)")=(.*)$/s.exec(line) ?? []
    const value = written === undefined ? null : valueOf(written)
    if (value !== null) current?.set(unescaped(quoted ?? '').toLowerCase(), value)
  }
  return keys
}

/** A line ends where no text in quotes is open and no backslash says that bytes go on. */
const logicalLine = /(?:"(?:[^"\\]|\\[\s\S])*"|\\\r?\n|[^"\r\n\\]+|\\)+/g

function valueOf(written: string): RegistryValue | null {
  const text = /^"((?:[^"\\]|\\.)*)"\s*$/s.exec(written)?.[1]
  if (text !== undefined) return { type: 'text', text: unescaped(text) }
  const number = /^dword:([0-9a-f]{1,8})\s*$/i.exec(written)?.[1]
  if (number !== undefined) return { type: 'number', number: Number.parseInt(number, 16) }
  const [, kind, digits] = /^hex(?:\(([0-9a-f]+)\))?:([0-9a-f,\\\s]*)$/i.exec(written) ?? []
  if (digits === undefined) return null
  const bytes = Buffer.from(digits.replace(/[^0-9a-f]/gi, ''), 'hex')
  // 1 and 2: text, the second with names of variables in it.
  return kind === '1' || kind === '2'
    ? { type: 'text', text: untilZero(bytes.toString('utf16le')) }
    : { type: 'bytes', bytes }
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1')
}

export function textIn(key: RegistryKey | undefined, name: string): string | null {
  const value = key?.get(name.toLowerCase())
  return value?.type === 'text' ? value.text : null
}
