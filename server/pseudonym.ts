// Names that stand for people's: stable, not to be turned back without the server's secret.
import { keyedHash } from './crypto.ts'
import type { Keys } from './keys.ts'

export function deviceLabel(keys: Pick<Keys, 'pseudonym'>, device: string): string {
  return `device-${digits(keyedHash(keys.pseudonym, 'device-label', device))}`
}

/** What links and looks use in place of an account's name. */
export function accountKey(keys: Pick<Keys, 'pseudonym'>, device: string, account: string): string {
  return keyedHash(keys.pseudonym, 'account-key', device, account).slice(0, 22)
}

export function accountLabel(keys: Pick<Keys, 'pseudonym'>, device: string, account: string): string {
  return `account-${digits(keyedHash(keys.pseudonym, 'account-label', device, account))}`
}

/** What stands for a name that an administrator typed, where it is not shown. */
export function nameLabel(
  keys: Pick<Keys, 'pseudonym'>,
  kind: 'person' | 'group' | 'account',
  name: string,
): string {
  return `${kind}-${digits(keyedHash(keys.pseudonym, `typed-${kind}`, name))}`
}

/** The same for the same device, account and tool, for ever. */
export function findingId(
  keys: Pick<Keys, 'pseudonym'>,
  device: string,
  account: string | null,
  tool: string,
): string {
  return keyedHash(keys.pseudonym, 'finding', device, account ?? '', tool).slice(0, 22)
}

/** Six hexadecimal digits: short enough to say, and unlikely to meet in one organisation's list. */
function digits(hash: string): string {
  return Buffer.from(hash, 'base64url').toString('hex').slice(0, 6)
}
