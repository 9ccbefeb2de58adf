// Regular expressions of the product meet what users and hostile devices wrote. One whose cost grows with the square of a text's
// length keeps the agent busy for hours over one file; here each is analysed, none is run.
import { analyse } from 'scslre'
import { parseSync } from 'vite'
import { expect, test } from 'vitest'
import { codeFiles, readText } from '../helpers/repository.ts'

/** Those that only ever meet texts that cannot be long, or that nobody but the administrator writes: with what says so. */
const bounded: Readonly<Record<string, string>> = {
  'agent/cli/table.ts': 'a cell of a table: names and sentences',
  'agent/collectors/package-windows.ts': 'a name of Windows, of 255 characters at most',
  'agent/parsers/editor-extensions.ts': 'the name of a folder',
  'agent/parsers/ioreg.ts': 'what ioreg of macOS answers',
  'agent/parsers/settings-lines.ts': 'the administrator’s own file',
  'agent/platform/notification-center.ts': 'what defaults of macOS answers',
  'agent/state/database.ts': 'the declarations of this file',
}

interface Pattern {
  readonly source: string
  readonly flags: string
}

/** Of all literals in a source; those that are put together at run time are not seen. */
function patternsIn(file: string): readonly Pattern[] {
  const found: Pattern[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('regex' in node && node.regex !== undefined) {
      const { pattern, flags } = node.regex as { pattern: string; flags: string } // ESTree's
      found.push({ source: pattern, flags })
      return
    }
    for (const inner of Object.values(node)) visit(inner)
  }
  visit(parseSync(file, readText(file)).program)
  return found
}

/** Whether the cost of looking for it can grow faster than the text. */
function isSlow(pattern: Pattern): boolean {
  return analyse(pattern, { assumeRejectingSuffix: false }).reports.length > 0
}

const files = codeFiles().filter((path) => /^(?:agent|server|shared)\/.*\.tsx?$/.test(path))

test('no pattern takes time that grows faster than what it looks at, but for those that meet short texts alone', () => {
  const slow = files.flatMap((file) =>
    patternsIn(file)
      .filter(isSlow)
      .map(({ source }) => `${file} /${source}/`),
  )
  expect(slow.filter((line) => !Object.keys(bounded).some((file) => line.startsWith(`${file} `)))).toEqual([])
  // What is no exception any more leaves the list.
  expect(Object.keys(bounded).filter((file) => !slow.some((line) => line.startsWith(`${file} `)))).toEqual([])
})

test.each([
  ['a run that is given back piece by piece', /\s+$/],
  ['two runs that can take each other’s part', /^a\s*(.*?)\s*b$/],
  ['nested repetition', /^(?:a+)+b/],
])('%s is seen', (_, { source, flags }) => {
  expect(isSlow({ source, flags })).toBe(true)
})

test('there are patterns to look at, and each source that puts one together at run time is known', () => {
  expect(files.flatMap(patternsIn).length).toBeGreaterThan(200)
  expect(files.filter((file) => /new RegExp\(|[^.\w]RegExp\(/.test(readText(file)))).toEqual([])
})
