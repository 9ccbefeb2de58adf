import { expect, test } from 'vitest'
import { parseDarwinMounts } from '../../../../agent/parsers/darwin-mounts.ts'
import { isLocalType } from '../../../../agent/parsers/mountinfo.ts'

// The first five lines: printed by `mount` of macOS 11 or later, from Apple's "Mount a live version of the system volume" as quoted in
// public repositories, looked at 2026-11-23. The others: forms of mount(8), as test cases of public projects have them; the last one
// printed by a macOS in VMware (facter 4.10.0, spec/fixtures/macosx_filesystems).
const mounts = `/dev/disk4s5s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk4s4 on /System/Volumes/VM (apfs, local, noexec, journaled, noatime, nobrowse)
/dev/disk4s2 on /System/Volumes/Preboot (apfs, local, journaled, nobrowse)
/dev/disk4s1 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
//guest@My%20NAS._smb._tcp.local/Photo%20Library on /Volumes/Photo Library (smbfs, nodev, nosuid, mounted by julius)
truenas:/mnt/tank/photos on /Volumes/photos (nfs, nodev, nosuid, mounted by julius)
ann@host:/ on /Users/ann/far (macfuse, local, synchronous)
.host:/VMware Shared Folders on /Volumes/VMware Shared Folders (vmhgfs)
`

test('mounts: what is on this machine’s own disks, and what may wait for somebody else', () => {
  expect(parseDarwinMounts(mounts).map(({ point, type }) => [point, isLocalType(type)])).toEqual([
    ['/', true],
    ['/dev', false],
    ['/System/Volumes/VM', true],
    ['/System/Volumes/Preboot', true],
    ['/System/Volumes/Data', true],
    ['/System/Volumes/Data/home', false],
    ['/Volumes/Photo Library', false],
    ['/Volumes/photos', false],
    ['/Users/ann/far', false],
    ['/Volumes/VMware Shared Folders', false],
  ])
})
