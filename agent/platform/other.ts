// macOS and Windows, as far as this version goes: facts by systeminformation, the account that runs the agent, on macOS
// processes by ps-list. What is not looked at yet is an `unsupported` gap, never silence.
import os from 'node:os'
import process from 'node:process'
import type { Account, Gap, GapReason } from '#shared/observation.ts'
import { machineClocks } from './clocks.ts'
import { thisDisk } from './disk.ts'
import { createFiles } from './gateway.ts'
import type { Host, HostFacts, Process } from './host.ts'

/** Where the systems keep their own programs, which both libraries start by name alone. */
const ownPrograms = {
  darwin: '/usr/bin:/bin:/usr/sbin:/sbin',
  windows: String.raw`C:\Windows\System32;C:\Windows\System32\Wbem;C:\Windows\System32\WindowsPowerShell\v1.0`,
} as const

export async function otherHost(system: 'darwin' | 'windows', now: () => number): Promise<Host> {
  // Neither the caller's PATH nor, on Windows, the folder that it is called in has a say in what the agent starts.
  process.env['PATH'] = ownPrograms[system]
  process.env['NoDefaultCurrentDirectoryInExePath'] = '1'
  const files = createFiles({ disk: thisDisk(null), now, mountTable: null })
  const facts = await factsOf(system, now())
  let processes: readonly Process[] = []

  const gap = (
    account: string | null,
    path: string,
    detail: string,
    reason: GapReason = 'unsupported',
  ): Gap => ({
    collector: 'host',
    account,
    path,
    reason,
    detail,
    at: now(),
  })

  return {
    os: system,
    files,
    now,
    ...machineClocks,
    facts: () => facts,
    async prepare() {
      // On Windows ps-list tells names alone, and needs a foreign program beside the agent's: not worth either.
      if (system === 'darwin') processes = await processList()
    },
    accounts() {
      const own = os.userInfo()
      const account: Account = {
        name: own.username,
        uid: String(own.uid),
        home: own.homedir,
        readable: system === 'darwin',
      }
      const gaps = [gap(null, '/', 'accounts-of-others'), gap(null, '/', 'mount-table')]
      // Paths with drive letters do not go through the gateway yet.
      if (!account.readable) gaps.push(gap(account.name, account.home, 'windows-paths'))
      return { accounts: [account], gaps }
    },
    nameOf: (uid) => (uid === String(os.userInfo().uid) ? os.userInfo().username : null),
    processes: () => ({
      processes,
      gaps: system === 'windows' ? [{ ...gap(null, '/', 'processes'), collector: 'process' }] : [],
    }),
  }
}

async function factsOf(system: 'darwin' | 'windows', now: number): Promise<HostFacts> {
  const { default: information } = await import('systeminformation')
  const [about, release] = await Promise.all([information.system(), information.osInfo()])
  const bootedAt = now - Math.round(os.uptime() * 1000)
  return {
    hostname: os.hostname(),
    os: system,
    osVersion: `${release.distro} ${release.release}`.trim(),
    arch: os.arch(),
    serial: about.serial === '' || about.serial === '-' ? null : about.serial,
    machine: { hardware: /^([0-]*|[f-]*)$/i.test(about.uuid) ? null : about.uuid, system: null },
    // Neither system shows a random id per start here: the minute of the start stands for it.
    boot: `started-${Math.round(bootedAt / 60_000)}`,
  }
}

async function processList(): Promise<readonly Process[]> {
  const { default: psList } = await import('ps-list')
  const list = await psList()
  return list.map((one) => ({
    pid: one.pid,
    parentPid: one.ppid,
    uid: one.uid === undefined ? null : String(one.uid),
    name: one.name,
    startedAt: one.startTime === undefined ? null : one.startTime.getTime(),
    executable: one.path === undefined || one.path === '' ? null : one.path,
    // One joined line is never split again.
    argv: null,
    cwd: null,
    contained: false,
    variables: () => null,
  }))
}
