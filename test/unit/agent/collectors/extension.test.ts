import { describe, expect, test } from 'vitest'
import { extensionCollector } from '../../../../agent/collectors/extension.ts'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'

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
