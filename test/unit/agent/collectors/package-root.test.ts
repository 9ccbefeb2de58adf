import { describe, expect, test } from 'vitest'
import { packageOf } from '../../../../agent/collectors/package-root.ts'
import { accountReach } from '../../../../agent/platform/places.ts'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { goProgram } from '../../../helpers/go-program.ts'

const store = `/nix/store/${'a'.repeat(32)}-tool-1.2`
const files: FakeTree = {
  '/home/ann/.cargo/.crates.toml': '[v1]\n"a-crate 0.1.0 (registry+https://x)" = ["tool", "tool-x"]\n',
  '/home/ann/.cargo/bin/tool-x': '\x7fELF',
  '/home/ann/.cargo/bin/rustup': '\x7fELF',
  '/usr/local/bin/gotool': goProgram('mod\tgithub.com/v/tool\tv1.0.0\th1:x'),
  [`${store}/bin/tool`]: '\x7fELF',
  [`${store}/lib/node_modules/inner/package.json`]: '{"name":"inner","version":"3"}',
  [`${store}/lib/node_modules/inner/cli.js`]: '',
}

describe('which package a file belongs to', () => {
  test.each<[string, string | null]>([
    ['/home/ann/.cargo/bin/tool-x', 'cargo a-crate 0.1.0'],
    ['/home/ann/.cargo/bin/rustup', null],
    ['/usr/local/bin/gotool', 'go github.com/v/tool v1.0.0'],
    [`${store}/bin/tool`, 'nix tool 1.2'],
    [`${store}/lib/node_modules/inner/cli.js`, 'npm inner 3'],
    ['/opt/homebrew/Cellar/tool/2/bin/tool', 'homebrew tool 2'],
    ['/home/linuxbrew/.linuxbrew/Caskroom/app/3/app', 'homebrew-cask app 3'],
    ['/home/ann/Caskroom/app/3/app', null],
  ])('%s: %s', (file, expected) => {
    const host = fakeHost({ files })
    const account = host.accounts().accounts.find(({ name }) => name === 'ann')
    if (account === undefined) throw new Error('ann is in the usual passwd')
    const { package: own, gap } = packageOf(accountReach(host.files, account), file)
    expect(own === null ? null : `${own.manager} ${own.name} ${own.version}`).toBe(expected)
    expect(gap).toBeNull()
  })
})
