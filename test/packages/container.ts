// A Debian of its own in a folder, booted with systemd as a container: what packages are tried in. Needs root.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const suite = 'bookworm'
/** What the packages depend on and recommend: a container has no network to fetch it. */
const packages =
  'systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,rpm,libatomic1,init-system-helpers,ca-certificates'

export interface Said {
  readonly status: number
  readonly out: string
}

export interface Container {
  /** Runs a shell command inside, as root. */
  readonly sh: (command: string) => Said
  /** Copies a file to `/root` and answers its path there. */
  readonly bring: (file: string) => string
  /** Where a file of its lies on this machine. */
  readonly pathOf: (path: string) => string
  /** The command that runs a program of this machine in its network. */
  readonly inNetwork: (argv: readonly string[]) => readonly string[]
  readonly close: () => Promise<void>
}

/** Why none can be made here; undefined where one can. */
export function whyNoContainer(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux'
  const missing = ['debootstrap', 'systemd-nspawn', 'nsenter'].filter(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined,
  )
  return missing.length === 0 ? undefined : `no ${missing.join(', ')}`
}

/** @param cache where the root file system is kept between runs, as an archive */
export async function bootContainer(cache: string): Promise<Container> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-container-'))
  const root = join(folder, 'root')
  mkdirSync(root)
  const archive = join(cache, archiveName('amd64', packages))
  if (!existsSync(archive)) {
    mkdirSync(cache, { recursive: true })
    const made = join(folder, 'made')
    execFileSync('debootstrap', ['--variant=minbase', `--include=${packages}`, suite, made], {
      stdio: 'ignore',
    })
    execFileSync('tar', ['-C', made, '-cf', `${archive}.part`, '.'])
    execFileSync('mv', [`${archive}.part`, archive])
    rmSync(made, { recursive: true, force: true })
  }
  execFileSync('tar', ['-C', root, '-xf', archive])
  const machine = spawn(
    'systemd-nspawn',
    ['--quiet', '-D', root, '--register=no', '--keep-unit', '--private-network', '--boot'],
    { stdio: 'ignore' },
  )
  const init = await initOf(machine)
  const sh = (command: string): Said => {
    const run = spawnSync('nsenter', ['-t', String(init), '-a', '-r', '-w', '/bin/sh', '-c', command], {
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' },
    })
    return { status: run.status ?? -1, out: `${run.stdout}${run.stderr}` }
  }
  for (let tries = 0; !/running|degraded/.test(sh('systemctl is-system-running').out); tries++) {
    if (tries > 120) throw new Error('the container does not come up')
    await sleep(500)
  }
  return {
    sh,
    bring(file) {
      copyFileSync(file, join(root, 'root', basename(file)))
      return `/root/${basename(file)}`
    },
    pathOf: (path) => join(root, path),
    inNetwork: (argv) => ['nsenter', '-t', String(init), '-n', ...argv],
    async close() {
      const ended = new Promise((resolve) => machine.once('exit', resolve))
      machine.kill('SIGTERM')
      await Promise.race([ended, sleep(15_000)])
      machine.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One that was made with other packages is another. */
export function archiveName(processor: string, included: string): string {
  const made = createHash('sha256').update(included).digest('hex').slice(0, 8)
  return `debian-${suite}-${processor}-${made}.tar`
}

/** The first process inside, once it is there. */
async function initOf(machine: ChildProcess): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    await sleep(100)
    for (const pid of childrenOf(machine.pid ?? 0)) {
      if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'systemd') return pid
    }
  }
  throw new Error('systemd-nspawn started nothing')
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return [] // ended meanwhile
  }
}
