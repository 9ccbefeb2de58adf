// What the pages say of a device's silence.
import { expect, test } from 'vitest'
import type { ContactState } from '#shared/contact.ts'
import { english } from '#shared/words/english.ts'
import { contactTerm, lastWord, leftTerm } from '../../../../../server/web/view/contact.ts'

const day = 86_400_000
const term = (state: ContactState, lastSeenAt: number | null = 0) =>
  contactTerm(english, { state, habitMs: 7 * day, stopped: false }, lastSeenAt)

test.each<[ContactState, number | null, string, string]>([
  ['reporting', 0, 'Reports', 'It reported within the last hour.'],
  ['asleep', 0, 'Asleep or off', 'Its habit is a silence of at most 7 days.'],
  ['asleep', null, 'No report yet', 'It was enrolled and has not reported so far.'],
  ['quiet', 0, 'Quiet', 'Silence is no evidence'],
  ['quiet', null, 'Quiet', 'Its habit is a silence of at most 7 days.'],
])('%s, last seen at %s: %s', (state, lastSeenAt, label, about) => {
  expect(term(state, lastSeenAt)).toMatchObject({ label, about: expect.stringContaining(about) })
})

test('a stop that was told is told apart from none, and neither as anybody’s doing', () => {
  const words = [true, false].map((stopped) => lastWord({ stopped }))
  expect(words[0]).toContain('switched off, or the agent was stopped or uninstalled')
  expect(words[1]).toContain('said nothing of being stopped')
  for (const text of words) expect(text).not.toMatch(/somebody|user|tamper|suspic/iu)
})

test('a removal and an upgrade that were told are told with their day, and neither as anybody’s doing', () => {
  const on = Date.UTC(2026, 10, 22)
  const [removed, replaced] = (['removing', 'upgrading'] as const).map((why) => leftTerm({ why, on }))
  expect(removed).toEqual({
    label: 'Removed 2026-11-22',
    about: expect.stringContaining('was removed on 2026-11-22') as unknown,
  })
  expect(replaced?.about).toContain('that version may not start')
  for (const term of [removed, replaced]) expect(term?.about).not.toMatch(/somebody|user|tamper|suspic/iu)
})
