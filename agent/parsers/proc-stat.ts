// Reads /proc/PID/stat, /proc/PID/cmdline and /proc/stat, see proc(5). Pure; touches no file.

/** What of a line is needed. */
export interface ProcStat {
  readonly name: string
  /** The state's letter. */
  readonly state: string
  readonly parentPid: number
  readonly flags: number
  /** Ticks of 1/USER_HZ second since boot. */
  readonly startTicks: number
  /**
   * Addresses of code and stack: random per execution, so that they change when another program is executed in the
   * same process. 0 where the kernel does not show them.
   */
  readonly startCode: number
  readonly startStack: number
}

const PF_KTHREAD = 0x0020_0000
/** Fields are counted as in proc(5), from 1; the state, the third, is the first after the name. */
const firstAfterName = 3
const lastNeeded = 28

export function isKernelThread(stat: ProcStat): boolean {
  return (stat.flags & PF_KTHREAD) !== 0
}

/** Ended, and only waiting for its parent to notice. */
export function isEnded(stat: ProcStat): boolean {
  return stat.state === 'Z' || stat.state === 'X'
}

/**
 * Such a line; null when it is none. It is split, not gone through letter by letter: nothing in the agent is compiled, and there
 * are thousands of lines a minute.
 */
export function parseProcStat(line: string): ProcStat | null {
  // The name may hold parentheses, spaces and line ends: it ends at the last closing parenthesis.
  const open = line.indexOf('(')
  const close = line.lastIndexOf(')')
  if (open < 0 || close <= open) return null
  const fields = line.slice(close + 2).split(' ', lastNeeded - firstAfterName + 1)
  if (fields.length <= lastNeeded - firstAfterName) return null
  const number = (field: number): number => Number(fields[field - firstAfterName])
  return {
    name: line.slice(open + 1, close),
    state: fields[0] ?? '',
    parentPid: number(4),
    flags: number(9),
    startTicks: number(22),
    startCode: number(26),
    startStack: number(28),
  }
}

/**
 * The arguments, exactly as the kernel holds them; empty for a process without any. A program that overwrites its
 * title leaves whatever it wrote, often one string padded with NULs: trailing empty ones are dropped, nothing is split.
 */
export function parseCmdline(text: string): readonly string[] {
  if (text === '') return []
  const parts = text.split('\0')
  if (parts.at(-1) === '') parts.pop()
  let end = parts.length
  // A real trailing empty argument is indistinguishable from padding; only long runs are surely padding.
  if (parts.slice(-2).every((part) => part === '')) while (end > 1 && parts[end - 1] === '') end -= 1
  return parts.slice(0, end)
}

/**
 * Which of the variables are there, by name, and the values of those that hold a folder. Everything else in the block is
 * passed over without becoming text.
 */
export function parseEnvironment(
  block: Buffer,
  names: ReadonlySet<string>,
  folders: ReadonlySet<string>,
): { readonly names: string[]; readonly folders: [name: string, folder: string][] } {
  const found: string[] = []
  const moved: [string, string][] = []
  const namesBegin = beginningsOf(names)
  const foldersBegin = beginningsOf(folders)
  for (let start = 0, end = 0; start < block.length; start = end + 1) {
    const nul = block.indexOf(0, start)
    end = nul < 0 ? block.length : nul
    const beginning = ((block[start] ?? 0) << 8) | (block[start + 1] ?? 0)
    if (!namesBegin.has(beginning) && !foldersBegin.has(beginning)) continue
    const equals = block.indexOf(61, start)
    if (equals <= start || equals >= end || equals - start > maxNameBytes) continue
    const name = block.toString('latin1', start, equals)
    if (names.has(name)) found.push(name)
    if (folders.has(name)) moved.push([name, block.toString('utf8', equals + 1, end)])
  }
  return { names: found, folders: moved }
}

const maxNameBytes = 100

/** First two letters of names: most variables of most processes need no more than a look at those. */
const beginnings = new WeakMap<ReadonlySet<string>, ReadonlySet<number>>()

function beginningsOf(names: ReadonlySet<string>): ReadonlySet<number> {
  const known = beginnings.get(names)
  if (known !== undefined) return known
  // A name of one letter is followed by `=`.
  const made = new Set([...names].map((name) => (name.charCodeAt(0) << 8) | `${name}=`.charCodeAt(1)))
  beginnings.set(names, made)
  return made
}

/** The `btime` line of /proc/stat in milliseconds since 1970, null when there is none. */
export function parseBootTime(text: string): number | null {
  const match = /^btime (\d+)$/m.exec(text)
  return match?.[1] === undefined ? null : Number(match[1]) * 1000
}
