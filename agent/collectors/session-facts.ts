// Reads what is new in a session's record and keeps only its times: the confirmation of a use.
// Bounded: of a large record at a first look only head and tail, later only what was added.
import type { SessionFacts } from '#shared/observation.ts'
import type { RecordShape } from '#shared/tool.ts'
import type { KnownTrace } from '../memory.ts'
import type { ReadyShape } from '../parsers/session-records.ts'
import {
  readyShape,
  recordsOfJson,
  sessionOfLines,
  thinned,
  timesOfLines,
  timesOfRecords,
} from '../parsers/session-records.ts'
import type { FileInfo, Found, OpenFile, Reach } from '../platform/files.ts'
import { found, refused } from '../platform/files.ts'

/** What was read, in the form in which it is remembered. */
export type Read = Pick<KnownTrace, 'readTo' | 'heldAt' | 'beganAt' | 'whole' | 'session'>

/** A session's first lines with their times; single lines reach 55 KB. */
const headBytes = 64 * 1024
const tailBytes = 256 * 1024
/** Further back for the last answer of a session that ended in long lines. */
const maxTailBytes = 8 * 1024 * 1024
/** More than this between two looks is read like a first look. */
const maxNewBytes = 8 * 1024 * 1024
const maxJsonBytes = 16 * 1024 * 1024
/** Half a year of one mark per 10 minutes: nobody's session. */
const maxHeld = 25_000

const shapes = new WeakMap<RecordShape, ReadyShape>()

function ready(shape: RecordShape): ReadyShape {
  const known = shapes.get(shape)
  if (known !== undefined) return known
  const made = readyShape(shape)
  shapes.set(shape, made)
  return made
}

export const nothingRead: Read = { readTo: 0, heldAt: [], beganAt: null, whole: true }

export function factsOf(read: Read): SessionFacts {
  return { heldAt: [...read.heldAt], beganAt: read.beganAt, whole: read.whole }
}

/**
 * Reads a json-lines or json record. `known`: what was read of this very file before, null for a first look or a file
 * that was rewritten.
 */
export function readRecord(
  reach: Reach,
  path: string,
  shape: RecordShape,
  known: KnownTrace | null,
): Found<Read> {
  if (shape.format === 'json') return readJson(reach, path, shape)
  const opened = reach.open(path, (file) => readLines(file, ready(shape), known))
  return opened
}

function readJson(reach: Reach, path: string, shape: RecordShape): Found<Read> {
  const content = reach.read(path, maxJsonBytes)
  if (!content.ok) return content
  const records = recordsOfJson(content.value.bytes, shape.records)
  if (records === null) return refused('unparsable', path)
  const { heldAt, beganAt } = timesOfRecords(ready(shape), records)
  return found({ readTo: content.value.info.bytes, heldAt: bounded(heldAt), beganAt, whole: true })
}

function readLines(file: OpenFile, shape: ReadyShape, known: KnownTrace | null): Read {
  const { bytes } = file.info
  const before: Read = known !== null && known.readTo <= bytes ? known : nothingRead
  if (bytes - before.readTo <= (before.readTo === 0 ? headBytes + tailBytes : maxNewBytes)) {
    return added(before, shape, file.glimpse(before.readTo, bytes - before.readTo), before.readTo, false)
  }
  const top = before.readTo === 0 ? file.glimpse(0, headBytes) : null
  const head = top === null ? null : timesOfLines(shape, top, false)
  const start: Read = {
    readTo: before.readTo,
    heldAt: [...before.heldAt, ...(head?.heldAt ?? [])],
    beganAt: before.beganAt ?? head?.beganAt ?? null,
    whole: false,
    session: before.session ?? (top === null ? null : sessionOfLines(shape, top)),
  }
  for (let length = tailBytes; ; length = Math.min(length * 4, maxTailBytes)) {
    const from = Math.max(bytes - length, before.readTo)
    const read = added(start, shape, file.glimpse(from, bytes - from), from, from > before.readTo)
    const complete = from <= before.readTo
    if (complete || length >= maxTailBytes || read.heldAt.length > start.heldAt.length) {
      return complete ? { ...read, whole: before.whole } : read
    }
  }
}

function added(before: Read, shape: ReadyShape, piece: Buffer, from: number, skipFirst: boolean): Read {
  const times = timesOfLines(shape, piece, skipFirst)
  return {
    readTo: times.consumed === 0 ? before.readTo : from + times.consumed,
    heldAt: bounded([...before.heldAt, ...times.heldAt]),
    beganAt: before.beganAt ?? times.beganAt,
    whole: before.whole,
    session: before.session ?? (skipFirst ? null : sessionOfLines(shape, piece)),
  }
}

function bounded(times: readonly number[]): readonly number[] {
  const kept = thinned(times)
  return kept.length <= maxHeld ? kept : [...kept.slice(0, 1), ...kept.slice(1 - maxHeld)]
}

/** Whether a file is the one that was known, and, where it is only ever appended to, no shorter than it was. */
export function isContinued(
  known: KnownTrace | null,
  info: FileInfo,
  appended: boolean,
): known is KnownTrace {
  return known !== null && known.identity === info.identity && (!appended || info.bytes >= known.bytes)
}
