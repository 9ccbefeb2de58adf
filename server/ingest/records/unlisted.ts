// Records about what behaves like an AI coding agent and is in no catalogue.
import type { UnlistedRecord } from '#shared/protocol.ts'
import { unlistedId } from '#shared/unlisted-finding.ts'
import { saveUnlisted } from '../../store/unlisted.ts'
import { accountColumn, type Applying } from '../applying.ts'

/** What becomes of it is told by the finding; by itself it is no event. */
export async function applyUnlisted(applying: Applying, record: UnlistedRecord): Promise<void> {
  const { db, device, now } = applying
  const { source, name, behaviours, gone } = record
  const account = await accountColumn(applying, record.account)
  const id = unlistedId(record)
  await saveUnlisted(db, {
    device: device.id,
    account,
    id,
    source,
    name,
    behaviours: JSON.stringify(behaviours),
    gone: gone ? 1 : 0,
    reported_at: now,
  })
  applying.touch(device.id, account, id)
}
