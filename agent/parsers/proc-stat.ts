// Reads /proc/PID/stat, /proc/PID/cmdline and /proc/stat (proc(5)) from bytes. Pure; touches no file.

export interface ProcStat {
  readonly pid: number
  readonly name: string
  readonly state: string
  readonly parentPid: number
  readonly kernelThread: boolean
  /** Ticks of 1/USER_HZ second since boot. */
  readonly startTicks: number
  /**
   * Changes when another program is executed in the same process: name, start time, and the addresses of code and
   * stack, which are random per execution (and 0 where the kernel does not show them).
   */
  readonly image: string
}

const PF_KTHREAD = 0x0020_0000

/** The line as `latin1` text, so that no byte of a name is lost before it is decoded. Null when it is no such line. */
export function parseProcStat(line: string): ProcStat | null {
  const open = line.indexOf('(')
  // The name may hold parentheses and spaces: its end is the last closing one.
  const close = line.lastIndexOf(')')
  if (open < 1 || close < open) return null
  const rest = line.slice(close + 2).split(' ')
  const pid = Number(line.slice(0, open - 1))
  const startTicks = Number(rest[19])
  if (!Number.isInteger(pid) || !Number.isInteger(startTicks) || rest.length < 26) return null
  const rawName = line.slice(open + 1, close)
  return {
    pid,
    name: decodeLatin1(rawName),
    state: rest[0] ?? '',
    parentPid: Number(rest[1]),
    kernelThread: (Number(rest[6]) & PF_KTHREAD) !== 0,
    startTicks,
    image: `${startTicks} ${rest[23] ?? ''} ${rest[25] ?? ''} ${rawName}`,
  }
}

function decodeLatin1(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the range of plain ASCII
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'latin1').toString('utf8')
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

/** The `btime` line of /proc/stat in milliseconds since 1970, null when there is none. */
export function parseBootTime(text: string): number | null {
  const match = /^btime (\d+)$/m.exec(text)
  return match?.[1] === undefined ? null : Number(match[1]) * 1000
}
