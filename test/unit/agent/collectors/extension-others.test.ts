import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { extensionCollector } from '../../../../agent/collectors/extension.ts'
import { aNow, fakeHost } from '../../../helpers/fake-host.ts'
import { look } from '../../../helpers/scan-context.ts'

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

test('a plugin of JetBrains that is switched off', async () => {
  const folder = '/home/ann/.local/share/JetBrains/PyCharm2026.2/x'
  const plugin = zipOf({ 'META-INF/plugin.xml': '<idea-plugin><id>com.v.x</id></idea-plugin>' }, true)
  const files = {
    [`${folder}/lib/x.jar`]: plugin,
    '/home/ann/.config/JetBrains/PyCharm2026.2/disabled_plugins.txt': 'com.other\ncom.v.x\n',
    '/home/ann/.local/share/JetBrains/GoLand2026.2/x/lib/x.jar': plugin,
  }
  const { observations } = await look(extensionCollector, fakeHost({ files }))
  expect(observations.map(({ path, status }) => `${path.split('/').at(-2)} ${status}`)).toEqual([
    'PyCharm2026.2 disabled',
    'GoLand2026.2 installed',
  ])
})

test('plug-ins of Vim and Neovim, by the names of their folders', async () => {
  const files = {
    '/home/ann/.local/share/nvim/lazy/tool.nvim/lua/x.lua': '',
    '/home/ann/.local/share/nvim/lazy/lazy-lock.json': '',
    '/home/ann/.local/share/nvim/site/pack/packer/start/one.nvim/x': '',
    '/home/ann/.vim/plugged/tool.vim/x': '',
    '/home/ann/.vim/pack/mine/opt/two/x': '',
    '/home/ann/.cache/dein/repos/github.com/v/three.vim/x': '',
  }
  const { observations, gaps } = await look(extensionCollector, fakeHost({ files }))
  expect(observations.map(({ host, id }) => `${host} ${id}`)).toEqual(
    ['tool.nvim', 'one.nvim', 'three.vim', 'tool.vim', 'two'].map((id) => `neovim ${id}`),
  )
  expect(gaps).toEqual([])
})

describe('extensions of browsers', () => {
  const id = 'ofpnmcalabcbjgholdjcjblkibolbppb'
  const other = 'cjpalhdlnbpafiamejdnhcphjbkeiagm'
  const files = {
    [`/home/ann/.config/google-chrome/Default/Extensions/${id}/7.9.7_0/manifest.json`]: '{}',
    [`/home/ann/.config/google-chrome/Default/Extensions/${id}/7.10.0_0/manifest.json`]: '{}',
    [`/home/ann/.config/google-chrome/Default/Extensions/${other}/1.0_0/manifest.json`]: '{}',
    [`/home/ann/.config/google-chrome/Profile 1/Extensions/${id}/metadata`]: '',
    [`/home/ann/snap/chromium/common/chromium/Default/Extensions/${id}/7.9.7_1/manifest.json`]: '{}',
  }

  test('of every browser, profile and packaging, only the catalogue’s', async () => {
    const { observations } = await look(extensionCollector, fakeHost({ files }), {
      wanted: { extension: [{ host: 'chromium', id, basis: 'observed' }] },
    })
    expect(observations.map((one) => `${one.host} ${one.id} ${one.version} ${one.status}`)).toEqual([
      `chromium ${id} 7.10.0 installed`,
      `chromium ${id} 7.9.7 installed`,
    ])
  })

  test('none where the catalogue wants none', async () => {
    expect((await look(extensionCollector, fakeHost({ files }))).observations).toEqual([])
  })
})
