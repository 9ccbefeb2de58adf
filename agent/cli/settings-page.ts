// The settings in force, and where each came from; for `status`.
import { settingFacts, type SettingName } from '#shared/settings.ts'
import { settingNamesOf, shown, type Runner } from '../settings.ts'
import type { SettingsKnown } from './setup.ts'
import { renderTable, type Cell, type Paper } from './table.ts'
import { statusWords } from './words/status-words.ts'

export function settingsPage(
  { settings, origins }: SettingsKnown,
  paper: Paper & Pick<Runner, 'windows'>,
): string {
  const say = statusWords[paper.language]
  const rows = settingNamesOf(paper).map((name): Cell[] => [
    { text: name },
    { text: originText(name, origins[name], say.byDefault) },
    { text: settings[name] === null ? say.notSet : shown(String(settings[name])) },
  ])
  const columns = [{ title: say.setting }, { title: say.settingFrom }, { title: say.value, wraps: true }]
  return renderTable(columns, rows, paper)
}

function originText(
  name: SettingName,
  { layer, source }: SettingsKnown['origins'][SettingName],
  byDefault: string,
): string {
  if (layer === 'default') return byDefault
  return layer === 'environment' ? settingFacts[name].variable : (source ?? layer)
}
