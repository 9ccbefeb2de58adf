// The settings in force, and where each came from; for `status`.
import { settingFacts, settingNames, type SettingName } from '#shared/settings.ts'
import { shown } from '../settings.ts'
import type { SettingsKnown } from './setup.ts'
import { renderTable, type Cell, type Paper } from './table.ts'

export function settingsPage({ settings, origins }: SettingsKnown, paper: Paper): string {
  const rows = settingNames.map((name): Cell[] => [
    { text: name },
    { text: originText(name, origins[name]) },
    { text: settings[name] === null ? 'not set' : shown(String(settings[name])) },
  ])
  const columns = [{ title: 'Setting' }, { title: 'From' }, { title: 'Value', wraps: true }]
  return renderTable(columns, rows, paper)
}

function originText(name: SettingName, { layer, source }: SettingsKnown['origins'][SettingName]): string {
  if (layer === 'default') return 'default'
  return layer === 'environment' ? settingFacts[name].variable : (source ?? layer)
}
