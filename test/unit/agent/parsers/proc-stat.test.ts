import { describe, expect, test } from 'vitest'
import {
  isEnded,
  isKernelThread,
  parseBootTime,
  parseCmdline,
  parseEnvironment,
  parseProcStat,
} from '../../../../agent/parsers/proc-stat.ts'

describe('/proc/PID/stat', () => {
  // Linux 6.18, a program that was renamed to `a) (b` on purpose, 2026-11-22.
  const line =
    '4741 (a) (b) S 1 4741 4741 0 -1 4194304 8642 0 0 0 31 9 0 0 20 0 11 0 87535 1318297600 14336 18446744073709551615 ' +
    '4194304 100 140724 0 0 0 0 16781312 134234626 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n'

  test('a name with parentheses does not shift the fields', () => {
    const stat = parseProcStat(line)
    expect(stat).toMatchObject({
      name: 'a) (b',
      parentPid: 1,
      startTicks: 87_535,
      startCode: 4_194_304,
      startStack: 140_724,
    })
    expect(stat !== null && (isKernelThread(stat) || isEnded(stat))).toBe(false)
  })

  test.each<[string, string, string, boolean]>([
    ['another name', 'a) (b', 'a) (c', true],
    ['another start', ' 87535 ', ' 87536 ', true],
    ['another stack', ' 140724 ', ' 140725 ', true],
    ['more memory', ' 14336 ', ' 99999 ', false],
  ])('%s tells another program: %s', (_title, from, to, expected) => {
    const identity = (text: string) => {
      const { name, startTicks, startCode, startStack } = parseProcStat(text) ?? {}
      return [name, startTicks, startCode, startStack]
    }
    const isOther = JSON.stringify(identity(line)) !== JSON.stringify(identity(line.replace(from, to)))
    expect(isOther).toBe(expected)
  })

  test('kernel threads and ended processes are told', () => {
    // Linux 6.18: kthreadd, 2026-11-22.
    const kernel = parseProcStat(
      '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 2 0 0 0 0 0 0 0 0 0 0 0\n',
    )
    const ended = parseProcStat(line.replace(') S ', ') Z '))
    expect([kernel !== null && isKernelThread(kernel), ended !== null && isEnded(ended)]).toEqual([
      true,
      true,
    ])
  })

  test.each(['', '12', '12 (x', '12 (x) S 1', 'x (y) S 1 2 3'])('%j is no such line', (text) => {
    expect(parseProcStat(text)).toBe(null)
  })
})

describe('/proc/PID/cmdline', () => {
  test.each<[string, string, readonly string[]]>([
    ['arguments are kept exactly', 'node\0-e\0\0a b\0', ['node', '-e', '', 'a b']],
    ['a process without any', '', []],
    ['npm’s own title is one argument', 'npm exec @scope/name\0', ['npm exec @scope/name']],
    ['a title padded with NULs', 'pi\0\0\0\0\0', ['pi']],
    ['a title without an end', 'pi', ['pi']],
  ])('%s', (_title, text, expected) => {
    expect(parseCmdline(text)).toEqual(expected)
  })
})

test('of an environment only wanted names become text, and values only of folders', () => {
  const block = Buffer.from('A=1\0TOKEN=secret\0HOME_OF=/data/x=y\0A_LONGER=2\0=odd\0NOVALUE\0EMPTY=\0')
  const names = new Set(['A', 'EMPTY', 'NOVALUE', 'TOKE'])

  expect(parseEnvironment(block, names, new Set(['HOME_OF']))).toEqual({
    names: ['A', 'EMPTY'],
    folders: [['HOME_OF', '/data/x=y']],
  })
})

test('the time of the start of the machine', () => {
  expect(parseBootTime('cpu 1 2\nbtime 1795379244\nprocesses 5\n')).toBe(1_795_379_244_000)
  expect(parseBootTime('cpu 1 2\n')).toBe(null)
})
