// What may happen to the agent itself, by name, as it tells the server.
import { z } from 'zod'

export const AgentEvent = z.enum([
  'started',
  'stopping',
  'killed', // the run before ended without a word, and the machine ran on
  'stalled', // awake for long without a look
  'reconfigured', // settings are others than in the run before
  'new-epoch',
  'dropped',
  'policy-refused',
  'clock-stepped',
])
export type AgentEvent = z.infer<typeof AgentEvent>
