// Live processes on macOS: one `ps`, and one `lsof` for those that were not there at the look before. `ps` alone tells what a
// process calls itself and not what it is.
import { parseLsof, parsePs, type OpenProgram, type PsRow } from '../parsers/darwin-processes.ts'
import type { Process } from './host.ts'
import type { Ask } from './system-programs.ts'

export interface DarwinLook {
  readonly processes: readonly Process[]
  /** Processes by uid whose program was refused. */
  readonly denied: ReadonlyMap<string, number>
  /** `ps` did not answer. */
  readonly failed: boolean
}

const columns = 'pid=,ppid=,uid=,lstart=,comm='
const nothing: ReadonlyMap<number, OpenProgram> = new Map()
/** So many numbers fit a command line; a Mac has a few hundred processes. */
const pidsAtOnce = 5000

export function darwinProcesses(ask: Ask): { read(): Promise<DarwinLook> } {
  let known = new Map<string, Process>()

  async function read(): Promise<DarwinLook> {
    const listed = await ask('ps', ['-axwwo', columns])
    if (listed === null) return { processes: [], denied: new Map(), failed: true }
    const rows = parsePs(listed)
    const fresh = rows.filter((row) => !known.has(keyOf(row))).map(({ pid }) => pid)
    const opened = fresh.length === 0 ? nothing : await programsOf(fresh)
    const next = new Map<string, Process>()
    const denied = new Map<string, number>()
    for (const row of rows) {
      const key = keyOf(row)
      const process = known.get(key) ?? processOf(row, opened?.get(row.pid))
      next.set(key, process)
      // The kernel has no program; the list's own `ps` is gone when it is asked for.
      const isOwn = row.title === '/bin/ps' || row.pid === 0
      if (process.executable === null && !isOwn) denied.set(row.uid, (denied.get(row.uid) ?? 0) + 1)
    }
    // Where lsof failed, it is asked of the same ones again.
    if (opened !== null) known = next
    return { processes: [...next.values()], denied, failed: false }
  }

  async function programsOf(pids: readonly number[]): Promise<ReadonlyMap<number, OpenProgram> | null> {
    const list = pids.slice(0, pidsAtOnce).join(',')
    // -w: no warnings, -n -P -l: no names of hosts, ports and accounts, which could ask a network; -b: nothing that may hang.
    const text = await ask('lsof', ['-w', '-n', '-P', '-l', '-b', '-a', '-d', 'cwd,txt', '-p', list, '-Fpfn'])
    return text === null ? null : parseLsof(text)
  }

  return { read }
}

/** Another program in the same process has another title. */
function keyOf({ pid, parentPid, startedAt, title }: PsRow): string {
  return `${pid} ${parentPid} ${startedAt} ${title}`
}

function processOf(row: PsRow, program: OpenProgram | undefined): Process {
  return {
    pid: row.pid,
    parentPid: row.parentPid === 0 ? null : row.parentPid,
    uid: row.uid,
    name: row.title.slice(row.title.lastIndexOf('/') + 1),
    startedAt: row.startedAt,
    executable: program?.executable ?? null,
    argv: null,
    cwd: program?.cwd ?? null,
    contained: false,
    variables: () => null,
  }
}
