import { expect, test } from 'vitest'
import {
  parseSnapshot,
  splitCommandLine,
  startedProgram,
} from '../../../../agent/parsers/windows-snapshot.ts'

// The table of learn.microsoft.com, "Results of parsing command lines", looked at 2026-11-23, and the rules of the program's name.
test.each<[string, readonly string[]]>([
  ['x "abc" d e', ['x', 'abc', 'd', 'e']],
  [String.raw`x a\\b d"e f"g h`, ['x', String.raw`a\\b`, 'de fg', 'h']],
  [String.raw`x a\\\"b c d`, ['x', String.raw`a\"b`, 'c', 'd']],
  [String.raw`x a\\\\"b c" d e`, ['x', String.raw`a\\b c`, 'd', 'e']],
  ['x a"b"" c d', ['x', 'ab" c d']],
  [String.raw`"C:\Program Files\x\" y`, [String.raw`C:\Program Files\x` + '\\', 'y']],
  [String.raw`C:\x.exe`, [String.raw`C:\x.exe`]],
  ['x  "" ', ['x', '']],
  ['', ['']],
])('%s', (line, words) => {
  expect(splitCommandLine(line)).toEqual(words)
})

test.each<[string, string]>([
  [String.raw`"C:\Program Files\a b.exe" /x c.exe`, String.raw`C:\Program Files\a b.exe`],
  [String.raw`C:\Program Files\a b\c.EXE /x d.exe`, String.raw`C:\Program Files\a b\c.EXE`],
  [String.raw`C:\Program Files\a.exec\b.cmd`, String.raw`C:\Program Files\a.exec\b.cmd`],
  [String.raw`C:\bin\tool --watch`, String.raw`C:\bin\tool`],
  ['', ''],
])('what %s starts', (command, program) => {
  expect(startedProgram(command)).toBe(program)
})

// Hand-written after the answer of `processScript`: nothing captured on Windows.
test('letters of any language come through, and what is no answer is none', () => {
  const row = {
    pid: 1,
    parentPid: null,
    name: 'x.exe',
    path: 'C:\\王\\x.exe',
    line: null,
    startedAt: null,
    owner: '',
  }
  const answer = Buffer.from(JSON.stringify({ processes: [row], drives: [] })).toString('base64')
  expect(parseSnapshot(`${answer}\r\n`)?.processes).toEqual([{ ...row, owner: null }])
  for (const text of ['', 'x', Buffer.from('{"processes":1}').toString('base64')])
    expect(parseSnapshot(text)).toBeNull()
})
