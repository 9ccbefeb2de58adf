import { describe, expect, test } from 'vitest'
import { isLocalType, parseMountinfo } from '../../../../agent/parsers/mountinfo.ts'

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
      { point: '/proc', type: 'proc' },
      { point: '/', type: 'ext4' },
      { point: '/run/netns/labobs', type: 'nsfs' },
      { point: '/home/ann/my files', type: 'fuse.sshfs' },
      { point: '/mnt/tab\there', type: 'nfs4' },
    ])
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
