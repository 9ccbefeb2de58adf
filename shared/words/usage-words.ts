// What counts as the use of a tool, in sentences, from how its traces are read. Pure.
import type { KeyTest, Tool, TraceSignal } from '../tool.ts'
import { listedPhrases, phrase, plain, together, type Phrase } from './phrase.ts'
import type { Recording } from './signal-vocabulary.ts'
import type { Words } from './vocabulary.ts'

/** A sentence, and the places it speaks of. */
export interface UsePart {
  readonly about: string
  readonly lines: readonly UseLine[]
}
export interface UseLine {
  readonly phrase: Phrase
  readonly note: string | null
}

export interface UsageWords {
  readonly recording: Recording
  /** In one or two sentences. */
  readonly summary: string
  readonly parts: readonly UsePart[]
}

/** What is counted as a use of the tool, and by what it is told. */
export function usageWords(words: Words, tool: Pick<Tool, 'recordsSessions' | 'signals'>): UsageWords {
  const terms = words.tool.use
  const traces = tool.signals.trace ?? []
  const sessions = traces.filter((trace) => trace.means === 'session')
  const read = sessions.filter((trace) => trace.record !== undefined)
  const unread = sessions.filter((trace) => trace.record === undefined)
  const starts = traces.filter((trace) => trace.means === 'start')
  const recording = recordingOf(tool.recordsSessions, sessions.length > 0)
  const fileLine = ({ place, note }: TraceSignal): UseLine => ({
    phrase: [{ text: place, code: true }],
    note: note ?? null,
  })
  const part = (about: string, lines: readonly UseLine[]): UsePart[] =>
    lines.length === 0 ? [] : [{ about, lines }]
  return {
    recording,
    summary: [terms.recording[recording], ...(sessions.length === 0 ? [terms.never] : [])].join(
      words.tool.gap,
    ),
    parts: [
      ...part(
        terms.sessions,
        read.map((trace) => sessionLine(words, trace)),
      ),
      ...part(terms.unread, unread.map(fileLine)),
      ...part(terms.starts, starts.map(fileLine)),
      { about: terms.running, lines: [] },
    ],
  }
}

function recordingOf(records: boolean | null, sessions: boolean): Recording {
  if (records === true) return 'always'
  if (records === false) return sessions ? 'not-always' : 'never'
  return sessions ? 'perhaps' : 'not-known'
}

function sessionLine(words: Words, { place, record, appended, note }: TraceSignal): UseLine {
  const { use: terms, and, comma, stop } = words.tool
  const tests = (record?.held ?? []).map((test) => testPhrase(words, test))
  return {
    phrase: together(words.tool.gap, [
      phrase(terms.session, { place, time: record?.time ?? '' }),
      [...plain(`${terms.held} `), ...listedPhrases(tests, and, comma), ...plain(stop)],
      appended === false ? plain(terms.rewritten) : [],
    ]),
    note: note ?? null,
  }
}

/** Every condition that a test makes; the catalogue's tests make one each, and one without any asks for the key alone. */
function testPhrase(words: Words, { key, equals, oneOf, not, unless }: KeyTest): Phrase {
  const { use: terms, or, comma } = words.tool
  const values = (given: readonly string[]) =>
    listedPhrases(
      given.map((value) => [{ text: value === '' ? '""' : value, code: true }]),
      or,
      comma,
    )
  if (equals !== undefined) return phrase(terms.test.equals, { key, values: String(equals) })
  if (oneOf !== undefined) return phrase(terms.test.oneOf, { key, values: values(oneOf) })
  if (unless !== undefined) return phrase(terms.test.unless, { key, values: String(unless) })
  if (not === undefined || not.length === 0) return phrase(terms.test.there, { key })
  const isOnlyEmpty = not.length === 1 && not[0] === ''
  return phrase(isOnlyEmpty ? terms.test.notEmpty : terms.test.not, { key, values: values(not) })
}
