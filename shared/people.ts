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

/** Whose use is judged. `account` is null for a machine-wide installation. */
export interface Holder {
  readonly device: string
  readonly account: string | null
}

export type Answer = 'yes' | 'no' | 'unknown'

function holds(
  interval: { readonly from: number | null; readonly until: number | null },
  at: number,
): boolean {
  return (interval.from === null || interval.from <= at) && (interval.until === null || at < interval.until)
}

/** The person behind an account at an instant; null where unknown or shared: a shared account names nobody. */
export function personOf(holder: Holder, people: People, at: number): string | null {
  const owner = people.owners.find(
    (o) => o.device === holder.device && o.account === holder.account && holds(o, at),
  )
  return owner === undefined || owner.shared ? null : owner.person
}

/** Whether the person behind an account is in a group at an instant. */
export function inGroup(holder: Holder, group: string, people: People, at: number): Answer {
  const person = personOf(holder, people, at)
  if (person === null || !people.groups.includes(group)) return 'unknown'
  const member = people.members.some((m) => m.group === group && m.person === person && holds(m, at))
  return member ? 'yes' : 'no'
}

/** Whether a waiver is for this holder; its dates and tools are the caller’s to compare. */
export function coversHolder(waiver: Waiver, holder: Holder, people: People, at: number): Answer {
  const { subject } = waiver
  switch (subject.kind) {
    case 'device':
      return subject.device === holder.device ? 'yes' : 'no'
    case 'account':
      return subject.device === holder.device && subject.account === holder.account ? 'yes' : 'no'
    case 'person': {
      const person = personOf(holder, people, at)
      if (person === null) return 'unknown'
      return person === subject.person ? 'yes' : 'no'
    }
    case 'group':
      return inGroup(holder, subject.group, people, at)
  }
}
