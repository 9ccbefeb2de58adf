// Whether what is held of a device is what it says it told; and the end of what it did not tell again when it told everything
// anew. What a gap hides stays: nobody could look.
import { PROTOCOL_VERSION, WireRecord, type EnvelopeHeader } from '#shared/protocol.ts'
import {
  digestOf,
  isHidden,
  nameOf,
  overRecord,
  seersOf,
  ToldKind,
  type LastingRecord,
} from '#shared/told.ts'
import { sha256 } from '../crypto.ts'
import { addEvent, hasEvent } from '../store/events.ts'
import { recordTexts } from '../store/evidence.ts'
import { accountsThere, lastingRecords } from '../store/lasting.ts'
import { applyRecords } from './apply.ts'
import { columnText, type Applying } from './applying.ts'
import { dayOf } from './device-time.ts'

/** More records than any device has things to tell of: their number is its own word. */
const mostRecords = 50_000
const toldAgain = 'agent-told-again'

/**
 * Compares once a report has been applied. True: it differs, and all should be told again; undefined: nothing to compare with.
 * @param header of that report; what it told of everything anew came before it
 */
export async function driftOf(applying: Applying, header: EnvelopeHeader): Promise<boolean | undefined> {
  // Of a newer agent not all can be read: it is told again once this server is newer.
  if (header.told === undefined || header.protocol > PROTOCOL_VERSION) return undefined
  const { db, device } = applying
  const { digest, kinds, whole } = header.told
  if (whole !== null)
    await endUntold(applying, kinds, { epoch: header.epoch, from: whole, to: header.from - 1 })
  return digestOf(await lastingRecords(db, device.id, kinds), kinds, sha256) !== digest
}

/** Ends what the records of a range, which tell all that there is, do not name. At most once a day, as it reads all of them. */
async function endUntold(
  applying: Applying,
  kinds: readonly ToldKind[],
  range: { readonly epoch: string; readonly from: number; readonly to: number },
): Promise<void> {
  const { db, device, now } = applying
  const day = dayOf(now)
  if (await hasEvent(db, device.id, day, toldAgain)) return
  const told = await readAll(applying, range)
  // A look is told with every whole: without one it is none, whatever the header says.
  if (told === null || !told.some(({ type }) => type === 'scan')) return
  const over = untold(await lastingRecords(db, device.id, ToldKind.options), told, now).filter(({ type }) =>
    kinds.includes(type),
  )
  const gone = await accountsGone(applying, told)
  // Times are the server's already.
  await applyRecords({ ...applying, toServer: (at) => at }, [...over, ...gone])
  const values = { records: told.length, ended: over.length + gone.length }
  await addEvent(db, { device: device.id, at: day, type: 'agent', code: toldAgain, values })
}

async function readAll(
  { db, device }: Applying,
  range: { readonly epoch: string; readonly from: number; readonly to: number },
): Promise<readonly WireRecord[] | null> {
  if (range.to < range.from || range.to - range.from >= mostRecords) return null
  const texts = await recordTexts(db, { device: device.id, ...range })
  const read = (texts ?? []).map((text) => WireRecord.safeParse(JSON.parse(text)).data)
  return texts === null || read.includes(undefined) ? null : read.filter((record) => record !== undefined)
}

/** Records that end what was told before and is not told again. Pure. */
export function untold(
  held: readonly LastingRecord[],
  told: readonly WireRecord[],
  now: number,
): readonly LastingRecord[] {
  const names = new Set(told.flatMap((record) => (isLasting(record) ? [nameOf(record)] : [])))
  const gaps = held.flatMap((one) => (one.type === 'gap' && names.has(nameOf(one)) ? [one] : []))
  return held
    .filter((one) => !names.has(nameOf(one)))
    .filter((one) => one.type === 'gap' || !isHidden(gaps, one.account, seersOf(one)))
    .map((one) => overRecord(one, now))
}

function isLasting(record: WireRecord): record is LastingRecord {
  return ToldKind.options.some((kind) => kind === record.type)
}

/** Accounts that nothing names any more, unless not all of them could be seen. */
async function accountsGone(
  { db, device }: Applying,
  told: readonly WireRecord[],
): Promise<readonly WireRecord[]> {
  const gaps = told.filter((record) => record.type === 'gap').filter(({ until }) => until === null)
  const named = new Set(told.map((record) => ('account' in record ? columnText(record.account ?? '') : '')))
  return (await accountsThere(db, device.id))
    .filter(({ account }) => !named.has(account) && !isHidden(gaps, account, new Set()))
    .map(({ account, readable }) => ({ type: 'account', account, readable: readable === 1, gone: true }))
}
