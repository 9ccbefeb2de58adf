// Whether a device is heard of as usual, by its own habit. Silence is told apart from habit and from nothing else: no finding,
// no coverage and no verdict rests on it.
import { z } from 'zod'
import { Leaving } from './agent-event.ts'

/**
 * `reporting`: heard of within the hour · `asleep`: silent, no longer than it is by habit · `quiet`: longer than that.
 * Asleep, switched off or out of reach look the same from here.
 */
export const ContactState = z.enum(['reporting', 'asleep', 'quiet'])
export type ContactState = z.infer<typeof ContactState>

export const Contact = z.object({
  state: ContactState,
  habitMs: z.int().describe('the longest silence that is no more than its habit'),
  stopped: z
    .boolean()
    .describe('on the day of its last report the agent was stopped in order, alone or with the machine'),
})
export type Contact = z.infer<typeof Contact>

/** A last word that says why nothing follows it. A claim of the device's own. */
export const Left = z.object({
  why: Leaving,
  on: z.int().describe('first moment (UTC) of the day on which the agent said so'),
})
export type Left = z.infer<typeof Left>
