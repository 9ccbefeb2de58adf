import { describe, expect, test } from 'vitest'
import { parseLsof, parsePs } from '../../../../agent/parsers/darwin-processes.ts'

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

// Real output, though of Linux: ps of procps-ng 4.0.2 and lsof 4.95.0 with the very arguments of the agent, on Debian 12,
// 2026-11-24; a folder has another name here, and the last process of lsof's was asked for as another account.
describe('the same programs of another system, as they answered', () => {
  test('ps', () => {
    const text = `    1     0     0 Mon Nov 23 22:24:05 2026 process_api
30466 30462     0 Tue Nov 24 04:13:34 2026 my tool
30478 30476 65534 Tue Nov 24 04:13:35 2026 sleep
`
    expect(parsePs(text)).toEqual([
      {
        pid: 1,
        parentPid: 0,
        uid: '0',
        startedAt: Date.UTC(2026, 10, 23, 22, 24, 5),
        title: 'process_api',
      },
      {
        pid: 30466,
        parentPid: 30462,
        uid: '0',
        startedAt: Date.UTC(2026, 10, 24, 4, 13, 34),
        title: 'my tool',
      },
      {
        pid: 30478,
        parentPid: 30476,
        uid: '65534',
        startedAt: Date.UTC(2026, 10, 24, 4, 13, 35),
        title: 'sleep',
      },
    ])
  })

  test('lsof, and a reason in a path’s place is no path', () => {
    const text = `p30466
fcwd
n/srv
ftxt
n/srv/a folder/my tool
p30478
fcwd
n/proc/30478/cwd (readlink: Permission denied)
ftxt
n/proc/30478/exe (readlink: Permission denied)
`
    expect([...parseLsof(text)]).toEqual([
      [30466, { executable: '/srv/a folder/my tool', cwd: '/srv' }],
      [30478, { executable: null, cwd: null }],
    ])
  })
})
