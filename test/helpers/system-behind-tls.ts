// A whole server behind TLS, with a certificate of an authority that nobody trusts as yet.
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { pinOf } from '../../agent/sync/http.ts'
import { throwawayAuthority } from './certificate.ts'
import { signIn, startSystem, type Admin, type System } from './system.ts'
import type { FrontThreadData, FrontThreadMessage } from './tls-front-thread.ts'

export interface SystemBehindTls extends Omit<System, 'signIn'> {
  /** `https://`, the host’s name and its port: what agents are told. */
  readonly address: string
  /** PEM. */
  readonly authority: string
  /** Of the key that it shows at first, as the setting `certificatePin` has it. */
  readonly pin: string
  /** From now on it shows the pinned key, or another of the same authority. */
  readonly show: (key: 'pinned' | 'other') => void
  /** Past the TLS, of which this process knows nothing. */
  readonly signIn: () => Promise<Admin>
}

const dayMs = 86_400_000

/** @param host the name that agents know this machine’s loopback by @param now milliseconds since 1970 */
export async function startSystemBehindTls(host: string, now: number): Promise<SystemBehindTls> {
  const authority = throwawayAuthority('Check Root', now)
  const issue = () => authority.issue({ name: host, from: now - dayMs, until: now + dayMs })
  const keys = { pinned: issue(), other: issue() }
  const thread = new URL('tls-front-thread.ts', import.meta.url)
  const front = new Worker(thread, { workerData: { keys } satisfies FrontThreadData })
  const tell = (message: FrontThreadMessage) => front.postMessage(message)
  const [local] = (await once(front, 'message')) as [string] // what the thread says first
  const address = local.replace('localhost', host)
  const system = await startSystem({ env: { CUTOFF_PUBLIC_URL: address } })
  tell({ behind: system.url })
  return {
    ...system,
    address,
    authority: authority.certificate,
    pin: pinOf(new X509Certificate(keys.pinned.certificate).raw),
    show: (key) => tell({ show: key }),
    signIn: () => signIn(system.url, system.loginLink().replace(address, system.url)),
    async close() {
      await front.terminate()
      await system.close()
    },
  }
}
