import { expect, test } from 'vitest'
import { control } from '../../../../installers/packages/deb.ts'
import { linuxContents } from '../../../../installers/packages/linux-contents.ts'
import { descriptionLines } from '../../../../installers/packages/release.ts'
import { spec } from '../../../../installers/packages/rpm.ts'

const release = { version: '1.2.3-rc.1', at: 1_783_821_600 }
const texts = { manualPage: '', changelog: '', licences: '', settings: '' }
const files = linuxContents('/checkout', '/dist/agent', texts)

test('each field of the control file is a line, and the description is indented', () => {
  const lines = control(release, 'amd64', 7).trimEnd().split('\n')
  expect(lines.filter((line) => !/^([A-Z][A-Za-z-]+: \S|  ?\S)/.test(line))).toEqual([])
  expect(lines).toContain('Version: 1.2.3-rc.1')
  expect(lines.every((line) => line.length <= 200)).toBe(true)
  expect(descriptionLines(78).every((line) => line.length <= 78)).toBe(true)
  expect(descriptionLines(78).join(' ')).toBe(descriptionLines(20).join(' '))
})

test('an early version sorts before the one that it is of', () => {
  expect(spec(release, files, '/root', 'quick')).toContain('Version: 1.2.3~rc.1\n')
})

test('both kinds hold the same files; settings are kept by an upgrade', () => {
  const text = spec(release, files, '/root', 'quick')
  for (const { path, settings } of files) {
    const line = text.split('\n').find((one) => one.endsWith(path))
    expect(line).toBeDefined()
    expect(line?.includes('%config(noreplace)')).toBe(settings === true)
  }
  expect(files.filter(({ settings }) => settings).map(({ path }) => path)).toEqual([
    '/etc/xdg/autostart/cutoff-notice.desktop',
    '/etc/cutoff/settings.yaml',
  ])
})

test('nothing that is installed may be written by anybody but root', () => {
  expect(files.filter(({ mode }) => (mode & 0o022) !== 0)).toEqual([])
})
