// The laboratory as a whole: throwaway accounts and a loopback network, opened and closed together. Must leave
// nothing behind, whatever happened in between.
import { AccountPool, canMakeAccounts } from './accounts.ts'
import type { LoopbackNetwork } from './network.ts'
import { canIsolateNetwork, openLoopbackNetwork } from './network.ts'

export interface Lab {
  readonly accounts: AccountPool
  readonly network: LoopbackNetwork
  readonly close: () => Promise<void>
}

/** Why there can be no laboratory here, as a sentence for whoever reads the test's output; undefined when it can. */
export function whyNoLab(): string | undefined {
  if (process.platform !== 'linux') return 'real accounts are only made on Linux'
  if (!canMakeAccounts()) return 'real accounts need root, useradd and setpriv'
  if (!canIsolateNetwork())
    return 'a network of its own needs root, unshare, nsenter, ip and a kernel that lets it'
  return undefined
}

export async function openLab(): Promise<Lab> {
  const accounts = new AccountPool()
  const network = await openLoopbackNetwork()
  return {
    accounts,
    network,
    close: async () => {
      accounts.close()
      await network.close()
    },
  }
}
