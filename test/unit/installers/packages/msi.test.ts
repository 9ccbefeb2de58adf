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

test('notices start with every account’s desktop, from where only administrators write, whatever the path has in it', () => {
  expect(first).toContain(
    String.raw`<RegistryValue Root="HKLM" Key="Software\Microsoft\Windows\CurrentVersion\Run" Name="CutoffNotice" Type="string" Value="&quot;[INSTALLDIR]cutoff-notice.exe&quot;"`,
  )
})

test('what shows notices is ended before files are replaced, in each installation, upgrade and removal', () => {
  const [, sequence] = /<Custom Action="EndNotices" Sequence="(\d+)">1</.exec(first) ?? []
  // InstallInitialize and RemoveFiles.
  expect(Number(sequence)).toBeGreaterThan(1500)
  expect(Number(sequence)).toBeLessThan(3500)
})
