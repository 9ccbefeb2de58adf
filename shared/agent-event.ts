// What may happen to the agent itself, by name, as it tells the server.
import { z } from 'zod'

export const AgentEvent = z.enum([
  'started',
  'stopping',
  'removing', // its package is being removed: the last word, in the place of `stopping`
  'upgrading', // another version is about to take its place: the last word of the one before
  'start-failed', // a start before this one came to nothing
  'killed', // the run before ended without a word, and the machine ran on
  'stalled', // awake for long without a look
  'reconfigured', // settings are others than in the run before
  'new-epoch',
  'dropped',
  'policy-refused',
  'clock-stepped',
])
export type AgentEvent = z.infer<typeof AgentEvent>

/** Why the agent ends, where a package's script said so. */
export const Leaving = AgentEvent.extract(['removing', 'upgrading'])
export type Leaving = z.infer<typeof Leaving>
