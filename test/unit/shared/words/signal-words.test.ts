// Signals in sentences: one for each that the matcher can name, whole, and the same for every reader.
import { describe, expect, test } from 'vitest'
import { toolFile } from '#shared/catalogue-files.ts'
import { toolIds, tools } from '#shared/catalogue.ts'
import { matcherOf } from '#shared/match.ts'
import { Platform, type Signals } from '#shared/tool.ts'
import { wordsOf } from '#shared/words.ts'
import { phraseText } from '#shared/words/phrase.ts'
import {
  countryText,
  evidenceWords,
  historyText,
  movedHomeWords,
  signalGroups,
  systemsText,
} from '#shared/words/signal-words.ts'
import { caseHome, completeCase } from '../../../helpers/case-observation.ts'

const words = wordsOf('en')
const rests = { basis: 'observed' } as const

test.each<[Signals, string, string]>([
  [
    { package: [{ manager: 'npm', name: '@example/cli', ...rests }] },
    'package:npm:@example/cli',
    'The npm package `@example/cli`',
  ],
  [
    { app: [{ idKind: 'bundle', id: 'com.example', teamId: 'ABCDE12345', ...rests }] },
    'app:bundle:com.example',
    'The macOS application with the bundle id `com.example`, signed by the team `ABCDE12345`',
  ],
  [
    { extension: [{ host: 'jetbrains', id: 'com.Example', ...rests }] },
    'extension:jetbrains:com.example',
    'The plugin `com.Example` of JetBrains IDEs',
  ],
  [
    { executable: [{ place: '/opt/example/bin/x', minBytes: 50_000_000, ...rests }] },
    'executable:/opt/example/bin/x',
    'The program `/opt/example/bin/x`, if it has at least 50 MB',
  ],
  [{ command: [{ name: 'x', ...rests }] }, 'command:x', 'The command `x`'],
  [
    { trace: [{ place: '~/.x/log', means: 'start', ...rests }] },
    'trace:~/.x/log',
    'The file `~/.x/log`, which a start leaves',
  ],
  [{ config: [{ place: '~/.x.json', ...rests }] }, 'config:~/.x.json', 'The file `~/.x.json`'],
  [
    { mcp: [{ place: '~/.x.json', format: 'json', key: 'mcpServers', ...rests }] },
    'mcp:~/.x.json',
    'The table `mcpServers` of the file `~/.x.json`',
  ],
  [
    { build: [{ name: 'x', format: 'bun', holds: ['a text'], ...rests }] },
    'build:x',
    'A program that was built as `x`',
  ],
  [
    { build: [{ name: 'x', format: 'signed', entry: 'com.example', holds: ['ABCDE12345'], ...rests }] },
    'build:x',
    'A program that `ABCDE12345` signed as `com.example`',
  ],
  [{ title: [{ name: 'x', ...rests }] }, 'title:x', 'A process that calls itself `x`'],
  [{ environment: [{ name: 'X', ...rests }] }, 'environment:X', 'The variable `X`'],
])('of %j the code is %s and the sentence “%s”', (signals, code, sentence) => {
  const lines = signalGroups(words, signals).flatMap((group) => group.lines)
  expect(lines.map((line) => [line.signal, phraseText(line.phrase)])).toEqual([[code, sentence]])
})

describe('of the whole catalogue', () => {
  test('every signal has a sentence, and none has a hole', () => {
    for (const tool of tools) {
      const lines = signalGroups(words, tool.signals).flatMap((group) => group.lines)
      // Two builds of one program, told apart by what is inside, are one line to people; of an AppImage the name is told.
      const builds = tool.signals.build ?? []
      const told = new Set(
        builds.map(({ name, format, platforms, basis, entry }) =>
          JSON.stringify([
            name,
            platforms,
            basis,
            format === 'appimage' || format === 'signed' ? entry : format,
          ]),
        ),
      )
      const count = Object.values(tool.signals).flat().length - builds.length + told.size
      expect([tool.id, lines.length]).toEqual([tool.id, count])
      const texts = lines.map((line) => phraseText(line.phrase))
      expect(
        texts.filter((text) => !/^(The|A) /u.test(text) || /\{(name|id|place|key|size|team)\}/u.test(text)),
      ).toEqual([])
    }
  })

  test('every piece of evidence that the matcher gives in a case has its sentence', async () => {
    const matchers = Platform.options.map((platform) => matcherOf(tools, platform))
    const files = (await Promise.all(toolIds.map(toolFile))).filter((file) => file !== null)
    const silent = files.flatMap((file) =>
      file.cases.match
        .flatMap((one) => one.observations.map(completeCase))
        .flatMap((o) => matchers.flatMap((matcher) => matcher.match(o, caseHome(o.account))))
        .filter(({ tool }) => tool === file.id)
        .map(({ evidence }) => evidence.signal)
        .filter((signal) => evidenceWords(words, file.signals, signal) === null),
    )
    expect(silent).toEqual([])
  })
})

test('a server that an agent is set up to start is named by its package', () => {
  const signals = { package: [{ manager: 'npm' as const, name: 'x', ...rests }] }
  const said = evidenceWords(words, signals, 'mcp-server:package:npm:x')
  expect(said === null ? null : phraseText(said)).toBe(
    'The npm package `x`, which an agent is set up to start as a server',
  )
  expect(evidenceWords(words, signals, 'package:npm:other')).toBeNull()
})

test('systems are listed as in speech, and not at all where it is all of them', () => {
  expect(systemsText(words, ['linux', 'darwin', 'windows'])).toBe('on Linux, macOS and Windows')
  expect(systemsText(words, null)).toBeNull()
})

test('a variable that moves a folder is told with the folder', () => {
  expect(phraseText(movedHomeWords(words, { variable: 'X_HOME', place: '~/.x' }))).toBe(
    'The variable `X_HOME` moves `~/.x`, with all that is named below it here.',
  )
})

test('what became of a tool is told in order', () => {
  const tool = {
    renamedFrom: [{ name: 'Old', until: '2025-01' }],
    successor: { id: 'new', since: '2026-02-03' },
    ended: '2026-05',
  }
  expect(historyText(words, tool, () => 'New')).toEqual([
    'Called Old until 2025-01.',
    'Followed by New since 2026-02-03.',
    'No longer offered or maintained since 2026-05. What is installed may go on.',
  ])
  expect(historyText(words, {}, () => 'New')).toEqual([])
})

test.each([
  ['US', 'United States (US)'],
  ['QZ', 'QZ'],
  [null, 'not known'],
])('the country %j is called %s', (country, text) => {
  expect(countryText(words, country, 'en')).toBe(text)
})
