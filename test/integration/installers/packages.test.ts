// The scripts and the page in packages, before the programs that will read them.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { maintainerScripts } from '../../../installers/packages/deb.ts'
import { manualPage } from '../../../installers/packages/man-page.ts'

test.each(Object.entries(maintainerScripts))('sh takes %s', (_, text) => {
  expect(spawnSync('sh', ['-n'], { input: text }).status).toBe(0)
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
