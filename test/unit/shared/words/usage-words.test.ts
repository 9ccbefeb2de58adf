// What counts as the use of a tool, in words, from how its traces are read.
import { describe, expect, test } from 'vitest'
import { tools } from '#shared/catalogue.ts'
import type { Tool } from '#shared/tool.ts'
import { wordsOf } from '#shared/words.ts'
import { phraseText } from '#shared/words/phrase.ts'
import { usageWords } from '#shared/words/usage-words.ts'

const words = wordsOf('en')
const trace = (rest: object) =>
  ({ place: '~/.x/*.jsonl', means: 'session', basis: 'observed', ...rest }) as NonNullable<
    Tool['signals']['trace']
  >[number]
const record = (held: object[]) => ({
  record: { format: 'json-lines', time: 'timestamp', held },
})

test.each([
  [true, [trace(record([{ key: 'type' }]))], 'always'],
  [false, [trace(record([{ key: 'type' }]))], 'not-always'],
  [null, [trace({})], 'perhaps'],
  [false, [trace({ means: 'start' })], 'never'],
  [null, [], 'not-known'],
] as const)('%j with %j is told as %s', (recordsSessions, traces, recording) => {
  const said = usageWords(words, { recordsSessions, signals: { trace: [...traces] } })
  expect(said.recording).toBe(recording)
  expect(said.summary.includes(words.tool.use.never)).toBe(['never', 'not-known'].includes(recording))
})

describe('a record that is read', () => {
  const lineOf = (held: object[], rest: object = {}) => {
    const signals = { trace: [trace({ ...record(held), ...rest })] }
    const [part] = usageWords(words, { recordsSessions: true, signals }).parts
    return part?.lines.map((line) => phraseText(line.phrase))
  }

  test.each<[object[], string]>([
    [[{ key: 'type', equals: 'assistant' }], 'A model answered where `type` is `assistant`.'],
    [[{ key: 'side', unless: true }], 'A model answered where `side` is not `true`.'],
    [[{ key: 'type', oneOf: ['a', 'b', 'c'] }], 'A model answered where `type` is `a`, `b` or `c`.'],
    [
      [
        { key: 'type', equals: true },
        { key: 'model', not: ['<synthetic>'] },
      ],
      'A model answered where `type` is `true` and `model` is there and is not `<synthetic>`.',
    ],
    [[{ key: 'text', not: [''] }], 'A model answered where `text` is not empty.'],
    [[{ key: 'text', not: [] }], 'A model answered where `text` is there.'],
  ])('with %j is told with its time and what tells an answer', (held, text) => {
    expect(lineOf(held)).toEqual([`\`~/.x/*.jsonl\`: the time is in \`timestamp\`. ${text}`])
  })

  test('says where the file is rewritten', () => {
    expect(lineOf([{ key: 'a' }], { appended: false })?.[0]).toContain('The tool rewrites the file')
  })
})

test('of every tool of the catalogue something is said, without a hole', () => {
  for (const tool of tools) {
    const { summary, parts } = usageWords(words, tool)
    const texts = [summary, ...parts.flatMap((p) => [p.about, ...p.lines.map((l) => phraseText(l.phrase))])]
    expect([tool.id, texts.filter((text) => /\{(place|key|values|time)\}/u.test(text))]).toEqual([
      tool.id,
      [],
    ])
  }
})
