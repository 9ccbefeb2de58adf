import { expect, test } from 'vitest'
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
