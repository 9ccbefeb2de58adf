// The Linux host: /etc/passwd, /proc and /sys read directly, no command started.
import os from 'node:os'
import type { Gap } from '#shared/observation.ts'
import { parseBootTime } from '../parsers/proc-stat.ts'
import { thisDisk } from './disk.ts'
import { createFiles } from './gateway.ts'
import type { Host, HostFacts } from './host.ts'
import { linuxAccounts } from './linux-accounts.ts'
import { linuxProcesses } from './linux-processes.ts'

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
  const files = createFiles({ disk: thisDisk('/proc/self/fd'), now, mountTable: '/proc/self/mountinfo' })
  const table = linuxProcesses()
  const agentUid = process.getuid?.() ?? 0
  let names: ReadonlyMap<string, string> = new Map()

  const text = (path: string): string | null =>
    files.system(path, maxFactBytes)?.toString('utf8').trim() ?? null

  return {
    os: 'linux',
    files,
    now,
    facts: (): HostFacts => ({
      hostname: os.hostname(),
      os: 'linux',
      osVersion:
        prettyName(text('/etc/os-release') ?? text('/usr/lib/os-release') ?? '') ?? `Linux ${os.release()}`,
      arch: os.arch(),
      serial: serialOf(text('/sys/class/dmi/id/product_serial')),
      boot: text('/proc/sys/kernel/random/boot_id') ?? '',
      bootedAt: parseBootTime(text('/proc/stat') ?? ''),
    }),
    accounts() {
      const found = linuxAccounts(files, agentUid, now())
      names = found.names
      return { accounts: found.accounts, gaps: found.gaps }
    },
    nameOf: (uid) => names.get(uid) ?? null,
    processes() {
      const { processes, denied } = table.read()
      const at = now()
      const gaps = [...denied].map(([uid, count]): Gap => ({
        collector: 'process',
        account: names.get(uid) ?? `uid:${uid}`,
        path: '/proc',
        reason: 'denied',
        detail: `${count} programs`,
        at,
      }))
      return { processes, gaps }
    },
  }
}

function prettyName(osRelease: string): string | null {
  const match = /^PRETTY_NAME=(?:"([^"\n]*)"|'([^'\n]*)'|(\S*))$/m.exec(osRelease)
  return match?.[1] ?? match?.[2] ?? match?.[3] ?? null
}

function serialOf(text: string | null): string | null {
  return text === null || noSerials.has(text.toLowerCase()) ? null : text
}
