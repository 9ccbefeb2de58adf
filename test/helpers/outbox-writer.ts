// A program for tests to kill: adds records, seals and acknowledges without end, and says on standard output what was accepted.
//   node outbox-writer.ts FOLDER FIRST-NUMBER
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { openState } from '../../agent/state.ts'

const [folder = '', first = '0'] = process.argv.slice(2)
const opened = openState({ folder, now: 0, random: randomBytes })
if (!opened.ok) throw new Error(opened.message)
const { state } = opened
for (let n = Number(first); ; n++) {
  state.transact(() => state.outbox.append([{ type: 'agent', event: 'started', detail: `n${n}`, at: n }]))
  writeSync(1, `accepted ${n}\n`)
  if (n % 5 !== 0) continue
  const sealed = state.transact(() => state.outbox.seal({ device: 'd', clock: null, policyVersion: null }, n))
  const { epoch } = state.outbox.chain()
  const receipt = {
    device: 'd',
    epoch,
    sequence: sealed.last,
    head: sealed.head,
    counter: sealed.counter,
    token: 't',
    at: n,
  }
  // The server's side: what it has is said before the agent may forget it.
  writeSync(1, `received ${sealed.first} ${sealed.last} ${sealed.body.toString('base64')}\n`)
  state.transact(() => state.outbox.acknowledge(receipt))
}
