// What a device's silence is told as, in sentences. Pure. Silence is no evidence, and the page says so wherever it speaks of it.
import type { DeviceRow } from '#shared/api.ts'
import type { Contact } from '#shared/contact.ts'
import type { Words } from '#shared/words/vocabulary.ts'
import { durationText } from './time.ts'

/** The words of a badge: one that never reported is not said to be asleep. */
export function contactTerm(
  words: Words,
  contact: Contact,
  lastSeenAt: DeviceRow['lastSeenAt'],
): { readonly label: string; readonly about: string } {
  const { label, about } = words.contact[contact.state]
  const habit = `Its habit is a silence of at most ${durationText(contact.habitMs)}.`
  if (lastSeenAt === null && contact.state === 'asleep')
    return { label: 'No report yet', about: 'It was enrolled and has not reported so far.' }
  return { label, about: contact.state === 'reporting' ? about : `${about} ${habit}` }
}

/** What is known of why it fell silent. */
export function lastWord({ stopped }: Pick<Contact, 'stopped'>): string {
  return stopped
    ? 'On the day of its last report its agent said that it was being stopped, in an orderly way: the machine was switched off, or the agent was stopped or uninstalled. These look the same.'
    : 'It said nothing of being stopped on the day of its last report: it may be asleep, off, broken, without a network or lost, or its agent was killed or removed without an orderly stop. If the agent starts again, it tells a kill.'
}
