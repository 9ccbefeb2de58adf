// For each account a copy of what the agent knows and has sent of it, which that account can read: the state itself is
// closed, and nobody should need an administrator to see what is said of him. Nothing of other accounts is in it.
import { join } from 'node:path'
import { z } from 'zod'
import { DeviceLook } from '#shared/device-look.ts'
import type { Account } from '#shared/observation.ts'
import { DeviceVerdict, Envelope } from '#shared/protocol.ts'
import { ClockState } from './clock-segments.ts'
import type { Host } from './platform/host.ts'
import { openOwnFolder, type OwnFolder } from './platform/own-folder.ts'
import { noticesFor } from './notices.ts'
import { looksFor } from './server-looks.ts'
import { DaemonStatus, StoredPolicy, SyncStatus, type State } from './state.ts'
import { keyedHash } from './state/keys.ts'
import { StoredDatedMark } from './state/mark-store.ts'
import { KnownTool } from './state/tool-knowledge.ts'
import { readPolicy } from './sync/policy.ts'

export const SentToShow = z.strictObject({
  at: z.int(),
  request: z.string(),
  /** Of the whole body, before compression. */
  bytes: z.int(),
  received: z.boolean(),
  /** The exact texts of those records that concern the account or the device as a whole. */
  records: z.array(z.string()),
})
export type SentToShow = z.infer<typeof SentToShow>

export const AccountCopy = z.strictObject({
  account: z.string(),
  writtenAt: z.int(),
  enrolment: z.strictObject({ server: z.string(), device: z.string() }).nullable(),
  daemon: DaemonStatus.nullable(),
  sync: SyncStatus.nullable(),
  policy: StoredPolicy.nullable(),
  verdicts: z.strictObject({ verdicts: z.array(DeviceVerdict), judgedAt: z.int() }).nullable(),
  waiting: z.int(),
  clocks: z.array(z.strictObject({ boot: z.string(), offsetMs: z.number(), errorMs: z.number() })),
  clock: ClockState.nullable(),
  tools: z.array(z.strictObject({ tool: z.string(), account: z.string().nullable(), known: KnownTool })),
  marks: z.array(StoredDatedMark),
  sent: z.array(SentToShow),
  looks: z.array(DeviceLook).default([]),
})
export type AccountCopy = z.infer<typeof AccountCopy>

/** Changes when there are copies that belong to the service still, and not yet to their accounts. */
const toHandOut = 'to-hand-out'

/**
 * Changes when an account is to be told something else than before: what shows notices in a session waits for that, and looks at
 * nothing meanwhile (`installers/linux/cutoff-notice.path`). For everybody to see, and of no use to them: a keyed hash.
 */
const news = 'news'

/** Records kept in a copy: the newest, about a month of them. */
const recordsCopied = 3000
const marksCopied = 5000

/** Whether a record may be shown to an account: its own, or of the device as a whole. */
export function concerns(record: unknown, account: string): boolean {
  if (typeof record !== 'object' || record === null || !('account' in record)) return true
  return record.account === null || record.account === account
}

/** What was sent, as far as it concerns an account; null: all of it. Newest last. */
export function sentFor(state: State, account: string | null, mostRecords = Infinity): SentToShow[] {
  const shown: SentToShow[] = []
  let records = 0
  for (const { at, request, body, answer } of state.outbox.sent().toReversed()) {
    const texts = recordTexts(body).filter((text) => account === null || concerns(JSON.parse(text), account))
    records += texts.length
    if (records > mostRecords && shown.length > 0) break
    shown.push({ at, request, bytes: body.length, received: answer === 'received', records: texts })
  }
  return shown.toReversed()
}

function recordTexts(body: Buffer): string[] {
  try {
    const envelope = Envelope.safeParse(JSON.parse(body.toString('utf8')))
    return envelope.success ? envelope.data.records.map(({ text }) => text) : []
  } catch {
    return [] // not an envelope
  }
}

export function copyFor(state: State, account: string, now: number): AccountCopy {
  const enrolment = state.enrolment()
  const verdicts = state.read('verdicts')
  return {
    account,
    writtenAt: now,
    enrolment: enrolment && { server: enrolment.server, device: enrolment.device },
    daemon: state.read('daemon'),
    sync: state.read('sync'),
    policy: state.read('policy'),
    verdicts: verdicts && { ...verdicts, verdicts: verdicts.verdicts.filter((v) => concerns(v, account)) },
    waiting: state.outbox.waiting(),
    clocks: state.read('clocks') ?? [],
    clock: state.read('clock'),
    tools: state.tools.concerning(account),
    marks: state.marks.ofAccount(account, marksCopied),
    sent: sentFor(state, account, recordsCopied),
    looks: [...looksFor(state, account)],
  }
}

/**
 * Writes every account’s copy into a folder that anyone may enter; each is its account’s to read, and no other’s. Who has which
 * number is asked anew: it may have been given to somebody else since the last look.
 * @param folder null: accounts have none here
 */
export function writeCopies(folder: string | null, state: State, host: Host): void {
  if (folder === null) return
  const onWindows = host.os === 'windows'
  const opened = openOwnFolder(folder, onWindows ? { create: false } : { open: true })
  if (!opened.ok) return
  const copies = opened.folder
  host.files.refresh()
  const { accounts } = host.accounts()
  const write = onWindows ? writeIntoFolders : writeAndGive
  write(copies, accounts, ({ name }) => JSON.stringify(copyFor(state, name, host.now())))
  // Last, so that whoever waits for it finds the copies.
  tellNews(copies, state, accounts)
}

/**
 * Each file is given to its account. A service without the right to give files away touches `toHandOut` at the end; what waits for
 * that does so (`installers/linux/cutoff-hand-out`).
 */
function writeAndGive(
  copies: OwnFolder,
  all: readonly Account[],
  copyOf: (account: Account) => string,
): void {
  const accounts = all.filter(({ uid }) => /^\d+$/.test(uid))
  const wanted = new Set(accounts.map(({ uid }) => copyName(uid)))
  for (const file of copies.names()) if (isOfCopies(file) && !wanted.has(file)) copies.remove(file)
  let waiting = false
  for (const account of accounts) {
    const name = copyName(account.uid)
    // What is there may be of another, who had the number before.
    const written = copies.writeFor(Number(account.uid), name, copyOf(account))
    if (!written.ok) copies.remove(name)
    else if (!written.given) waiting = true
  }
  if (waiting) copies.write(toHandOut, '')
}

/** On Windows the service has made a folder for each account that it alone can read (`installers/windows/account-folders.c`). */
function writeIntoFolders(
  copies: OwnFolder,
  accounts: readonly Account[],
  copyOf: (account: Account) => string,
): void {
  for (const sid of copies.names()) {
    const own = openOwnFolder(copies.pathOf(sid), { create: false })
    const account = accounts.find(({ uid }) => uid === sid)
    if (!own.ok) continue
    if (account === undefined) own.folder.remove(copyInFolder)
    else own.folder.write(copyInFolder, copyOf(account))
  }
}

function tellNews(copies: OwnFolder, state: State, accounts: readonly Account[]): void {
  const stored = state.read('policy')
  const policy = stored === null ? null : readPolicy(stored.signed.text)
  const verdicts = state.read('verdicts')
  const keys = accounts.map(({ name: account }) => [
    account,
    ...noticesFor({ account, policy, verdicts, shown: new Set() }).flatMap((notice) => notice.keys),
  ])
  const hash = keyedHash(state.identity.placeKey, JSON.stringify(keys))
  const before = copies.read(news)
  if (!before.ok || before.text !== hash) copies.writeForAll(news, hash)
}

const copyInFolder = 'copy.json'

/** Where an account's copy may lie. On Windows nobody knows his number for sure: of all of them, his is the one that he can read. */
export function copyPaths(folder: string, uid: number | null): readonly string[] {
  if (uid !== null) return [join(folder, copyName(String(uid)))]
  const opened = openOwnFolder(folder, { create: false })
  if (!opened.ok) return []
  const sids = opened.folder.names().filter((name) => name.startsWith('S-'))
  return sids.map((sid) => join(folder, sid, copyInFolder))
}

function copyName(uid: string): string {
  return `${uid}.json`
}

/** Copies, and what a write that was cut off has left of one. */
function isOfCopies(file: string): boolean {
  return /^\d+\.json(\.[0-9a-f]+\.new)?$/.test(file)
}
