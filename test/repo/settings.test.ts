// The README's table of settings says what the schema says.
import { expect, test } from 'vitest'
import { AgentSettings, settingFacts, settingNames } from '../../shared/settings.ts'
import { readText } from '../helpers/repository.ts'

const rows = settingNames.map((name) => {
  const { variable, managed } = settingFacts[name]
  const schema = AgentSettings.shape[name]
  const value = schema.parse(undefined)
  const cells = [
    `\`${name}\``,
    `\`${variable}\``,
    value === null ? '' : String(value),
    managed ? 'yes' : '',
    (schema.description ?? '').replace(/\.$/, ''),
  ]
  return `| ${cells.join(' | ')} |`.replaceAll(/ {2,}/g, ' ')
})

test('the table of settings is the schema’s', () => {
  const found = readText('README.md')
    .split('\n')
    .filter((line) => /^\| `\w+` \| `CUTOFF_/.test(line))
  expect(found).toEqual(rows)
})
