// `npm run bench:scan`: CPU seconds of a first and of an unchanged scan, as a fresh process and inside a resident one, beside
// Debian's inventory agent in the same run. Rounds are interleaved, so that what else the machine does falls on all alike.
//
//   --rounds N   how often each is run (7)
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AccountPool, canMakeAccounts } from '../helpers/lab/accounts.ts'
import { bundleAgent, bundledScript, executableIn } from './agent-bundle.ts'
import { circumstances, numberOption } from './circumstances.ts'
import { fillDeveloperHome, homeWords } from './developer-home.ts'
import { markdownTable } from './markdown-table.ts'
import { findPeer } from './peer.ts'
import type { LookCosts } from './resident-looks.ts'
import { costOfRun } from './run-cost.ts'
import { median } from './statistics.ts'

interface Case {
  readonly name: string
  readonly cpuSeconds: () => number
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const rounds = numberOption('rounds', 7)

async function main(): Promise<void> {
  const peer = findPeer()
  const programs = { scan: await bundleAgent(root), looks: await bundledScript(root, 'resident-looks') }
  console.log(`${circumstances()}; medians of ${rounds} interleaved rounds`)
  console.log('\nThis machine as it is:')
  measureAll(programs, peer)
  if (!canMakeAccounts()) {
    console.log('\nAs root, a machine with a busy home would be measured too.')
    return
  }
  const accounts = new AccountPool()
  try {
    const home = fillDeveloperHome(accounts.make(), Date.now())
    console.log(`\nThe same with a generated home: ${homeWords(home)}:`)
    measureAll(programs, peer)
  } finally {
    accounts.close()
  }
  console.log(
    '\nGoals: an unchanged scan as a fresh process ≤ 0.20 of it (C1), in a resident one ≤ 0.050 s (C2).',
  )
}

interface Programs {
  /** The bundle's path. */
  readonly scan: string
  /** Program and arguments. */
  readonly looks: readonly string[]
}

function measureAll(programs: Programs, peer: string | undefined): void {
  const scratch = mkdtempSync(join(tmpdir(), 'cutoff-bench-scan-'))
  try {
    print(measure(casesOf(scratch, programs, peer), programs.looks), peer)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const peerName = 'fusioninventory-inventory'
const residentName = 'a look in a resident process'

function casesOf(scratch: string, programs: Programs, peer: string | undefined): readonly Case[] {
  const state = join(scratch, 'state')
  const nothing = join(scratch, 'nothing')
  const cache = join(scratch, 'compiled')
  let fresh = 0
  const scan = (program: string, stateFolder: string, compiled: string) => () => {
    const words = [process.execPath, program, 'scan', '--json', '--state', stateFolder]
    return costOfRun(words, { ...process.env, NODE_COMPILE_CACHE: compiled }).cpuSeconds
  }
  const checkout = join(root, 'agent/main.ts')
  const bundle = programs.scan
  looksWithin(programs.looks, state) // leaves a state that has seen everything
  scan(checkout, state, cache)()
  scan(bundle, state, cache)()
  return [
    { name: 'node -e 0, the floor', cpuSeconds: () => costOfRun([process.execPath, '-e', '0']).cpuSeconds },
    ...(peer === undefined ? [] : [{ name: peerName, cpuSeconds: () => costOfRun([peer]).cpuSeconds }]),
    {
      name: 'first scan, from the checkout',
      cpuSeconds: () => scan(checkout, nothing, join(scratch, `never-${fresh++}`))(),
    },
    { name: 'unchanged scan, from the checkout', cpuSeconds: scan(checkout, state, cache) },
    {
      name: 'first scan, bundled',
      cpuSeconds: () => scan(bundle, nothing, join(scratch, `never-${fresh++}`))(),
    },
    { name: 'unchanged scan, bundled', cpuSeconds: scan(bundle, state, cache) },
    ...packagedCases(state),
  ]
}

/** The executable that `npm run build:agent` made, where it did. */
function packagedCases(state: string): readonly Case[] {
  const executable = executableIn(root)
  if (executable === undefined) return []
  const words = [executable, 'scan', '--json', '--state', state]
  return [{ name: 'unchanged scan, packaged', cpuSeconds: () => costOfRun(words).cpuSeconds }]
}

/** The looks of one process with the engine's settings of the packaged agent, the first to the last. */
function looksWithin([program = '', ...words]: readonly string[], folder: string): LookCosts {
  return JSON.parse(execFileSync(program, [...words, folder], { encoding: 'utf8' })) as LookCosts // our own script's
}

interface Figures {
  readonly cases: ReadonlyMap<string, readonly number[]>
  readonly resident: readonly LookCosts[]
}

function measure(cases: readonly Case[], looks: readonly string[]): Figures {
  const figures = new Map<string, number[]>(cases.map(({ name }) => [name, []]))
  const resident: LookCosts[] = []
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-bench-looks-'))
  for (let round = 0; round < rounds; round++) {
    for (const { name, cpuSeconds } of cases) figures.get(name)?.push(cpuSeconds())
    resident.push(looksWithin(looks, join(folder, String(round))))
  }
  rmSync(folder, { recursive: true, force: true })
  return { cases: figures, resident }
}

function print({ cases, resident }: Figures, peer: string | undefined): void {
  const peerRounds = cases.get(peerName)
  const row = (name: string, seconds: readonly number[]): string[] => {
    const ratios = seconds.map((value, round) => value / (peerRounds?.[round] ?? Number.NaN))
    return [
      name,
      median(seconds).toFixed(3),
      `${Math.min(...seconds).toFixed(3)} – ${Math.max(...seconds).toFixed(3)}`,
      peerRounds === undefined ? 'not installed here' : median(ratios).toFixed(2),
    ]
  }
  const within = (name: string, cpuMs: (costs: LookCosts) => number | undefined) =>
    row(
      `${residentName}: ${name}`,
      resident.map((costs) => (cpuMs(costs) ?? Number.NaN) / 1000),
    )
  const rows = [
    ...[...cases].map(([name, seconds]) => row(name, seconds)),
    within('the first', ({ looks }) => looks[0]),
    within('the second, unchanged', ({ looks }) => looks[1]),
    within('later ones, unchanged', ({ looks }) => median(looks.slice(2))),
    within('giving memory back after it', ({ rests }) => median(rests.slice(2))),
  ]
  if (peer === undefined) rows.splice(1, 0, [peerName, 'not installed here', '', ''])
  console.log(`\n${markdownTable(['CPU seconds', 'median', 'range', `of ${peerName}`], rows)}`)
}

await main()
