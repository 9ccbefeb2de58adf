// What every language must have words for to tell how a tool is recognised. Types only.
// A template holds `{name}` where a name, place or key of the catalogue stands: it is shown as it is, never translated.
import type { PackageManager } from '../observation.ts'
import type { MovedHome, Signals, StartOutcome, VerifiedPackage } from '../tool.ts'
import type { Speech } from './language.ts'
import type { Term } from './vocabulary.ts'

export type SignalKind = keyof Signals
/** One signal of each kind. */
export type SignalOf = { readonly [K in SignalKind]-?: NonNullable<Signals[K]>[number] }
/** What a fact of the catalogue rests on. */
export type Rests = MovedHome['basis']

/** How sure it is that a session leaves a record that can be dated. */
export type Recording = 'always' | 'not-always' | 'never' | 'perhaps' | 'not-known'

export interface SignalTerms {
  /** `label`: the heading of a group. `about`: what one of them says, and how sure that is. */
  readonly kind: Readonly<Record<SignalKind, Term>>
  /** `{name}` */
  readonly package: Readonly<Record<PackageManager, string>>
  /** `{name}` */
  readonly command: string
  /** `{place}` */
  readonly executable: string
  /** `{place}` and `{size}` */
  readonly executableOfSize: string
  /** `{id}` */
  readonly app: Readonly<Record<SignalOf['app']['idKind'], string>>
  /** Added to an app: `{team}` */
  readonly team: string
  /** `{id}` */
  readonly extension: Readonly<Record<SignalOf['extension']['host'], string>>
  /** `{place}` */
  readonly config: string
  /** `{place}` */
  readonly trace: Readonly<Record<'session' | 'start', string>>
  /** `{place}` and `{key}` */
  readonly mcp: string
  /** `{name}` */
  readonly build: string
  /** `{entry}` */
  readonly appImage: string
  /** `{by}` and `{entry}` */
  readonly signed: string
  /** `{name}` */
  readonly title: string
  /** `{name}` */
  readonly environment: string
  /** `{variable}` and `{place}` */
  readonly movedHome: string
  /** A server of an agent's settings that would start one of the tool's packages: `{what}` */
  readonly mcpServer: string
}

export interface UseTerms {
  readonly recording: Readonly<Record<Recording, string>>
  /** What is counted where no record can be read at all. */
  readonly never: string
  /** Leads the list of session records that can be read. */
  readonly sessions: string
  /** Leads the list of session files of which no key is read. */
  readonly unread: string
  /** Leads the list of traces of a start. */
  readonly starts: string
  /** What holds of every tool that can be seen running. */
  readonly running: string
  /** `{place}` and `{time}` */
  readonly session: string
  /** Added where the file is rewritten. */
  readonly rewritten: string
  /** Before the tests. */
  readonly held: string
  /** One test on a key: `{key}` and `{values}` */
  readonly test: Readonly<Record<'equals' | 'oneOf' | 'not' | 'unless' | 'notEmpty' | 'there', string>>
}

export interface VerifiedTerms {
  /** `{day}` and `{system}` */
  readonly head: string
  readonly outcome: Readonly<Record<VerifiedPackage['outcome'], string>>
  readonly version: string
  readonly deprecated: string
  readonly with: string
  readonly command: Readonly<Record<StartOutcome, string>>
  readonly use: Readonly<Record<StartOutcome, string>>
  readonly touched: Readonly<Record<'install' | 'version' | 'use', string>>
  readonly untouched: Readonly<Record<'install' | 'version' | 'use', string>>
  readonly detected: Readonly<Record<'yes' | 'no', string>>
}

/** What a tool is, and how it is recognised. */
export interface ToolTerms extends Speech {
  readonly signal: SignalTerms
  readonly use: UseTerms
  readonly verified: VerifiedTerms
  readonly rests: Readonly<Record<Rests, Term>>
  /** `{systems}` */
  readonly onlyOn: string
  readonly everySystem: string
  /** `{name}` and `{day}` */
  readonly renamedFrom: string
  /** `{name}` and `{day}` */
  readonly successor: string
  /** `{day}` */
  readonly ended: string
  readonly countryUnknown: string
  readonly and: string
  readonly or: string
}
