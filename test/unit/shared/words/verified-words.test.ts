// What came of installing and starting a tool for the catalogue, in words.
import { expect, test } from 'vitest'
import type { Verified } from '#shared/tool.ts'
import { wordsOf } from '#shared/words.ts'
import { phraseText } from '#shared/words/phrase.ts'
import { verifiedWords } from '#shared/words/verified-words.ts'

const words = wordsOf('en')
const verified = (packages: Verified['packages']): Verified => ({
  on: '2026-11-23',
  system: 'Debian 12, x64',
  packages,
})
const said = (packages: Verified['packages']) =>
  verifiedWords(words, verified(packages)).packages.map((one) => one.map(phraseText))

test('an installation is told step by step', () => {
  expect(phraseText(verifiedWords(words, verified([])).head)).toBe(
    'Installed and started by the project on 2026-11-23, on Debian 12, x64:',
  )
  expect(
    said([
      {
        name: 'x',
        outcome: 'installed',
        version: '1.2.3',
        with: ['x-linux'],
        commands: { x: 'answered', y: 'needs-network' },
        use: 'answered',
        touched: { version: ['~/.x/', '~/.xrc'], use: ['~/.x/s.jsonl'] },
        detected: true,
      },
    ]),
  ).toEqual([
    [
      'The npm package `x` was installed.',
      'Version 1.2.3.',
      'With it came `x-linux`.',
      'The command `x` answered when it was asked for its version.',
      'The command `y` needs a network to tell its version.',
      'One prompt was answered, by a stand-in for the model.',
      'Installing it touched no file in the home.',
      'Asking for the version made or changed `~/.x/` and `~/.xrc`.',
      'The prompt made or changed `~/.x/s.jsonl`.',
      'The agent recognised it, and nothing else, after each step.',
    ],
  ])
})

test('an installation that failed says why, and nothing of what never was', () => {
  expect(said([{ name: 'x', outcome: 'install-failed', why: 'It needs a compiler.' }])).toEqual([
    ['The npm package `x` could not be installed.', 'It needs a compiler.'],
  ])
})
