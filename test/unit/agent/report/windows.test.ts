import { describe, expect, test } from 'vitest'
import { cutoffOf, isOpen, mayLeave, onServer } from '../../../../agent/report/windows.ts'

const from = Date.UTC(2026, 6, 9, 16)
const until = from + 1_000_000
const open = [{ from, until: null, kinds: ['session' as const] }]
const closed = [{ from, until, kinds: ['session' as const] }]
const session = { kind: 'session', withoutRecord: false } as const

describe('a mark may leave', () => {
  test.each([
    ['not when it lies before the window by a millisecond', open, session, from - 1, 0, false],
    ['at the first instant of the window', open, session, from, 0, true],
    ['when its uncertainty reaches the window', open, session, from - 1000, 1000, true],
    ['not when its uncertainty stays before the window', open, session, from - 1001, 1000, false],
    ['until just before the end of the window', closed, session, until - 1, 0, true],
    ['not at the end of the window', closed, session, until, 0, false],
    ['when its uncertainty reaches back into the window', closed, session, until + 999, 1000, true],
    ['not when no window counts its kind', open, { ...session, kind: 'attempt' as const }, from, 0, false],
    [
      'when it is a run without record, whatever is counted',
      open,
      { kind: 'run' as const, withoutRecord: true },
      from,
      0,
      true,
    ],
    [
      'not when it is a run without record before the window',
      open,
      { kind: 'run' as const, withoutRecord: true },
      from - 1,
      0,
      false,
    ],
    ['not when there is no window', [], session, from, 86_400_000, false],
  ])('%s', (_, windows, mark, at, uncertaintyMs, expected) => {
    expect(mayLeave(windows, mark, { at, uncertaintyMs })).toBe(expected)
  })
})

describe('a device’s time', () => {
  const measures = [
    { boot: 'a', offsetMs: 5000, errorMs: 20.4 },
    { boot: 'b', offsetMs: -100, errorMs: 3 },
  ]
  test.each([
    ['of a measured boot is set right by its offset', 'a', 1, { at: 6000, uncertaintyMs: 22 }],
    ['of another measured boot by that one’s', 'b', 1000, { at: 900, uncertaintyMs: 1003 }],
    ['of an unmeasured boot may be a day off', 'c', 1, { at: 1000, uncertaintyMs: 86_400_000 }],
    ['of no known boot may be a day off', null, 1, { at: 1000, uncertaintyMs: 86_400_000 }],
  ])('%s', (_, boot, resolution, expected) => {
    expect(onServer(1000, boot, resolution, measures)).toEqual(expected)
  })
})

describe('a window is open', () => {
  test.each([
    ['once it surely is', from + 10, 10, true],
    ['not while it may not be', from + 9, 10, false],
    ['not when it may have ended', until - 10, 10, false],
    ['not before', from - 1, 0, false],
  ])('%s', (_, at, uncertaintyMs, expected) => {
    expect(isOpen(closed, { at, uncertaintyMs })).toBe(expected)
  })
})

test('the cutoff is the first instant of the earliest window', () => {
  expect(
    cutoffOf([
      { from: 5, until: 6, kinds: [] },
      { from: 3, until: null, kinds: [] },
    ]),
  ).toBe(3)
  expect(cutoffOf([])).toBeNull()
})
