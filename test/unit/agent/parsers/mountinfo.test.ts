import { describe, expect, test } from 'vitest'
import { accessTimesAt, isLocalType, parseMountinfo } from '../../../../agent/parsers/mountinfo.ts'

describe('mountinfo', () => {
  // Debian 12, Linux 6.18, `cat /proc/self/mountinfo`, 2026-11-22; the last three written after proc(5).
  const captured = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard,resuid=65534
43 42 0:4 net:[4026532177] /run/netns/labobs rw shared:2 - nsfs nsfs rw
90 27 0:50 / /home/ann/my\\040files rw shared:5 master:2 - fuse.sshfs ann@host:/ rw,user_id=1000
91 27 0:51 / /mnt/tab\\011here rw - nfs4 server:/export rw

`

  test('points are unescaped, types stand after the dash', () => {
    expect(parseMountinfo(captured)).toEqual([
      { point: '/proc', type: 'proc', accessTimes: 'daily' },
      { point: '/', type: 'ext4', accessTimes: 'daily' },
      { point: '/run/netns/labobs', type: 'nsfs', accessTimes: 'always' },
      { point: '/home/ann/my files', type: 'fuse.sshfs', accessTimes: 'always' },
      { point: '/mnt/tab\there', type: 'nfs4', accessTimes: 'always' },
    ])
  })

  test.each([
    ['/etc/passwd', 'daily'],
    ['/quiet/file', 'never'],
    ['/quiet', 'never'],
    ['/quieter/file', 'daily'],
    ['/quiet/exact/file', 'always'],
    ['/sealed/file', 'never'],
    // Of two mounts on one point the later one is on top.
    ['/twice/file', 'always'],
  ] as const)('what the mount of %s keeps of accesses: %s', (path, expected) => {
    const mounts = parseMountinfo(`27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
28 27 0:60 / /quiet rw,nosuid,noatime - ext4 /dev/vdb rw
29 28 0:61 / /quiet/exact rw - tmpfs tmpfs rw
30 27 0:62 / /sealed ro,relatime - squashfs /dev/loop0 ro
31 27 0:63 / /twice rw,noatime - ext4 /dev/vdc rw
32 27 0:64 / /twice rw - tmpfs tmpfs rw
`)
    expect(accessTimesAt(mounts, path)).toBe(expected)
  })

  test('where no mount is known nothing is', () => {
    expect(accessTimesAt([], '/etc/passwd')).toBeNull()
  })

  test.each([
    ['ext4', true],
    ['fuseblk', true],
    ['overlay', true],
    ['nfs', false],
    ['fuse.rclone', false],
    ['9p', false],
    ['unheard-of', false],
  ])('%s is local: %s', (type, expected) => {
    expect(isLocalType(type)).toBe(expected)
  })
})
