// Scripts, the page and the package for macOS, before programs like those that will read them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { maintainerScripts } from '../../../installers/packages/deb.ts'
import { manualPage } from '../../../installers/packages/man-page.ts'
import { makePkg } from '../../../installers/packages/pkg.ts'
import { repositoryRoot } from '../../helpers/repository.ts'
import { flatPackageChecks, whyNoFlatPackages } from '../../packages/flat-package.ts'

test.each(Object.entries(maintainerScripts))('sh takes %s', (_, text) => {
  expect(spawnSync('sh', ['-n'], { input: text }).status).toBe(0)
})

test.each(['preinstall', 'postinstall', 'uninstall'])('sh takes %s of macOS', (name) => {
  const text = readFileSync(join(repositoryRoot, 'installers/macos', name))
  expect(spawnSync('sh', ['-n'], { input: text }).status).toBe(0)
})

const folder = mkdtempSync(join(tmpdir(), 'cutoff-pkg-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.skipIf(whyNoFlatPackages() !== undefined)('others read the package for macOS', () => {
  const executable = join(folder, 'agent')
  // More than the checksum's table has entries, with every byte in it.
  writeFileSync(executable, Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 7) & 0xff)))
  const name = makePkg({
    release: { version: '1.2.3', at: 1_783_821_600 },
    architecture: 'arm64',
    executable,
    scripts: join(repositoryRoot, 'installers/macos'),
    texts: { manualPage: 'page', licences: 'licences', settings: '# server:\n' },
    out: folder,
    quick: true,
  })
  const unpacked = join(folder, 'unpacked')
  mkdirSync(unpacked)
  const checks = flatPackageChecks(join(folder, name), unpacked)
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
})

test('settings that an administrator changed outlive an upgrade of the package for macOS', () => {
  const volume = mkdtempSync(join(folder, 'volume-'))
  const own = join(volume, 'Library/Application Support/Cutoff')
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'settings.example.yaml'), '# server:\n')
  const install = () =>
    spawnSync('sh', [join(repositoryRoot, 'installers/macos/postinstall'), 'package', '/', volume]).status
  expect(install()).toBe(0)
  expect(readFileSync(join(own, 'settings.yaml'), 'utf8')).toBe('# server:\n')
  writeFileSync(join(own, 'settings.yaml'), 'scanSeconds: 7200\n')
  expect(install()).toBe(0)
  expect(readFileSync(join(own, 'settings.yaml'), 'utf8')).toBe('scanSeconds: 7200\n')
})

test.skipIf(spawnSync('groff', ['--version']).error !== undefined)(
  'groff has nothing to say of the manual',
  async () => {
    const { commands } = await import('../../../agent/cli/registry.ts')
    const entries = await Promise.all(
      Object.values(commands).map(async ({ about, load }) => ({ about, command: await load() })),
    )
    const run = spawnSync('groff', ['-man', '-ww', '-z', '-Tutf8'], {
      input: manualPage(entries, '1.2.3', '2026-07-12'),
      encoding: 'utf8',
    })
    expect({ status: run.status, said: run.stderr }).toEqual({ status: 0, said: '' })
  },
)
