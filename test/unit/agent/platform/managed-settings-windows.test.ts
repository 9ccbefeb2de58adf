import { expect, test } from 'vitest'
import { managedSettings, policyKey } from '../../../../agent/platform/managed-settings-windows.ts'

test('names are settings whatever their capitals, since the registry does not tell them apart', () => {
  const printed = `\r\n${policyKey}\r\n    SERVER    REG_SZ    https://x.example\r\n    Sever    REG_SZ    y\r\n`
  expect(managedSettings(printed)).toEqual({
    given: [{ layer: 'managed', source: policyKey, values: { server: 'https://x.example', Sever: 'y' } }],
    faults: [],
  })
})
