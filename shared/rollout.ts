// How a policy goes out to the devices, as the server answers and the dashboard reads: part of the REST resources of api.ts.
import { z } from 'zod'
import { Instant } from './instant.ts'

/** How a policy would go out, or has begun to: absent where all get it at once. */
export const RolloutPlan = z.object({
  stages: z.array(z.int()).describe('how many devices have it in each stage before all do'),
  allBy: Instant.describe('when all may have it, if nothing holds it up'),
  late: z
    .array(z.string())
    .describe(
      'rules that hold before: where a device does not have them yet, a use is found later, not witnessed',
    ),
})
export type RolloutPlan = z.infer<typeof RolloutPlan>

/** Whose trouble halts it; `by-hand`: an administrator did. */
export const HaltReason = z.enum(['refused', 'failed', 'silent', 'by-hand'])
export type HaltReason = z.infer<typeof HaltReason>

/** The signed policy on its way to the devices, or the last one that was. */
export const Rollout = z.object({
  name: z.string(),
  version: z.int(),
  state: z.enum(['staged', 'halted', 'complete']),
  madeAt: Instant,
  halted: z.object({ at: Instant, why: HaltReason }).nullable().describe('why nobody else gets it'),
  stage: z
    .object({
      number: z.int().positive(),
      of: z.int().positive(),
      since: Instant,
      devices: z.int().nullable().describe('how many may have it at most; null: all'),
    })
    .nullable()
    .describe('null once it is complete'),
  allBy: Instant.nullable().describe('as in the plan; null where all may have it, and while it is halted'),
  late: RolloutPlan.shape.late,
  before: z.int().nullable().describe('version that the others keep; null once it is complete'),
  devices: z.object({
    fleet: z.int().describe('that are enrolled and not replaced'),
    acting: z.int().describe('that say they act on it'),
    refused: z.int().describe('that fetched it and did not take it, or went back from it'),
    failed: z.int().describe('that were killed, or failed to start, under it'),
    silent: z.int().describe('that fell silent out of their habit after they fetched it'),
    awaited: z.int().describe('that fetched it and should have reported since'),
  }),
})
export type Rollout = z.infer<typeof Rollout>

export const RolloutChange = z.object({
  name: Rollout.shape.name,
  action: z.enum(['resume', 'release', 'halt']).describe('release: to all at once'),
})
export type RolloutChange = z.infer<typeof RolloutChange>
