import { expect, test } from 'vitest'
import { parseDarwinMounts } from '../../../../agent/parsers/darwin-mounts.ts'
import { parseLsof, parsePs } from '../../../../agent/parsers/darwin-processes.ts'
import { parseDsclUsers } from '../../../../agent/parsers/dscl-users.ts'
import { ioregText } from '../../../../agent/parsers/ioreg.ts'
import { isLocalType } from '../../../../agent/parsers/mountinfo.ts'

// The first five lines: printed by `mount` of macOS 11 or later, from Apple's "Mount a live version of the system volume" as quoted in
// public repositories, looked at 2026-11-23. The others: forms of mount(8), as test cases of public projects have them.
const mounts = `/dev/disk4s5s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk4s4 on /System/Volumes/VM (apfs, local, noexec, journaled, noatime, nobrowse)
/dev/disk4s2 on /System/Volumes/Preboot (apfs, local, journaled, nobrowse)
/dev/disk4s1 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
//guest@My%20NAS._smb._tcp.local/Photo%20Library on /Volumes/Photo Library (smbfs, nodev, nosuid, mounted by julius)
truenas:/mnt/tank/photos on /Volumes/photos (nfs, nodev, nosuid, mounted by julius)
ann@host:/ on /Users/ann/far (macfuse, local, synchronous)
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
  ])
})

// Hand-written after dscl(1) and what public projects parse; no capture with these three attributes was found.
test('accounts: several names, a home with a space, and records without one', () => {
  const text = `NFSHomeDirectory: /var/empty
RecordName: _amavisd amavisd
UniqueID: 83
-
NFSHomeDirectory:
 /Users/ann smith
RecordName:
 ann
 ann.smith@example.com
UniqueID: 501
-
RecordName: nobody
UniqueID: -2
-
RecordName: broken
`
  expect(parseDsclUsers(text)).toEqual([
    { name: '_amavisd', uid: 83, home: '/var/empty' },
    { name: 'ann', uid: 501, home: '/Users/ann smith' },
    { name: 'nobody', uid: -2, home: null },
  ])
})

// Hand-written after ps(1) and lsof(8), "OUTPUT FOR OTHER PROGRAMS".
test('processes: titles with spaces stay whole, and a line that is none is passed over', () => {
  const text = `    1     0     0 Mon Nov  2 08:00:01 2026     /sbin/launchd
  812     1   501 Sun Nov 22 23:59:59 2026     /Applications/Visual Studio Code.app/Contents/MacOS/Electron
PID
`
  expect(parsePs(text)).toEqual([
    { pid: 1, parentPid: 0, uid: '0', startedAt: Date.UTC(2026, 10, 2, 8, 0, 1), title: '/sbin/launchd' },
    {
      pid: 812,
      parentPid: 1,
      uid: '501',
      startedAt: Date.UTC(2026, 10, 22, 23, 59, 59),
      title: '/Applications/Visual Studio Code.app/Contents/MacOS/Electron',
    },
  ])
})

test('the first text of a process is its program; what is no path says nothing', () => {
  const text =
    'p1\nfcwd\nn/\nftxt\nn/sbin/launchd\nftxt\nn/usr/lib/dyld\np2\nfcwd\nn (readlink: Permission denied)\np3\n'
  expect([...parseLsof(text)]).toEqual([
    [1, { executable: '/sbin/launchd', cwd: '/' }],
    [2, { executable: null, cwd: null }],
    [3, { executable: null, cwd: null }],
  ])
})

test('the machine’s number', () => {
  const text = `+-o J314sAP  <class IOPlatformExpertDevice, id 0x100000227, registered, matched, active, busy 0 (29 ms), retain 41>
    {
      "IOPlatformSerialNumber" = "C02XXXXXXXXX"
      "IOPlatformUUID" = "0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9"
      "clock-frequency" = <00366e01>
      "empty" = ""
    }`
  expect(ioregText(text, 'IOPlatformUUID')).toBe('0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9')
  expect(ioregText(text, 'empty')).toBeNull()
  expect(ioregText(text, 'clock-frequency')).toBeNull()
})
