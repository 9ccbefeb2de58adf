// Records about the device itself: its host facts and its accounts.
import type { AccountRecord, HostRecord } from '#shared/protocol.ts'
import type { z } from 'zod'
import { accountKey, accountLabel } from '../../pseudonym.ts'
import { changeDevice } from '../../store/devices.ts'
import { addEvent } from '../../store/events.ts'
import { accountFact, saveAccount } from '../../store/facts.ts'
import { columnText, type Applying } from '../applying.ts'

export async function applyHost({ db, device }: Applying, record: z.infer<typeof HostRecord>): Promise<void> {
  await changeDevice(db, device.id, hostColumns(record))
}

export function hostColumns(record: z.infer<typeof HostRecord>) {
  return {
    hostname: record.hostname,
    os: record.os,
    os_version: record.osVersion,
    arch: record.arch,
    serial: record.serial,
    agent_version: record.agentVersion,
    key_protection: record.keyProtection,
  }
}

export async function applyAccount(
  { db, keys, device, now, knownAccounts }: Applying,
  record: z.infer<typeof AccountRecord>,
): Promise<void> {
  const account = columnText(record.account)
  const before = await accountFact(db, device.id, account)
  const readable = record.readable ? 1 : 0
  const gone = record.gone ? 1 : 0
  knownAccounts.add(account)
  if (before?.readable === readable && before.gone === gone) return
  await saveAccount(db, {
    device: device.id,
    account,
    key: accountKey(keys, device.id, account),
    label: accountLabel(keys, device.id, account),
    readable,
    gone,
  })
  const values = { readable: record.readable }
  const code = record.gone ? 'account-gone' : 'account-seen'
  await addEvent(db, { device: device.id, at: now, type: 'account', account, code, values })
}
