// What `npm start` prints of what was found.
import { expect, test } from 'vitest'
import { wordsOf } from '#shared/words.ts'
import { foundLines } from '../../../installers/found-table.ts'

const words = wordsOf('en')

test('one line a tool, in plain words', () => {
  const lines = foundLines(
    {
      host: 'laptop',
      coverage: 'attested',
      gaps: 2,
      tools: [
        {
          name: 'Claude Code',
          account: 'alice',
          state: 'used',
          running: true,
          finding: { status: 'suspected', reasons: ['found-not-witnessed'], since: 1 },
        },
        { name: 'pi', account: null, state: 'installed', running: false, finding: null },
      ],
    },
    words,
  )
  expect(lines).toEqual([
    'Found on laptop:',
    '',
    '  Tool         Account    State          Verdict',
    `  Claude Code  alice      Used, running  Suspected: ${words.reason['found-not-witnessed']}`,
    '  pi           (machine)  Installed      no finding',
    '',
    '  2 places could not be looked at: see Coverage in the dashboard.',
  ])
})

test('nothing found is said', () => {
  expect(foundLines({ host: 'laptop', coverage: null, gaps: 0, tools: [] }, words)).toContain(
    '  No AI coding tool was found.',
  )
})

test('a name can neither hide nor reorder anything', () => {
  const tool = { name: 'x', account: 'a\u202eb', state: 'used', running: false, finding: null }
  const text = foundLines({ host: 'h', coverage: null, gaps: 0, tools: [tool] }, words).join('\n')
  expect(text).toContain(String.raw`a\u{202e}b`)
  expect(text).not.toContain('\u202e')
})
