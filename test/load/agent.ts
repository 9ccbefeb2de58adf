// `npm run bench:agent`: what looking costs on a machine with 2,000 processes and a home of 400,000 files, beside C programs that
// do the same reading, beside ps-list and systeminformation, and beside Debian's inventory agent, all in one run. Rounds are
// interleaved, so that what else the machine does falls on all alike; ratios are medians of the rounds' own. Needs root.
//
//   --rounds N      how often each is run (7)
//   --processes N   how many processes are added (2000)
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { wantedOf } from '#shared/match.ts'
import { pathOf } from '#shared/place.ts'
import { tools } from '../../shared/catalogue.ts'
import { AccountPool, canMakeAccounts, type Account } from '../helpers/lab/accounts.ts'
import { bundleAgent, bundledScript, packagedAgent } from './agent-bundle.ts'
import { circumstances, numberOption } from './circumstances.ts'
import { startCrowd } from './crowd.ts'
import { fillDeveloperHome, homeWords } from './developer-home.ts'
import { openLargeHome } from './large-home.ts'
import { type ListingCost, pathRounds } from './listing-cost.ts'
import { markdownTable } from './markdown-table.ts'
import { compileNative, nativeRounds } from '../helpers/native-programs.ts'
import { findPeer } from './peer.ts'
import type { LookCosts } from './resident-looks.ts'
import { costOfRun } from './run-cost.ts'
import { median } from './statistics.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const rounds = numberOption('rounds', 7)
const processCount = numberOption('processes', 2000)
const pathCount = 1500

/** CPU ms by the name of what was measured; a name that is not there could not be measured here. */
type Round = ReadonlyMap<string, number>

interface Row {
  readonly name: string
  readonly beside?: string
  /** The ratio that is promised. */
  readonly goal?: number
  /** CPU ms that are promised. */
  readonly goalMs?: number
}

const peerName = 'fusioninventory-inventory'
const listing = 'C: every process'
const probing = 'C: every path'
const psList = 'ps-list, less an empty Node'
const information = 'systeminformation, less an empty Node'
const walking = 'C: the names of the whole home'
const rows: readonly Row[] = [
  { name: peerName },
  { name: 'full scan, fresh process, first', beside: peerName },
  { name: 'full scan, fresh process, unchanged', beside: peerName, goal: 0.2 },
  { name: 'full look, resident, first' },
  { name: 'full look, resident, unchanged', goalMs: 50 },
  { name: walking },
  { name: 'full look, resident, unchanged', beside: walking },
  { name: listing },
  { name: 'processes, the first time in a process', beside: listing },
  { name: 'processes, all new', beside: listing, goal: 1.5 },
  { name: 'Node: these calls and nothing else', beside: listing },
  { name: 'processes, known ones', beside: listing, goal: 0.8 },
  { name: psList },
  { name: 'processes, the first time in a process', beside: psList },
  { name: 'processes, all new', beside: psList, goal: 0.25 },
  { name: information },
  { name: 'processes, the first time in a process', beside: information },
  { name: probing },
  { name: 'paths, the first time in a process', beside: probing },
  { name: 'paths', beside: probing, goal: 2.5 },
  { name: 'paths, one after the other', beside: probing },
]
const lookRows = rows.findIndex(({ name }) => name === listing)

async function main(): Promise<void> {
  if (!canMakeAccounts()) {
    console.log('Needs root and useradd: it measures with accounts of its own, which it removes again.')
    process.exitCode = 1
    return
  }
  const programs = {
    scan: packagedAgent(root, await bundleAgent(root)),
    looks: await bundledScript(root, 'resident-looks'),
    listing: await bundledScript(root, 'listing-cost'),
  }
  const scratch = mkdtempSync(join(tmpdir(), 'cutoff-bench-agent-'))
  const large = openLargeHome()
  const accounts = new AccountPool()
  try {
    const account = accounts.make({ homeRoot: large.homeRoot })
    large.moveInto(account.home)
    const home = fillDeveloperHome(account, Date.now())
    const sleepers = compileNative('sleepers', scratch)
    if (sleepers === undefined) console.log('No C compiler here: the columns of the C programs are left out.')
    console.log(
      `${circumstances()}; medians of ${rounds} interleaved rounds\nA home of ${large.files} files in ${large.folders} folders, in it ${homeWords(home)}`,
    )
    console.log('\nWith the processes that the machine has anyway:\n')
    // A listing of a hundred processes says nothing of one of thousands.
    print(measure(account, join(scratch, 'as-it-is'), programs), rows.slice(0, lookRows))
    const crowd = await startCrowd([account, accounts.make()], processCount, sleepers)
    try {
      console.log(`\nWith ${processCount} processes more, ${circumstances()}:\n`)
      print(measure(account, join(scratch, 'crowded'), programs), rows)
    } finally {
      await crowd.close()
    }
  } finally {
    large.moveOut()
    accounts.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Words that start them. */
interface Programs {
  readonly scan: readonly string[]
  readonly looks: readonly string[]
  readonly listing: readonly string[]
}

function measure(account: Account, scratch: string, programs: Programs): readonly Round[] {
  mkdirSync(scratch)
  const state = join(scratch, 'state')
  const compiled = join(scratch, 'compiled')
  const list = join(scratch, 'paths.txt')
  writeFileSync(list, `${wellKnownPaths(account.home).join('\n')}\n`)
  const native = {
    processes: compileNative('processes', scratch),
    paths: compileNative('paths', scratch),
    walk: compileNative('walk', scratch),
  }
  const peer = findPeer()
  const scan = (folder: string, cache: string): number =>
    cpuMsOfRun([...programs.scan, 'scan', '--json', '--state', folder], { NODE_COMPILE_CACHE: cache })
  const resident = (folder: string): LookCosts => printedBy<LookCosts>([...programs.looks, folder])
  resident(state) // leaves a state that has seen everything
  scan(state, compiled)

  return Array.from({ length: rounds }, (_, n) => {
    const round = new Map<string, number>()
    const nativeRound = (name: string, program: string | undefined, ...words: readonly string[]) => {
      if (program === undefined) return undefined
      const { later, count } = nativeRounds(program, ...words)
      round.set(name, later)
      return count
    }
    const empty = cpuMsOfRun([process.execPath, '-e', '0'])
    if (peer !== undefined) round.set(peerName, cpuMsOfRun([peer]))
    round.set('full scan, fresh process, first', scan(join(scratch, `new-${n}`), join(scratch, `cache-${n}`)))
    round.set('full scan, fresh process, unchanged', scan(state, compiled))
    const { looks } = resident(join(scratch, `resident-${n}`))
    round.set('full look, resident, first', looks[0] ?? Number.NaN)
    round.set('full look, resident, unchanged', median(looks.slice(2)))
    nativeRound(listing, native.processes, '15')
    const there = nativeRound(probing, native.paths, list, String(pathRounds))
    const cost = printedBy<ListingCost>([...programs.listing, list, String(account.uid), account.home])
    if (there !== undefined && there !== cost.paths.count)
      throw new Error(`C found ${there} of the paths, the agent ${cost.paths.count}`)
    round.set('processes, the first time in a process', cost.processes.first)
    round.set('processes, all new', cost.newProcesses.later)
    round.set('Node: these calls and nothing else', cost.bareCalls.later)
    round.set('processes, known ones', cost.processes.later)
    round.set('paths, the first time in a process', cost.paths.first)
    round.set('paths', cost.paths.later)
    round.set('paths, one after the other', cost.singlePaths.later)
    round.set(psList, library("(await import('ps-list')).default()") - empty)
    round.set(information, library("(await import('systeminformation')).default.processes()") - empty)
    nativeRound(walking, native.walk, account.home, '3')
    return round
  })
}

/** What repositories may hold, then what the catalogue names in a home: most of it is not there. */
function wellKnownPaths(home: string): readonly string[] {
  const wanted = wantedOf(tools, 'linux')
  const places = [...wanted.config, ...wanted.trace, ...wanted.mcp, ...wanted.executable].map(
    ({ place }) => place,
  )
  const literal = new Set(places.filter((place) => place.startsWith('~/') && !place.includes('*')))
  const inRepositories = Array.from({ length: 40 }, (_, n) =>
    inRepository.map((name) => `${home}/work/project-${n}/${name}`),
  )
  return [...inRepositories.flat(), ...[...literal].map((place) => pathOf(place, home))].slice(0, pathCount)
}

const inRepository = (
  'package.json .git .npmrc .nvmrc .envrc .vscode .vscode/settings.json .vscode/mcp.json .idea .github .github/workflows ' +
  '.mcp.json .config/settings.json AGENTS.md CONTRIBUTING.md README.md LICENSE Makefile Dockerfile pyproject.toml ' +
  'Cargo.toml go.mod tsconfig.json node_modules dist build.gradle compose.yaml .editorconfig'
).split(' ')

function printedBy<T>([program = '', ...words]: readonly string[]): T {
  return JSON.parse(execFileSync(program, words, { encoding: 'utf8' })) as T // our own scripts
}

function library(call: string): number {
  return cpuMsOfRun([process.execPath, '--input-type=module', '-e', `await ${call}`])
}

function cpuMsOfRun(words: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  return costOfRun(words, { ...process.env, ...env }).cpuSeconds * 1000
}

function print(measured: readonly Round[], shownRows: readonly Row[]): void {
  const of = (name: string) => measured.map((round) => round.get(name) ?? Number.NaN)
  const cells = shownRows.map(({ name, beside, goal, goalMs }) => {
    const values = of(name)
    const others = beside === undefined ? [] : of(beside)
    const ratio = median(values.map((value, n) => value / (others[n] ?? Number.NaN)))
    return [
      name,
      shown(median(values), 1),
      Number.isNaN(median(values))
        ? ''
        : `${shown(Math.min(...values), 1)} – ${shown(Math.max(...values), 1)}`,
      beside === undefined ? '' : `${shown(ratio, 2)} of ${beside}`,
      goalMs === undefined ? verdict(ratio, goal) : verdict(median(values), goalMs),
    ]
  })
  console.log(markdownTable(['CPU ms', 'median', 'range', 'ratio', 'goal'], cells))
}

function shown(value: number, digits: number): string {
  return Number.isNaN(value) ? 'not measured here' : value.toFixed(digits)
}

function verdict(value: number, goal: number | undefined): string {
  if (goal === undefined) return ''
  return `≤ ${goal}: ${Number.isNaN(value) ? 'not measured' : value <= goal ? 'met' : 'missed'}`
}

await main()
