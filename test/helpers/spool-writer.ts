// A program for tests to kill: fills a small spool without end, so that it is compacted again and again, and says on standard output
// what was accepted, what was sent, and when a compaction begins and is over.
//   node spool-writer.ts FOLDER FIRST-NUMBER
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import type { WireRecord } from '#shared/protocol.ts'
import { createSpool, sharesOf } from '../../agent/spool.ts'
import { openState } from '../../agent/state.ts'
import { inventoryRecord, markRecord } from './wire-records.ts'

/** Of each batch. */
const marks = 120
const items = 80
const dayMs = 86_400_000

const [folder = '', first = '0'] = process.argv.slice(2)
const opened = openState({ folder, now: 0, random: randomBytes })
if (!opened.ok) throw new Error(opened.message)
const { state } = opened
const capBytes = 4 * 2 ** 20
const spool = createSpool({
  state,
  capBytes,
  policy: () => null,
  now: () => 0,
  log: (line) => void writeSync(1, `compacted ${line}\n`),
})

function batch(n: number): WireRecord[] {
  return [
    { type: 'agent', event: 'started', detail: `n${n}`, at: 0 },
    ...Array.from({ length: marks }, (_, m) =>
      markRecord((n % 5) * dayMs + n * 1000 + m, { session: String(m % 20).padStart(22, 's') }),
    ),
    ...Array.from({ length: items }, (_, m) => inventoryRecord({ name: `p${m}`, version: `1.${n}` })),
  ]
}

for (let n = Number(first); ; n++) {
  state.transact(() => state.outbox.append(batch(n)))
  writeSync(1, `accepted ${n}\n`)
  if (state.outbox.bytes() > sharesOf(capBytes).recordBytes) writeSync(1, 'compacting\n')
  spool.keep()
  if (n % 6 !== 0) continue
  const sealed = state.transact(() => state.outbox.seal({ device: 'd', clock: null, policyVersion: null }, n))
  const { counter, last: sequence, head } = sealed
  // The server's side: what it has is said before the agent may forget it.
  writeSync(1, `received ${counter} ${sealed.body.toString('base64')}\n`)
  const { epoch } = state.outbox.chain()
  // An answer that was lost: the same envelope comes again, and more is compacted behind it.
  if (n % 12 === 0) continue
  const receipt = { device: 'd', epoch, sequence, head, counter, token: 't', at: n }
  state.transact(() => state.outbox.acknowledge(receipt))
}
