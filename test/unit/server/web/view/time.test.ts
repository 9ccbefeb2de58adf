// Times on the pages: in the viewer's zone, exact in UTC, never said more exactly than they are known.
import { describe, expect, test } from 'vitest'
import {
  agoText,
  dayText,
  durationText,
  instantText,
  localInput,
  readLocalInput,
  uncertaintyText,
  utcText,
  zoneText,
} from '../../../../../server/web/view/time.ts'

const shanghai = { zone: 'Asia/Shanghai', locale: 'en-GB' }
const berlin = { zone: 'Europe/Berlin', locale: 'en-GB' }
const at = Date.UTC(2026, 6, 9, 16, 0, 5, 120)

describe('an instant', () => {
  test('is shown in the viewer’s zone', () => {
    expect(instantText(at, shanghai)).toBe('10 Jul 2026, 00:00')
    expect(instantText(at, berlin)).toBe('9 Jul 2026, 18:00')
    expect(instantText(at, shanghai, true)).toBe('10 Jul 2026, 00:00:05')
    expect(dayText(at, shanghai)).toBe('10 Jul 2026')
  })

  test('is exact in UTC', () => {
    expect(utcText(at)).toBe('2026-07-09 16:00:05.120 UTC')
  })

  test('names its zone with the offset of that time of the year', () => {
    expect(zoneText(at, shanghai)).toBe('Asia/Shanghai (GMT+8)')
    expect(zoneText(Date.UTC(2026, 0, 1), berlin)).toBe('Europe/Berlin (GMT+1)')
    expect(zoneText(Date.UTC(2026, 6, 1), berlin)).toBe('Europe/Berlin (GMT+2)')
  })
})

test.each([
  [0, 'just now'],
  [-59_000, 'just now'],
  [-60_000, '1 minute ago'],
  [-5 * 3_600_000, '5 hours ago'],
  [-49 * 3_600_000, '2 days ago'],
  [3 * 86_400_000, 'in 3 days'],
])('%i ms from now is “%s”', (delta, text) => {
  expect(agoText(at + delta, at, 'en-GB')).toBe(text)
})

test.each([
  [1, '1 ms'],
  [999.2, '1000 ms'],
  [1000, '1 second'],
  [90_000, '90 seconds'],
  [1_200_000, '20 minutes'],
  [1_200_001, '21 minutes'],
  [86_400_000, '24 hours'],
  [3 * 86_400_000, '3 days'],
])('%i ms are told as “%s”, rounded up', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})

test('no uncertainty is said where there is none', () => {
  expect(uncertaintyText(0)).toBe('')
  expect(uncertaintyText(1000)).toBe('± 1 second')
})

describe('the value of a date field', () => {
  test.each([
    ['2026-07-10T00:00', 'Asia/Shanghai', Date.UTC(2026, 6, 9, 16)],
    ['2026-07-10T00:00', 'Europe/Berlin', Date.UTC(2026, 6, 9, 22)],
    ['2026-01-10T08:30', 'America/New_York', Date.UTC(2026, 0, 10, 13, 30)],
    ['2026-07-10T00:00:30', 'UTC', Date.UTC(2026, 6, 10, 0, 0, 30)],
  ])('%s in %s is the right instant', (value, zone, instant) => {
    expect(readLocalInput(value, zone)).toBe(instant)
  })

  test.each(['', '2026-07-10', 'yesterday', '2026-13-40T00:00', '2026-07-10T00:00Z'])(
    '“%s” is none',
    (value) => {
      expect(readLocalInput(value, 'UTC')).toBeNull()
    },
  )

  test('what is written into it reads back, on both sides of a change of the clock', () => {
    for (const instant of [
      Date.UTC(2026, 2, 29, 0, 30),
      Date.UTC(2026, 2, 29, 1, 30),
      Date.UTC(2026, 9, 25, 3),
    ]) {
      expect(readLocalInput(localInput(instant, 'Europe/Berlin'), 'Europe/Berlin')).toBe(instant)
    }
  })
})
