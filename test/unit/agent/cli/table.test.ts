import { describe, expect, test } from 'vitest'
import { paragraph, renderTable, widthOf, wrap } from '../../../../agent/cli/table.ts'

const plain = { columns: null, colour: false, language: 'en' as const }
const columns = [{ title: 'Tool' }, { title: 'Why', wraps: true }]
const rows = [
  [{ text: 'pi' }, { text: 'It was found in a file.' }],
  [{ text: 'Claude Code' }, { text: 'Seen.' }],
]

describe('a table', () => {
  test('is aligned, with no space at the end of a line', () => {
    expect(renderTable(columns, rows, plain)).toBe(
      ['Tool         Why', 'pi           It was found in a file.', 'Claude Code  Seen.', ''].join('\n'),
    )
  })

  test('wraps its one column to the terminal', () => {
    expect(renderTable(columns, rows, { columns: 30, colour: false, language: 'en' as const })).toBe(
      [
        'Tool         Why',
        'pi           It was found in a',
        '             file.',
        'Claude Code  Seen.',
        '',
      ].join('\n'),
    )
  })

  test('stays readable in a terminal that is too narrow', () => {
    const widths = renderTable(columns, rows, { columns: 5, colour: false, language: 'en' as const })
      .split('\n')
      .map(widthOf)
    expect(Math.max(...widths)).toBeLessThanOrEqual('Claude Code  '.length + 16)
  })

  test('aligns wide and combining characters by the columns they take', () => {
    const text = renderTable(
      columns,
      [
        [{ text: '通义灵码' }, { text: 'a' }],
        [{ text: 'e\u0301' }, { text: 'b' }],
      ],
      plain,
    )
    expect(text.split('\n').slice(1, 3)).toEqual(['通义灵码  a', 'e\u0301         b'])
  })

  test('lets no control character of a device through', () => {
    const text = renderTable(columns, [[{ text: '\u001B[2Jpi\n' }, { text: 'a\u202Eb\r' }]], plain)
    expect(text).toBe('Tool              Why\n\\u{1b}[2Jpi\\u{a}  a\\u{202e}b\\u{d}\n')
  })

  test('is coloured where that is wanted, and nowhere else', () => {
    const cells = [[{ text: 'pi', style: 'red' as const }, { text: 'x' }]]
    expect(renderTable(columns, cells, { columns: null, colour: true, language: 'en' as const })).toContain(
      '\u001B[31mpi  \u001B[0m',
    )
    expect(renderTable(columns, cells, plain)).not.toContain('\u001B')
  })
})

test.each([
  ['one two three', 7, ['one two', 'three']],
  ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
  ['one abcdefgh', 4, ['one', 'abcd', 'efgh']],
  ['short', 80, ['short']],
])('"%s" in %d columns', (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines)
})

test('a paragraph is wrapped with its indent', () => {
  expect(
    paragraph('one two three four five', { columns: 22, colour: false, language: 'en' as const }, '  '),
  ).toBe('  one two three four\n  five\n')
})
