// What the structural keys of session records say: when a session began and when a model answered.
// Pure. Everything else in a record is dropped as soon as it is parsed; no text leaves this module.
import type { KeyTest, RecordShape } from '#shared/tool.ts'

/** A record shape made ready: dotted keys split, and the bytes that every record of a held session must hold. */
export interface ReadyShape {
  readonly time: readonly string[]
  readonly held: readonly { readonly path: readonly string[]; readonly test: KeyTest }[]
  readonly needle: Buffer | null
  /** Key of the session that a record belongs to. */
  readonly session: readonly string[] | null
}

export interface RecordTimes {
  /** Times at which a model answered, in the order of the records. */
  readonly heldAt: readonly number[]
  /** The first time found in any record. */
  readonly beganAt: number | null
}

export interface LineTimes extends RecordTimes {
  /** Bytes up to and with the last line end: where reading goes on. */
  readonly consumed: number
}

/** Single records of real tools reach some 100 KB; with a pasted picture some megabytes. */
const maxLineBytes = 16 * 1024 * 1024
/** Lines looked at for the first time of a record, where the first ones carry none. */
const maxLinesToBegin = 100
const maxSessionName = 256
const newline = 0x0a

export function readyShape(shape: RecordShape): ReadyShape {
  const held = readyTests(shape.held)
  // A plain word that must stand in the record as it is, so that other lines need no parsing.
  const word = shape.held
    .map((test) => test.equals)
    .find((value) => typeof value === 'string' && /^[\w-]+$/.test(value))
  return {
    time: shape.time.split('.'),
    held,
    needle: word === undefined ? null : Buffer.from(`"${String(word)}"`),
    session: shape.session?.split('.') ?? null,
  }
}

/**
 * Times in a piece of a json-lines file. `skipFirst`: the piece begins inside a line, which is passed over.
 * A last line without an end is read when it parses, and counted again next time, which does no harm.
 */
export function timesOfLines(shape: ReadyShape, piece: Buffer, skipFirst: boolean): LineTimes {
  const start = skipFirst ? piece.indexOf(newline) + 1 : 0
  const consumed = piece.lastIndexOf(newline) + 1
  if (skipFirst && start === 0) return { heldAt: [], beganAt: null, consumed: 0 }
  return { heldAt: heldTimes(shape, piece, start), beganAt: firstTime(shape, piece, start), consumed }
}

function heldTimes(shape: ReadyShape, piece: Buffer, start: number): readonly number[] {
  const times: number[] = []
  let position = start
  while (position < piece.length) {
    let from = position
    if (shape.needle !== null) {
      const hit = piece.indexOf(shape.needle, position)
      if (hit < 0) break
      from = Math.max(position, piece.lastIndexOf(newline, hit) + 1)
    }
    const end = lineEnd(piece, from)
    const record = parseLine(piece, from, end)
    if (record !== undefined && isHeld(shape, record)) {
      const time = timeOf(valueAt(record, shape.time))
      if (time !== null) times.push(time)
    }
    position = end + 1
  }
  return times
}

function firstTime(shape: ReadyShape, piece: Buffer, start: number): number | null {
  let position = start
  for (let line = 0; line < maxLinesToBegin && position < piece.length; line += 1) {
    const end = lineEnd(piece, position)
    const record = parseLine(piece, position, end)
    const time = record === undefined ? null : timeOf(valueAt(record, shape.time))
    if (time !== null) return time
    position = end + 1
  }
  return null
}

/** The session that the first record which names one belongs to; null where none of the first ones does. */
export function sessionOfLines({ session }: ReadyShape, piece: Buffer): string | null {
  if (session === null) return null
  let position = 0
  for (let line = 0; line < maxLinesToBegin && position < piece.length; line += 1) {
    const end = lineEnd(piece, position)
    const name = valueAt(parseLine(piece, position, end), session)
    if (typeof name === 'string' && name !== '' && name.length <= maxSessionName) return name
    position = end + 1
  }
  return null
}

function lineEnd(piece: Buffer, from: number): number {
  const end = piece.indexOf(newline, from)
  return end < 0 ? piece.length : end
}

function parseLine(piece: Buffer, from: number, end: number): unknown {
  if (end - from < 2 || end - from > maxLineBytes) return undefined
  try {
    return JSON.parse(piece.toString('utf8', from, end))
  } catch {
    return undefined
  }
}

/** Times in parsed records, whatever they came from: an array of a json file, or rows of a table. */
export function timesOfRecords(shape: ReadyShape, records: Iterable<unknown>): RecordTimes {
  const heldAt: number[] = []
  let beganAt: number | null = null
  for (const record of records) {
    const time = timeOf(valueAt(record, shape.time))
    if (time === null) continue
    beganAt = beganAt === null ? time : Math.min(beganAt, time)
    if (isHeld(shape, record)) heldAt.push(time)
  }
  return { heldAt, beganAt }
}

/** The array of records in a whole json file: at a dotted key, or the file itself. Null when it is no such file. */
export function recordsOfJson(bytes: Buffer, key: string | undefined): readonly unknown[] | null {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
  const records = key === undefined || key === '' ? value : valueAt(value, key.split('.'))
  return Array.isArray(records) ? records : null
}

type ReadyTests = ReadyShape['held']

/** Tests on the keys of a record made ready. */
export function readyTests(tests: readonly KeyTest[]): ReadyTests {
  return tests.map((test) => ({ path: test.key.split('.'), test }))
}

/** Whether a piece of a json-lines file has a record that passes all tests of any kind of answer. */
export function holdsAnswer(answers: readonly ReadyTests[], piece: Buffer, skipFirst: boolean): boolean {
  let position = skipFirst ? piece.indexOf(newline) + 1 : 0
  if (skipFirst && position === 0) return false
  while (position < piece.length) {
    const end = lineEnd(piece, position)
    const record = parseLine(piece, position, end)
    if (record !== undefined && answers.some((tests) => passAll(tests, record))) return true
    position = end + 1
  }
  return false
}

export function isHeld(shape: ReadyShape, record: unknown): boolean {
  return passAll(shape.held, record)
}

function passAll(tests: ReadyTests, record: unknown): boolean {
  return tests.every(({ path, test }) => passes(test, valueAt(record, path)))
}

function passes(test: KeyTest, value: unknown): boolean {
  if (test.unless !== undefined) return value !== test.unless
  if (value === undefined || value === null) return false
  if (test.equals !== undefined && value !== test.equals) return false
  if (test.oneOf !== undefined && !(typeof value === 'string' && test.oneOf.includes(value))) return false
  return test.not === undefined || !(typeof value === 'string' && test.not.includes(value))
}

export function valueAt(record: unknown, path: readonly string[]): unknown {
  let value = record
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:?\d{2})$/
/** 2000 and 2200: what is outside is no time of a session. */
const earliest = 946_684_800_000
const latest = 7_258_118_400_000
/** Seconds stay below this until the year 5138, milliseconds have been above it since 1973. */
const secondsBelow = 100_000_000_000

/** RFC 3339 text with an offset, or seconds or milliseconds since 1970 as a number or its digits; null for all else. */
export function timeOf(value: unknown): number | null {
  let ms: number
  if (typeof value === 'number') ms = value < secondsBelow ? value * 1000 : value
  else if (typeof value === 'bigint') return timeOf(Number(value))
  else if (typeof value === 'string' && value.length <= 40) {
    if (/^\d{9,16}(?:\.\d+)?$/.test(value)) return timeOf(Number(value))
    ms = rfc3339.test(value) ? Date.parse(value) : Number.NaN
  } else return null
  return ms >= earliest && ms <= latest ? Math.floor(ms) : null
}

export const thinToMs = 600_000

/** Oldest first, at most one per 10 minutes, but the first and the last of all exactly. */
export function thinned(times: readonly number[]): readonly number[] {
  const sorted = times.toSorted((a, b) => a - b)
  const last = sorted.at(-1)
  const kept: number[] = []
  for (const time of sorted) {
    const before = kept.at(-1)
    if (before === undefined || time - before >= thinToMs || time === last) {
      if (time !== before) kept.push(time)
    }
  }
  return kept
}
