// The Linux host: /etc/passwd, /proc and /sys read directly, no command started.
import os from 'node:os'
import type { Gap } from '#shared/observation.ts'
import { machineClocks } from './clocks.ts'
import { thisDisk } from './disk.ts'
import { createFiles } from './gateway.ts'
import { type Host, type HostFacts, nothingListed } from './host.ts'
import { linuxAccounts } from './linux-accounts.ts'
import { linuxProcesses } from './linux-processes.ts'
import { thisProcess } from './rights.ts'

const maxFactBytes = 64 * 1024
const noSerials = new Set([
  '',
  'none',
  'to be filled by o.e.m.',
  'system serial number',
  'default string',
  'not specified',
  '0',
])

export function linuxHost(now: () => number = Date.now): Host {
  const files = createFiles({
    disk: thisDisk('/proc/self/fd'),
    os: 'linux',
    now,
    mountTable: '/proc/self/mountinfo',
  })
  const table = linuxProcesses()
  const self = thisProcess(process.env)
  // Who looks for everybody is a service, and its state folder nobody's home.
  const ownUid = self.readsAll ? null : self.uid
  let names: ReadonlyMap<string, string> = new Map()
  let real: ReadonlySet<string> = new Set()

  const text = (path: string): string | null =>
    files.system(path, maxFactBytes)?.toString('utf8').trim() ?? null

  /** One per account; what daemons run that the agent may not see is the machine's. */
  function deniedGaps(denied: ReadonlyMap<string, number>, at: number): readonly Gap[] {
    const counts = new Map<string | null, number>()
    for (const [uid, count] of denied) {
      const account = real.has(uid) ? (names.get(uid) ?? `uid:${uid}`) : null
      counts.set(account, (counts.get(account) ?? 0) + count)
    }
    return [...counts].map(([account, count]) => ({
      collector: 'process',
      account,
      path: '/proc',
      reason: 'denied',
      detail: `programs of ${count} processes`,
      at,
    }))
  }

  return {
    os: 'linux',
    files,
    now,
    ...machineClocks,
    facts: (): HostFacts => ({
      hostname: os.hostname(),
      os: 'linux',
      osVersion:
        prettyName(text('/etc/os-release') ?? text('/usr/lib/os-release') ?? '') ?? `Linux ${os.release()}`,
      arch: os.arch(),
      serial: serialOf(text('/sys/class/dmi/id/product_serial')),
      machine: {
        hardware: numberOf(text('/sys/class/dmi/id/product_uuid')),
        system: numberOf(text('/etc/machine-id')),
      },
      boot: text('/proc/sys/kernel/random/boot_id') ?? '',
    }),
    prepare: async () => {},
    accounts() {
      const found = linuxAccounts(files, ownUid, now())
      names = found.names
      real = new Set(found.accounts.map((account) => account.uid))
      return { accounts: found.accounts, gaps: found.gaps }
    },
    nameOf: (uid) => names.get(uid) ?? null,
    processes() {
      const { processes, denied } = table.read()
      const at = now()
      return { processes, gaps: deniedGaps(denied, at) }
    },
    listed: () => nothingListed,
    notedStarts: async () => null,
  }
}

function prettyName(osRelease: string): string | null {
  const match = /^PRETTY_NAME=(?:"([^"\n]*)"|'([^'\n]*)'|(\S*))$/m.exec(osRelease)
  return match?.[1] ?? match?.[2] ?? match?.[3] ?? null
}

/** Null for what stands where nobody wrote a number: images before their first start, boards without one. */
function numberOf(text: string | null): string | null {
  return text === null || text.length < 8 || /^([0-]+|[f-]+|uninitialized)$/i.test(text) ? null : text
}

function serialOf(text: string | null): string | null {
  return text === null || noSerials.has(text.toLowerCase()) ? null : text
}
