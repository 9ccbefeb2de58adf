// R1 and R5: the agent is killed while it compacts what waits. In the end every use that was accepted is at the server or counted in
// one that is, each once; every number is accounted for; and as many records are said to be given up as are not there.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { openEnvelope, type OpenedEnvelope } from '#shared/envelope.ts'
import { Envelope, type WireRecord } from '#shared/protocol.ts'
import { unaccounted } from '#shared/tombstone.ts'
import type { State } from '../../agent/state.ts'
import { sha256, verifies } from '../../agent/state/keys.ts'
import { openTestState } from '../helpers/test-agent.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'

const writer = fileURLToPath(new URL('../helpers/spool-writer.ts', import.meta.url))
/** As the writer makes them. */
const perBatch = { records: 201, marks: 120 } as const
const longestLifeMs = 1500
/** About as long as a compaction takes. */
const withinMs = 250

export async function killCompactions(runs: number, chance: Chance): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-compaction-'))
  const accepted = new Set<number>()
  const sent = new Map<number, string>()
  const failures: string[] = []
  let compactions = 0
  let within = 0
  try {
    for (let run = 0; run < runs; run++) {
      const next = accepted.size === 0 ? 0 : Math.max(...accepted) + 2
      const child = spawn(process.execPath, [writer, folder, String(next)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let output = ''
      child.stdout.on('data', (part) => (output += String(part)))
      await once(child.stdout, 'data')
      const comes = async (seen: () => boolean): Promise<void> => {
        while (!seen() && child.exitCode === null) await once(child.stdout, 'data')
      }
      // However fast the machine is: one is cut off as it begins, one is over.
      if (run === 0) await comes(() => output.endsWith('compacting\n'))
      else if (run === 1) await comes(() => output.includes('compacted '))
      else if (chance.next() < 0.7) {
        // Most are killed in the middle of one, the others anywhere.
        await comes(() => output.endsWith('compacting\n'))
        await sleep(chance.next() * withinMs)
      } else await sleep(chance.next() * longestLifeMs)
      child.kill('SIGKILL')
      await once(child, 'close')
      if (output.endsWith('compacting\n')) within++
      for (const line of output.split('\n').slice(0, -1)) {
        const [what, number, body = ''] = line.split(' ')
        if (what === 'accepted') accepted.add(Number(number))
        if (what === 'compacted') compactions++
        if (what !== 'received') continue
        if ((sent.get(Number(number)) ?? body) !== body) failures.push(`envelope ${number} came as another`)
        sent.set(Number(number), body)
      }
    }
    const state = openTestState(folder, 0)
    const key = state.key.publicKey
    drain(state, sent)
    state.close()
    const opened = [...sent].toSorted(([a], [b]) => a - b).map(([, body]) => openBody(body, key))
    failures.push(...judge(opened, accepted))
    if (compactions === 0) failures.push('it was never compacted')
    if (within === 0) failures.push('it was never killed while it compacted')
    return {
      name: 'R1, R5: killed while what waits is compacted',
      runs,
      failures,
      notes: [
        `${accepted.size} batches accepted, ${compactions} compactions and ${within} that a kill cut off, ${sent.size} envelopes`,
      ],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function drain(state: State, sent: Map<number, string>): void {
  while (state.outbox.waiting() > 0) {
    const sealed = state.transact(() =>
      state.outbox.seal({ device: 'd', clock: null, policyVersion: null }, 0),
    )
    const { counter, last: sequence, head } = sealed
    sent.set(counter, sealed.body.toString('base64'))
    const { epoch } = state.outbox.chain()
    const receipt = { device: 'd', epoch, sequence, head, counter, token: 't', at: 0 }
    state.transact(() => state.outbox.acknowledge(receipt))
  }
}

function openBody(body: string, key: string): OpenedEnvelope {
  const envelope = Envelope.parse(JSON.parse(gunzipSync(Buffer.from(body, 'base64')).toString()))
  return openEnvelope(envelope, sha256, (text, signature) => verifies(key, text, signature))
}

function judge(envelopes: readonly OpenedEnvelope[], accepted: ReadonlySet<number>): string[] {
  const failures: string[] = []
  const records: WireRecord[] = []
  let next = 0
  let head: string | null = null
  let given = 0
  for (const opened of envelopes) {
    if (!opened.ok) return [`an envelope does not open: ${opened.fault}`]
    const { header } = opened
    const { tombstone } = header
    given += tombstone?.records ?? 0
    if (header.from < next) failures.push(`numbers from ${header.from} came twice`)
    const hole = { from: next, to: header.from - 1 }
    const missing = header.from > next ? unaccounted(hole, tombstone?.ranges ?? []) : []
    for (const { from, to } of missing) failures.push(`${from} to ${to} are missing`)
    if (head !== null && header.previousHead !== head)
      failures.push(`the chain does not hold at ${header.from}`)
    head = header.head
    next = header.from + opened.records.length
    records.push(...opened.records.map(({ text }) => JSON.parse(text) as WireRecord))
  }
  const batches = records.flatMap((r) => (r.type === 'agent' ? [Number(r.detail?.slice(1))] : []))
  const there = new Set(batches)
  const lost = [...accepted].filter((n) => !there.has(n))
  if (lost.length > 0) failures.push(`batches ${String(lost)} were accepted and are not there`)
  if (there.size !== batches.length) failures.push(`${batches.length - there.size} batches came twice`)
  const uses = records.reduce((sum, r) => sum + (r.type === 'mark' ? 1 + (r.more ?? 0) : 0), 0)
  if (uses !== there.size * perBatch.marks)
    failures.push(`${uses} uses are told of, of ${there.size * perBatch.marks}`)
  if (records.length + given !== there.size * perBatch.records)
    failures.push(`${records.length} records and ${given} given up, of ${there.size * perBatch.records}`)
  return failures
}
