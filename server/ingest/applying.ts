// What applying a record needs, and the account that records name.
import type { Context } from '../context.ts'
import type { TouchedDetection } from '../judging/touched.ts'
import { accountKey, accountLabel } from '../pseudonym.ts'
import type { Device } from '../store/devices.ts'
import { noteAccount } from '../store/facts.ts'
import type { Queries } from '../store/store.ts'

/** What the functions of records/ get. */
export interface Applying {
  readonly db: Queries
  readonly keys: Context['keys']
  readonly device: Device
  /** Server clock at receipt. */
  readonly now: number
  /** An instant that is only shown, by the server's clock as far as the device's is known. Marks keep theirs. */
  readonly toServer: (at: number) => number
  /**
   * How far an instant of a start of the machine lies in the server's future, by the clock that this report measured, in
   * milliseconds; null where it does not.
   */
  readonly aheadMs: (at: number, boot: string | null) => number | null
  /** Notes that a detection has to be judged again, on this device or another. */
  readonly touch: (device: string, account: string, tool: string) => TouchedDetection
  /** Accounts of this device that are known to be stored. */
  readonly knownAccounts: Set<string>
}

/** Text as the database gives it back: half a character would come back as another one. */
export function columnText(text: string): string {
  return text.toWellFormed()
}

/** The account's column value, after making sure that the account is known; '' for the machine. */
export async function accountColumn(
  { db, keys, device, knownAccounts }: Applying,
  named: string | null,
): Promise<string> {
  if (named === null) return ''
  const account = columnText(named)
  if (!knownAccounts.has(account)) {
    knownAccounts.add(account)
    await noteAccount(db, {
      device: device.id,
      account,
      key: accountKey(keys, device.id, account),
      label: accountLabel(keys, device.id, account),
      readable: 1,
      gone: 0,
    })
  }
  return account
}
