import { describe, expect, test } from 'vitest'
import { maxUnitBytes, parseCrontab, parseUnit } from '../../../../agent/parsers/autostart.ts'

describe('what a unit starts', () => {
  test.each<[string, string, string[]]>([
    ['a service', '[Service]\nExecStart=/opt/x/tool serve --port 1\n', ['/opt/x/tool']],
    ['in the account’s home', '[Service]\nExecStart=%h/.local/bin/tool\n', ['%h/.local/bin/tool']],
    ['with prefixes and quotes', 'ExecStartPre=-@/a/b x\nExecStart="/a b/tool" x\n', ['/a/b', '/a b/tool']],
    ['a bare name', 'ExecStart=tool\n', []],
    ['a comment', '# ExecStart=/opt/x/tool\n', []],
    ['line ends alone, as many as are read', '\n'.repeat(maxUnitBytes), []],
  ])('%s', (_title, text, expected) => {
    expect(parseUnit(Buffer.from(text))).toEqual(expected)
  })
})

describe('what a crontab starts', () => {
  test.each<[string, string, string[]]>([
    ['at a time', '*/5 1-3 * * 1,2 /opt/x/tool -p hi > /dev/null\n', ['/opt/x/tool']],
    ['at each start', '@reboot $HOME/bin/tool\n', ['$HOME/bin/tool']],
    ['with a variable before it', '0 0 * * * DEBUG=1 /opt/x/tool\n', ['/opt/x/tool']],
    ['a variable of the crontab', 'SHELL=/bin/bash\nPATH=/usr/bin:/bin\n', []],
    ['a comment', '# 0 0 * * * /opt/x/tool\n', []],
    ['a bare name', '0 0 * * * tool\n', []],
  ])('%s', (_title, text, expected) => {
    expect(parseCrontab(Buffer.from(text))).toEqual(expected)
  })

  test('a hostile one takes no time', () => {
    expect(parseCrontab(Buffer.from(`${'* '.repeat(200_000)}\n${'1 '.repeat(200_000)}`))).toEqual([])
  })
})
