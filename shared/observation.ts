// What collectors see: observations, gaps and coverage. Facts with no opinion about them; nothing here names a tool.
// Observations are the device's own, with full paths and pids; `shared/protocol.ts` says what of them may leave it.
import { z } from 'zod'

/** Milliseconds since 1970 in the device's own clock, unless a name says otherwise. */
export const Instant = z.int()

/** An operating-system account as the device names it: its user name. `null` stands for the machine as a whole. */
export const AccountName = z.string().min(1).max(256)

export const Account = z.strictObject({
  name: AccountName,
  uid: z.string().describe('numeric uid, or the SID on Windows'),
  home: z.string(),
  /** Whether its home could be looked into at all; where not, a gap says why. */
  readable: z.boolean(),
})
export type Account = z.infer<typeof Account>

/** Who put a package there; the names that packages have are its own. */
export const PackageManager = z.enum([
  'npm',
  'pypi',
  'cargo',
  'go',
  'deb',
  'rpm',
  'nix',
  'homebrew',
  'homebrew-cask',
  'macports',
  'winget',
  'scoop',
  'chocolatey',
])
export type PackageManager = z.infer<typeof PackageManager>

/** The family whose ids an extension has: `vscode` serves Cursor, Windsurf and the like, `chromium` Edge and Brave. */
export const ExtensionHost = z.enum(['vscode', 'jetbrains', 'zed', 'neovim', 'chromium'])
export type ExtensionHost = z.infer<typeof ExtensionHost>

/** The package that a file belongs to, proven by the manifest in the package's own root folder. */
export const PackageRef = z.strictObject({
  manager: PackageManager,
  name: z.string(),
  version: z.string().nullable(),
  root: z.string(),
})
export type PackageRef = z.infer<typeof PackageRef>

const common = {
  account: AccountName.nullable(),
  /** When the collector looked; of what it would give again, the look at which it first gave it. */
  at: Instant,
}

export const ProcessObservation = z.strictObject({
  kind: z.literal('process'),
  ...common,
  pid: z.int(),
  parentPid: z.int().nullable(),
  startedAt: Instant.nullable(),
  /** What the kernel calls it; worth little. */
  name: z.string(),
  /** The real path of the program, null where the system did not tell. */
  executable: z.string().nullable(),
  /** The real path of the script that an interpreter runs, null when it runs none. */
  script: z.string().nullable(),
  package: PackageRef.nullable(),
  /** Which of the catalogue's builds its program is by its content; absent: none, or not looked for. */
  build: z.string().optional(),
  /** What it calls itself in place of its arguments, where the catalogue knows that title; null otherwise. */
  title: z.string().nullable(),
  /**
   * Names of the catalogue's variables, and of the marks that any agent may set, that it was not started with and what it
   * started was: it set them. That a process has them says nothing by itself: they go on to whatever it starts.
   */
  sets: z.array(z.string()),
})
export type ProcessObservation = z.infer<typeof ProcessObservation>

export const CommandObservation = z.strictObject({
  kind: z.literal('command'),
  ...common,
  name: z.string(),
  path: z.string(),
  /** Where its links lead: the real path of the file that would run. */
  target: z.string(),
  bytes: z.int().nullable(),
  format: z.enum(['elf', 'mach-o', 'pe', 'script', 'other']),
  package: PackageRef.nullable(),
  /** Which of the catalogue's builds the program is by its content; absent: none, or not looked for. */
  build: z.string().optional(),
})
export type CommandObservation = z.infer<typeof CommandObservation>

export const PackageObservation = z.strictObject({
  kind: z.literal('package'),
  ...common,
  manager: PackageManager,
  name: z.string(),
  version: z.string().nullable(),
  path: z.string(),
  /** `installed`: a command line away; `cache`: fetched by npx and its like; `project`: in a project's own folder. */
  scope: z.enum(['installed', 'cache', 'project']),
  /** When its folder came to be, as the file system says; null when it does not. */
  installedAt: Instant.nullable(),
  /** Of one that brings a command: those of catalogue/behaviours.ts that its manifest depends on; absent: none. */
  dependsOn: z.array(z.string()).min(1).optional(),
})
export type PackageObservation = z.infer<typeof PackageObservation>

export const AppObservation = z.strictObject({
  kind: z.literal('app'),
  ...common,
  /** `desktop`: a desktop entry's file name without `.desktop`; `bundle`: a macOS bundle id; and so on. */
  idKind: z.enum(['desktop', 'bundle', 'msix', 'uninstall', 'flatpak', 'snap']),
  id: z.string(),
  name: z.string().nullable(),
  version: z.string().nullable(),
  path: z.string(),
  /** The team that a bundle's signature names, unverified; null where it names none or was not to be read. Absent: not looked for. */
  team: z.string().nullable().optional(),
})
export type AppObservation = z.infer<typeof AppObservation>

export const ExtensionObservation = z.strictObject({
  kind: z.literal('extension'),
  ...common,
  host: ExtensionHost,
  id: z.string(),
  version: z.string().nullable(),
  path: z.string(),
  /**
   * `disabled`: there, and switched off in its editor, by a click that can be taken back. `leftover`: on the disk, but its
   * editor has marked it obsolete or no longer lists it.
   */
  status: z.enum(['installed', 'disabled', 'leftover']),
})
export type ExtensionObservation = z.infer<typeof ExtensionObservation>

export const ConfigObservation = z.strictObject({
  kind: z.literal('config'),
  ...common,
  path: z.string(),
  place: z.string(),
  bytes: z.int().nullable(),
  modifiedAt: Instant.nullable(),
})
export type ConfigObservation = z.infer<typeof ConfigObservation>

/** A server of the Model Context Protocol that a tool is set up to use: what would be started, never how. */
export const McpServerObservation = z.strictObject({
  kind: z.literal('mcp-server'),
  ...common,
  path: z.string(),
  place: z.string(),
  /** As the settings call it. */
  name: z.string(),
  transport: z.enum(['stdio', 'remote']),
  /** The program's own name, without its path; null for a remote one. */
  program: z.string().nullable(),
  /** The package that a runner (npx, uvx) was told to run. */
  package: z.strictObject({ manager: PackageManager, name: z.string() }).nullable(),
})
export type McpServerObservation = z.infer<typeof McpServerObservation>

/** What the structural keys of a session's records say; no text is ever in here. */
export const SessionFacts = z.strictObject({
  /** Times at which the session was held (a model answered), oldest first, thinned to one per 10 minutes. */
  heldAt: z.array(Instant),
  /** The first time of anything in the record, answered or not. */
  beganAt: Instant.nullable(),
  /** False when only the head and tail of a large record were read. */
  whole: z.boolean(),
})
export type SessionFacts = z.infer<typeof SessionFacts>

export const TraceObservation = z.strictObject({
  kind: z.literal('trace'),
  ...common,
  path: z.string(),
  place: z.string(),
  bytes: z.int(),
  modifiedAt: Instant,
  createdAt: Instant.nullable(),
  /** The session's own name (its file's), to be hashed before it goes anywhere. */
  session: z.string().nullable(),
  /** `null`: not confirmed, because the policy says not to, or the format has no keys to read. */
  facts: SessionFacts.nullable(),
  /**
   * When this place was last looked at in full before, in the same state of the agent; null at a first look.
   * `grew` says that the file is new or larger since then.
   */
  lastLookAt: Instant.nullable(),
  grew: z.boolean(),
})
export type TraceObservation = z.infer<typeof TraceObservation>

/** A folder of no known tool with something in it that AI coding agents keep: `shared/unlisted.ts` adds it up. */
export const BehaviourObservation = z.strictObject({
  kind: z.literal('behaviour'),
  ...common,
  behaviour: z.enum(['mcp-settings', 'session-records']),
  /** The folder, as a place: `~/.example`. */
  folder: z.string(),
  /** The file. */
  path: z.string(),
  /** Which of the places that were looked at, with `*` for the folder's own name. */
  template: z.string(),
})
export type BehaviourObservation = z.infer<typeof BehaviourObservation>

export const Observation = z.discriminatedUnion('kind', [
  ProcessObservation,
  CommandObservation,
  PackageObservation,
  AppObservation,
  ExtensionObservation,
  ConfigObservation,
  McpServerObservation,
  TraceObservation,
  BehaviourObservation,
])
export type Observation = z.infer<typeof Observation>
export type ObservationKind = Observation['kind']
export const observationKinds = [
  'process',
  'command',
  'package',
  'app',
  'extension',
  'config',
  'mcp-server',
  'trace',
  'behaviour',
] as const satisfies readonly ObservationKind[]

/** Why something wanted could not be seen. Stable codes; `shared/words.ts` has the sentences. */
export const GapReason = z.enum([
  'denied', // the system refused
  'outside-home', // a link leads out of the account's home; it is not followed
  'not-regular', // a FIFO, socket or device where a file was expected
  'foreign-owner', // the file belongs to another account
  'too-large',
  'too-many', // more entries than the bound
  'too-deep',
  'unparsable',
  'remote-mount', // a network or user-space file system, which could hang
  'over-budget', // the collector's time was up
  'changed-while-read',
  'unsupported', // this version does not look there on this system
  'blind-spot', // a VM, a container's own disk, a remote-SSH server
  'no-account', // a home without an account, or an account without a home
  'failed', // anything else the system said; `detail` has its code
])
export type GapReason = z.infer<typeof GapReason>

export const Gap = z.strictObject({
  /** Who wanted to look: a collector's name, or `host`. */
  collector: z.string(),
  account: AccountName.nullable(),
  /** Absolute on the device; leaves it as a place. */
  path: z.string(),
  reason: GapReason,
  /** A stable code or short technical note, never a file's content. */
  detail: z.string().max(200).nullable(),
  at: Instant,
})
export type Gap = z.infer<typeof Gap>

/** How well a device or account has been looked at. It stands beside a verdict and never hides one. */
export const CoverageState = z.enum(['attested', 'attested-but-blind-spots', 'not-attested'])
export type CoverageState = z.infer<typeof CoverageState>
export const Coverage = z.strictObject({
  account: AccountName.nullable(),
  state: CoverageState,
  /** For `not-attested`: since when; for the others: as of when. */
  at: Instant,
  catalogue: z.string(),
  gaps: z.int().nonnegative(),
})
export type Coverage = z.infer<typeof Coverage>
