// The file in which Linux keeps the machine's proxy, on a real disk: whose word counts.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { noProxyOf } from '../../../../agent/parsers/system-proxy.ts'
import { linuxProxy } from '../../../../agent/platform/system-proxy.ts'

const uid = process.getuid?.() ?? 0
const said = 'PATH=/bin\nhttps_proxy=http://proxy.example.com:3128\nno_proxy=.example.com\n'
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-environment-'))
  path = join(folder, 'environment')
  writeFileSync(path, said, { mode: 0o644 })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what the administrator wrote counts', () => {
  expect(linuxProxy(path, [uid])).toEqual({
    ...noProxyOf('environment-file'),
    https: 'http://proxy.example.com:3128/',
    bypass: ['.example.com'],
  })
})

test('a file that is not there names no proxy', () => {
  expect(linuxProxy(join(folder, 'none'), [uid])).toEqual(noProxyOf('environment-file'))
})

test.each([
  ['others can write the file', () => chmodSync(path, 0o646)],
  ['others can write the folder', () => chmodSync(folder, 0o777)],
  ['it is larger than such files are', () => writeFileSync(path, said + '#'.repeat(70_000))],
])('where %s, nothing is taken and it is said why', (_, change) => {
  change()
  const { https, bypass, fault } = linuxProxy(path, [uid])
  expect([https, bypass, fault?.startsWith(folder)]).toEqual([null, [], true])
})

test('a file of another account is nothing, also behind a link', () => {
  expect(linuxProxy(path, [uid + 1])).toMatchObject({ https: null, fault: expect.stringContaining('uid') })
  if (uid !== 0) return
  const other = join(folder, 'other')
  mkdirSync(other)
  writeFileSync(join(other, 'file'), said)
  chownSync(join(other, 'file'), 12_345, 12_345)
  symlinkSync(join(other, 'file'), join(folder, 'link'))
  expect(linuxProxy(join(folder, 'link'), [0])).toMatchObject({
    https: null,
    fault: expect.stringContaining('belongs to uid 12345'),
  })
})
