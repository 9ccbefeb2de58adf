import { expect, test } from 'vitest'
import { extensionCollector } from '../../../../agent/collectors/extension.ts'
import { packageCollector } from '../../../../agent/collectors/package.ts'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { inShort, look } from '../../../helpers/scan-context.ts'

test.each<[string, FakeTree, string[]]>([
  [
    'a system unpacked in a home',
    {
      '/home/ann/alpine/usr/bin/x': '',
      '/home/ann/alpine/etc/os-release': { link: '../usr/lib/os-release' },
      '/home/ann/alpine/usr/lib/os-release': '',
    },
    ['ann blind-spot /home/ann/alpine (root-file-system)'],
  ],
  [
    'systems of the machine’s own',
    {
      '/var/lib/machines/deb/usr/bin/x': '',
      '/var/lib/machines/deb/etc/os-release': 'ID=debian',
      '/srv/chroot/sid/usr/bin/x': '',
      '/srv/chroot/sid/usr/lib/os-release': '',
    },
    [
      '- blind-spot /var/lib/machines/deb (root-file-system)',
      '- blind-spot /srv/chroot/sid (root-file-system)',
    ],
  ],
  ['an unpacked AppImage, which is no system', { '/home/ann/squashfs-root/usr/bin/x': '' }, []],
  ['a clone of somebody’s settings', { '/home/ann/dotfiles/etc/os-release': '' }, []],
  [
    'a link to this machine’s own',
    { '/home/ann/root': { link: '/' }, '/usr/bin/x': '', '/etc/os-release': '' },
    [],
  ],
])('%s', async (_title, files, expected) => {
  const { gaps } = await look(packageCollector, fakeHost({ files }))
  expect(gaps.map(inShort)).toEqual(expected)
})

test('windows on other machines: their kinds, and no name', async () => {
  const path = '/home/ann/.config/Code/User/globalStorage/storage.json'
  const windowsState = {
    lastActiveWindow: { folder: 'vscode-remote://ssh-remote%2Bsecret/x' },
    openedWindows: [{ remoteAuthority: 'dev-container+7b22' }],
  }
  const files = { [path]: JSON.stringify({ windowsState }) }
  const { gaps } = await look(extensionCollector, fakeHost({ files }))
  expect(gaps.map(inShort)).toEqual([`ann blind-spot ${path} (dev-container,ssh-remote)`])
})
