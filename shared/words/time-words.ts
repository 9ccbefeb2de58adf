// By how much a record's time is at odds with another one, as sentences. Pure.
import type { Mark } from '../detection.ts'
import type { Disagreement, OtherTime } from '../disagreement.ts'
import { phrase, phraseText, plain } from './phrase.ts'

export type Unit = 'day' | 'hour' | 'minute' | 'second'

export interface TimeTerms {
  /** `{record}`, `{other}`: when; `{apart}`: how far they lie apart. */
  readonly disagreement: Readonly<Record<OtherTime, string>>
  /** Of an amount that may not be told. `{record}` */
  readonly untold: string
  /** What may lie behind a record that is earlier than the other time, or later: the harmless first. */
  readonly behind: Readonly<Record<'earlier' | 'later', string>>
  /** `{n}` */
  readonly unit: Readonly<Record<Unit, { readonly one: string; readonly many: string }>>
}

export interface DisagreementText {
  readonly text: string
  /** What may lie behind it; null where the sentence says it already. */
  readonly behind: string | null
}

type Doubted = Pick<Mark, 'at' | 'disagreement'>

/** @param instant how an instant reads where the sentence stands. Null of a mark that has no disagreement. */
export function disagreementText(
  times: TimeTerms,
  { at, disagreement }: Doubted,
  instant: (at: number) => string,
): DisagreementText | null {
  if (disagreement === undefined) return null
  const { with: other, byMs } = disagreement
  if (byMs === null) return { text: filled(times.untold, { record: instant(at) }), behind: null }
  const text = filled(times.disagreement[other], {
    record: instant(at),
    other: instant(at + byMs),
    apart: apartText(times, byMs),
  })
  return { text, behind: other === 'clock-set' ? null : times.behind[byMs > 0 ? 'earlier' : 'later'] }
}

/** Of several marks the one whose times lie furthest apart; undefined where none is known to disagree. */
export function mostAtOdds<M extends { readonly disagreement?: Disagreement | undefined }>(
  marks: readonly M[],
): M | undefined {
  return marks
    .filter((mark) => mark.disagreement !== undefined)
    .toSorted((a, b) => Math.abs(b.disagreement?.byMs ?? 0) - Math.abs(a.disagreement?.byMs ?? 0))[0]
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** `10 days 23 h`: in the two largest units, to the nearest of the smaller one. Whichever way they lie apart. */
export function apartText(times: TimeTerms, ms: number): string {
  const size = Math.abs(ms)
  const largest = Math.max(
    0,
    units.findIndex(([, one]) => size >= one),
  )
  const [, step] = units[largest + 1] ?? units[3]
  // Rounded as one: 23 h 59 min 40 s are a day.
  const rounded = Math.round(size / step) * step
  const parts: string[] = []
  let left = rounded
  for (const [unit, one] of units) {
    const count = Math.floor(left / one)
    left -= count * one
    if (count > 0) parts.push(filled(times.unit[unit][count === 1 ? 'one' : 'many'], { n: String(count) }))
  }
  return parts.join(' ') || filled(times.unit.second.many, { n: '0' })
}

function filled(template: string, values: Readonly<Record<string, string>>): string {
  const phrases = Object.entries(values).map(([name, value]) => [name, plain(value)] as const)
  return phraseText(phrase(template, Object.fromEntries(phrases)))
}
