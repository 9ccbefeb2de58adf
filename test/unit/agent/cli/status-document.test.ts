import { expect, test } from 'vitest'
import { statusDocument } from '../../../../agent/cli/status-document.ts'

type Known = Parameters<typeof statusDocument>[0]

const at = Date.UTC(2026, 6, 12, 2, 3)
const known: Pick<Known, 'enrolment' | 'daemon' | 'sync' | 'waiting' | 'policy'> = {
  enrolment: { server: 'https://cutoff.example.com', device: 'd-1' },
  daemon: { pid: 7, startedAt: at, lastScanAt: at },
  sync: { lastAt: at, lastError: { at, code: 'unknown-device', message: 'told to people' } },
  waiting: 3,
  policy: null,
}

test.each<[string, Partial<typeof known>, boolean, object]>([
  ['at work', {}, true, { running: true, server: 'https://cutoff.example.com', waiting: 3 }],
  ['ended', {}, false, { running: false, lastLookAt: '2026-07-12T02:03:00.000Z' }],
  [
    'due to report, with places it cannot see',
    {
      daemon: { pid: 7, startedAt: at, lastScanAt: at, gaps: 3 },
      sync: { lastAt: at, lastError: null, nextAt: at },
    },
    true,
    { gaps: 3, nextReportAt: '2026-07-12T02:03:00.000Z', lastFailure: null },
  ],
  ['never begun', { daemon: null }, true, { running: false, lastLookAt: null }],
  [
    'not enrolled',
    { enrolment: null, sync: null },
    true,
    { server: null, lastReportAt: null, lastFailure: null },
  ],
  [
    'failing',
    {},
    true,
    { lastFailure: { at: '2026-07-12T02:03:00.000Z', code: 'unknown-device' }, policyVersion: null },
  ],
])('an agent that is %s', (_, given, alive, expected) => {
  // Only what the document is made of is given.
  const insight = { ...known, ...given } as Known
  expect(statusDocument(insight, () => alive)).toMatchObject(expected)
})
