import { describe, expect, test } from 'vitest'
import { type Reach, versionOf } from '../../../../agent/platform/files.ts'
import { homeReach } from '../../../../agent/platform/places.ts'
import type { FakeHost, FakeTree } from '../../../helpers/fake-host.ts'
import { aNow, fakeHost } from '../../../helpers/fake-host.ts'

const ann = { name: 'ann', uid: '1000', home: '/home/ann', readable: true }

function homeOf(files: FakeTree, mounts?: readonly string[]) {
  const host = fakeHost({ files, ...(mounts === undefined ? {} : { mounts }) })
  return { host, reach: homeReach(host.files, ann) }
}

function textAt(files: FakeTree, path: string): string {
  const result = homeOf(files).reach.read(path, 1000)
  if (result.ok) return result.value.bytes.toString('utf8')
  return result.gap === null ? 'missing' : `${result.gap.reason} ${result.gap.path}`
}

describe('what may be read in a home', () => {
  test.each<[string, FakeTree, string, string]>([
    ['a plain file', { '/home/ann/a': 'text' }, '/home/ann/a', 'text'],
    ['a missing file is no gap', {}, '/home/ann/a', 'missing'],
    ['a file below a file is missing', { '/home/ann/a': 'text' }, '/home/ann/a/b', 'missing'],
    [
      'a link within the home',
      { '/home/ann/a': { link: 'real/b' }, '/home/ann/real/b': 'text' },
      '/home/ann/a',
      'text',
    ],
    [
      'an absolute link within the home',
      { '/home/ann/a': { link: '/home/ann/b' }, '/home/ann/b': 'text' },
      '/home/ann/a',
      'text',
    ],
    [
      'a linked folder within the home, with .. after it taken from where it leads',
      {
        '/home/ann/short': { link: 'deep/er/folder' },
        '/home/ann/deep/er/folder/x': '',
        '/home/ann/deep/er/found': 'text',
      },
      '/home/ann/short/../found',
      'text',
    ],
    [
      'a link to a file of the system',
      { '/home/ann/a': { link: '/etc/shadow' }, '/etc/shadow': 'secret' },
      '/home/ann/a',
      'outside-home /etc',
    ],
    [
      'a linked folder that leads to another home',
      { '/home/ann/a': { link: '/home/bob' }, '/home/bob/b': 'secret' },
      '/home/ann/a/b',
      'outside-home /home/bob',
    ],
    [
      'a link out and back in again',
      { '/home/ann/a': { link: '/srv/x/../../home/ann/b' }, '/home/ann/b': 'text', '/srv/x/y': '' },
      '/home/ann/a',
      'outside-home /srv',
    ],
    ['.. that climbs out', { '/home/bob/b': 'secret' }, '/home/ann/../bob/b', 'outside-home /home/bob'],
    ['a link to itself', { '/home/ann/a': { link: 'a' } }, '/home/ann/a', 'too-deep /home/ann/a'],
    [
      'links in a ring',
      { '/home/ann/a': { link: 'b/x' }, '/home/ann/b': { link: 'a' } },
      '/home/ann/a',
      'too-deep /home/ann/a',
    ],
    ['a FIFO', { '/home/ann/a': { fifo: true } }, '/home/ann/a', 'not-regular /home/ann/a'],
    ['a folder', { '/home/ann/a/b': '' }, '/home/ann/a', 'not-regular /home/ann/a'],
    [
      'a file of another account',
      { '/home/ann/a': { content: 'x', owner: 1001 } },
      '/home/ann/a',
      'foreign-owner /home/ann/a',
    ],
    ['a file of root', { '/home/ann/a': { content: 'text', owner: 0 } }, '/home/ann/a', 'text'],
    ['a file that is too large', { '/home/ann/a': { bytes: 1001 } }, '/home/ann/a', 'too-large /home/ann/a'],
    [
      'of a file that grows meanwhile, what it was',
      { '/home/ann/a': { content: 'x'.repeat(20), bytes: 10 } },
      '/home/ann/a',
      'xxxxxxxxxx',
    ],
    ['a refused file', { '/home/ann/a': { fails: 'EACCES' } }, '/home/ann/a', 'denied /home/ann/a'],
    [
      'a refused folder',
      { '/home/ann/a': { folder: true, fails: 'EACCES' }, '/home/ann/a/b': '' },
      '/home/ann/a/b',
      'denied /home/ann/a/b',
    ],
    ['an error of the disk', { '/home/ann/a': { fails: 'EIO' } }, '/home/ann/a', 'failed /home/ann/a'],
    [
      'a name with a line end and an escape',
      { '/home/ann/\n\u001b[2J': 'text' },
      '/home/ann/\n\u001b[2J',
      'text',
    ],
    ['a path with a NUL', {}, '/home/ann/a\0b', 'missing'],
  ])('%s', (_title, files, path, expected) => {
    expect(textAt(files, path)).toBe(expected)
  })

  test('a home whose own path leads through a link is read under both names', () => {
    const host = fakeHost({
      files: { '/home': { link: '/var/home' }, '/var/home/ann/a': 'text' },
      passwd: '',
    })
    const reach = homeReach(host.files, ann)

    const text = (path: string) => reach.read(path, 10)

    expect(text('/home/ann/a').ok).toBe(true)
    expect(text('/var/home/ann/a').ok).toBe(true)
    expect(text('/var/home/bob/a')).toEqual({
      ok: false,
      gap: { reason: 'outside-home', path: '/var/home/bob', detail: null },
    })
  })
})

describe('races', () => {
  test.each<[string, FakeTree[string], string]>([
    ['a link', { link: '/etc/shadow' }, 'ELOOP'],
    ['another file', { content: 'other', mode: 0o600 }, 'other-file'],
    ['a FIFO', { fifo: true }, 'other-file'],
  ])('%s put in the place of a file between look and open is noticed', (_title, node, detail) => {
    const { host, reach } = homeOf({ '/home/ann/a': 'text', '/etc/shadow': 'secret' })
    host.beforeOpen = (path) => {
      if (path === '/home/ann/a') host.put(path, node)
    }

    const result = reach.read('/home/ann/a', 1000)

    expect(result).toEqual({ ok: false, gap: { reason: 'changed-while-read', path: '/home/ann/a', detail } })
    expect(host.openFiles()).toBe(0)
  })

  test('a folder turned into a link out of the home between look and open is noticed', () => {
    const { host, reach } = homeOf({ '/home/ann/f/a': 'text', '/srv/f/a': 'secret' })
    host.beforeOpen = (path) => {
      if (path !== '/home/ann/f/a') return
      host.put('/home/ann/f', null)
      host.put('/home/ann/f', { link: '/srv/f' })
    }

    expect(reach.read('/home/ann/f/a', 1000)).toMatchObject({
      ok: false,
      gap: { reason: 'changed-while-read' },
    })
    expect(host.openFiles()).toBe(0)
  })
})

describe('mounts', () => {
  const files = { '/home/ann/net/a': 'text', '/home/ann/disk/a': 'text', '/home/ann/link': { link: 'net/a' } }

  test.each(['nfs4', 'cifs', 'smb3', 'fuse.sshfs', '9p', 'autofs', 'afs', 'ceph', 'something-new'])(
    'what lies on %s is not touched',
    (type) => {
      const { host, reach } = homeOf(files, ['/ ext4', `/home/ann/net ${type}`, '/home/ann/disk xfs'])

      const results = ['/home/ann/net', '/home/ann/net/a', '/home/ann/link'].map((path) => reach.stat(path))

      const gap = { reason: 'remote-mount', path: '/home/ann/net', detail: type }
      expect(results).toEqual(results.map(() => ({ ok: false, gap })))
      expect(host.touched.filter((path) => path.startsWith('/home/ann/net'))).toEqual([])
    },
  )

  test.each(['btrfs', 'fuseblk', 'overlay', 'tmpfs', 'zfs'])('what lies on %s is read', (type) => {
    const { reach } = homeOf(files, ['/ ext4', `/home/ann/disk ${type}`])
    expect(reach.read('/home/ann/disk/a', 100).ok).toBe(true)
  })

  test('a mount on top of another one counts', () => {
    const { reach } = homeOf(files, ['/ ext4', '/home/ann/disk nfs4', '/home/ann/disk ext4'])
    expect(reach.stat('/home/ann/disk/a').ok).toBe(true)
  })

  test('a home that is itself on a network is not touched', () => {
    const { host, reach } = homeOf(files, ['/ ext4', '/home nfs4'])
    expect(reach.list('/home/ann')).toMatchObject({
      ok: false,
      gap: { reason: 'remote-mount', path: '/home' },
    })
    expect(host.touched.filter((path) => path.startsWith('/home'))).toEqual([])
  })
})

describe('what a look costs', () => {
  test('a path in a known folder is one question to the disk, one below a missing folder none', () => {
    const { host, reach } = homeOf({ '/home/ann/a/b': 'text' })
    reach.stat('/home/ann/a/b')
    reach.stat('/home/ann/none/x')
    const before = host.touched.length

    reach.stat('/home/ann/a/c')
    reach.stat('/home/ann/none/y')
    reach.stat('/home/ann/none/deeper/z')

    expect(host.touched.slice(before)).toEqual(['/home/ann/a/c'])
  })

  test('a path that was found is not asked for again in the same look', () => {
    const { host, reach } = homeOf({ '/home/ann/a': 'text', '/home/ann/b': { link: 'a' } })
    reach.stat('/home/ann/a')
    const before = host.touched.length

    expect(reach.stat('/home/ann/a').ok).toBe(true)
    expect(reach.stat('/home/ann/b').ok).toBe(true)
    expect(host.touched.slice(before)).toEqual(['/home/ann/b'])
  })

  test('a folder that was asked for is not asked for again with what is in it', () => {
    const { host, reach } = homeOf({ '/home/ann/a/b': 'text', '/home/ann/c': { link: 'a' } })
    expect(reach.stat('/home/ann/c').ok).toBe(true)
    expect(reach.stat('/home/ann/a').ok).toBe(true)
    const before = host.touched.length

    expect(reach.stat('/home/ann/a/b').ok).toBe(true)
    expect(reach.stat('/home/ann/a').ok).toBe(true)
    expect(host.touched.slice(before)).toEqual(['/home/ann/a/b'])
  })

  const many = Array.from({ length: 20 }, (_, n) => `/home/ann/a/none-${n}`)
  test.each<[string, FakeTree, number]>([
    ['is listed once instead', { '/home/ann/a/one': '' }, 15],
    ['with a name whose other case only its disk knows is asked each time', { '/home/ann/a/Ünder': '' }, 20],
  ])('a folder that is asked for many names %s', (_, files, asked) => {
    const { host } = homeOf(files)
    const look = () => {
      host.files.refresh()
      const before = host.touched.length
      const reach = homeReach(host.files, ann)
      expect(many.filter((path) => reach.stat(path).ok)).toEqual([])
      return host.touched.slice(before).filter((path) => path.includes('none')).length
    }

    expect(look()).toBe(asked)
    expect(look()).toBe(asked === 20 ? 20 : 0)
    // A disk that takes it for the same name is asked.
    expect(homeReach(host.files, ann).stat('/home/ann/a/ONE').ok).toBe(false)
    expect(host.touched.at(-1)).toBe('/home/ann/a/ONE')

    host.put('/home/ann/a/none-7', '')
    host.files.refresh()
    expect(homeReach(host.files, ann).stat('/home/ann/a/none-7').ok).toBe(true)
  })

  test('an unchanged folder is not listed again, a changed one is', () => {
    const { host } = homeOf({ '/home/ann/a/one': '' })
    let opened = 0
    host.beforeOpen = (path) => void (opened += path.startsWith('/home') ? 1 : 0)
    const names = () => {
      host.files.refresh()
      const listing = homeReach(host.files, ann).list('/home/ann/a')
      return listing.ok ? listing.value.entries.map((entry) => entry.name) : null
    }

    expect(names()).toEqual(['one'])
    expect(names()).toEqual(['one'])
    expect(opened).toBe(1)
    host.put('/home/ann/a/two', '')
    expect(names()).toEqual(['one', 'two'])
    expect(opened).toBe(2)
    // Changed a moment ago: it might change again within the same tick of the disk's clock.
    expect(names()).toEqual(['one', 'two'])
    expect(opened).toBe(3)
  })

  test('a file is parsed again only when it has changed', () => {
    const { host } = homeOf({ '/home/ann/a': '1' })
    let parses = 0
    const parsed = () => {
      host.files.refresh()
      return homeReach(host.files, ann).parsed('/home/ann/a', 10, parse)
    }
    const parse = (bytes: Uint8Array) => {
      parses += 1
      return Buffer.from(bytes).toString()
    }

    expect(parsed()).toEqual({ ok: true, value: '1' })
    expect(parsed()).toEqual({ ok: true, value: '1' })
    host.put('/home/ann/a', { content: '22', modifiedAt: aNow - 60_000 })
    expect(parsed()).toEqual({ ok: true, value: '22' })
    expect(parses).toBe(2)
  })
})

describe('whether files of a folder are as they were', () => {
  const files = { '/home/ann/s/a': '1', '/home/ann/s/b': '2', '/home/bob/c': '3' }

  test.each<[string, boolean, (host: FakeHost) => void]>([
    ['nothing happened', true, () => {}],
    ['one was written to', false, (host) => host.put('/home/ann/s/b', { content: '3', modifiedAt: aNow })],
    ['one was replaced by a link', false, (host) => host.put('/home/ann/s/b', { link: 'a' })],
    ['one is gone', false, (host) => host.put('/home/ann/s/a', null)],
    ['the folder is gone', false, (host) => host.put('/home/ann/s', null)],
    [
      'one cannot be asked for',
      false,
      (host) => {
        host.beforeTouch = (path) => {
          if (path === '/home/ann/s/a') throw Object.assign(new Error('EIO'), { code: 'EIO' })
        }
      },
    ],
  ])('%s: %s', (_, expected, happens) => {
    const { host, reach } = homeOf(files)
    const { listing, seen } = seenIn(reach, '/home/ann/s', ['a', 'b'])

    happens(host)

    expect(reach.areUnchanged(listing, seen)).toBe(expected)
  })

  test('what something on the network was mounted over is not asked for', () => {
    const { listing, seen } = seenIn(homeOf(files).reach, '/home/ann/s', ['a'])
    const { host, reach } = homeOf(files, ['/ ext4', '/home/ann/s/a nfs4'])
    expect(reach.areUnchanged(listing, seen)).toBe(false)
    expect(host.touched).not.toContain('/home/ann/s/a')
  })

  test('nor what lies outside of what may be looked at', () => {
    const { host, reach } = homeOf(files)
    const everywhere = host.files.reach({ roots: [{ path: '/', owners: null }] })
    const { listing, seen } = seenIn(everywhere, '/home/bob', ['c'])
    const before = host.touched.length
    expect(reach.areUnchanged(listing, seen)).toBe(false)
    expect(host.touched.slice(before)).toEqual([])
  })

  function seenIn(reach: Reach, folder: string, names: readonly string[]) {
    const listing = reach.list(folder)
    if (!listing.ok) throw new Error(`${folder} cannot be listed`)
    const seen = names.flatMap((name) => {
      const info = reach.stat(`${folder}/${name}`)
      return info.ok && info.value.version !== null
        ? [{ real: info.value.real, version: versionOf(info.value.version) }]
        : []
    })
    expect(seen.length).toBe(names.length)
    return { listing: listing.value, seen }
  }
})

describe('listings', () => {
  test('more entries than the bound are a gap', () => {
    const { reach } = homeOf(
      Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`/home/ann/many/${n}`, ''])),
    )

    const listing = reach.list('/home/ann/many', 10)

    expect(listing).toMatchObject({
      ok: true,
      value: { gap: { reason: 'too-many', path: '/home/ann/many' } },
    })
    expect(listing.ok && listing.value.entries.length).toBe(10)
  })

  test('a name that is no UTF-8 is left out and is a gap', () => {
    const { reach } = homeOf({ '/home/ann/f/good': '', '/home/ann/f/b\uFFFDd': '' })
    expect(reach.list('/home/ann/f')).toEqual({
      ok: true,
      value: {
        real: '/home/ann/f',
        entries: [{ name: 'good', kind: 'file' }],
        gap: { reason: 'failed', path: '/home/ann/f', detail: 'name-not-utf8' },
      },
    })
  })

  test('no file stays open, whatever happens', () => {
    const { host, reach } = homeOf({
      '/home/ann/a': 'text',
      '/home/ann/big': { bytes: 10_000 },
      '/home/ann/f/x': '',
    })
    reach.read('/home/ann/a', 100)
    reach.read('/home/ann/big', 100)
    reach.list('/home/ann/f')
    expect(() =>
      reach.open('/home/ann/a', () => {
        throw new TypeError('a bug')
      }),
    ).toThrow('a bug')
    expect(host.openFiles()).toBe(0)
  })
})

test('a reach over the whole disk sees the root folder itself', () => {
  const host = fakeHost({ files: { '/srv/a': 'text' } })
  const reach = host.files.reach({ roots: [{ path: '/', owners: null }] })
  expect([reach.stat('/').ok, reach.stat('/srv').ok, reach.read('/srv/a', 10).ok]).toEqual([true, true, true])
})
