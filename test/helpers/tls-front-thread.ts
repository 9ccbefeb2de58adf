// A TLS front on a thread of its own, so that it answers while a check waits for a program without doing anything else.
import { parentPort, workerData } from 'node:worker_threads'
import type { Issued } from './certificate.ts'
import { openTlsFront, passedOn } from './tls-front.ts'

/** What it is started with. */
export interface FrontThreadData {
  readonly keys: Readonly<Record<'pinned' | 'other', Issued>>
}

/** What it is told: where the server behind it is, and which key to show. It first says its address. */
export type FrontThreadMessage = { readonly behind: string } | { readonly show: 'pinned' | 'other' }

const { keys } = workerData as FrontThreadData // of system-behind-tls.ts alone
let behind = ''
const front = await openTlsFront(
  keys.pinned,
  passedOn(() => behind),
)
parentPort?.on('message', (message: FrontThreadMessage) => {
  if ('behind' in message) behind = message.behind
  else front.show(keys[message.show])
})
parentPort?.postMessage(front.address)
