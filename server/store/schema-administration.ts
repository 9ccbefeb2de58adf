// The tables of rules, people and administration as types; see schema.ts for what holds of all of them. JSON is text.
import type { Generated } from 'kysely'

export interface PolicyTable {
  version: number
  activated_at: number
  activated_by: string
  policy: string
}

export interface WaiverTable {
  id: string
  waiver: string
  created_at: number
  created_by: string
  revoked_at: number | null
  revoked_by: string | null
}

export interface PeopleTable {
  id: number
  people: string
}

export interface AuditTable {
  id: number
  at: number
  by: string
  action: string
  subject: string | null
  reason: string | null
  hash: string
}

export interface SessionTable {
  id: string
  user: string
  role: 'admin' | 'auditor' | 'helpdesk'
  csrf: string
  created_at: number
  used_at: number
}

export interface LoginLinkTable {
  hash: string
  created_at: number
  expires_at: number
  used_at: number | null
}

export interface LookTable {
  session: string
  device: string
  account: string
  until: number
  reason: string
}

export interface EnrolTokenTable {
  id: string
  hash: string
  created_at: number
  created_by: string
  expires_at: number
  max_uses: number | null
  uses: Generated<number>
  revoked_at: number | null
}

export interface JobTable {
  id: Generated<number>
  kind: 'rejudge'
  /** Where to go on; '' at the start. */
  cursor: string
  created_at: number
  /** Whoever works on it says so until then. */
  leased_until: number
}

export interface ServerKeyTable {
  kind: 'organisation' | 'receipt'
  number: number
  /** Public half, base64url of the raw 32 bytes. */
  key: string
  /** 0: it was there before this was noted; null: prepared, and not in force yet. */
  since: number | null
  /** What it signed bears a time before this; null: not replaced. */
  until: number | null
  /** Why it was replaced. */
  reason: string | null
}
