import { expect, test } from 'vitest'
import { msiVersion, wxs } from '../../../../installers/packages/msi.ts'

const first = wxs({ version: '1.2.3', at: 1_783_821_600 })
const second = wxs({ version: '1.3.0-rc.1', at: 1_783_821_600 })

test.each([
  ['1.2.3', '1.2.3'],
  ['1.2.3-rc.1', '1.2.3'],
  ['1.2.3+5', '1.2.3'],
])('Windows Installer knows %s as %s', (version, expected) => {
  expect(msiVersion(version)).toBe(expected)
})

test('each version is a product of its own and replaces the one before', () => {
  const product = (text: string) => /<Product Id="([0-9A-F-]{36})".*UpgradeCode="([0-9A-F-]{36})"/.exec(text)
  const [, id, upgrade] = product(first) ?? []
  const [, laterId, laterUpgrade] = product(second) ?? []
  expect(laterUpgrade).toBe(upgrade)
  expect(laterId).not.toBe(id)
})

test('what is kept is removed where somebody asks for it, and never by an upgrade', () => {
  const condition = /<Custom Action="Purge"[^>]*>([^<]*)</.exec(first)?.[1]
  expect(condition).toBe('REMOVE=&quot;ALL&quot; AND PURGE=&quot;1&quot; AND NOT UPGRADINGPRODUCTCODE')
})
