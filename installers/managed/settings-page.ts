// The settings as a page for administrators. Pure.
import { settingFacts } from '#shared/settings.ts'
import type { SettingField } from './setting-fields.ts'

export function settingsPage(fields: readonly SettingField[]): string {
  const rows = fields.map(({ name, about, holds, fallback }) => {
    const allowed =
      holds.kind === 'number'
        ? `${holds.least} to ${holds.most}`
        : holds.kind === 'choice'
          ? holds.choices.join(', ')
          : ''
    const cells = [`\`${name}\``, about.en, allowed, fallback ?? '', settingFacts[name].managed ? 'yes' : '']
    return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
  })
  return [
    '# Settings of the Cutoff agent',
    '',
    'What is managed only is never taken from the environment where an administrator says it, and from the server never.',
    '',
    '| setting | meaning | allowed | default | managed only |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}
