// A relay between agent and server that ends the agent's TLS and counts the bytes that pass on the agent's side, handshakes
// included, once a connection has ended. Looks at none of them. It runs in a thread of its own, because whoever starts it waits,
// blocked, for commands that go through it.
import { connect, createServer, type AddressInfo } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { Issued } from '../helpers/certificate.ts'

export interface ByteCounter {
  /** `https://localhost:` and its port. */
  readonly url: string
  /** Where it passes connections on to; before this they are refused. */
  readonly passTo: (url: string) => void
  /** So far, from the agent and to it. */
  readonly bytes: () => number
  readonly connections: () => number
  readonly close: () => Promise<void>
}

interface Given {
  readonly counts: BigInt64Array
  readonly issued: Issued
}

const slots = { bytes: 0, connections: 1 } as const

export function openByteCounter(issued: Issued): Promise<ByteCounter> {
  const counts = new BigInt64Array(new SharedArrayBuffer(16))
  const given: Given = { counts, issued }
  const thread = new Worker(new URL(import.meta.url), { workerData: given })
  return new Promise((resolve, reject) => {
    thread.once('error', reject)
    thread.once('message', (port: number) =>
      resolve({
        url: `https://localhost:${port}`,
        passTo: (url) => thread.postMessage(Number(new URL(url).port)),
        bytes: () => Number(Atomics.load(counts, slots.bytes)),
        connections: () => Number(Atomics.load(counts, slots.connections)),
        close: async () => void (await thread.terminate()),
      }),
    )
  })
}

function relay({ counts, issued: { certificate, key } }: Given): void {
  let target = 0
  parentPort?.on('message', (port: number) => (target = port))
  const inside = createTlsServer({ cert: certificate, key }, (agent) => {
    const server = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [agent, server],
      [server, agent],
    ] as const) {
      from.on('error', () => to.destroy())
      from.pipe(to)
    }
  })
  const outside = createServer((agent) => {
    Atomics.add(counts, slots.connections, 1n)
    agent.on('close', () => Atomics.add(counts, slots.bytes, BigInt(agent.bytesRead + agent.bytesWritten)))
    agent.on('error', () => agent.destroy())
    inside.emit('connection', agent)
  })
  outside.listen(0, '127.0.0.1', () => parentPort?.postMessage((outside.address() as AddressInfo).port))
}

if (!isMainThread) relay(workerData as Given) // what openByteCounter gave it
