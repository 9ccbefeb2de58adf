// CPU ms of reading the processes, and of looking for the paths in a file, as the agent does both: the first time in this
// process and the median of later times. Prints JSON. Run as a process of its own, so that the first time is one.
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'
import { expandAll, templateTree } from '../../agent/collectors/expand.ts'
import { linuxHost } from '../../agent/platform/linux.ts'
import { linuxProcesses } from '../../agent/platform/linux-processes.ts'
import { homeReach } from '../../agent/platform/places.ts'
import type { NativeRounds } from '../helpers/native-programs.ts'
import { median } from './statistics.ts'

export interface ListingCost {
  readonly processes: NativeRounds
  /** The same, each time as if none had been seen before. */
  readonly newProcesses: NativeRounds
  /** Node's calls that this takes, with nothing made of what they answer: what no program in it can be below. */
  readonly bareCalls: NativeRounds
  /** All of them in one tree, as the agent looks for what its catalogue names. */
  readonly paths: NativeRounds
  /** One after the other. */
  readonly singlePaths: NativeRounds
}

const rounds = 15
/** A look at paths is so short that the engine is still getting used to it after a few. */
export const pathRounds = 100

/** `uid` and `home`: the account in whose home the paths are. */
function main(list: string, uid: string, home: string): ListingCost {
  const host = linuxHost()
  const account = { name: 'example', uid, home, readable: true }
  const paths = readFileSync(list, 'utf8').trimEnd().split('\n')
  const table = linuxProcesses()
  // Made once, as the agent makes it of its catalogue.
  const tree = templateTree(paths.map((path) => [path.slice(1), path] as const))
  return {
    processes: measured(() => table.read().processes.length),
    newProcesses: measured(() => linuxProcesses().read().processes.length),
    bareCalls: measured(askForEach),
    paths: measured(() => {
      host.files.refresh()
      const limits = { reach: homeReach(host.files, account), isOver: () => false }
      const found = expandAll(tree, '', limits)
      return paths.filter((path) => found(path).files.length > 0).length
    }, pathRounds),
    singlePaths: measured(() => {
      host.files.refresh()
      const reach = homeReach(host.files, account)
      return paths.filter((path) => reach.stat(path).ok).length
    }, pathRounds),
  }
}

const buffer = Buffer.allocUnsafe(64 * 1024)

/** Of each process its stat, owner, program and command line. */
function askForEach(): number {
  const pids = readdirSync('/proc').filter((name) => name >= '0' && name <= '9~')
  for (const pid of pids) {
    const folder = `/proc/${pid}`
    try {
      readFileSync(`${folder}/stat`, 'utf8')
      lstatSync(folder, { throwIfNoEntry: false })
      readlinkSync(`${folder}/exe`)
      const handle = openSync(`${folder}/cmdline`, 'r')
      readSync(handle, buffer, 0, buffer.length, 0)
      closeSync(handle)
    } catch {
      // A thread of the kernel's has no program; others end meanwhile.
    }
  }
  return pids.length
}

function measured(look: () => number, times = rounds): NativeRounds {
  const ms: number[] = []
  let count = 0
  for (let round = 0; round < times; round++) {
    const before = process.cpuUsage()
    count = look()
    const { user, system } = process.cpuUsage(before)
    ms.push((user + system) / 1000)
  }
  const [first = Number.NaN, ...later] = ms
  return { count, first, later: median(later) }
}

const [, , list = '', uid = '', home = ''] = process.argv
if (import.meta.main) console.log(JSON.stringify(main(list, uid, home)))
