// A tool of the catalogue: the schema of shared/catalogue/tools/<id>.json.
// Says how a tool is recognised and what counts as its use; what is banned is policy, never catalogue.
import { z } from 'zod'
import { ExtensionHost, PackageManager, observationKinds } from './observation.ts'

export const ToolId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens')
export const Strength = z.enum(['weak', 'likely', 'proven'])
export type Strength = z.infer<typeof Strength>

/** What a signal's presence says of the tool. */
export const Means = z.enum(['presence', 'configuration', 'start', 'session'])
export type Means = z.infer<typeof Means>

/** What a tool is, so that a policy can name a kind or leave it. From `chat` on they are no coding tools by themselves. */
export const Category = z.enum([
  'agent-cli', // a coding agent in a terminal
  'ide', // an editor with an agent of its own
  'ide-extension',
  'desktop-app', // a coding agent in a window of its own
  'browser-extension',
  'agent-manager', // starts or steers agents of others
  'chat', // a general assistant, in a window or a terminal
  'local-runtime', // runs or serves models, or passes requests on to them
  'tool-server', // gives agents tools or memory
  'library',
])
export type Category = z.infer<typeof Category>

/** What a fact rests on: seen here, said by its maker or a package manifest, or concluded from either. */
export const Basis = z.enum(['observed', 'documented', 'inferred'])
const rests = { basis: Basis, note: z.string().optional() }
/** `~` is any account's home: on Windows `%APPDATA%` is `~/AppData/Roaming` and `%LOCALAPPDATA%` is `~/AppData/Local`. */
const Template = z
  .string()
  .regex(
    /^(~|%ProgramFiles%|%ProgramData%)?\/[^\0\\]*$/,
    'starts at ~/, /, %ProgramFiles%/ or %ProgramData%/',
  )
  .refine((t) => !t.includes('**') && !t.split('/').includes('..'), 'no ** and no ..')
export const Platform = z.enum(['linux', 'darwin', 'windows'])
export type Platform = z.infer<typeof Platform>
const on = { platforms: z.array(Platform).min(1).optional().describe('absent: everywhere') }

/** A test on one structural key of a record. The value is compared and dropped. */
const KeyTest = z.strictObject({
  key: z.string().describe('dotted path of object keys; array elements by number'),
  equals: z.union([z.string(), z.boolean(), z.number()]).optional(),
  oneOf: z.array(z.string()).optional(),
  not: z.array(z.string()).optional().describe('present, and none of these'),
  unless: z.union([z.string(), z.boolean()]).optional().describe('absent, or anything but this'),
})
export type KeyTest = z.infer<typeof KeyTest>

/** How a session's record is read: which keys carry the time and which records tell a held session from an attempt. */
export const RecordShape = z.strictObject({
  format: z.enum(['json-lines', 'json', 'sqlite']),
  time: z.string().describe('dotted key of the time: RFC 3339 text, or seconds or milliseconds since 1970'),
  /** For `json`: dotted key of the array of records. */
  records: z.string().optional(),
  /** For `sqlite`: the table, and the columns that are JSON text. */
  table: z.string().optional(),
  json: z.array(z.string()).optional(),
  session: z
    .string()
    .optional()
    .describe(
      'for `sqlite` the column that tells sessions apart; for `json-lines` the dotted key of the session that a record belongs to, where a file may hold one of another’s',
    ),
  held: z.array(KeyTest).min(1).describe('all must hold: then a model answered'),
})
export type RecordShape = z.infer<typeof RecordShape>

export const PackageSignal = z.strictObject({
  manager: PackageManager,
  name: z.string(),
  ...rests,
})
export const CommandSignal = z.strictObject({
  name: z.string().describe('as typed; a name alone is weak'),
  ...on,
  ...rests,
})
export const ExecutableSignal = z.strictObject({
  place: Template.describe('real path of the program in a layout that is only this tool’s'),
  minBytes: z.int().positive().optional(),
  ...on,
  ...rests,
})
export const AppSignal = z.strictObject({
  idKind: z.enum(['desktop', 'bundle', 'msix', 'uninstall', 'flatpak', 'snap']),
  id: z.string(),
  teamId: z.string().optional(),
  ...rests,
})
export const ExtensionSignal = z.strictObject({
  host: ExtensionHost,
  id: z.string(),
  ...rests,
})
export const ConfigSignal = z.strictObject({ place: Template, ...on, ...rests })
export const TraceSignal = z.strictObject({
  place: Template,
  means: z.enum(['start', 'session']),
  record: RecordShape.optional(),
  /** False where the tool rewrites the file, so that its birth time says nothing; true without it. */
  appended: z.boolean().optional(),
  session: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'which part of the place with a `*` names the session, counted from 1; 0: none does, the file holds many; without it the last',
    ),
  subAgent: z
    .boolean()
    .optional()
    .describe(
      'a sub-agent’s: a part of a session whose own record grows too, so that it need not be watched',
    ),
  ...on,
  ...rests,
})
export type TraceSignal = z.infer<typeof TraceSignal>
export const McpSignal = z.strictObject({
  place: Template.describe('a file that lists the MCP servers which the tool is to use'),
  format: z.enum(['json', 'jsonc', 'toml', 'yaml']),
  key: z.string().describe('dotted key of the table of servers'),
  ...on,
  ...rests,
})
export type McpSignal = z.infer<typeof McpSignal>
export const TitleSignal = z.strictObject({
  name: z.string().describe('what the tool’s process calls itself in place of its arguments; weak'),
  ...on,
  ...rests,
})
/** What a native program carries of its own build: it stays when the file is renamed, copied or moved. */
export const BuildSignal = z
  .strictObject({
    name: z.string().describe('what is built so, in a word; of one tool alone'),
    format: z
      .enum(['bun', 'node-sea', 'rust', 'signed', 'vscode', 'appimage'])
      .describe(
        'what made it a program of its own; `signed`: known by who signed it as what, which macOS and Windows have in the program; `vscode`: an editor with a product file beside it; `appimage`: known by its own name',
      ),
    entry: z
      .string()
      .optional()
      .describe(
        'the script that it begins with, as its build calls it, `*` as in a place; of Rust for Windows the file of its symbols; of what is signed the identifier in its signature (macOS), or its ProductName or the file of its symbols (Windows); of an editor its product file’s applicationName, of an AppImage its file’s name',
      ),
    holds: z
      .array(z.string().min(5))
      .min(1)
      .optional()
      .describe(
        'all of them stand in the parts that are read, and in nothing that another builds in; of what is signed, who did: the team (macOS), the organisation in its certificate (Windows); of an editor, names of its own folders',
      ),
    ...on,
    ...rests,
  })
  .refine(
    ({ format, entry, holds }) =>
      (format === 'appimage' || holds !== undefined) &&
      (entry !== undefined || (format !== 'appimage' && format !== 'signed')),
    'an AppImage needs an entry, what is signed that and who did, everything else texts that it holds',
  )
export type BuildSignal = z.infer<typeof BuildSignal>
export const EnvironmentSignal = z.strictObject({
  name: z.string().describe('a variable the tool sets for what it starts'),
  ...rests,
})

/** A folder of the tool that a variable moves elsewhere, with all that the signals name below it. */
export const MovedHome = z.strictObject({
  variable: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'the name of a variable'),
  place: Template,
  ...rests,
})
export type MovedHome = z.infer<typeof MovedHome>

export const Signals = z.strictObject({
  package: z.array(PackageSignal).optional(),
  command: z.array(CommandSignal).optional(),
  executable: z.array(ExecutableSignal).optional(),
  app: z.array(AppSignal).optional(),
  extension: z.array(ExtensionSignal).optional(),
  config: z.array(ConfigSignal).optional(),
  trace: z.array(TraceSignal).optional(),
  mcp: z.array(McpSignal).optional(),
  build: z.array(BuildSignal).optional(),
  title: z.array(TitleSignal).optional(),
  environment: z.array(EnvironmentSignal).optional(),
})
export type Signals = z.infer<typeof Signals>

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
/** A day, or the month where no source tells the day. */
const DayOrMonth = z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/)
export const Reference = z.strictObject({
  source: z.string().describe('a URL, or `observation: …` with what was run'),
  shows: z.string(),
  checked: Day,
})

/** How a run of a command ended, in a network without any other host; `needs-more`: a program or package was missing. */
export const StartOutcome = z.enum(['answered', 'failed', 'timed-out', 'needs-network', 'needs-more'])
export type StartOutcome = z.infer<typeof StartOutcome>

const Touched = z
  .array(z.string())
  .optional()
  .describe('files new or changed; `*` for what varies, as a last segment for all below; absent: none')

/** What came of installing one npm package as an ordinary account does, install scripts included. */
export const VerifiedPackage = z.strictObject({
  name: z.string(),
  outcome: z
    .enum(['installed', 'without-scripts', 'install-failed', 'not-in-registry'])
    .describe(
      '`without-scripts`: its install scripts failed, and it was unpacked without them · `not-in-registry`: not in the registry that npm asked, which may hold less than the public one',
    ),
  why: z.string().optional().describe('of what failed in its installation'),
  version: z.string().optional().describe('that arrived, or was to be installed'),
  deprecated: z.string().optional().describe('what the registry says of it'),
  with: z.array(z.string()).optional().describe('other packages of this tool that arrived with it'),
  commands: z
    .record(z.string(), StartOutcome)
    .optional()
    .describe('each command that arrived: how its `--version` ended without a network'),
  use: StartOutcome.optional().describe('one prompt, answered by a stand-in for the model'),
  touched: z
    .strictObject({ install: Touched, version: Touched, use: Touched })
    .optional()
    .describe('below the home and directly in /tmp; not npm’s cache, nor where npm installs'),
  renamed: z
    .boolean()
    .optional()
    .describe('whether its own programs, under other names and alone, were told by their content'),
  detected: z.boolean().optional().describe('whether the agent told it, and nothing else, after each step'),
})
export type VerifiedPackage = z.infer<typeof VerifiedPackage>

/** Written by `npm run catalogue:verify` and by nobody else. It says what was seen; nothing is matched with it. */
export const Verified = z.strictObject({
  on: Day,
  system: z.string().describe('as in `Debian 12, x64, Node 26.10.0, npm 11.19.1`'),
  packages: z.array(VerifiedPackage).min(1),
})
export type Verified = z.infer<typeof Verified>

/** A look at a device in short: observations with what a case does not care about left out. */
const CaseObservation = z.looseObject({ kind: z.enum(observationKinds) })
export const Case = z.strictObject({
  why: z.string(),
  observations: z.array(CaseObservation).min(1),
  state: z.enum(['leftover', 'installed', 'started', 'used']).optional().describe('for a match'),
  platform: Platform.optional().describe('for a match: the system it is of; absent: it holds on every one'),
})

/** What programs need to recognise a tool. */
export const Tool = z.strictObject({
  id: ToolId,
  name: z.string(),
  vendor: z.string(),
  vendorCountry: z.string().length(2).nullable().describe('ISO 3166-1 alpha-2'),
  category: Category,
  homepage: z.url(),
  about: z.string().max(300),
  /** Whether a session leaves a record that can be dated; false where the tool is known to leave none. */
  recordsSessions: z.boolean().nullable().describe('null: not known'),
  signals: Signals,
  movedHomes: z.array(MovedHome).optional(),
  renamedFrom: z.array(z.strictObject({ name: z.string(), until: DayOrMonth })).optional(),
  successor: z.strictObject({ id: ToolId, since: DayOrMonth }).optional(),
  /** Since when it is no longer offered or maintained; what is installed may go on. */
  ended: DayOrMonth.optional(),
})
export type Tool = z.infer<typeof Tool>

/** A tool's file: what programs need, what it rests on, and the cases that show it. */
export const ToolFile = z.strictObject({
  $schema: z.string().optional(),
  ...Tool.shape,
  references: z.array(Reference).min(1),
  cases: z.strictObject({ match: z.array(Case).min(1), miss: z.array(Case).min(1) }),
  verified: Verified.optional(),
})
export type ToolFile = z.infer<typeof ToolFile>
