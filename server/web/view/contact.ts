// What a device's silence is told as, in sentences. Pure. Silence is no evidence, and the page says so wherever it speaks of it.
import type { DeviceRow } from '#shared/api.ts'
import type { Contact, Left } from '#shared/contact.ts'
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

/** Why nothing is heard of it, where its agent said so: the words of a badge, and a sentence. The device's own claim. */
export function leftTerm({ why, on }: Left): { readonly label: string; readonly about: string } {
  const day = new Date(on).toISOString().slice(0, 10)
  return why === 'removing'
    ? {
        label: `Removed ${day}`,
        about: `Its agent was removed on ${day}: its package was being uninstalled, it said, and nothing was heard of it since. It reports again once it is installed again.`,
      }
    : {
        label: 'Not back from upgrade',
        about: `On ${day} its agent said that another version was about to take its place, and nothing was heard of it since: that version may not start, or the machine is asleep or off.`,
      }
}
