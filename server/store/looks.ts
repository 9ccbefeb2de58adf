// Looks at what is held of one device, out of the audit log.
import type { Queries } from './store.ts'

/** Of a device as a whole, of an account by its key, or of a finding. */
export interface LookLine {
  /** Of the log’s line. */
  readonly id: number
  readonly at: number
  readonly by: string
  readonly action: string
  /** Null for a look at the device as a whole or at a finding. */
  readonly accountKey: string | null
  /** Of a finding; `account` is '' for the machine as a whole. */
  readonly finding: { readonly account: string; readonly tool: string } | null
}

/** Far more than anybody looks within a day. */
const maxLines = 500

/** Oldest first. @param since server clock */
export async function looksAtDevice(db: Queries, device: string, since: number): Promise<LookLine[]> {
  const atDevice = await db
    .selectFrom('audit')
    .select(['id', 'at', 'by', 'action', 'subject'])
    // The device itself, and what comes after a slash.
    .where('subject', '>=', device)
    .where('subject', '<', `${device}0`)
    .where('at', '>', since)
    .where('action', 'in', ['look-name', 'look-timeline'])
    .orderBy('id', 'desc')
    .limit(maxLines)
    .execute()
  const atFindings = await db
    .selectFrom('findings')
    .innerJoin('audit', 'audit.subject', 'findings.id')
    .select(['audit.id', 'audit.at', 'audit.by', 'audit.action', 'findings.account', 'findings.tool'])
    .where('findings.device', '=', device)
    .where('audit.at', '>', since)
    .where('audit.action', '=', 'look-finding')
    .orderBy('audit.id', 'desc')
    .limit(maxLines)
    .execute()
  const lines = [
    ...atDevice.map(({ subject, ...line }) => {
      const accountKey = subject?.slice(device.length + 1) ?? ''
      return { ...line, accountKey: accountKey === '' ? null : accountKey, finding: null }
    }),
    ...atFindings.map(({ account, tool, ...line }) => {
      return { ...line, accountKey: null, finding: { account, tool } }
    }),
  ]
  return lines.toSorted((one, other) => one.id - other.id)
}

/** The device's accounts by their keys. */
export async function accountNames(db: Queries, device: string): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('accounts')
    .select(['key', 'account'])
    .where('device', '=', device)
    .execute()
  return new Map(rows.map(({ key, account }) => [key, account]))
}
