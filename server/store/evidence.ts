// What devices signed, exactly as received: headers and signatures for ever, salts and texts until they are erased.
import type { Queries } from './store.ts'

export interface ReceivedEnvelope {
  readonly device: string
  readonly epoch: string
  readonly counter: number
  readonly receivedAt: number
  readonly header: string
  readonly signature: string
  /** Which of the device's keys signed it. */
  readonly keyNumber: number
  readonly from: number
  readonly records: readonly { readonly salt: string; readonly text: string }[]
}

/** SQLite takes at most 32,766 values in a statement. */
const rowsPerStatement = 2000

/** Keeps an envelope that has records; one without is a sign of life and leaves no trace but the chain's. */
export async function keepEnvelope(db: Queries, received: ReceivedEnvelope): Promise<void> {
  const { device, epoch, counter, header, signature, keyNumber } = received
  await db
    .insertInto('envelopes')
    .values({
      ...{ device, epoch, counter, header, signature },
      received_at: received.receivedAt,
      key_number: keyNumber,
    })
    .execute()
  const rows = received.records.map((record, index) => ({
    device,
    epoch,
    sequence: received.from + index,
    salt: record.salt,
    text: record.text,
  }))
  for (let at = 0; at < rows.length; at += rowsPerStatement) {
    await db
      .insertInto('records')
      .values(rows.slice(at, at + rowsPerStatement))
      .execute()
  }
}

/** Texts of the records of a range, both ends included, in order; null where one of them never came or was erased. */
export async function recordTexts(
  db: Queries,
  range: { readonly device: string; readonly epoch: string; readonly from: number; readonly to: number },
): Promise<readonly string[] | null> {
  const { device, epoch, from, to } = range
  const rows = await db
    .selectFrom('records')
    .select('text')
    .where('device', '=', device)
    .where('epoch', '=', epoch)
    .where('sequence', '>=', from)
    .where('sequence', '<=', to)
    .orderBy('sequence')
    .execute()
  const texts = rows.flatMap(({ text }) => (text === null ? [] : [text]))
  return texts.length === to - from + 1 ? texts : null
}
