// Who an account stands for, which groups people are in, and waivers. Known by interval; unknown is not no.
import { z } from 'zod'
import { AccountName, Instant } from './observation.ts'
import { ToolId } from './tool.ts'

export const AccountOwner = z.strictObject({
  device: z.string(),
  account: AccountName,
  /** `null` with `shared`: an account that names no one person. */
  person: z.string().nullable(),
  shared: z.boolean(),
  from: Instant.nullable(),
  until: Instant.nullable(),
})
export type AccountOwner = z.infer<typeof AccountOwner>

export const GroupMember = z.strictObject({
  group: z.string(),
  person: z.string(),
  from: Instant.nullable(),
  until: Instant.nullable(),
})
export type GroupMember = z.infer<typeof GroupMember>

/** What the server knows of people. A group named here is complete for its interval; one not named is unknown. */
export interface People {
  readonly owners: readonly AccountOwner[]
  readonly members: readonly GroupMember[]
  readonly groups: readonly string[]
}

export const WaiverSubject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), person: z.string().min(1).max(256) }),
  z.strictObject({ kind: z.literal('device'), device: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('account'), device: z.string().min(1).max(64), account: AccountName }),
  z.strictObject({ kind: z.literal('group'), group: z.string().min(1).max(256) }),
])
export type WaiverSubject = z.infer<typeof WaiverSubject>

/** An exception: the only way to excuse what has happened. `until` is the first instant it no longer holds. */
export const Waiver = z.strictObject({
  id: z.string(),
  subject: WaiverSubject,
  tools: z.array(ToolId).min(1),
  owner: z.string().min(1).max(256),
  reason: z.string().min(1).max(2000),
  from: Instant,
  until: Instant,
})
export type Waiver = z.infer<typeof Waiver>
