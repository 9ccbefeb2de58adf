// Reads what `ps` and `lsof` tell of processes on macOS. Pure.

export interface PsRow {
  readonly pid: number
  readonly parentPid: number
  readonly uid: string
  /** To the second, ms since 1970. */
  readonly startedAt: number | null
  /** What it calls itself (its first argument): worth little, and no path to go by. */
  readonly title: string
}

/** Of `ps -axwwo pid=,ppid=,uid=,lstart=,comm=`, with LC_ALL=C and TZ=UTC. */
export function parsePs(text: string): readonly PsRow[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, parentPid, uid, started, title] =
      /^\s*(\d+)\s+(\d+)\s+(-?\d+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]{8}\s+\d{4})\s+(\S.*)$/s.exec(line) ?? []
    if (pid === undefined || parentPid === undefined || uid === undefined || title === undefined) return []
    const startedAt = Date.parse(`${started} UTC`)
    return [
      {
        pid: Number(pid),
        parentPid: Number(parentPid),
        uid,
        startedAt: Number.isNaN(startedAt) ? null : startedAt,
        title: title.trimEnd(),
      },
    ]
  })
}

export interface OpenProgram {
  readonly executable: string | null
  readonly cwd: string | null
}

/** In a path's place or after one stands why lsof could not look. What is called so by its maker is then not known: a gap. */
const refused = / \([a-z]+: [^)]+\)$/

/** Of `lsof -d cwd,txt -Ffn`: the first text of a process is its program, those after it libraries. */
export function parseLsof(text: string): ReadonlyMap<number, OpenProgram> {
  const found = new Map<number, { executable: string | null; cwd: string | null }>()
  let current: { executable: string | null; cwd: string | null } | undefined
  let field = ''
  for (const line of text.split('\n')) {
    const value = line.slice(1)
    if (line.startsWith('p')) found.set(Number(value), (current = { executable: null, cwd: null }))
    else if (line.startsWith('f')) field = value
    else if (line.startsWith('n/') && current !== undefined && !refused.test(value)) {
      if (field === 'txt') current.executable ??= value
      if (field === 'cwd') current.cwd ??= value
    }
  }
  return found
}
