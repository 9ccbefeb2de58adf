// The REST resources under /api/v1 as schemas: what the server answers and the dashboard reads.
// Names of accounts and hosts appear only after an audited look; until then `label` holds a pseudonym.
import { z } from 'zod'
import { Contact, Left } from './contact.ts'
import { State } from './detection.ts'
import { Finding, FindingStatus, Lifecycle } from './finding.ts'
import { Coverage, GapReason, Instant } from './observation.ts'
import { Waiver, WaiverSubject } from './people.ts'
import { Policy } from './policy.ts'
import { Strength, Tool, ToolFile, ToolId } from './tool.ts'
import { WireEvidence } from './protocol.ts'
import { ToldBehaviour, UnlistedId } from './unlisted-finding.ts'

/** Lists come in pages: `next` is the cursor of the following page, null at the end. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), total: z.int(), next: z.string().nullable() })
}

/** A person-related name: `key` is stable and safe to link to, `label` a pseudonym such as `account-3f9a`. */
export const Subject = z.object({
  key: z.string(),
  label: z.string(),
  /** The real name, only while an audited look is open; otherwise null. */
  name: z.string().nullable(),
})
export type Subject = z.infer<typeof Subject>

export const SessionInfo = z.object({
  user: z.string(),
  role: z.enum(['admin', 'auditor', 'helpdesk']),
  csrf: z.string().describe('send back as x-csrf-token with every write'),
  organisation: z.string().nullable(),
  now: Instant,
})
export type SessionInfo = z.infer<typeof SessionInfo>

/** What a finding is about: a tool, or what stands for something that is in no catalogue. */
const FindingSubject = z.union([ToolId, UnlistedId])

export const Overview = z.object({
  devices: z.object({ total: z.int(), reporting: z.int(), asleep: z.int(), quiet: z.int() }),
  findings: z.record(FindingStatus, z.int()),
  /** Open findings about what behaves like an AI coding agent and is in no catalogue; in no other count here. */
  unlisted: z.int().default(0),
  openByTool: z.array(z.object({ tool: ToolId, name: z.string(), status: FindingStatus, count: z.int() })),
  coverage: z.object({ attested: z.int(), blindSpots: z.int(), notAttested: z.int() }),
  gaps: z.array(z.object({ reason: GapReason, count: z.int() })),
  policy: z
    .object({
      version: z.int(),
      activatedAt: Instant,
      release: z.enum(['staged', 'halted', 'complete']).default('complete'),
    })
    .nullable(),
  /** Newest violations and suspicions, for the first screen. */
  newest: z.array(z.lazy(() => FindingRow)),
})
export type Overview = z.infer<typeof Overview>

export const DeviceRow = z.object({
  id: z.string(),
  host: Subject,
  os: z.enum(['linux', 'darwin', 'windows']),
  osVersion: z.string(),
  arch: z.string(),
  agentVersion: z.string(),
  enrolledAt: Instant,
  lastSeenAt: Instant.nullable(),
  lastScanAt: Instant.nullable(),
  status: z.enum(['active', 'revoked']),
  /** Null once revoked, and while another device reports in its place. */
  contact: Contact.nullable(),
  /** Null unless its agent said that it is being removed or replaced, and nothing came since. */
  left: Left.nullable(),
  coverage: Coverage.shape.state.nullable(),
  gaps: z.int(),
  worst: FindingStatus.nullable(),
  accounts: z.int(),
  policyVersion: z.int().nullable(),
})
export type DeviceRow = z.infer<typeof DeviceRow>

/** One of two devices that are probably one machine, of which the later said when it enrolled what the earlier had said. */
export const DeviceLink = z.object({
  device: z.string(),
  host: Subject,
  why: z
    .enum(['copied', 'hardware', 'serial', 'system'])
    .describe(
      'copied: a key of the earlier one; hardware: the number of its hardware; serial, system: that number, with name and kind of system',
    ),
  at: Instant.describe('when the later one was enrolled'),
  earlierReportsOn: z.boolean().describe('the earlier one was heard of since: then there are two'),
})
export type DeviceLink = z.infer<typeof DeviceLink>

export const DeviceDetail = DeviceRow.extend({
  keySince: Instant.describe('since when it has its key'),
  predecessor: DeviceLink.nullable(),
  successors: z.array(DeviceLink),
})
export type DeviceDetail = z.infer<typeof DeviceDetail>

export const AccountRow = z.object({
  device: z.string(),
  host: Subject,
  account: Subject,
  readable: z.boolean(),
  coverage: Coverage.shape.state.nullable(),
  worst: FindingStatus.nullable(),
})
export type AccountRow = z.infer<typeof AccountRow>

export const InventoryRow = z.object({
  device: z.string(),
  host: Subject,
  account: Subject.nullable(),
  item: z.enum(['command', 'package', 'app', 'extension', 'config']),
  source: z.string(),
  name: z.string(),
  version: z.string().nullable(),
  firstDay: z.string().describe('day on which it was first reported'),
  lastDay: z.string().nullable().describe('day on which it was gone; null while there'),
})
export type InventoryRow = z.infer<typeof InventoryRow>

export const DetectionRow = z.object({
  device: z.string(),
  host: Subject,
  account: Subject.nullable(),
  tool: ToolId,
  toolName: z.string(),
  state: State,
  running: z.boolean().nullable(),
  strength: Strength,
  version: z.string().nullable(),
  installedOn: z.string().nullable(),
  usedBeforeCutoff: z.boolean(),
  gone: z.boolean(),
  marks: z.int(),
  evidence: z.array(WireEvidence),
  reportedAt: Instant,
})
export type DetectionRow = z.infer<typeof DetectionRow>

export const FindingRow = z.object({
  id: z.string(),
  device: z.string(),
  host: Subject,
  account: Subject.nullable(),
  tool: FindingSubject,
  toolName: z.string(),
  /** Something that is in no catalogue: where its name is from, which is the package manager or `home`. */
  unlisted: z.object({ source: z.string(), name: z.string() }).nullable().default(null),
  status: FindingStatus,
  reasons: Finding.shape.reasons,
  row: Finding.shape.row,
  rule: z.string().nullable(),
  since: Instant.nullable(),
  lastMarkAt: Instant.nullable(),
  state: State,
  running: z.boolean(),
  coverage: Coverage.shape.state.nullable(),
  lifecycle: Lifecycle,
  judgedAt: Instant,
})
export type FindingRow = z.infer<typeof FindingRow>

export const LifecycleChange = z.object({
  lifecycle: Lifecycle,
  reason: z.string().min(1).max(2000),
})
export type LifecycleChange = z.infer<typeof LifecycleChange>

export const FindingDetail = FindingRow.extend({
  marks: Finding.shape.marks,
  cutoff: Instant.nullable(),
  notice: Instant.nullable(),
  policyVersion: z.int().nullable(),
  catalogue: z.string(),
  usedBeforeCutoff: z.boolean().nullable(),
  wouldChange: Finding.shape.wouldChange,
  missing: z.array(z.string()),
  coverageDetail: Coverage.nullable(),
  evidence: z.array(WireEvidence),
  /** Of what is in no catalogue: why it is put up for review. */
  behaviours: z.array(ToldBehaviour).default([]),
  history: z.array(z.object({ at: Instant, by: z.string(), lifecycle: Lifecycle, reason: z.string() })),
  instead: z.array(z.object({ tool: ToolId, name: z.string() })),
  /** Who else reported sessions of its marks, which are in doubt therefore. */
  sharedWith: z.array(z.object({ device: z.string(), host: Subject, account: Subject.nullable() })),
})
export type FindingDetail = z.infer<typeof FindingDetail>

export const GapRow = z.object({
  device: z.string(),
  host: Subject,
  account: Subject.nullable(),
  collector: z.string(),
  place: z.string().nullable(),
  reason: GapReason,
  detail: z.string().nullable(),
  from: Instant,
  until: Instant.nullable(),
})
export type GapRow = z.infer<typeof GapRow>

export const CoverageRow = z.object({
  device: z.string(),
  host: Subject,
  account: Subject.nullable(),
  state: Coverage.shape.state,
  at: Instant,
  catalogue: z.string(),
  gaps: z.int(),
})
export type CoverageRow = z.infer<typeof CoverageRow>

/** One line of a device's history: something changed. */
export const EventRow = z.object({
  id: z.string(),
  device: z.string(),
  account: Subject.nullable(),
  at: Instant.describe('server clock'),
  type: z.enum([
    'enrolled',
    'revoked',
    'agent',
    'detection',
    'finding',
    'gap-opened',
    'gap-closed',
    'coverage',
    'account',
    'missing-records',
    'state-diverged',
    'shared-session',
  ]),
  tool: FindingSubject.nullable(),
  summary: z.string().describe('a code with its values, worded by the page'),
})
export type EventRow = z.infer<typeof EventRow>

export const PolicyVersionRow = z.object({
  version: z.int(),
  activatedAt: Instant,
  activatedBy: z.string(),
  inForce: z.boolean(),
  policy: Policy,
  /** Each rule's instants, as the server understands them. */
  instants: z.array(
    z.object({
      rule: z.string(),
      from: Instant.nullable(),
      until: Instant.nullable(),
      announced: Instant.nullable(),
    }),
  ),
  /** How many findings of each status rest on it now. */
  findings: z.record(FindingStatus, z.int()),
})
export type PolicyVersionRow = z.infer<typeof PolicyVersionRow>

/** To roles that may not look at names, persons and groups go by pseudonyms, and owner and reason are null. */
export const WaiverRow = Waiver.extend({
  owner: Waiver.shape.owner.nullable(),
  reason: Waiver.shape.reason.nullable(),
  createdAt: Instant,
  createdBy: z.string(),
  revokedAt: Instant.nullable(),
})
export type WaiverRow = z.infer<typeof WaiverRow>

export const NewWaiver = z.object({
  subject: WaiverSubject.describe('an account by its key: its name would ask whose pseudonym is whose'),
  tools: Waiver.shape.tools,
  owner: Waiver.shape.owner,
  reason: Waiver.shape.reason,
  from: Instant,
  until: Instant,
})
export type NewWaiver = z.infer<typeof NewWaiver>

/** Opens a person's names and timeline to the asking user for a while; the reason is kept in the audit log. */
export const NewLook = z.object({
  device: z.string(),
  account: z.string().nullable().describe('the account’s key; null for the device’s own name'),
  reason: z.string().min(8, 'say in a few words why').max(500),
})
export type NewLook = z.infer<typeof NewLook>

export const AuditRow = z.object({
  id: z.int(),
  at: Instant,
  by: z.string(),
  action: z.string(),
  subject: z.string().nullable(),
  reason: z.string().nullable(),
  hash: z.string(),
})
export type AuditRow = z.infer<typeof AuditRow>

export const ToolRow = z.object(Tool.shape).pick({
  id: true,
  name: true,
  vendor: true,
  vendorCountry: true,
  category: true,
  homepage: true,
  about: true,
  ended: true,
})
export type ToolRow = z.infer<typeof ToolRow>

/** One tool with how it is recognised and what that rests on, its cases left out; and how far it has spread. */
export const ToolDetail = z
  .object(ToolFile.shape)
  .omit({ $schema: true, cases: true })
  .extend({
    fleet: z.object({
      devices: z.int().describe('that have it now'),
      accounts: z.int().describe('that have it now; installations for a whole machine are no account’s'),
      findings: z.record(FindingStatus, z.int()).describe('not closed, by status'),
    }),
  })
export type ToolDetail = z.infer<typeof ToolDetail>
