// A machine to be treated badly: the real server and the real agent as processes, a bad network between them, and a home of an
// account that is nobody's. The agent sees a list of accounts of its own, by a mount namespace; needs root on Linux.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { startSystem, type System } from '../helpers/system.ts'
import { claudeInstalled, transcript } from '../helpers/test-agent.ts'
import { openCuttingProxy, type CuttingProxy } from './cutting-proxy.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const uid = 1000
const policy = {
  rules: [
    {
      id: 'no-agents',
      tools: ['claude-code', 'codex-cli', 'gemini-cli', 'opencode'],
      verdict: 'banned',
      from: '2026-07-10',
      announced: '2026-07-03',
    },
  ],
}

/** Why no such machine can be made here; undefined when it can. */
export function whyNoMachine(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs root on Linux'
  const tried = spawnSync('unshare', ['--mount', 'true'], { stdio: 'ignore' })
  return tried.status === 0 ? undefined : 'mount namespaces are not allowed here'
}

/** A record as an agent keeps it and a server gets it. */
export interface Kept {
  readonly epoch: string
  readonly sequence: number
  readonly text: string
}

/** A mark as an agent has written it down. */
export interface KeptMark {
  readonly at: number
  readonly basis: string
}

export interface Machine {
  readonly proxy: CuttingProxy
  readonly stateFolder: string
  /** The home of the account, and what is done to it as that account does it. */
  readonly home: string
  readonly asAccount: <T>(work: () => T) => T
  /** What agent and server printed. */
  readonly output: () => string
  readonly start: () => ChildProcess
  /** Leaves the record of a session answered now; tells its time. */
  readonly plant: () => number
  /** What the agent's state holds, read from a copy, so that the agent itself finds it as it was left. */
  readonly state: () => {
    readonly records: readonly Kept[]
    readonly marks: readonly KeptMark[]
    /** Without one no use is told. */
    readonly hasPolicy: boolean
  }
  readonly atServer: () => {
    readonly records: readonly Kept[]
    readonly marks: readonly KeptMark[]
    readonly events: readonly string[]
    readonly devices: number
  }
  /** Times of the session marks at the server. */
  readonly usesAtServer: () => ReadonlySet<number>
  readonly close: () => Promise<void>
}

export async function openMachine(
  options: { readonly stateFolder?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-faults-'))
  // The account comes through it to its home.
  chmodSync(folder, 0o711)
  const home = join(folder, 'ann')
  let system: System | null = null
  const proxy = await openCuttingProxy(() => new URL(system?.url ?? 'http://127.0.0.1:9'))
  system = await startSystem({ env: { CUTOFF_PUBLIC_URL: proxy.url } })
  system.applyPolicy(policy)
  const stateFolder = options.stateFolder ?? join(folder, 'state')
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    ...enrolment(system, proxy.url, join(folder, 'token')),
    CUTOFF_STATE: stateFolder,
    CUTOFF_PROCESS_SECONDS: '5',
    CUTOFF_SCAN_SECONDS: '60',
    ...options.env,
  }
  // A folder in place of `/etc`: the system ends a mount over a file as soon as somebody, such as `useradd` beside this, puts
  // another file in that one's place, and the agent's account would be gone.
  const etc = join(folder, 'etc')
  const rootHome = join(folder, 'root')
  mkdirSync(rootHome)
  mkdirSync(etc)
  writeFileSync(
    join(etc, 'passwd'),
    `root:x:0:0:root:${rootHome}:/bin/sh\nann:x:${uid}:${uid}:Ann:${home}:/bin/sh\n`,
  )
  // Never to be seen as another's than the account's: the agent would not take it for the account's own.
  const fresh = join(folder, 'fresh')
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true })
    for (let at = dirname(path); at.length >= home.length; at = dirname(at)) chownSync(at, uid, uid)
    writeFileSync(fresh, text)
    chownSync(fresh, uid, uid)
    renameSync(fresh, path)
  }
  for (const [path, text] of Object.entries(claudeInstalled())) write(path.replace('/home/ann', home), text)
  const sessions = join(home, '.claude/projects/-src')
  write(join(sessions, 'readme'), '')

  const printed: string[] = []
  const children = new Set<ChildProcess>()
  const killAll = (): void => children.forEach((child) => child.kill('SIGKILL'))
  process.once('exit', killAll)
  const script = `mount --bind '${etc}' /etc && mount -t tmpfs none /home && exec "$0" agent/main.ts run`
  let planted = 0
  let lastAt = 0
  return {
    proxy,
    stateFolder,
    home,
    asAccount(work) {
      process.setegid?.(uid)
      process.seteuid?.(uid)
      try {
        return work()
      } finally {
        process.seteuid?.(0)
        process.setegid?.(0)
      }
    },
    output: () => `${system?.output() ?? ''}${printed.slice(-200).join('')}`,
    start() {
      const child = spawn('unshare', ['--mount', 'sh', '-c', script, process.execPath], {
        cwd: root,
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      child.stderr.on('data', (part: Buffer) => printed.push(part.toString()))
      children.add(child)
      child.once('exit', () => children.delete(child))
      return child
    },
    plant() {
      const at = Math.max(Date.now() - 5, lastAt + 1)
      lastAt = at
      const name = `${String(planted++).padStart(8, '0')}-0000-4000-8000-000000000000.jsonl`
      write(join(sessions, name), transcript(at))
      return at
    },
    state() {
      const copy = mkdtempSync(join(folder, 'copy-'))
      if (!existsSync(join(stateFolder, 'state.sqlite'))) return { records: [], marks: [], hasPolicy: false }
      // The database alone: other files of a running agent come and go.
      const names = readdirSync(stateFolder).filter((name) => name.startsWith('state.sqlite'))
      for (const name of names) copyFileSync(join(stateFolder, name), join(copy, name))
      const database = new DatabaseSync(join(copy, 'state.sqlite'))
      try {
        if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'records'").get() === undefined)
          return { records: [], marks: [], hasPolicy: false }
        const chain = database.prepare("SELECT value FROM meta WHERE key = 'chain'").get()
        const { epoch } = JSON.parse(String(chain?.['value'] ?? '{"epoch":""}')) as { epoch: string }
        const records = database.prepare('SELECT sequence, text FROM records').all()
        const marks = database.prepare('SELECT mark FROM marks').all()
        return {
          records: records.map((row) => ({
            epoch,
            sequence: Number(row['sequence']),
            text: String(row['text']),
          })),
          marks: marks.map((row) => JSON.parse(String(row['mark'])) as KeptMark),
          hasPolicy:
            database.prepare("SELECT 1 FROM meta WHERE key = 'policy' AND value <> 'null'").get() !==
            undefined,
        }
      } finally {
        database.close()
        rmSync(copy, { recursive: true })
      }
    },
    atServer() {
      const database = new DatabaseSync(join(system.folder, 'server', 'cutoff.sqlite'), { readOnly: true })
      try {
        const all = (sql: string) => database.prepare(sql).all()
        return {
          records: all('SELECT epoch, sequence, text FROM records') as unknown as readonly Kept[],
          marks: all('SELECT device_at AS at, basis FROM marks') as unknown as readonly KeptMark[],
          events: all('SELECT summary FROM events ORDER BY id').map((row) => String(row['summary'])),
          devices: all('SELECT 1 FROM devices').length,
        }
      } finally {
        database.close()
      }
    },
    usesAtServer() {
      const database = new DatabaseSync(join(system.folder, 'server', 'cutoff.sqlite'), { readOnly: true })
      try {
        const rows = database.prepare("SELECT device_at AS at FROM marks WHERE kind = 'session'").all()
        return new Set(rows.map(({ at }) => Number(at)))
      } finally {
        database.close()
      }
    },
    async close() {
      process.removeListener('exit', killAll)
      await Promise.all([...children].map(killed))
      await proxy.down()
      await system?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Ends a process at once, as `kill -9` does, and waits until it is gone. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** What a managed installation gives the agent: the address, a token, and the fingerprint to believe. */
function enrolment(system: System, url: string, tokenFile: string): Record<string, string> {
  const env = { ...process.env, CUTOFF_DATA: join(system.folder, 'server'), CUTOFF_PUBLIC_URL: url }
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, ['server/main.ts', ...args], { cwd: root, env, encoding: 'utf8' }).trim()
  writeFileSync(tokenFile, run('enrol-token', '--once'), { mode: 0o600 })
  const fingerprint = /organisation fingerprint\s+(.+)/.exec(run('keys'))?.[1] ?? ''
  return { CUTOFF_SERVER: url, CUTOFF_TOKEN_FILE: tokenFile, CUTOFF_ORGANISATION_KEY: fingerprint }
}
