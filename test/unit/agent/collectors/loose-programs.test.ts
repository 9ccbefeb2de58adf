import { describe, expect, test } from 'vitest'
import { commandCollector } from '../../../../agent/collectors/command.ts'
import { processCollector } from '../../../../agent/collectors/process.ts'
import type { BuildSignal } from '../../../../shared/tool.ts'
import type { FakeNode, FakeTree } from '../../../helpers/fake-host.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { appImage, bunProgram, nativeFile } from '../../../helpers/native-builds.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'

const build: readonly BuildSignal[] = [
  { name: 'image', format: 'appimage', entry: 'Thing-1.*.AppImage', ...observed },
  { name: 'editor', format: 'vscode', entry: 'editor', holds: ['.editor-server'], ...observed },
  { name: 'program', format: 'bun', entry: 'cli', holds: ['a text of its own'], ...observed },
]
const wanted = { build }

const image = nativeFile(appImage())
const own = nativeFile(bunProgram({ entry: 'cli', text: 'a text of its own' }))
const electron = nativeFile(Buffer.from('\u007fELF\u0002\u0001\u0001'.padEnd(100, '\0')))
const product = (name: string, server = `.${name}-server`): string =>
  JSON.stringify({ applicationName: name, serverDataFolderName: server })
const entry = (program: string): string => `[Desktop Entry]\nType=Application\nName=X\nExec="${program}" %U\n`

function editor(folder: string, name: string, told = product(name), program: FakeNode = electron): FakeTree {
  return { [`${folder}/${name}`]: program, [`${folder}/resources/app/product.json`]: told }
}

async function seen(files: FakeTree, inventory: 'full' | 'catalogue-only' = 'full') {
  const { observations, gaps } = await look(commandCollector, fakeHost({ files }), { wanted, inventory })
  return {
    seen: observations.map((one) => `${one.account ?? '-'} ${one.build ?? '?'} ${one.path}`),
    gaps: gaps.map(inShort),
  }
}

const thing = 'Thing-1.2.3-x86_64.AppImage'

test.each<[string, FakeTree, string[]]>([
  [
    'an AppImage among the downloads',
    { [`/home/ann/Downloads/${thing}`]: image },
    [`ann image /home/ann/Downloads/${thing}`],
  ],
  ['in the home itself', { [`/home/ann/${thing}`]: image }, [`ann image /home/ann/${thing}`]],
  [
    'in small letters',
    { '/home/ann/Desktop/thing-1.0.appimage': image },
    ['ann image /home/ann/Desktop/thing-1.0.appimage'],
  ],
  ['another AppImage', { '/home/ann/Downloads/Krita-5.AppImage': image }, []],
  ['one of that name that is none', { [`/home/ann/Downloads/${thing}`]: electron }, []],
  [
    'one that may not be started',
    { [`/home/ann/Downloads/${thing}`]: { content: appImage(), bytes: 1e8 } },
    [],
  ],
  [
    'one that only a desktop entry leads to',
    {
      [`/home/ann/my/things/${thing}`]: image,
      '/home/ann/.local/share/applications/x.desktop': entry(`/home/ann/my/things/${thing}`),
    },
    [`ann image /home/ann/my/things/${thing}`],
  ],
  [
    'a program of another name that only a desktop entry leads to',
    { '/home/ann/my/ll': own, '/home/ann/.local/share/applications/x.desktop': entry('/home/ann/my/ll') },
    ['ann program /home/ann/my/ll'],
  ],
  [
    'an editor unpacked into the home',
    editor('/home/ann/Editor', 'editor'),
    ['ann editor /home/ann/Editor/editor'],
  ],
  [
    'an AppImage that was unpacked',
    editor('/home/ann/squashfs-root/usr/share/editor', 'editor'),
    ['ann editor /home/ann/squashfs-root/usr/share/editor/editor'],
  ],
  ['for everybody', editor('/opt/whatever', 'editor'), ['- editor /opt/whatever/editor']],
  ['another of the family', editor('/home/ann/Code', 'code'), []],
  [
    'its name in the product file of another',
    editor('/home/ann/x', 'editor', product('editor', '.code-server')),
    [],
  ],
  ['a checkout of its source', { '/home/ann/editor/product.json': product('editor') }, []],
  ['a product file without a program', { '/home/ann/x/resources/app/product.json': product('editor') }, []],
  [
    'a script in the place of its program',
    editor('/home/ann/x', 'editor', product('editor'), { content: '#!/bin/sh\n', mode: 0o755 }),
    [],
  ],
])('%s', async (_, files, expected) => {
  expect(await seen(files)).toEqual({ seen: expected, gaps: [] })
  expect(await seen(files, 'catalogue-only')).toEqual({ seen: expected, gaps: [] })
})

describe('running', () => {
  test.each<[string, FakeTree, string, string]>([
    ['an AppImage', { [`/srv/${thing}`]: { ...(image as object), owner: 1000 } }, `/srv/${thing}`, 'image'],
    ['an editor unpacked anywhere', editor('/home/ann/a/b/c', 'editor'), '/home/ann/a/b/c/editor', 'editor'],
  ])('%s', async (_, files, executable, expected) => {
    const host = fakeHost({ files, processes: [{ pid: 7, uid: '1000', executable }] })
    const { observations, gaps } = await look(processCollector, host, { wanted })
    expect(observations.map(({ build: one }) => one)).toEqual([expected])
    expect(gaps).toEqual([])
  })
})

test('what is on a PATH already is told once', async () => {
  const files = {
    [`/home/ann/bin/${thing}`]: image,
    '/home/ann/.local/share/applications/x.desktop': entry(`/home/ann/bin/${thing}`),
  }
  expect((await seen(files)).seen).toEqual([`ann image /home/ann/bin/${thing}`])
})

test('a desktop entry that leads out of the home is no gap; one to a network is', async () => {
  const files = {
    '/mnt/games/x': electron,
    '/home/ann/net/y': electron,
    '/home/ann/.local/share/applications/x.desktop': entry('/mnt/games/x'),
    '/home/ann/.local/share/applications/y.desktop': entry('/home/ann/net/y'),
  }
  const host = fakeHost({ files, mounts: ['/ ext4', '/home/ann/net nfs4'] })
  const { gaps } = await look(commandCollector, host, { wanted })
  expect(gaps.map(inShort)).toEqual(['ann remote-mount /home/ann/net (nfs4)'])
})

test('when the time is up, what was not looked at is a gap', async () => {
  const host = fakeHost({ files: { [`/home/ann/Downloads/${thing}`]: image } })
  // The time is up once the program was found, before it is looked at.
  const signal = {
    get aborted() {
      return host.touched.some((path) => path === `/home/ann/Downloads/${thing}`)
    },
  }
  const { observations, gaps } = await look(commandCollector, host, { wanted, signal })
  expect(observations).toEqual([])
  expect(gaps.map(({ reason }) => reason)).toContain('over-budget')
})
