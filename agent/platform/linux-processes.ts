// Live processes straight from /proc, with one reused buffer and synchronous reads; the README says why not ps-list.
// A process seen before costs one read: its program is asked for again only when another one was executed.
import fs from 'node:fs'
import type { ProcStat } from '../parsers/proc-stat.ts'
import {
  isEnded,
  isKernelThread,
  parseBootTime,
  parseCmdline,
  parseEnvironment,
  parseProcStat,
} from '../parsers/proc-stat.ts'
import type { Process, Variables } from './host.ts'

/** USER_HZ (`getconf CLK_TCK`): 100 on every architecture that Node runs on, whatever the kernel's own tick. */
const ticksPerSecond = 100
/** The kernel's own bound for one argument is 128 KiB; nobody's script path comes after half a mebibyte. */
const maxCmdlineBytes = 512 * 1024
/** Of larger environments the rest is not looked at: a tool's own variables come from its own start. */
const environment = Buffer.alloc(128 * 1024)

export interface ProcessTable {
  /** Every live process but kernel threads and zombies; `denied` counts processes per uid whose program was refused. */
  read(): { readonly processes: readonly Process[]; readonly denied: ReadonlyMap<string, number> }
}

interface Known {
  /** Of /proc/PID/stat, which stays the very same while a process sleeps. */
  line: string
  readonly stat: ProcStat
  /** Null: a thread of the kernel's, or one that has ended. */
  readonly process: Process | null
  readonly denied: boolean
}

export function linuxProcesses(proc = '/proc'): ProcessTable {
  const buffer = Buffer.allocUnsafe(64 * 1024)
  let known = new Map<number, Known>()
  // A service that its unit confines has a view of the mounts of its own, of the same disks: its neighbours are no strangers.
  const namespaces = [linkOf(`${proc}/self/ns/mnt`).target, linkOf(`${proc}/1/ns/mnt`).target]
  const bootedAt = parseBootTime(textOf(`${proc}/stat`)) ?? 0

  function textOf(path: string): string {
    const length = readInto(path, buffer)
    return length < 0 ? '' : buffer.toString('latin1', 0, length)
  }

  function read() {
    const next = new Map<number, Known>()
    const processes: Process[] = []
    const denied = new Map<string, number>()
    for (const name of fs.readdirSync(proc)) {
      const first = name.charCodeAt(0)
      if (first < 48 || first > 57) continue
      const pid = Number(name)
      const entry = look(pid, `${proc}/${name}`)
      if (entry === null) continue
      next.set(pid, entry)
      if (entry.process === null) continue
      processes.push(entry.process)
      const { uid } = entry.process
      if (entry.denied && uid !== null) denied.set(uid, (denied.get(uid) ?? 0) + 1)
    }
    known = next
    return { processes, denied }
  }

  function look(pid: number, folder: string): Known | null {
    const line = lineOf(`${folder}/stat`)
    const before = known.get(pid)
    if (before?.line === line) return before
    const stat = parseProcStat(line)
    if (stat === null) return null
    if (isKernelThread(stat) || isEnded(stat)) return { line, stat, process: null, denied: false }
    if (before !== undefined && before.process !== null && isSame(before.stat, stat)) {
      before.line = line
      return before
    }
    const uid = ownerOf(folder)
    if (uid === null) return null
    const exe = linkOf(`${folder}/exe`)
    const cmdline = textOf(`${folder}/cmdline`)
    const process = new LinuxProcess(folder, namespaces, {
      pid,
      parentPid: stat.parentPid === 0 ? null : stat.parentPid,
      uid,
      name: stat.name,
      startedAt: bootedAt === 0 ? null : bootedAt + Math.round((stat.startTicks * 1000) / ticksPerSecond),
      executable: exe.target === null ? null : withoutDeleted(exe.target),
      cmdline: cmdline.length === buffer.length ? longCmdline(`${folder}/cmdline`) : cmdline,
    })
    // The machine's first process is its init, nobody's tool, and may be closed even to root.
    return { line, stat, process, denied: exe.code === 'EACCES' && pid !== 1 }
  }

  return { read }
}

/** The same program in the same process, under the same parent and name. */
function isSame(a: ProcStat, b: ProcStat): boolean {
  return (
    a.startTicks === b.startTicks &&
    a.startStack === b.startStack &&
    a.startCode === b.startCode &&
    a.name === b.name &&
    a.parentPid === b.parentPid
  )
}

function withoutDeleted(path: string): string {
  return path.endsWith(' (deleted)') ? path.slice(0, -' (deleted)'.length) : path
}

type Eager = Pick<Process, 'pid' | 'parentPid' | 'uid' | 'name' | 'startedAt' | 'executable'> & {
  readonly cmdline: string
}

/** What few ask for is read when it is asked for: the working folder, the namespace, the arguments one by one. */
class LinuxProcess implements Process {
  readonly pid: number
  readonly parentPid: number | null
  readonly uid: string | null
  readonly name: string
  readonly startedAt: number | null
  readonly executable: string | null
  readonly #cmdline: string
  readonly #folder: string
  readonly #namespaces: readonly (string | null)[]
  #cwd: string | null | undefined
  #contained: boolean | undefined

  constructor(folder: string, namespaces: readonly (string | null)[], eager: Eager) {
    this.pid = eager.pid
    this.parentPid = eager.parentPid
    this.uid = eager.uid
    this.name = eager.name
    this.startedAt = eager.startedAt
    this.executable = eager.executable
    this.#cmdline = eager.cmdline
    this.#folder = folder
    this.#namespaces = namespaces
  }

  get argv(): readonly string[] {
    return parseCmdline(Buffer.from(this.#cmdline, 'latin1').toString('utf8'))
  }

  get cwd(): string | null {
    if (this.#cwd === undefined) {
      const { target } = linkOf(`${this.#folder}/cwd`)
      this.#cwd = target === null ? null : withoutDeleted(target)
    }
    return this.#cwd
  }

  variables(names: ReadonlySet<string>, folders: ReadonlySet<string>): Variables | null {
    const length = readInto(`${this.#folder}/environ`, environment)
    if (length < 0) return null
    try {
      return parseEnvironment(environment.subarray(0, length), names, folders)
    } finally {
      // Secrets lie in there.
      environment.fill(0, 0, length)
    }
  }

  get contained(): boolean {
    if (this.#contained === undefined) {
      const own = linkOf(`${this.#folder}/ns/mnt`).target
      this.#contained = own !== null && this.#namespaces[0] !== null && !this.#namespaces.includes(own)
    }
    return this.#contained
  }
}

/**
 * A file that the kernel alone writes, and keeps to a line: the one call of Node that opens, reads and closes. Never what a
 * process can make as long as it likes.
 */
function lineOf(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch {
    // The process ended.
    return ''
  }
}

function readInto(path: string, buffer: Buffer): number {
  let handle: number
  try {
    handle = fs.openSync(path, fs.constants.O_RDONLY)
  } catch {
    return -1
  }
  try {
    return fs.readSync(handle, buffer, 0, buffer.length, 0)
  } catch {
    // The process ended between the two calls.
    return -1
  } finally {
    fs.closeSync(handle)
  }
}

function longCmdline(path: string): string {
  const buffer = Buffer.allocUnsafe(maxCmdlineBytes)
  const length = readInto(path, buffer)
  return length < 0 ? '' : buffer.toString('latin1', 0, length)
}

function ownerOf(folder: string): string | null {
  try {
    const status = fs.statSync(folder, { throwIfNoEntry: false })
    return status === undefined ? null : String(status.uid)
  } catch {
    return null
  }
}

function linkOf(path: string): { readonly target: string | null; readonly code: string | null } {
  try {
    return { target: fs.readlinkSync(path), code: null }
  } catch (error) {
    return { target: null, code: error instanceof Error && 'code' in error ? String(error.code) : null }
  }
}
