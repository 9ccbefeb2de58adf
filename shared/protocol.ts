// The wire between agent and server: every field that may leave a device, and no other. Version history at the end of this head.
// The data dictionary (`cutoff-agent privacy`) is made from the descriptions here, so each field says what it is and why.
//
// PROTOCOL_VERSION history
//   1  2026-11-22  first version
//   2  2026-11-22  record `unlisted`; a server of version 1 keeps it as signed and passes it over
//   3  2026-11-23  field `disagreement` of a mark; older servers pass it over
//   4  2026-11-23  `tombstone` in the header, field `more` of a mark; older servers show the range as missing
//   5  2026-11-23  `lifecycle` of a verdict; older agents pass it over, and a verdict without it counts as open
//   6  2026-11-23  the server tells its version and vouches for its key by the organisation's; `copyOf` at enrolment, which older
//                  servers pass over. From here on a server keeps as signed and passes over whatever a newer agent tells that
//                  it cannot read, whole records with new kinds of values too, and is told it again once it is newer;
//                  events `killed`, `stalled` and `reconfigured` of the agent
//   7  2026-11-23  `told` in the header of a report without records, `drift` in its answer; an older server is sent none
//   8  2026-11-23  `rotates` at enrolment and the server's word for the new key, which an agent asks no older server for;
//                  `machine` at enrolment, which older servers pass over
//   9  2026-11-23  events `removing`, `upgrading` and `start-failed` of the agent, which older servers pass over
//  10  2026-11-23  `release` in the header and in the answer: which signed policy the device acts on, and which it is to have;
//                  without it versions alone are compared, and a new text of the same version is not fetched;
//                  `organisationKey` in the answer and `since` in the word for the server's key, without which an agent hears of
//                  the organisation's new key once its settings name that alone
//  11  2026-11-23  `looks` in the answer: who looked at what is held of the device's people; older agents pass it over
//  12  2026-11-23  `organisationKeys` in the header: which keys of the organisation's count for the agent, so that a replacement can
//                  be seen to have reached it; older servers pass it over
import { z } from 'zod'
import { AgentEvent } from './agent-event.ts'
import { Key, Release } from './answers.ts'
import { Disagreement } from './disagreement.ts'
import { Doubt, MarkBasis, MarkKind, ObservationKindName, State } from './detection.ts'
import { MachineHashes } from './machine.ts'
import { CoverageState, GapReason } from './observation.ts'
import { Told } from './told.ts'
import { Tombstone } from './tombstone.ts'
import { Means, Strength, ToolId } from './tool.ts'
import { SubjectName, SubjectSource, ToldBehaviour } from './unlisted-finding.ts'
import { CopyOf, Rotates } from './vouching.ts'

export const PROTOCOL_VERSION = 12

/** Limits that both ends enforce: a device cannot make the server hold more than this at once. */
export const limits = {
  compressedBytes: 1024 * 1024,
  expandedBytes: 8 * 1024 * 1024,
  recordsPerCheckIn: 2000,
  jsonDepth: 24,
} as const

// The part of the wire that goes the other way.
export { CheckInResponse, EnrolResponse, Receipt, Signed } from './answers.ts'
export { DevicePolicy, releaseName, Window } from './device-policy.ts'
export { DeviceVerdict } from './device-verdict.ts'

const Name = z.string().min(1).max(256)
const Hash = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,64}$/)
  .describe('keyed hash, base64url')
const Time = z.int().describe('milliseconds since 1970, in the device’s clock')
const Account = Name.nullable().describe('account name on the device; null for the machine as a whole')
const KeyMark = z.string().regex(/^[0-9a-f]{16}$/)
/** The first digits of a key's fingerprint: enough to tell an organisation's keys apart. */
export function keyMark(fingerprint: string): string {
  return fingerprint.replaceAll(' ', '').slice(0, 16)
}

const Place = z.string().max(512).describe('where, as a template; variable parts are left as *')

/** Evidence as it leaves the device: a signal, a place and a hash, no full path, pid or text. */
export const WireEvidence = z.strictObject({
  kind: ObservationKindName.describe('which kind of fact'),
  signal: z.string().max(300).describe('which signal of the catalogue matched'),
  place: Place.nullable(),
  hash: Hash.nullable().describe('tells two places under one template apart; the key stays on the device'),
  means: Means.describe('what the signal says: presence, configuration, start or session'),
  strength: Strength.describe('how sure the signal is'),
})
export type WireEvidence = z.infer<typeof WireEvidence>

const record = <T extends string, S extends z.ZodRawShape>(type: T, about: string, shape: S) =>
  z.strictObject({ type: z.literal(type), ...shape }).describe(about)

export const HostRecord = record(
  'host',
  'What device this is. Evidence about the device, never its identity.',
  {
    hostname: Name.describe('so that an administrator recognises the device'),
    os: z.enum(['linux', 'darwin', 'windows']).describe('operating system'),
    osVersion: z.string().max(200).describe('its version'),
    arch: z.string().max(32).describe('processor architecture'),
    serial: z.string().max(200).nullable().describe('hardware serial number, to join with the asset list'),
    agentVersion: z.string().max(64).describe('version of the agent'),
    // No closed list: a server refuses nobody because of a way that it does not know.
    keyProtection: z.string().min(1).max(32).describe('how the device key is kept: file'),
  },
)

export const AccountRecord = record('account', 'An account of this device.', {
  account: Name.describe('account name'),
  readable: z.boolean().describe('whether its home could be looked into'),
  gone: z.boolean().describe('true once the account is no longer there'),
})

export const DetectionRecord = record(
  'detection',
  'What was found of one tool for one account. Replaces the one before.',
  {
    tool: ToolId.describe('tool, by its id in the catalogue'),
    account: Account,
    state: State.describe('left over, installed, started or used'),
    gone: z.boolean().describe('true when nothing of it is found any more'),
    running: z
      .boolean()
      .nullable()
      .describe(
        'whether it was running at the look; null while the rule’s date is ahead, no rule names the tool, or what runs could not be seen',
      ),
    strength: Strength.describe('how sure the identification is'),
    version: z.string().max(100).nullable().describe('version of the tool'),
    installedOn: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      .nullable()
      .describe('day of installation, when on or after a rule’s date; null before it or when not known'),
    installedBeforeCutoff: z.boolean().nullable().describe('null when not known or no rule names the tool'),
    usedBeforeCutoff: z.boolean().describe('whether any use lies before the rule’s date; never when'),
    ableToRun: z.boolean().describe('whether the tool was ever seen able to run on this device'),
    evidence: z.array(WireEvidence).max(50).describe('what speaks for it'),
  },
)
export type DetectionRecord = z.infer<typeof DetectionRecord>

export const MarkRecord = record(
  'mark',
  'One dated sign of life of a tool under a rule, on or after the rule’s date.',
  {
    tool: ToolId.describe('tool'),
    account: Account,
    kind: MarkKind.describe('session, attempt, run or presence'),
    at: Time,
    resolutionMs: z.int().nonnegative().describe('how exactly the record tells the time'),
    boot: z
      .string()
      .max(64)
      .nullable()
      .describe(
        'which start of the machine, and setting of its clock, the time belongs to; null where that cannot be told',
      ),
    basis: MarkBasis.describe('witnessed by the agent, or found in a record'),
    strength: Strength.describe('how sure'),
    session: Hash.nullable().describe(
      'keyed hash of the session’s name, the same on every device of the organisation',
    ),
    doubts: z.array(Doubt).max(8).describe('what speaks against the time or place'),
    disagreement: Disagreement.optional().describe(
      'where times disagree: with which other time, and by how much, no finer than the mark’s own time',
    ),
    withoutRecord: z.boolean().describe('ran for more than 10 minutes and kept no session record'),
    more: z
      .int()
      .positive()
      .optional()
      .describe(
        'how many more like it, of that day and side of the rule’s dates, were dropped on the device for want of room; the first and the last are always told',
      ),
    evidence: WireEvidence.describe('what it rests on'),
  },
)
export type MarkRecord = z.infer<typeof MarkRecord>

/** The day only, never a time: inventory must not tell when anybody worked. */
export const InventoryRecord = record(
  'inventory',
  'One installed or vanished item, by name and version. Names no file in a project.',
  {
    item: z.enum(['command', 'package', 'app', 'extension', 'config']).describe('which kind'),
    account: Account,
    source: z.string().max(64).describe('package manager, editor family or kind of app'),
    name: z.string().max(300).describe('name of the command, package, app, extension or known config file'),
    version: z.string().max(100).nullable().describe('its version'),
    gone: z.boolean().describe('true once it is no longer there'),
  },
)
export type InventoryRecord = z.infer<typeof InventoryRecord>

/** No version, path or time: that it is there, and why it is put up for review. */
export const UnlistedRecord = record(
  'unlisted',
  'Something that behaves like an AI coding agent and is not in the catalogue: at most a question. Replaces the one before.',
  {
    account: Account,
    source: SubjectSource.describe('package manager; home for a folder of the account’s home'),
    name: SubjectName.describe('name of the package, or the folder’s own name as in ~/.example'),
    behaviours: z.array(ToldBehaviour).max(32).describe('why'),
    gone: z.boolean().describe('true once it no longer behaves so, or is not there'),
  },
)
export type UnlistedRecord = z.infer<typeof UnlistedRecord>

export const GapRecord = record('gap', 'One thing that could not be looked at, or could be again.', {
  collector: z.string().max(64).describe('who wanted to look'),
  account: Account,
  place: Place.nullable(),
  hash: Hash.nullable().describe('tells two gaps under one template apart'),
  reason: GapReason.describe('why not'),
  detail: z.string().max(200).nullable().describe('technical code'),
  from: Time.describe('when it was first seen'),
  until: Time.nullable().describe('when it was gone; null while it lasts'),
})
export type GapRecord = z.infer<typeof GapRecord>

export const CoverageRecord = record('coverage', 'How well the device or an account has been looked at.', {
  account: Account,
  state: CoverageState.describe('attested, attested but for blind spots, or not attested'),
  at: Time.describe('as of when, or since when not'),
  catalogue: z.string().max(64).describe('version of the catalogue that was looked for'),
  gaps: z.int().nonnegative().describe('number of gaps'),
})

export const ScanRecord = record('scan', 'One complete look: how long it took and what it cost.', {
  startedAt: Time.describe('start'),
  finishedAt: Time.describe('end'),
  cpuMs: z.int().nonnegative().describe('CPU time spent'),
  policyVersion: z.int().nullable().describe('policy known at the time'),
  catalogue: z.string().max(64).describe('catalogue used'),
  collectors: z
    .array(
      z.strictObject({
        name: z.string().max(64).describe('collector'),
        ms: z.int().nonnegative().describe('time'),
        observations: z.int().nonnegative().describe('facts seen'),
        gaps: z.int().nonnegative().describe('things not seen'),
      }),
    )
    .max(32),
})

export const AgentRecord = record('agent', 'Something that happened to the agent itself.', {
  event: AgentEvent.describe('what'),
  detail: z.string().max(300).nullable().describe('technical detail'),
  at: Time.describe('on which day: its first moment (UTC), in the device’s clock'),
})

export const WireRecord = z.discriminatedUnion('type', [
  HostRecord,
  AccountRecord,
  DetectionRecord,
  MarkRecord,
  InventoryRecord,
  UnlistedRecord,
  GapRecord,
  CoverageRecord,
  ScanRecord,
  AgentRecord,
])
export type WireRecord = z.infer<typeof WireRecord>

/**
 * What a device signs. Commitments stand for the records, which travel beside it and can be erased later. Not strict: a field
 * that a newer agent adds is passed over, and stays in the text that was signed.
 */
export const EnvelopeHeader = z.object({
  protocol: z.int(),
  device: z.string().max(64),
  epoch: z.string().max(64).describe('random; new whenever the agent’s state is new'),
  previousEpoch: z.object({ epoch: z.string().max(64), head: z.string().max(64) }).nullable(),
  counter: z.int().nonnegative().describe('rises with every request of the epoch'),
  from: z.int().nonnegative().describe('sequence of the first record; equal to `to` + 1 when there is none'),
  to: z.int().nonnegative(),
  previousHead: z.string().max(64),
  head: z.string().max(64),
  commitments: z.array(z.string().max(64)).max(limits.recordsPerCheckIn),
  token: z.string().max(64).nullable().describe('the token of the last receipt'),
  clock: z
    .object({
      boot: z.string().max(64),
      offsetMs: z.number().describe('server clock minus device clock'),
      errorMs: z.number().nonnegative(),
    })
    .nullable()
    .describe(
      'the device clock as measured against the server’s since the start of the machine, or since it was set; null until measured',
    ),
  policyVersion: z.int().nullable(),
  release: Release.optional()
    .catch(undefined)
    .describe('name of the signed policy that the device acts on; null while it has none'),
  organisationKeys: z
    .array(KeyMark)
    .min(1)
    .max(8)
    .optional()
    .catch(undefined)
    .describe(
      'which of the organisation’s keys count for the agent, by the first digits of their fingerprints: the one that it believes, then those that its settings let follow',
    ),
  tombstone: Tombstone.optional()
    // One of a newer agent that cannot be read is as none: what it gave up is then shown as missing.
    .catch(undefined)
    .describe('what the device gave up for want of room since the last report, where it did'),
  told: Told.optional()
    // What cannot be read is not compared.
    .catch(undefined)
    .describe('what was told so far, as one hash, so that what got lost is noticed; once a day at most'),
})
export type EnvelopeHeader = z.infer<typeof EnvelopeHeader>

/** Header and records are carried as the exact text that was hashed and signed. */
export const Envelope = z.strictObject({
  header: z.string().max(400_000),
  signature: z.string().max(128),
  records: z
    .array(z.strictObject({ salt: z.string().max(64), text: z.string().max(65_536) }))
    .max(limits.recordsPerCheckIn),
})
export type Envelope = z.infer<typeof Envelope>

export const EnrolRequest = z.strictObject({
  protocol: z.int(),
  token: z.string().max(200),
  key: Key,
  host: HostRecord,
  copyOf: CopyOf.optional(),
  rotates: Rotates.optional(),
  machine: MachineHashes.optional(),
})
export type EnrolRequest = z.infer<typeof EnrolRequest>
