import { describe, expect, test } from 'vitest'
import { type Answers, noting } from '../../../../agent/platform/answers.ts'
import { homeReach, systemReach } from '../../../../agent/platform/places.ts'
import { aNow, type FakeHost, fakeHost, type FakeNode } from '../../../helpers/fake-host.ts'

const ann = { name: 'ann', uid: '1000', home: '/home/ann', readable: true }
const files = {
  '/home/ann/tool/file': 'text',
  '/home/ann/tool/link': { link: '../other' },
  '/home/ann/other': 'text',
  '/home/ann/work/notes': 'text',
}

/** Asks for a file's content, through a link, for the names in a folder and for what is not there. */
function ask(host: FakeHost): Answers | null {
  host.files.refresh()
  const end = host.files.noteAnswers()
  const reach = homeReach(host.files, ann)
  reach.read('/home/ann/tool/file', 100)
  reach.stat('/home/ann/tool/link')
  reach.list('/home/ann/tool')
  reach.stat('/home/ann/tool/missing')
  reach.stat('/home/ann/.nowhere/at/all')
  systemReach(host.files).stat('/snap/bin/tool')
  return end()
}

function isSame(host: FakeHost, answers: Answers | null, isOver = () => false): boolean {
  host.files.refresh()
  return answers !== null && host.files.wouldAnswerTheSame(answers, isOver)
}

describe('what the disk would answer', () => {
  test.each<[string, string, FakeNode | null, boolean]>([
    ['nothing changed', '/home/ann/other', { content: 'text' }, true],
    ['what nobody asked for changed', '/home/ann/work/notes', { content: 'new', modifiedAt: aNow }, true],
    ['something came to be where nobody asked', '/home/ann/work/more', 'text', true],
    ['the file was written to', '/home/ann/tool/file', { content: 'more text', modifiedAt: aNow }, false],
    [
      'the file was written to, its size kept',
      '/home/ann/tool/file',
      { content: 'TEXT', modifiedAt: aNow },
      false,
    ],
    ['the file is gone', '/home/ann/tool/file', null, false],
    ['where the link leads was written to', '/home/ann/other', { content: 'other', modifiedAt: aNow }, false],
    ['the link leads elsewhere', '/home/ann/tool/link', { link: '../work/notes', modifiedAt: aNow }, false],
    ['a file is where the link was', '/home/ann/tool/link', 'text', false],
    ['the folder has another name in it', '/home/ann/tool/more', 'text', false],
    ['what was missing is there', '/home/ann/tool/missing', 'text', false],
    ['a folder that was missing is there', '/home/ann/.nowhere/file', 'text', false],
    ['a folder of the system that was missing is there', '/snap/bin/tool', 'text', false],
    ['a link is where the folder was', '/home/ann/tool', { link: 'work' }, false],
  ])('%s', (_, path, node, same) => {
    const host = fakeHost({ files })
    const answers = ask(host)
    host.advance(60_000)

    if (node === null || typeof node === 'string' || 'link' in node) host.put(path, null)
    host.put(path, node)

    expect(isSame(host, answers)).toBe(same)
  })

  test.each([
    ['over what was asked for', '/home/ann'],
    ['over a part of it', '/home/ann/tool'],
    ['in a folder where it would have been met', '/home/ann/tool/remote'],
    ['at the top of the disk', '/remote'],
  ])('is not known when something remote is mounted %s, or was; then nothing is touched', (_, point) => {
    const mount = (host: FakeHost, table: string) => host.put('/proc/self/mountinfo', table)
    const local = '1 1 8:1 / / rw - ext4 none rw\n'
    const remote = `${local}2 1 0:9 / ${point} rw - nfs none rw\n`
    for (const [then, now] of [
      [local, remote],
      [remote, local],
      [remote, remote.replace('nfs', 'cifs')],
    ] as const) {
      const host = fakeHost({ files })
      mount(host, then)
      const answers = ask(host)
      mount(host, now)
      const { length } = host.touched

      expect(isSame(host, answers)).toBe(false)
      expect(host.touched.slice(length).filter((path) => path.startsWith('/home'))).toEqual([])
      mount(host, then)
      expect(isSame(host, answers)).toBe(true)
    }
  })

  test.each([
    ['something remote is mounted where nobody asked', '/media/ann/share rw - nfs'],
    ['a service has one of this machine’s disks in two places', '/home rw - ext4'],
    ['an image is mounted', '/snap/tool/1 ro - squashfs'],
  ])('is the same when %s', (_, mount) => {
    const host = fakeHost({ files })
    const answers = ask(host)
    host.put('/proc/self/mountinfo', `1 1 8:1 / / rw - ext4 none rw\n2 1 0:9 / ${mount} none rw\n`)

    expect(isSame(host, answers)).toBe(true)
  })

  test('is not known when the time is up, or the disk refuses', () => {
    const host = fakeHost({ files })
    const answers = ask(host)
    host.advance(60_000)

    expect(isSame(host, answers, () => true)).toBe(false)
    host.put('/home/ann/tool', { folder: true, fails: 'EIO' })
    expect(isSame(host, answers)).toBe(false)
  })

  test('costs nothing for what was missing in a folder that is as it was', () => {
    const host = fakeHost({ files })
    const answers = ask(host)
    const { length } = host.touched

    expect(isSame(host, answers)).toBe(true)
    const touched = host.touched.slice(length)
    expect(touched).toContain('/home/ann/tool/file')
    expect(touched).not.toContain('/home/ann/tool/missing')
  })
})

describe('nothing is kept', () => {
  test.each<[string, string, FakeNode]>([
    ['of a file that was just written', '/home/ann/tool/file', { content: 'text', modifiedAt: aNow - 1000 }],
    [
      'of one dated later than now',
      '/home/ann/tool/file',
      { content: 'text', modifiedAt: aNow + 86_400_000 },
    ],
    ['of what may be granted the next time', '/home/ann/tool/file', { content: 'text', fails: 'EACCES' }],
  ])('%s', (_, path, node) => {
    expect(ask(fakeHost({ files: { ...files, [path]: node } }))).toBeNull()
  })

  test('of another mount namespace, whose process may be gone', () => {
    const host = fakeHost({ files: { '/proc/7/root/home/ann/tool': 'text', '/proc/7/mountinfo': '' } })
    host.files.refresh()
    const end = host.files.noteAnswers()
    host.files.reach({ roots: [{ path: '/', owners: null }], base: '/proc/7/root' }).stat('/home/ann/tool')
    expect(end()).toBeNull()
  })

  test('of what only a cloud holds', () => {
    const { disk } = fakeHost({ files })
    const own = noting({ ...disk, isPlaceholder: () => true }, () => true)
    const status = own.lstat('/home/ann/tool/file')
    expect(own.answered(new Map())).not.toBeNull()
    if (status !== undefined) own.isPlaceholder?.('/home/ann/tool/file', status)
    expect(own.answered(new Map())).toBeNull()
  })

  test('of a path that answered in two ways', () => {
    const host = fakeHost({ files })
    const own = noting(host.disk, () => true)
    own.lstat('/home/ann/.nowhere')
    expect(own.answered(new Map())).not.toBeNull()
    host.put('/home/ann/.nowhere', 'text')
    own.lstat('/home/ann/.nowhere')
    host.put('/home/ann/.nowhere', null)
    expect(own.answered(new Map())).toBeNull()
  })
})

test('what was learnt of folders before is asked for again, and noted', () => {
  const host = fakeHost({ files })
  host.files.refresh()
  homeReach(host.files, ann).stat('/home/ann/tool/file')
  const end = host.files.noteAnswers()
  homeReach(host.files, ann).stat('/home/ann/tool/file')

  expect(end()?.asked.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/home/ann', '/home/ann/tool']),
  )
})
