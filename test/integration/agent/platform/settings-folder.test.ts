// Settings files on a real disk: which are believed, and what is said of the others.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSettingsFolder } from '../../../../agent/platform/settings-folder.ts'

const own = process.getuid?.() ?? 0
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-settings-'))
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'conf.d'), { mode: 0o755 })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, text: string, mode = 0o644): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

test('a folder that is not there says nothing', () => {
  expect(readSettingsFolder(join(folder, 'none'), [own])).toEqual({ given: [], faults: [] })
})

test('the file is read, then those of conf.d by name; others are passed over', () => {
  const first = write('settings.yaml', 'scanSeconds: 60\n')
  const third = write('conf.d/20-site.yml', 'scanSeconds: 80\n')
  const second = write('conf.d/10-fleet.yaml', 'scanSeconds: 70\n')
  write('conf.d/.hidden.yaml', 'scanSeconds: 90\n')
  write('conf.d/note.txt', 'hello')
  expect(readSettingsFolder(folder, [own])).toEqual({
    given: [
      { layer: 'file', source: first, values: { scanSeconds: '60' } },
      { layer: 'managed', source: second, values: { scanSeconds: '70' } },
      { layer: 'managed', source: third, values: { scanSeconds: '80' } },
    ],
    faults: [],
  })
})

test('a line with a mistake is named, the others count', () => {
  const path = write('settings.yaml', 'scanSeconds: 60\nserver\n')
  expect(readSettingsFolder(folder, [own])).toEqual({
    given: [{ layer: 'file', source: path, values: { scanSeconds: '60' } }],
    faults: [
      {
        code: 'source-invalid',
        source: path,
        message: `Line 2 of ${path} is passed over: it is not of the form \`name: value\`.`,
      },
    ],
  })
})

describe('refused is', () => {
  test.each([0o664, 0o646, 0o777])('a file of mode %o', (mode) => {
    const path = write('conf.d/10.yaml', 'server: https://evil.example\n', mode)
    const { given, faults } = readSettingsFolder(folder, [own])
    expect(given).toEqual([])
    expect(faults).toMatchObject([{ code: 'source-refused', source: path }])
    expect(faults[0]?.message).toContain('chmod go-w')
  })

  test('everything in a folder that others can write', () => {
    write('conf.d/10.yaml', 'server: https://evil.example\n')
    chmodSync(join(folder, 'conf.d'), 0o777)
    expect(readSettingsFolder(folder, [own])).toMatchObject({
      given: [],
      faults: [{ code: 'source-refused', source: join(folder, 'conf.d') }],
    })
  })

  test('what belongs to somebody else', () => {
    write('settings.yaml', 'server: https://evil.example\n')
    const { given, faults } = readSettingsFolder(folder, [own + 1])
    expect(given).toEqual([])
    expect(faults[0]?.message).toContain(`belongs to uid ${own}, not to root`)
  })

  test.runIf(own === 0)('a link to a file of somebody else', () => {
    const path = write('theirs', 'server: https://evil.example\n')
    chownSync(path, 1234, 1234)
    symlinkSync(path, join(folder, 'conf.d/10.yaml'))
    expect(readSettingsFolder(folder, [own])).toMatchObject({
      given: [],
      faults: [{ code: 'source-refused', source: join(folder, 'conf.d/10.yaml') }],
    })
  })

  test('a file that is too large', () => {
    write('settings.yaml', '#'.repeat(70_000))
    expect(readSettingsFolder(folder, [own])).toMatchObject({
      given: [],
      faults: [{ code: 'source-refused' }],
    })
  })
})

test('a pipe in place of a file holds nobody up', () => {
  execFileSync('mkfifo', [join(folder, 'settings.yaml')])
  expect(readSettingsFolder(folder, [own])).toEqual({ given: [], faults: [] })
})
