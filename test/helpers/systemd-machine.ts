// A machine for tests on which the real systemd runs the agent's real units: namespaces over a copy-on-write view of this
// system, gone when the test ends. Knows nothing of what a test tries there. Needs root on a Linux with systemd.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { readText } from './repository.ts'
import { until } from './system.ts'

export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const boot = fileURLToPath(new URL('boot-systemd.sh', import.meta.url))

/** Why there can be none here; undefined where there can. */
export function whyNoMachine(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'not root on Linux'
  if (!existsSync('/lib/systemd/systemd')) return 'no systemd'
  if (groups() === undefined) return 'no control groups of version 2'
  if (spawnSync('ip', ['-V']).status !== 0) return 'no iproute2'
  const needed =
    'mount -t tmpfs t /mnt && mkdir /mnt/u /mnt/w /mnt/r && mount -t overlay o -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/r'
  return spawnSync('unshare', ['-mpfCniu', 'sh', '-c', needed]).status === 0 ? undefined : 'no namespaces'
}

/** Our own control group's folder; undefined where version 2 is not mounted. */
function groups(): string | undefined {
  const mounted = /^\S+ \S+ \S+ \S+ (\S+) .* - cgroup2 /m.exec(
    readFileSync('/proc/self/mountinfo', 'utf8'),
  )?.[1]
  const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]
  return mounted === undefined || own === undefined ? undefined : join(mounted, own)
}

const linux = (name: string) => readText(`installers/linux/${name}`)

/** For a unit's service section, where Node runs what lies in files: taking the types out takes a compiler at run time. */
export const compilerAllowed = 'MemoryDenyWriteExecute=no\n'

/** What the packages install; the agent is started from its sources. */
export const installed: Readonly<Record<string, string>> = {
  '/etc/systemd/system/cutoff-agent.service': linux('cutoff-agent.service'),
  '/etc/systemd/system/cutoff-copies.service': linux('cutoff-copies.service'),
  '/etc/systemd/system/cutoff-copies.path': linux('cutoff-copies.path'),
  '/usr/lib/systemd/user/cutoff-notice.service': linux('cutoff-notice.service'),
  '/usr/lib/systemd/user/cutoff-notice.path': linux('cutoff-notice.path'),
  '/usr/lib/cutoff/cutoff-hand-out': linux('cutoff-hand-out'),
  '/usr/lib/sysusers.d/cutoff.conf': linux('cutoff.sysusers'),
  '/usr/lib/tmpfiles.d/cutoff.conf': linux('cutoff.tmpfiles'),
  '/etc/systemd/system/cutoff-agent.service.d/sources.conf': `[Service]
ExecStart=
ExecStart=/usr/bin/cutoff-agent ${repository}/agent/main.ts run --state /var/lib/cutoff
${compilerAllowed}`,
}

/** The agent's unit with another program in the agent's place: what that may do, the agent may. */
export function unitRunning(command: string, more = ''): string {
  return `${linux('cutoff-agent.service')}
[Service]
Type=oneshot
Restart=no
ExecStart=
ExecStart=${command}
${more}`
}

export interface Machine {
  /** Beside what is installed: contents by path. */
  readonly files: Readonly<Record<string, string>>
  /** Units to start, in any order. */
  readonly wants: readonly string[]
  /** Run by root when they are started; what it prints is the answer. */
  readonly script: string
  readonly timeoutMs: number
}

/** Starts the machine, runs the script there, switches it off; returns what the script printed. `folder`: seen by both. */
export async function onMachine(make: (folder: string) => Machine): Promise<string> {
  const base = mkdtempSync(join(tmpdir(), 'cutoff-machine-'))
  const share = join(base, 'share')
  const tree = join(base, 'tree')
  const disk = join(base, 'disk')
  for (const folder of [share, tree, disk]) mkdirSync(folder)
  const { files, wants, script, timeoutMs } = make(share)
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  for (const [path, text] of Object.entries({ ...installed, ...files })) put(path, text)
  put(
    '/etc/systemd/system/cutoff-test.target',
    `[Unit]\nDefaultDependencies=no\nWants=${wants.join(' ')} script.service\n`,
  )
  put(
    '/etc/systemd/system/script.service',
    `[Unit]\nDefaultDependencies=no\nAfter=${wants.join(' ')}\n[Service]\nType=oneshot\nExecStart=/bin/bash ${share}/script\nStandardOutput=append:${share}/printed\nStandardError=append:${share}/printed\n`,
  )
  writeFileSync(join(share, 'script'), `${script}\ntouch ${share}/done\n`)
  const group = join(groups() ?? '', `cutoff-test-${process.pid}`)
  mkdirSync(group, { recursive: true })
  const inGroup = `echo $$ > ${group}/cgroup.procs; exec unshare -mpfCniu --kill-child --propagation private bash ${boot}`
  const env = {
    ...process.env,
    BASE: disk,
    TREE: tree,
    SHARE: share,
    REPOSITORY: repository,
    NODE: process.execPath,
  }
  const child = spawn('bash', ['-c', inGroup], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  child.stderr.on('data', (text: Buffer) => (complaints += text.toString()))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const printed = () =>
    existsSync(join(share, 'printed')) ? readFileSync(join(share, 'printed'), 'utf8') : ''
  try {
    await until(
      () => `the machine to finish; it said: ${complaints}${printed()}`,
      () => existsSync(join(share, 'done')) || child.exitCode !== null,
      timeoutMs,
    )
    if (!existsSync(join(share, 'done')))
      throw new Error(`the machine did not start: ${complaints}${printed()}`)
    return printed()
  } finally {
    child.kill('SIGKILL')
    await ended
    await until('its last processes to end', () => removed(group))
    rmSync(base, { recursive: true, force: true })
  }
}

/** A control group goes once it holds no process, and its children first. */
function removed(group: string): boolean {
  return (
    !existsSync(group) ||
    spawnSync('find', [group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+']).status === 0
  )
}
