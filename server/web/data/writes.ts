// Every change that the pages make. A reason goes with each one that concerns a person.
import { z } from 'zod'
import { SessionInfo, type LifecycleChange, type NewLook, type NewWaiver } from '#shared/api.ts'
import { FindingStatus } from '#shared/finding.ts'
import { Instant } from '#shared/observation.ts'
import { RolloutPlan, type RolloutChange } from '#shared/rollout.ts'
import { rememberCsrf, write } from './client.ts'

const Anything = z.unknown()
const one = (id: string) => encodeURIComponent(id)

/** Signs in with the token of a login link; it can be used once. */
export async function signIn(token: string): Promise<SessionInfo> {
  const info = await write(SessionInfo, 'POST', '/session', { json: { token } })
  rememberCsrf(info.csrf)
  return info
}

export async function signOut(): Promise<void> {
  await write(Anything, 'DELETE', '/session')
  rememberCsrf(null)
}

export const changeLifecycle = (finding: string, change: LifecycleChange) =>
  write(Anything, 'POST', `/findings/${one(finding)}/lifecycle`, { json: change })

/** Opens a name until the instant in the answer; recorded, with the reason, in the audit log. */
export const openName = (look: NewLook) =>
  write(z.object({ until: Instant }), 'POST', '/looks', { json: look })

export const addWaiver = (waiver: NewWaiver) => write(Anything, 'POST', '/waivers', { json: waiver })
export const revokeWaiver = (id: string) => write(Anything, 'DELETE', `/waivers/${one(id)}`)
export const revokeDevice = (id: string, reason: string) =>
  write(Anything, 'POST', `/devices/${one(id)}/revoke`, { json: { reason } })

/** A token with which one device can enrol in the next days; this answer is the only place where it can be read. */
export const makeEnrolToken = () =>
  write(z.object({ token: z.string(), expiresAt: Instant }), 'POST', '/enrol-tokens', {
    json: { validDays: 7, maxUses: 1 },
  })

/** What a policy would change if it were applied now. Nothing is stored. */
export const PolicyPlan = z.object({
  version: z.int(),
  changes: z.array(
    z.object({ from: FindingStatus.nullable(), to: FindingStatus.nullable(), count: z.int() }),
  ),
  unchanged: z.int(),
  accounts: z.int(),
  /** The first of them by pseudonym. */
  subjects: z.array(
    z.object({
      device: z.string(),
      host: z.string(),
      account: z.string().nullable(),
      tool: z.string(),
      from: FindingStatus.nullable(),
      to: FindingStatus.nullable(),
    }),
  ),
  rollout: RolloutPlan.nullable(),
})
export type PolicyPlan = z.infer<typeof PolicyPlan>

export const planPolicy = (text: string) => write(PolicyPlan, 'POST', '/policies/plan', { yaml: text })
export const applyPolicy = (text: string) =>
  write(z.object({ version: z.int(), activatedAt: Instant }), 'POST', '/policies', { yaml: text })

export const changeRelease = (change: RolloutChange) =>
  write(Anything, 'POST', '/policies/release', { json: change })
