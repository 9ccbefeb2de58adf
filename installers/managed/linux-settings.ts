// Settings for Linux as a file of /etc/cutoff/conf.d, every setting with its meaning. Pure.
import type { SettingField } from './setting-fields.ts'

/** @param values what the organisation sets; the others stand in the file as comments with what counts without them */
export function linuxSettings(
  fields: readonly SettingField[],
  values: Readonly<Record<string, string | number>>,
): string {
  const parts = fields.map(({ name, about, fallback }) => {
    const value = values[name]
    const line = value === undefined ? `# ${name}: ${fallback ?? ''}`.trimEnd() : `${name}: ${plain(value)}`
    return `# ${about.en}\n${line}\n`
  })
  return `# Settings of the Cutoff agent. They count where administrators alone can write this file: cutoff-agent doctor says.\n\n${parts.join('\n')}`
}

/** In quotes, so that no text of YAML is taken for anything else. `isWritable` has been asked. */
function plain(value: string | number): string {
  if (typeof value === 'number') return String(value)
  return value.includes("'") ? `"${value}"` : `'${value}'`
}

/** Whether a settings file can hold the text: it is one line, and has no escapes. */
export function isWritable(value: string | number): boolean {
  const text = String(value)
  return !/\p{Cc}/u.test(text) && (!text.includes("'") || !/["\\]/.test(text))
}
