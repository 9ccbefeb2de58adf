import { describe, expect, test } from 'vitest'
import { appCollector } from '../../../../agent/collectors/app.ts'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { look, observed } from '../../../helpers/scan-context.ts'

describe('apps', () => {
  const entry = (exec: string) => `[Desktop Entry]\nType=Application\nName=The App\nExec=${exec}\n`

  test.each<[string, FakeTree, string[]]>([
    ['of the system', { '/usr/share/applications/a.desktop': entry('a %U') }, ['- desktop a The App']],
    [
      'of an account',
      { '/home/ann/.local/share/applications/b.desktop': entry('b') },
      ['ann desktop b The App'],
    ],
    [
      'whose program is gone',
      { '/home/ann/.local/share/applications/b.desktop': entry('/home/ann/gone') },
      [],
    ],
    ['hidden', { '/usr/share/applications/a.desktop': `${entry('a')}Hidden=true\n` }, []],
    ['a link only', { '/usr/share/applications/a.desktop': '[Desktop Entry]\nType=Link\n' }, []],
    [
      'snaps and flatpaks, without what they are built on',
      {
        '/snap/code/1/x': '',
        '/snap/core22/1/x': '',
        '/snap/bin/code': '',
        '/var/lib/flatpak/app/com.x.Y/current': '',
      },
      ['- snap code null', '- flatpak com.x.Y null'],
    ],
  ])('%s', async (_title, files, expected) => {
    const { observations } = await look(appCollector, fakeHost({ files }))
    expect(observations.map((one) => `${one.account ?? '-'} ${one.idKind} ${one.id} ${one.name}`)).toEqual(
      expected,
    )
  })

  test('versions of snaps and flatpaks, and what is built on by apps only', async () => {
    const files = {
      '/snap/code/current': { link: '171' },
      '/snap/code/171/meta/snap.yaml': "name: code\nversion: '1.106.0'\nsummary: x\n",
      '/snap/odd-base/current': { link: '3' },
      '/snap/odd-base/3/meta/snap.yaml': 'name: odd-base\nversion: 24\ntype: base\n',
      '/var/lib/flatpak/app/com.x.Y/current': { link: 'x86_64/stable' },
      '/var/lib/flatpak/app/com.x.Y/x86_64/stable/active': { link: 'abc' },
      '/var/lib/flatpak/app/com.x.Y/x86_64/stable/abc/files/share/metainfo/com.x.Y.metainfo.xml':
        '<component><releases><release type="stable" version="2.1" date="2026-11-01"/><release version="2.0"/></releases></component>',
    }
    const { observations } = await look(appCollector, fakeHost({ files }))
    expect(observations.map(({ id, version }) => `${id} ${version}`)).toEqual(['code 1.106.0', 'com.x.Y 2.1'])
  })

  test('with the catalogue alone only its apps are told', async () => {
    const files = {
      '/usr/share/applications/a.desktop': entry('a'),
      '/usr/share/applications/b.desktop': entry('b'),
    }
    const { observations } = await look(appCollector, fakeHost({ files }), {
      wanted: { app: [{ idKind: 'desktop', id: 'b', ...observed }] },
      inventory: 'catalogue-only',
    })
    expect(observations.map(({ id }) => id)).toEqual(['b'])
  })
})
