// The agent's state: who it is, what it has seen, what it has told, and what waits to be told. One folder, one writer.
// A damaged part is moved aside and begun anew, and that is told; the identity is kept apart so that it survives.
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { MachineNumbers } from '#shared/machine.ts'
import { DeviceLook } from '#shared/device-look.ts'
import { DeviceVerdict, Signed } from '#shared/protocol.ts'
import { ClockState } from './clock-segments.ts'
import { DriftState } from './drift.ts'
import { Outbox } from './outbox.ts'
import { Trial } from './policy-trial.ts'
import { fileNumber, openOwnFolder } from './platform/own-folder.ts'
import { checkedFile, type CheckedFile } from './state/checked-file.ts'
import {
  databaseFiles,
  databaseLog,
  databaseName,
  emptyLog,
  freeBytesOf,
  newerSchema,
  openDatabase,
  shorten,
} from './state/database.ts'
import { logDamage } from './state/log-damage.ts'
import { remainsOf, type Remains } from './state/salvage.ts'
import { departureIn, type Departure } from './state/departure.ts'
import { folderFault, newerFault, type StateFault } from './state/fault.ts'
import { openIdentity } from './state/identity.ts'
import { deviceKey, Enrolment, Identity, type DeviceKey } from './state/keys.ts'
import { openMarkStore, type MarkStore } from './state/mark-store.ts'
import { nextKeyIn, type NextKey } from './state/next-key.ts'
import { succeedState } from './state/successor.ts'
import { readMeta, writeMeta } from './state/meta.ts'
import { openRepeatStore, type RepeatStore } from './state/repeat-store.ts'
import { openTold, type Told } from './state/told.ts'
import { openToolKnowledge, type ToolKnowledge } from './state/tool-knowledge.ts'
import { openMemory, type StoredMemory } from './state/trace-memory.ts'

export const ClockMeasures = z.array(
  z.strictObject({ boot: z.string(), offsetMs: z.number(), errorMs: z.number().nonnegative() }),
)
export const StoredPolicy = z.strictObject({ signed: Signed, etag: z.string().nullable() })
export type StoredPolicy = z.infer<typeof StoredPolicy>
export const Verdicts = z.strictObject({ verdicts: z.array(DeviceVerdict), judgedAt: z.int() })
export type Verdicts = z.infer<typeof Verdicts>
/** What happened to the check-ins, for `status`. */
export const SyncStatus = z.strictObject({
  lastAt: z.int().nullable(),
  lastError: z.strictObject({ at: z.int(), code: z.string(), message: z.string() }).nullable(),
  /** When the next check-in is due. */
  nextAt: z.int().optional(),
})
export type SyncStatus = z.infer<typeof SyncStatus>
export const DaemonStatus = z.strictObject({
  pid: z.int(),
  startedAt: z.int(),
  lastScanAt: z.int().nullable(),
  /** Of the last full look: how many places it could not see, and which collectors waited because they had taken too long. */
  gaps: z.int().nonnegative().optional(),
  waiting: z.array(z.string()).optional(),
})
export type DaemonStatus = z.infer<typeof DaemonStatus>

/** Single values of the state. */
interface Meta {
  clocks: z.infer<typeof ClockMeasures>
  /** The device's clock as it was followed. */
  clock: ClockState
  /** Whose offset the report on its way holds, and whose the last one held that was received. */
  sealedClock: string
  toldClock: string
  policy: StoredPolicy
  /** While the policy is on trial: how that stands, and the one to go back to. */
  trial: Trial
  policyBefore: StoredPolicy
  /** Name of the policy that the agent went back from. */
  givenBack: string
  verdicts: Verdicts
  /** Who looked on the server, as far as it said so; oldest first. */
  looks: DeviceLook[]
  sync: SyncStatus
  daemon: DaemonStatus
  /** Passing gaps met at the last full look. */
  passing: string[]
  /** Set when a new chain was begun and that has not been told yet: why. */
  newEpoch: string
  /** Hash of the policy that was refused last. */
  refusedPolicy: string
  /** Version of the protocol that the server said it knows. */
  serverProtocol: number
  /** What is known of how this state and the server's differ. */
  drift: DriftState
  /** Hash of each setting as the last run had it. */
  settings: Record<string, string>
  /** Since when the device has the key that it has; absent: since it has any. */
  keySince: number
}

const metaSchemas: { readonly [K in keyof Meta]: z.ZodType<Meta[K]> } = {
  clocks: ClockMeasures,
  clock: ClockState,
  sealedClock: z.string(),
  toldClock: z.string(),
  policy: StoredPolicy,
  trial: Trial,
  policyBefore: StoredPolicy,
  givenBack: z.string(),
  verdicts: Verdicts,
  looks: z.array(DeviceLook),
  sync: SyncStatus,
  daemon: DaemonStatus,
  passing: z.array(z.string()),
  newEpoch: z.string(),
  refusedPolicy: z.string(),
  serverProtocol: z.int(),
  drift: DriftState,
  settings: z.record(z.string(), z.string()),
  keySince: z.int(),
}

export interface StateOptions {
  readonly folder: string
  readonly now: number
  /** Cryptographically random bytes. */
  readonly random: (bytes: number) => Buffer
  /** Reads what is there and changes nothing; for commands beside a running daemon. */
  readonly readOnly?: boolean
  /** Which machine this is, so that a state that was copied to it is not taken for its own; absent: not known. */
  readonly machine?: MachineNumbers
  /** What tells this program from others that may see other things; null or absent: it is not known. */
  readonly program?: string | null
}

export type OpenedState =
  | { readonly ok: true; readonly state: State; readonly begunAnew: string | null }
  | StateFault

/** Opens the state, making what is missing. `begunAnew` says why the one before had to be set aside. */
export function openState(options: StateOptions): OpenedState {
  const readOnly = options.readOnly === true
  const opened = openOwnFolder(options.folder, { create: !readOnly })
  if (!opened.ok) return folderFault(options.folder, opened.code)
  const { folder } = opened
  const newer = newerSchema(folder.pathOf(databaseName))
  if (newer !== null) return newerFault(folder.path, newer)
  let begunAnew = readOnly ? null : succeedState(folder, options.machine ?? null, options.now)
  const files = {
    identity: checkedFile(folder, 'identity', Identity),
    enrolment: checkedFile(folder, 'enrolment', Enrolment),
  }
  const identity = openIdentity(files.identity, options, folder)
  if ('ok' in identity) return identity
  begunAnew ??= identity.lost

  // The identity comes first: between the two there is nothing to read.
  if (readOnly && fileNumber(folder.pathOf(databaseName)) === null) return folderFault(folder.path, 'ENOENT')

  let remains: Remains | null = null
  if (!readOnly) {
    for (const file of Object.values(files)) file.heal()
    folder.reserve(databaseName)
  }
  const log = readOnly ? null : folder.bytes(databaseLog)
  const rolledBack = log === null ? null : logDamage(log)
  let database = openDatabase(folder.pathOf(databaseName), { readOnly })
  if (!database.ok && database.fault === 'corrupt' && !readOnly) {
    begunAnew = database.detail
    remains = remainsOf(folder.pathOf(databaseName))
    folder.setAside(databaseFiles, `broken-${options.now}`)
    folder.reserve(databaseName)
    database = openDatabase(folder.pathOf(databaseName), { readOnly })
  }
  if (!database.ok && database.fault === 'empty') return folderFault(folder.path, 'ENOENT')
  if (!database.ok) {
    const path = folder.pathOf(databaseName)
    return {
      ok: false,
      code: 'state-unusable',
      message: `The state in ${path} cannot be opened: ${database.detail}.`,
    }
  }
  const state = new State({
    database: database.database,
    key: identity.key,
    identity: identity.identity,
    files,
    nextKey: nextKeyIn(folder),
    departure: departureIn(folder),
    random: options.random,
    program: options.program ?? null,
  })
  if (begunAnew !== null) {
    const why = begunAnew
    state.transact(() => {
      if (remains !== null) state.takeOver(remains)
      state.write('newEpoch', why)
    })
  } else if (rolledBack !== null) state.transact(() => state.beginEpoch(rolledBack))
  return { ok: true, state, begunAnew }
}

interface StateParts {
  readonly database: DatabaseSync
  readonly key: DeviceKey
  readonly identity: Identity
  readonly files: { readonly identity: CheckedFile<Identity>; readonly enrolment: CheckedFile<Enrolment> }
  readonly nextKey: NextKey
  readonly departure: Departure
  readonly random: (bytes: number) => Buffer
  readonly program: string | null
}

export class State {
  readonly nextKey: NextKey
  readonly departure: Departure
  readonly memory: StoredMemory
  readonly tools: ToolKnowledge
  readonly marks: MarkStore
  readonly told: Told
  readonly outbox: Outbox
  readonly repeats: RepeatStore
  readonly #database: DatabaseSync
  readonly #files: StateParts['files']
  #identity: Identity
  #key: DeviceKey

  constructor({ database, key, identity, files, nextKey, departure, random, program }: StateParts) {
    this.#database = database
    this.#files = files
    this.#key = key
    this.#identity = identity
    this.nextKey = nextKey
    this.departure = departure
    this.memory = openMemory(database)
    this.tools = openToolKnowledge(database)
    this.marks = openMarkStore(database)
    this.told = openTold(database)
    this.repeats = openRepeatStore(database, program)
    this.outbox = new Outbox({ database, random, sign: (text) => this.#key.sign(text) })
  }

  get key(): DeviceKey {
    return this.#key
  }

  get identity(): Identity {
    return this.#identity
  }

  /** Goes on with another key; false when the disk refused, or the key cannot be read. */
  adopt(identity: Identity): boolean {
    const key = deviceKey(identity)
    if (key === null || !this.#files.identity.write(identity)) return false
    this.#key = key
    this.#identity = identity
    return true
  }

  /** What the server told at enrolment; null before. */
  enrolment(): Enrolment | null {
    const read = this.#files.enrolment.read()
    return read.is === 'value' ? read.value : null
  }

  /** False when the disk refused. */
  enrol(enrolment: Enrolment): boolean {
    return this.#files.enrolment.write(enrolment)
  }

  read<K extends keyof Meta>(key: K): Meta[K] | null {
    return readMeta<Meta[K]>(this.#database, key, metaSchemas[key])
  }

  write<K extends keyof Meta>(key: K, value: Meta[K] | null): void {
    writeMeta(this.#database, key, value)
  }

  /** Takes over what could be read of a state that was lost; call inside a transaction, on a new state. */
  takeOver({ chain, marks }: Remains): void {
    if (chain !== null) this.outbox.follow(chain)
    for (const { mark, state } of marks) this.marks.add([mark], state)
  }

  /**
   * Begins a new chain, and lets everything be told again: what is told may be more than this state knows of. Call inside a
   * transaction.
   * @param why told with the next start
   */
  beginEpoch(why: string): void {
    this.outbox.beginEpoch()
    this.told.clear()
    this.marks.tellAgain()
    this.write('drift', null)
    this.write('toldClock', null)
    this.write('newEpoch', why)
  }

  /** Everything inside is on the disk when it returns, or nothing of it. */
  transact<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      // A full disk ends some transactions by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.tools.reload()
      this.told.reload()
      throw error
    }
  }

  /** Gives back the memory that the database does not need while nothing is asked of it. */
  shrinkMemory(): void {
    this.#database.exec('PRAGMA shrink_memory')
  }

  /** Bytes of the database that nothing is in. */
  freeBytes(): number {
    return freeBytesOf(this.#database)
  }

  /** Before and after much is written: nothing else is then in the log. Outside a transaction. */
  emptyLog(): void {
    emptyLog(this.#database)
  }

  /** Gives so many of them back to the system, where the file was made for it. Outside a transaction. */
  shorten(bytes: number): void {
    shorten(this.#database, bytes)
  }

  close(): void {
    this.#database.close()
  }
}
