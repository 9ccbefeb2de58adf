import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { appCollector } from '../../../../agent/collectors/app.ts'
import { configCollector } from '../../../../agent/collectors/config.ts'
import { extensionCollector } from '../../../../agent/collectors/extension.ts'
import { collectors } from '../../../../agent/collectors/registry.ts'
import { observationKinds } from '../../../../shared/observation.ts'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { aNow, fakeHost } from '../../../helpers/fake-host.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'

/** A ZIP archive written after APPNOTE.TXT, apart from the code under test. */
function zipOf(files: Record<string, string>, packed: boolean): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const content = packed ? deflateRawSync(text) : Buffer.from(text)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(packed ? 8 : 0, 10)
    entry.writeUInt32LE(content.length, 20)
    entry.writeUInt32LE(text.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(offset, 42)
    locals.push(local, Buffer.from(name), content)
    directory.push(entry, Buffer.from(name))
    offset += local.length + name.length + content.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, ...directory, end])
}

describe('extensions', () => {
  const folder = '/home/ann/.vscode/extensions'
  const listed = (id: string, version: string) => ({
    identifier: { id },
    version,
    relativeLocation: `${id.toLowerCase()}-${version}`,
  })

  test.each<[string, FakeTree, string[]]>([
    [
      'what the editor lists is installed, what it leaves out is left over',
      {
        [`${folder}/extensions.json`]: JSON.stringify([listed('Vendor.Tool', '2.0.0')]),
        [`${folder}/vendor.tool-2.0.0/package.json`]: '{}',
        [`${folder}/vendor.tool-1.0.0/package.json`]: '{}',
      },
      ['vendor.tool 2.0.0 installed', 'vendor.tool 1.0.0 leftover'],
    ],
    [
      'what the editor marked for removal is left over',
      {
        [`${folder}/extensions.json`]: JSON.stringify([listed('v.t', '1.0.0')]),
        [`${folder}/.obsolete`]: '{"v.t-1.0.0":true}',
        [`${folder}/v.t-1.0.0/package.json`]: '{}',
      },
      ['v.t 1.0.0 leftover'],
    ],
    [
      'what is listed and not there is gone',
      { [`${folder}/extensions.json`]: JSON.stringify([listed('v.t', '1.0.0')]) },
      [],
    ],
    [
      'without a list the folders tell',
      { '/home/ann/.cursor/extensions/v.t-1.0.0-linux-x64/package.json': '{}' },
      ['v.t 1.0.0 installed'],
    ],
  ])('%s', async (_title, files, expected) => {
    const { observations, gaps } = await look(extensionCollector, fakeHost({ files }))
    expect(observations.map((one) => `${one.id} ${one.version} ${one.status}`)).toEqual(expected)
    expect(gaps).toEqual([])
  })

  test('a list that cannot be read is a gap, and the folders tell', async () => {
    const files = { [`${folder}/extensions.json`]: '{', [`${folder}/v.t-1.0.0/package.json`]: '{}' }
    const { observations, gaps } = await look(extensionCollector, fakeHost({ files }))
    expect(observations).toMatchObject([{ id: 'v.t', status: 'installed', path: `${folder}/v.t-1.0.0` }])
    expect(gaps.map(inShort)).toEqual([`ann unparsable ${folder}/extensions.json`])
  })

  test('with the catalogue alone only its extensions are told', async () => {
    const files = { [`${folder}/v.t-1.0.0/x`]: '', [`${folder}/o.o-1.0.0/x`]: '' }
    const { observations } = await look(extensionCollector, fakeHost({ files }), {
      wanted: { extension: [{ host: 'vscode', id: 'V.T', ...observed }] },
      inventory: 'catalogue-only',
    })
    expect(observations.map(({ id }) => id)).toEqual(['v.t'])
  })
})

describe('plugins of other editors', () => {
  test.each([true, false])('of JetBrains, by the id in the archive (packed: %s)', async (packed) => {
    const folder = '/home/ann/.local/share/JetBrains/IntelliJIdea2026.2/claude-code'
    const xml =
      '<?xml version="1.0"?>\n<idea-plugin url="x">\n<!-- <id>not.this</id> -->\n<id>com.vendor.plugin</id>\n<version>0.1.9</version></idea-plugin>'
    const files = {
      [`${folder}/lib/a-library.jar`]: zipOf({ 'META-INF/MANIFEST.MF': 'x' }, packed),
      [`${folder}/lib/plugin.jar`]: zipOf(
        { 'com/A.class': 'y'.repeat(5000), 'META-INF/plugin.xml': xml },
        packed,
      ),
      [`${folder}/lib/broken.jar`]: 'PK\u0003\u0004',
    }
    const { observations, gaps } = await look(extensionCollector, fakeHost({ files }))
    expect(observations).toEqual([
      {
        kind: 'extension',
        account: 'ann',
        at: aNow,
        host: 'jetbrains',
        id: 'com.vendor.plugin',
        version: '0.1.9',
        path: folder,
        status: 'installed',
      },
    ])
    expect(gaps).toEqual([])
  })

  test('of Zed, by the name of the folder', async () => {
    const files = { '/home/ann/.local/share/zed/extensions/installed/html/extension.toml': '' }
    const { observations } = await look(extensionCollector, fakeHost({ files }))
    expect(observations).toMatchObject([{ host: 'zed', id: 'html', version: null }])
  })
})

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

describe('settings', () => {
  const wanted = {
    config: [
      { place: '~/.tool.json', ...observed },
      { place: '~/.tool/*/settings.json', ...observed },
      { place: '~/.config/tool', ...observed },
      { place: '/etc/tool.conf', ...observed },
    ],
  }

  test('that they are there, how large and of when, and nothing of what is in them', async () => {
    const host = fakeHost({
      files: {
        '/home/ann/.tool.json': { content: '{"key":"secret"}', modifiedAt: aNow - 1000 },
        '/home/ann/.tool/a/settings.json': { content: '{}', modifiedAt: aNow - 2000 },
        '/home/ann/.config/tool/x': '',
        '/etc/tool.conf': 'x',
      },
    })
    const opened: string[] = []
    host.beforeOpen = (path) => void opened.push(path)

    const { observations } = await look(configCollector, host, { wanted })

    expect(
      observations.map(({ account, place, bytes, modifiedAt }) => [account, place, bytes, modifiedAt]),
    ).toEqual([
      [null, '/etc/tool.conf', 1, aNow - 86_400_000],
      ['ann', '~/.tool.json', 16, aNow - 1000],
      ['ann', '~/.tool/a/settings.json', 2, aNow - 2000],
      ['ann', '~/.config/tool', null, null],
    ])
    expect(opened.filter((path) => !path.startsWith('/proc') && !path.endsWith('.tool'))).toEqual([
      '/etc/passwd',
      '/etc/login.defs',
      '/root',
      '/home/ann',
      '/home',
    ])
  })

  test('a link out of the home is a gap', async () => {
    const { observations, gaps } = await look(
      configCollector,
      fakeHost({ files: { '/home/ann/.tool.json': { link: '/etc/shadow' } } }),
      {
        wanted,
      },
    )
    expect(observations).toEqual([])
    expect(gaps.map(inShort)).toEqual(['ann outside-home /etc'])
  })
})

test('every kind of observation has its collector, which says what it looks at', () => {
  expect(Object.keys(collectors).toSorted()).toEqual([...observationKinds].toSorted())
  for (const [kind, collector] of Object.entries(collectors)) {
    expect(collector.kind).toBe(kind)
    expect(collector.about).toMatch(/^Looks .*\.$/)
    expect(collector.reads.length).toBeGreaterThan(0)
  }
})
