// For each account a copy of what the agent knows and has sent of it, which that account can read: the state itself is
// closed, and nobody should need an administrator to see what is said of him. Nothing of other accounts is in it.
import { z } from 'zod'
import type { Account } from '#shared/observation.ts'
import { DeviceVerdict, Envelope } from '#shared/protocol.ts'
import { openOwnFolder } from './platform/own-folder.ts'
import { DaemonStatus, StoredPolicy, SyncStatus, type State } from './state.ts'
import { StoredDatedMark } from './state/mark-store.ts'
import { KnownTool } from './state/tool-knowledge.ts'

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
  tools: z.array(z.strictObject({ tool: z.string(), account: z.string().nullable(), known: KnownTool })),
  marks: z.array(StoredDatedMark),
  sent: z.array(SentToShow),
})
export type AccountCopy = z.infer<typeof AccountCopy>

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
    tools: state.tools.concerning(account),
    marks: state.marks.ofAccount(account, marksCopied),
    sent: sentFor(state, account, recordsCopied),
  }
}

/** Writes every account's copy into a folder that anyone may enter; each file is its account's to read, and no other's. */
export function writeCopies(folder: string, state: State, accounts: readonly Account[], now: number): void {
  const opened = openOwnFolder(folder, { open: true })
  if (!opened.ok) return
  for (const { name, uid } of accounts) {
    if (!/^\d+$/.test(uid)) continue
    opened.folder.writeFor(Number(uid), `${uid}.json`, JSON.stringify(copyFor(state, name, now)))
  }
}
