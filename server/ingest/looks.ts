// Who looked at what is held of one device, from the audit log, as the answer to its report tells it.
import { lookKey, type DeviceLook, type LookKind } from '#shared/device-look.ts'
import { readUnlistedId } from '#shared/unlisted-finding.ts'
import { accountNames, looksAtDevice, type LookLine } from '../store/looks.ts'
import type { Queries } from '../store/store.ts'

const hourMs = 3_600_000
/** An answer may be lost, and the next report be late. */
const againMs = 24 * hourMs
/** Whoever looks at more within that time is told of by the newest. */
const most = 20

/** Oldest first. @param heardAt when the report came that was answered last; null: everything is told */
export async function looksSince(
  db: Queries,
  device: string,
  heardAt: number | null,
): Promise<readonly DeviceLook[]> {
  // By whole hours, so that the first look of an hour is the same one each time.
  const since = Math.floor(((heardAt ?? 0) - againMs) / hourMs) * hourMs
  const lines = await looksAtDevice(db, device, since)
  if (lines.length === 0) return []
  const names = await accountNames(db, device)
  const looks = new Map<string, DeviceLook>()
  for (const line of lines) {
    const account = line.finding?.account ?? (line.accountKey === null ? '' : names.get(line.accountKey))
    // Of an account that the device has no more there is nobody to tell.
    if (account === undefined) continue
    const { at, by } = line
    const tool = line.finding?.tool ?? null
    const look = {
      at,
      by,
      what: kindOf(line),
      account: account === '' ? null : account,
      // Of what is in no catalogue the device knows no name.
      tool: tool === null || readUnlistedId(tool) !== null ? null : tool,
    }
    const inHour = lookKey({ ...look, at: Math.floor(at / hourMs) })
    if (!looks.has(inHour)) looks.set(inHour, look)
  }
  return [...looks.values()].slice(-most)
}

function kindOf({ action, accountKey, finding }: LookLine): LookKind {
  if (finding !== null) return 'finding'
  if (action === 'look-timeline') return 'timeline'
  return accountKey === null ? 'device-name' : 'account-name'
}
