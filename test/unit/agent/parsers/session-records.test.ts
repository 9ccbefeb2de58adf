import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  readyShape,
  recordsOfJson,
  sessionOfLines,
  thinned,
  timeOf,
  timesOfLines,
  timesOfRecords,
} from '../../../../agent/parsers/session-records.ts'
import { tools } from '../../../../shared/catalogue.ts'
import type { RecordShape } from '../../../../shared/tool.ts'

const fixtures = new URL('../../../fixtures/traces/', import.meta.url)

const shape: RecordShape = {
  format: 'json-lines',
  time: 'at',
  held: [
    { key: 'type', equals: 'assistant' },
    { key: 'message.model', not: ['<synthetic>'] },
  ],
}
const ready = readyShape(shape)
const second = 1_795_380_000_000
const line = (value: unknown) => `${JSON.stringify(value)}\n`
const held = (n: number) => line({ at: second + n, type: 'assistant', message: { model: 'm' } })

function shapeOf(tool: string, format: RecordShape['format']): RecordShape {
  const records =
    tools.find(({ id }) => id === tool)?.signals.trace?.flatMap((trace) => trace.record ?? []) ?? []
  const record = records.find((one) => one.format === format)
  if (record === undefined) throw new Error(`the catalogue has no ${format} record of ${tool}`)
  return record
}

describe('captured sessions of real tools', () => {
  const files = readdirSync(fixtures, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'opencode')
    .flatMap(({ name: tool }) =>
      readdirSync(new URL(`${tool}/`, fixtures))
        .filter((file) => file.endsWith('.jsonl'))
        .map((file) => [tool, file] as const),
    )

  test.each(files)('%s: %s is held exactly when it is a use', (tool, file) => {
    const bytes = readFileSync(new URL(`${tool}/${file}`, fixtures))

    const times = timesOfLines(readyShape(shapeOf(tool, 'json-lines')), bytes, false)

    expect(times.heldAt.length > 0).toBe(/(?:^|-)use/.test(file))
    expect(times.beganAt).not.toBe(null)
    expect(times.consumed).toBe(bytes.length)
    for (const time of times.heldAt) expect(time).toBeGreaterThanOrEqual(times.beganAt ?? Infinity)
  })
})

describe('lines', () => {
  test('held times in order, the first time of any line, and where reading goes on', () => {
    const text =
      line({ type: 'start', at: second }) +
      held(1000) +
      line({ at: second + 1500, type: 'user' }) +
      held(2000)
    expect(timesOfLines(ready, Buffer.from(text), false)).toEqual({
      heldAt: [second + 1000, second + 2000],
      beganAt: second,
      consumed: Buffer.byteLength(text),
    })
  })

  test('a cut first line is passed over, a cut last line is left for the next time', () => {
    const text = `${held(0).slice(20)}${held(1000)}{"at":17953`
    const times = timesOfLines(ready, Buffer.from(text), true)
    expect(times.heldAt).toEqual([second + 1000])
    expect(times.consumed).toBe(Buffer.byteLength(text) - '{"at":17953'.length)
  })

  test('a whole last line without an end counts already, and is read again', () => {
    const text = held(0) + held(1000).trimEnd()
    const times = timesOfLines(ready, Buffer.from(text), false)
    expect(times).toEqual({ heldAt: [second, second + 1000], beganAt: second, consumed: held(0).length })
  })

  test.each<[string, string]>([
    [
      'the synthetic model of an attempt',
      line({ at: second, type: 'assistant', message: { model: '<synthetic>' } }),
    ],
    ['no model', line({ at: second, type: 'assistant', message: {} })],
    ['a null model', line({ at: second, type: 'assistant', message: { model: null } })],
    [
      'the word in another place',
      line({ at: second, type: 'user', text: '"assistant"', message: { model: 'm' } }),
    ],
    ['an inherited key', line({ at: second, type: 'assistant', message: { __proto__: null } })],
    ['no time', line({ type: 'assistant', message: { model: 'm' } })],
    ['a time in words', line({ at: 'yesterday', type: 'assistant', message: { model: 'm' } })],
    ['no JSON', '{"type":"assistant","message":{"model":"m"},"at":1795380000000\n'],
    ['control characters', '\u0000\u001b[2J"assistant"\n'],
    ['an empty file', ''],
  ])('%s: not held', (_title, text) => {
    expect(timesOfLines(ready, Buffer.from(text), false).heldAt).toEqual([])
  })

  test.each([
    ['absent', {}, true],
    ['another', { side: false }, true],
    ['null', { side: null }, true],
    ['the one that it must not be', { side: true }, false],
  ])('with a key that is %s: held or not', (_, change, isHeld) => {
    const careful = readyShape({ ...shape, held: [...shape.held, { key: 'side', unless: true }] })
    const text = line({ at: second, type: 'assistant', message: { model: 'm' }, ...change })
    expect(timesOfLines(careful, Buffer.from(text), false).heldAt).toEqual(isHeld ? [second] : [])
  })

  test.each<[string, string, string | null]>([
    ['the first line that names it', line({ s: 1 }) + line({ s: 'one' }) + line({ s: 'two' }), 'one'],
    ['none where no line does', line({ at: second }) + 'no JSON\n', null],
    ['none in a name too long to be one', line({ s: 'x'.repeat(257) }), null],
  ])('belong to the session of %s', (_, text, session) => {
    expect(sessionOfLines(readyShape({ ...shape, session: 's' }), Buffer.from(text))).toBe(session)
    expect(sessionOfLines(ready, Buffer.from(text))).toBeNull()
  })

  test('deep and long lines cost no more than a look', () => {
    const deep = `{"type":"assistant","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`
    const long = `{"type":"assistant","x":"${'y'.repeat(20_000_000)}"}\n`
    expect(timesOfLines(ready, Buffer.from(deep + long + held(0)), false).heldAt).toEqual([second])
  })
})

describe('times', () => {
  test.each<[unknown, number | null]>([
    ['2026-11-22T20:47:34.510Z', Date.UTC(2026, 10, 22, 20, 47, 34, 510)],
    ['2026-11-22T20:47:34+08:00', Date.UTC(2026, 10, 22, 12, 47, 34)],
    [1_795_380_000, 1_795_380_000_000],
    [1_795_380_000.5, 1_795_380_000_500],
    [1_795_380_000_123, 1_795_380_000_123],
    ['1795380000123', 1_795_380_000_123],
    [1_795_380_000_123n, 1_795_380_000_123],
    ['2026-11-22', null],
    ['2026-11-22T20:47:34', null],
    ['Sunday', null],
    [0, null],
    [-5, null],
    [Number.NaN, null],
    [9e15, null],
    [null, null],
    [{}, null],
    ['9'.repeat(100), null],
  ])('%s', (value, expected) => {
    expect(timeOf(value)).toBe(expected)
  })

  const minute = 60_000
  test.each<[string, number[], number[]]>([
    ['none', [], []],
    ['one', [5], [5]],
    ['the last exactly', [0, 1, 2, 3], [0, 3]],
    [
      'one per ten minutes between',
      [0, 5 * minute, 10 * minute, 19 * minute, 21 * minute, 22 * minute],
      [0, 10 * minute, 21 * minute, 22 * minute],
    ],
    ['out of order and twice', [7, 0, 7], [0, 7]],
  ])('thinned: %s', (_title, times, expected) => {
    expect(thinned(times)).toEqual(expected)
  })
})

describe('whole files of JSON', () => {
  const content = {
    a: { list: [{ t: second, type: 'assistant', message: { model: 'm' } }, { t: second - 5 }, 'text'] },
  }
  const inside = readyShape({ ...shape, time: 't' })

  test('records at a dotted key', () => {
    const records = recordsOfJson(Buffer.from(JSON.stringify(content)), 'a.list')
    expect(timesOfRecords(inside, records ?? [])).toEqual({ heldAt: [second], beganAt: second - 5 })
  })

  test.each([
    ['{"a":1}', 'a.list'],
    ['{', 'a.list'],
    ['{"a":{"list":{}}}', 'a.list'],
    ['{}', undefined],
  ])('%s has no records at %s', (text, key) => {
    expect(recordsOfJson(Buffer.from(text), key)).toBe(null)
  })
})
