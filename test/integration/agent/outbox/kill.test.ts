// The agent killed at any instant loses nothing that it had accepted, and nothing is doubled.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { Envelope } from '#shared/protocol.ts'
import { openTestState, temporaryFolder } from '../../../helpers/test-agent.ts'

const writer = fileURLToPath(new URL('../../../helpers/outbox-writer.ts', import.meta.url))
const kills = Number(process.env['CUTOFF_TEST_KILLS'] ?? 12)

/** The same numbers for the same seed (mulberry32), so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

test(
  `after ${kills} kills the server's records and those that wait are exactly the accepted ones`,
  { timeout: 20_000 + kills * 2000 },
  async () => {
    const folder = temporaryFolder()
    const random = seeded(1)
    const accepted = new Set<number>()
    const atServer = new Map<number, string>()
    let next = 0
    for (let kill = 0; kill < kills; kill++) {
      const child = spawn(process.execPath, [writer, folder, String(next)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let output = ''
      child.stdout.on('data', (part) => (output += String(part)))
      await once(child.stdout, 'data')
      await sleep(random() * 120)
      child.kill('SIGKILL')
      await once(child, 'close')
      for (const line of output.split('\n').slice(0, -1)) {
        const [what, ...rest] = line.split(' ')
        if (what === 'accepted') accepted.add(Number(rest[0]))
        else keep(atServer, Number(rest[0]), rest[2] ?? '')
      }
      next = Math.max(...accepted) + 2
    }
    const state = openTestState(folder, 0)
    const waiting = state.outbox.peek(1_000_000).map(({ sequence, text }) => [sequence, text] as const)
    state.close()
    rmSync(folder, { recursive: true })
    const kept = new Map([...atServer, ...waiting])
    const numbers = [...kept.values()].map((text) => Number(/"n(\d+)"/.exec(text)?.[1]))
    expect(accepted.size).toBeGreaterThan(kills)
    expect([...accepted].filter((n) => !numbers.includes(n))).toEqual([])
    expect(new Set(numbers).size).toBe(numbers.length)
    expect([...kept.keys()].toSorted((a, b) => a - b)).toEqual(numbers.map((_, sequence) => sequence))
  },
)

/** As the server does: by sequence, the same record again is the same record. */
function keep(atServer: Map<number, string>, first: number, body: string): void {
  const envelope = Envelope.parse(JSON.parse(gunzipSync(Buffer.from(body, 'base64')).toString()))
  for (const [index, { text }] of envelope.records.entries()) {
    expect(atServer.get(first + index) ?? text).toBe(text)
    atServer.set(first + index, text)
  }
}
