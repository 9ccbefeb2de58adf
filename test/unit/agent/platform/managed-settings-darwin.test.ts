import { expect, test } from 'vitest'
import { managedSettings, preferencesPath } from '../../../../agent/platform/managed-settings-darwin.ts'

test('a profile’s values are managed settings', () => {
  const text = '<plist version="1.0"><dict><key>scanSeconds</key><integer>60</integer></dict></plist>'
  expect(managedSettings(text)).toEqual({
    given: [{ layer: 'managed', source: preferencesPath, values: { scanSeconds: '60' } }],
    faults: [],
  })
})

test('what is no property list is said, and gives nothing', () => {
  const { given, faults } = managedSettings('bplist00')
  expect(given).toEqual([])
  expect(faults).toMatchObject([{ code: 'source-unreadable', source: preferencesPath }])
})
