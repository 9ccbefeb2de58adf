// A relay between agent and server that counts the bytes that pass, headers included. Looks at none of them. It runs in a
// thread of its own, because whoever starts it waits, blocked, for commands that go through it.
import { connect, createServer } from 'node:net'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

export interface ByteCounter {
  readonly url: string
  /** Where it passes connections on to; before this they are refused. */
  readonly passTo: (url: string) => void
  /** So far, from the agent and to it. */
  readonly bytes: () => number
  readonly connections: () => number
  readonly close: () => Promise<void>
}

const slots = { bytes: 0, connections: 1 } as const

export function openByteCounter(): Promise<ByteCounter> {
  const counts = new BigInt64Array(new SharedArrayBuffer(16))
  const thread = new Worker(new URL(import.meta.url), { workerData: counts })
  return new Promise((resolve, reject) => {
    thread.once('error', reject)
    thread.once('message', (port: number) =>
      resolve({
        url: `http://127.0.0.1:${port}`,
        passTo: (url) => thread.postMessage(Number(new URL(url).port)),
        bytes: () => Number(Atomics.load(counts, slots.bytes)),
        connections: () => Number(Atomics.load(counts, slots.connections)),
        close: async () => void (await thread.terminate()),
      }),
    )
  })
}

function relay(counts: BigInt64Array): void {
  let target = 0
  parentPort?.on('message', (port: number) => (target = port))
  const listening = createServer((agent) => {
    const server = connect(target, '127.0.0.1')
    Atomics.add(counts, slots.connections, 1n)
    for (const [from, to] of [
      [agent, server],
      [server, agent],
    ] as const) {
      from.on('data', (chunk) => Atomics.add(counts, slots.bytes, BigInt(chunk.length)))
      from.on('error', () => to.destroy())
      from.pipe(to)
    }
  })
  listening.listen(0, '127.0.0.1', () => {
    const address = listening.address()
    parentPort?.postMessage(typeof address === 'object' && address !== null ? address.port : 0)
  })
}

if (!isMainThread) relay(workerData as BigInt64Array) // what openByteCounter gave it
