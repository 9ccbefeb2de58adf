// The tables as types; migrations/ makes them. An account is '' where the rest of the program says null, since it is
// part of keys. Times are milliseconds since 1970 by the server's clock unless a name begins with `device_`; what devices tell of gaps and looks is converted as it comes.
import type { Generated, GeneratedAlways } from 'kysely'
import type { Leaving } from '#shared/agent-event.ts'
import type {
  AuditTable,
  EnrolTokenTable,
  JobTable,
  LoginLinkTable,
  LookTable,
  PeopleTable,
  PolicyTable,
  ServerKeyTable,
  SessionTable,
  WaiverTable,
} from './schema-administration.ts'
import type { ReleaseDeviceTable, ReleaseTable } from './schema-releases.ts'

/** 0 or 1. */
export type Flag = number
/** JSON text. */
export type Json = string

export interface DeviceTable {
  id: string
  key: string
  status: 'active' | 'revoked'
  enrolled_at: number
  enrol_token: string | null
  revoked_at: number | null
  label: string
  hostname: string
  os: 'linux' | 'darwin' | 'windows'
  os_version: string
  arch: string
  serial: string | null
  agent_version: string
  key_protection: string
  last_seen_at: number | null
  last_scan_at: number | null
  policy_version: number | null
  /** Name of the signed policy that it acts on; null where it has none, or its agent tells no names. */
  release: Generated<string | null>
  /** Of the organisation's keys the one that its agent believes and those that it would follow to, by marks with spaces between them. */
  organisation_keys: Generated<string | null>
  clock_off: Flag
  /** How many keys it had before this one, and since when it has it; null: since it was enrolled. */
  key_number: Generated<number>
  key_since: number | null
  /** Keyed hashes of the numbers of its hardware and system, as it said when it enrolled. */
  hardware_hash: string | null
  system_hash: string | null
  /** The device that this one probably goes on as, and by what; a claim of this one's, and nothing of the other is its. */
  predecessor: string | null
  predecessor_why: 'copied' | 'hardware' | 'serial' | 'system' | null
  /** Worst status among its findings that are not closed, and its severity; 0 for none. */
  worst: string | null
  severity: Generated<number>
  /** Of server/habit.ts, and the instant after which a device that is not heard of is out of its habit. */
  silences: Generated<Json>
  quiet_after: Generated<number>
  /** Day on which its agent was last stopped in order, by what it told. */
  stopped_on: Generated<number | null>
  /** Why its agent ended and on which day, where it said so and nothing came after. */
  left_why: Generated<Leaving | null>
  left_on: Generated<number | null>
}

/** A key that a device had before, and by which signature it named the next one. */
export interface FormerKeyTable {
  device: string
  /** As in `envelopes`: which of them it signed. */
  number: number
  key: string
  ended_at: number
  token: string
  signature: string
}

/** Where a device's chain stands, and the last answer it got. Small, as every check-in rewrites it. */
export interface ChainTable {
  device: string
  epoch: string
  counter: number
  /** Of the last record received; -1: none. */
  sequence: number
  head: string
  token: string
  envelope_hash: string
  /** Nonces used under the present counter. */
  nonces: Json
  receipt: Json
}

export interface EpochTable {
  device: string
  epoch: string
  ended_at: number
  counter: number
  head: string
}

export interface NonceTable {
  device: string
  use: 'policy' | 'enrol'
  nonce: string
  at: number
}

export interface EnvelopeTable {
  device: string
  epoch: string
  counter: number
  received_at: number
  header: string
  signature: string
  /** Which of the device's keys signed it: 0 is the first. */
  key_number: Generated<number>
}

export interface RecordTable {
  device: string
  epoch: string
  sequence: number
  /** Null once erased; the commitment in the envelope stays. */
  salt: string | null
  text: string | null
}

export interface AccountTable {
  device: string
  account: string
  key: string
  label: string
  readable: Flag
  gone: Flag
}

export interface DetectionTable {
  device: string
  account: string
  tool: string
  state: 'leftover' | 'installed' | 'started' | 'used'
  gone: Flag
  running: Flag | null
  strength: 'weak' | 'likely' | 'proven'
  version: string | null
  installed_on: string | null
  installed_before_cutoff: Flag | null
  used_before_cutoff: Flag
  able_to_run: Flag
  evidence: Json
  reported_at: number
}

export interface MarkTable {
  device: string
  account: string
  tool: string
  kind: 'session' | 'attempt' | 'run' | 'presence'
  session: string
  device_at: number
  boot: string | null
  resolution_ms: number
  basis: 'witnessed' | 'found'
  strength: 'weak' | 'likely' | 'proven'
  doubts: Json
  disagreement: Json | null
  without_record: Flag
  /** Marks like it that the device dropped for want of room. */
  more: Generated<number>
  signal: string
  evidence: Json
}

/** Which accounts reported a session, to recognise one that two did. */
export interface SessionSeenTable {
  session: string
  device: string
  account: string
}

export interface ClockTable {
  device: string
  boot: string
  offset_ms: number
  error_ms: number
  stepped: Flag
}

export interface ItemTable {
  id: GeneratedAlways<number>
  item: 'command' | 'package' | 'app' | 'extension' | 'config'
  source: string
  name: string
}

export interface InventoryTable {
  device: string
  item: number
  account: string
  version: string | null
  first_day: string
  last_day: string | null
}

/** A candidate for the catalogue; `id` stands for it where a tool's id does. */
export interface UnlistedTable {
  device: string
  account: string
  id: string
  source: string
  name: string
  behaviours: Json
  gone: Flag
  reported_at: number
}

export interface GapTable {
  device: string
  account: string
  collector: string
  place: string
  hash: string
  reason: string
  detail: string | null
  from_at: number
  until_at: number | null
}

export interface CoverageTable {
  device: string
  account: string
  state: 'attested' | 'attested-but-blind-spots' | 'not-attested'
  at: number
  catalogue: string
  gaps: number
}

export interface ScanTable {
  device: string
  started_at: number
  finished_at: number
  cpu_ms: number
  policy_version: number | null
  catalogue: string
  collectors: Json
}

export interface EventTable {
  device: string
  id: number
  at: number
  account: string
  type: string
  tool: string | null
  summary: string
}

export interface FindingTable {
  id: string
  device: string
  account: string
  tool: string
  status: string
  severity: number
  rule: string | null
  row: number | null
  since: number | null
  last_mark_at: number | null
  policy_version: number | null
  lifecycle: 'open' | 'acknowledged' | 'disputed' | 'closed'
  /** Newest counted mark when it was closed: a later one opens it again. */
  closed_mark_at: number | null
  judged_at: number
  /** When its status last changed. */
  changed_at: number
  /** The finding without its marks. */
  body: Json
}

export interface LifecycleTable {
  finding: string
  id: Generated<number>
  at: number
  by: string
  lifecycle: string
  reason: string
}

export interface MetaTable {
  /** `rulebook`: its revision · `dates`: until when passing dates have been looked for. */
  name: 'rulebook' | 'dates'
  value: number
}

export interface Tables {
  meta: MetaTable
  devices: DeviceTable
  former_keys: FormerKeyTable
  chains: ChainTable
  epochs: EpochTable
  nonces: NonceTable
  envelopes: EnvelopeTable
  records: RecordTable
  accounts: AccountTable
  detections: DetectionTable
  marks: MarkTable
  sessions_seen: SessionSeenTable
  clocks: ClockTable
  items: ItemTable
  inventory: InventoryTable
  unlisted: UnlistedTable
  gaps: GapTable
  coverage: CoverageTable
  scans: ScanTable
  events: EventTable
  findings: FindingTable
  lifecycles: LifecycleTable
  policies: PolicyTable
  releases: ReleaseTable
  release_devices: ReleaseDeviceTable
  waivers: WaiverTable
  people: PeopleTable
  audit: AuditTable
  server_keys: ServerKeyTable
  sessions: SessionTable
  login_links: LoginLinkTable
  looks: LookTable
  enrol_tokens: EnrolTokenTable
  jobs: JobTable
}
