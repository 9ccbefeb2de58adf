// Jamf's "external applications": a JSON Schema with its own words, from which it makes a form for the settings. Pure.
import { domain } from './apple-profiles.ts'
import type { SettingField } from './setting-fields.ts'

export function jamfSchema(fields: readonly SettingField[]): string {
  const properties = Object.fromEntries(
    fields.map((field, index) => [
      field.name,
      { title: field.title.en, description: field.about.en, property_order: index + 1, ...valueOf(field) },
    ]),
  )
  const schema = {
    title: `Cutoff agent (${domain})`,
    description: 'Settings of the Cutoff agent. What is left out is as the agent has it by default.',
    __preferencedomain: domain,
    type: 'object',
    properties,
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

function valueOf({ holds, fallback }: SettingField): Record<string, unknown> {
  const start = fallback === null ? {} : { default: fallback }
  if (holds.kind === 'number') return { type: 'integer', minimum: holds.least, maximum: holds.most, ...start }
  return { type: 'string', ...(holds.kind === 'choice' ? { enum: holds.choices } : {}), ...start }
}
