// The history of a device in sentences, from codes with values.
import { describe, expect, test } from 'vitest'
import { EventRow } from '#shared/api.ts'
import { wordsOf } from '#shared/words.ts'
import {
  eventSentence,
  eventTone,
  isOfADay,
  readSummary,
} from '../../../../../server/web/view/event-words.ts'

const words = wordsOf('en')

describe('a summary', () => {
  test('is a code and its values, decoded', () => {
    expect(readSummary('gap-opened reason=denied place=~%2Fa%20b')).toEqual({
      code: 'gap-opened',
      values: { reason: 'denied', place: '~/a b' },
    })
  })

  test('that is broken is shown as it is', () => {
    expect(readSummary('')).toEqual({ code: '', values: {} })
    expect(readSummary('x y=%E0%A4%A')).toEqual({ code: 'x', values: { y: '%E0%A4%A' } })
  })
})

test.each([
  ['agent-stopping on=2026-11-20', true],
  ['clock-skew seconds=900', false],
  ['finding status=violation', false],
])('"%s" is known by its day alone: %s', (summary, expected) => {
  expect(isOfADay({ summary })).toBe(expected)
})

test('every kind of event has a tone and a sentence', () => {
  for (const type of EventRow.shape.type.options) {
    expect(eventTone[type]).toBeTruthy()
    expect(eventSentence(words, { type, summary: 'no-such-code' }).text).toMatch(/^[A-Z].*\.$/u)
  }
})

test.each([
  [
    'finding',
    'finding status=violation from=present row=10 rule=r',
    'Judged violation, before present.',
    [
      ['row', '10'],
      ['rule', 'r'],
    ],
  ],
  ['finding', 'finding status=upcoming', 'Judged upcoming.', []],
  [
    'detection',
    'detection state=used from=installed version=1.2',
    'Now used, before installed.',
    [['version', '1.2']],
  ],
  ['detection', 'detection state=installed', 'Found: installed.', []],
  [
    'gap-opened',
    'gap-opened reason=denied collector=trace',
    'Could not be seen: refused.',
    [['collector', 'trace']],
  ],
  [
    'missing-records',
    'missing-records from=41 to=44',
    'Reports are missing: something that was sent never came.',
    [
      ['from', '41'],
      ['to', '44'],
    ],
  ],
  [
    'agent',
    'agent-compacted inventory=300 mark=112 records=412 since=2026-07-03 until=2026-07-09 reason=spool-full',
    'Compacted on the device: 412 records of 2026-07-03 to 2026-07-09, reason: spool full.',
    [
      ['inventory', '300'],
      ['mark', '112'],
    ],
  ],
  [
    'agent',
    'agent-compacted scan=2 records=2 since=2026-07-03 until=2026-07-03 reason=spool-full',
    'Compacted on the device: 2 records of 2026-07-03, reason: spool full.',
    [['scan', '2']],
  ],
  [
    'state-diverged',
    'state-diverged why=token',
    'The agent’s state was copied or rolled back: it did not return the token of the last receipt.',
    [],
  ],
  [
    'shared-session',
    'shared-session first=here device=d host=device-1 account=account-1 sessions=2',
    'Sessions of it were now reported by another device too: whose use they were is in doubt from here on.',
    [
      ['device', 'd'],
      ['host', 'device-1'],
      ['account', 'account-1'],
      ['sessions', '2'],
    ],
  ],
  [
    'shared-session',
    'shared-session first=there device=d sessions=1',
    'It reported sessions that another device had reported before: whose use they were is in doubt.',
    [
      ['device', 'd'],
      ['sessions', '1'],
    ],
  ],
  [
    'shared-session',
    'shared-session first=here account=account-1 sessions=1',
    'Sessions of it were now reported by another account of this device too: whose use they were is in doubt from here on.',
    [
      ['account', 'account-1'],
      ['sessions', '1'],
    ],
  ],
  [
    'enrolled',
    'copied device=d',
    'One state was on two machines; from here on each is a device of its own.',
    [['device', 'd']],
  ],
  [
    'agent',
    'agent-passed-over records=2 protocol=9',
    'This server is older than the agent and could not read 2 of its records: update the server, and they are told again.',
    [['protocol', '9']],
  ],
  ['account', 'account-seen readable=false', 'An account whose home cannot be looked into.', []],
] as const)('%s: %s', (type, summary, text, values) => {
  expect(eventSentence(words, { type, summary })).toEqual({ text, values })
})
