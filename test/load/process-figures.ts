// What /proc tells of one running process: memory, CPU time, switches, watched folders. Linux only; reads, changes nothing.
import { readFileSync, readdirSync } from 'node:fs'

export interface ProcessMemory {
  readonly rssMb: number
  /** Written to, and nobody else's: what the process costs. */
  readonly privateMb: number
  /** Pages of its program and libraries that no other process has in use just now. */
  readonly privateFileMb: number
}

export interface ProcessWork {
  readonly cpuMs: number
  readonly voluntarySwitches: number
}

export function memoryOf(pid: number): ProcessMemory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const mb = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) / 1024
  return { rssMb: mb('Rss'), privateMb: mb('Private_Dirty'), privateFileMb: mb('Private_Clean') }
}

/** Since its start, all threads together; exact to the nanosecond where `stat` counts in hundredths of a second. */
export function workOf(pid: number): ProcessWork {
  let cpuNs = 0
  let voluntarySwitches = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`
    cpuNs += Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0])
    voluntarySwitches += Number(
      /^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`${folder}/status`, 'utf8'))?.[1],
    )
  }
  return { cpuMs: cpuNs / 1e6, voluntarySwitches }
}

export function watchedFoldersOf(pid: number): number {
  const folder = `/proc/${pid}/fdinfo`
  const texts = readdirSync(folder).map((fd) => {
    try {
      return readFileSync(`${folder}/${fd}`, 'utf8')
    } catch {
      return '' // closed meanwhile
    }
  })
  return texts.reduce((sum, text) => sum + (text.match(/^inotify wd:/gm)?.length ?? 0), 0)
}
