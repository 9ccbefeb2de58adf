// `npm run bench:corpus`: recall and false positives of `scan --json` on real tools, really installed in several ways and
// really used, and on what only looks like a tool. One look after each step. Every miss and every false hit is printed.
//
//   --daemon   beside a daemon that looks at processes every 5 s, whose memory the looks have; without it they have none
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { MarkKind, State } from '#shared/detection.ts'
import type { Account } from '../helpers/lab/accounts.ts'
import { mustRunAs, requireSystemCommand } from '../helpers/lab/commands.ts'
import { openLab, whyNoLab, type Lab } from '../helpers/lab/lab.ts'
import { makeLookAlikes } from '../helpers/lab/lookalikes.ts'
import {
  installTool,
  toolPackages,
  uninstallTool,
  type InstalledTool,
  type InstallMethod,
  type ToolId,
} from '../helpers/lab/tools.ts'
import { runTool, startTool } from '../helpers/lab/use.ts'
import { circumstances } from './circumstances.ts'
import { markdownTable } from './markdown-table.ts'

const withDaemon = process.argv.includes('--daemon')
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
/** What of the document of `scan --json` is judged here. */
const Document = z.object({
  detections: z.array(
    z.object({
      tool: z.string(),
      account: z.string().nullable(),
      state: State,
      running: z.boolean(),
      marks: z.array(z.object({ kind: MarkKind, at: z.coerce.date().transform((at) => at.getTime()) })),
    }),
  ),
})
type Detected = z.infer<typeof Document>['detections'][number]

/** One tool, installed in one way, for one account that has others beside it. */
interface Case {
  readonly tool: ToolId
  readonly method: InstallMethod
  readonly account: Account
  readonly installed: InstalledTool
  /** When it was used. */
  used: { readonly from: number; readonly until: number } | null
}

type StepName =
  | 'installed'
  | 'only asked for its version'
  | 'tried, never answered'
  | 'while it is used'
  | 'used'
  | 'used, then removed'

interface Step {
  readonly name: StepName
  /** What is wrong with what was found for a case; null when nothing is. */
  readonly wrong: (found: Detected, one: Case) => string | null
  readonly act: (one: Case) => Promise<void>
}

interface Tally {
  readonly step: string
  readonly method: InstallMethod
  cases: number
  found: number
  right: number
}

async function main(): Promise<void> {
  const reason = whyNoLab()
  if (reason !== undefined) {
    console.log(`Not measured: ${reason}.`)
    return
  }
  const lab = await openLab()
  try {
    console.log(
      `${circumstances()}; ${withDaemon ? 'beside a running daemon' : 'each look with no memory of others'}`,
    )
    await measure(lab)
  } finally {
    await lab.close()
  }
}

const methods: readonly InstallMethod[] = ['npm-global', 'npx', 'tarball', 'native']

/** The daemon alone, without a server: it looks and keeps what it would report. */
function startDaemon(state: string): ChildProcess {
  const env = { ...process.env, CUTOFF_PROCESS_SECONDS: '5', CUTOFF_SCAN_SECONDS: '60' }
  const daemon = spawn(process.execPath, ['agent/main.ts', 'run', '--state', state], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  process.once('exit', () => daemon.kill('SIGKILL'))
  return daemon
}

async function measure(lab: Lab): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-bench-corpus-'))
  const daemon = withDaemon ? startDaemon(folder) : null
  try {
    await measureAt(lab, folder)
  } finally {
    daemon?.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureAt(lab: Lab, state: string): Promise<void> {
  const [groups, lookAlikes] = await Promise.all([installAll(lab), makeLookAlikes(lab.accounts, lab.network)])
  const cases = groups.flat()
  const quiet = [lookAlikes.account.name, ...(lookAlikes.namesake ? [lookAlikes.namesake.name] : [])]
  const tallies: Tally[] = []
  const wrongs: string[] = []
  const falseHits = new Set<string>()
  try {
    for (const step of stepsOf(lab)) {
      lookAlikes.viewPackage()
      // Accounts side by side; in one account one tool after the other, as one person would.
      if (step.name !== 'while it is used') await Promise.all(groups.map((group) => inTurn(group, step.act)))
      else await Promise.all(cases.map(step.act))
      const detections = look(state)
      for (const one of cases) judge(one, step, detections, tallies, wrongs)
      for (const hit of falseHitsOf(detections, cases, quiet)) falseHits.add(`${step.name}: ${hit}`)
    }
  } finally {
    await lookAlikes.close()
  }
  const kinds = Object.keys(lookAlikes.running).length + lookAlikeFiles.length
  print(tallies, wrongs, [...falseHits], kinds)
}

/** One account for each way of installing, with every tool that can be installed so. */
function installAll(lab: Lab): Promise<Case[][]> {
  return Promise.all(
    methods.map(async (method) => {
      const account = lab.accounts.make()
      const tools = method === 'native' ? (['claude-code'] as const) : (Object.keys(toolPackages) as ToolId[]) // its own keys
      const cases: Case[] = []
      for (const tool of tools) {
        cases.push({ tool, method, account, installed: await installTool(account, tool, method), used: null })
      }
      return cases
    }),
  )
}

async function inTurn(group: readonly Case[], act: (one: Case) => Promise<void>): Promise<void> {
  for (const one of group) await act(one)
}

function stepsOf({ network }: Lab): readonly Step[] {
  const stateIs =
    (...states: readonly State[]) =>
    (found: Detected) =>
      states.includes(found.state) ? null : `its state is said to be ${found.state}`
  const sessionInSpan = (found: Detected, { used }: Case): string | null => {
    const times = found.marks.filter((mark) => mark.kind === 'session').map((mark) => mark.at)
    const fits = used !== null && times.some((at) => at >= used.from - 1000 && at <= used.until + 1000)
    return fits ? null : 'no session at the time of its use'
  }
  const running: Promise<unknown>[] = []
  return [
    { name: 'installed', act: async () => {}, wrong: stateIs('installed', 'started') },
    {
      name: 'only asked for its version',
      act: async (one) => void (await runTool(one.account, network, one.installed, { kind: 'version' })),
      wrong: stateIs('installed', 'started'),
    },
    {
      name: 'tried, never answered',
      act: async (one) =>
        void (await runTool(one.account, network, one.installed, { kind: 'refused', timeoutMs: 15_000 })),
      wrong: stateIs('started'),
    },
    {
      name: 'while it is used',
      async act(one) {
        const from = Date.now()
        const started = await startTool(one.account, network, one.installed, {
          kind: 'use',
          toolCallSeconds: 25,
        })
        running.push(
          started.finished.then(({ exitCode }) => {
            if (exitCode !== 0) console.log(`${one.tool} by ${one.method} was not answered (${exitCode})`)
            one.used = { from, until: Date.now() }
          }),
        )
        await new Promise((resolve) => setTimeout(resolve, 12_000))
      },
      wrong: (found) => (found.running ? null : 'it is not said to be running'),
    },
    {
      name: 'used',
      act: async () => void (await Promise.all(running)),
      wrong: (found, one) => stateIs('used')(found) ?? sessionInSpan(found, one),
    },
    {
      name: 'used, then removed',
      act: remove,
      wrong: (found, one) => stateIs('leftover')(found) ?? sessionInSpan(found, one),
    },
  ]
}

/** As a person would: npm's own command, or the folder that it lies in. What it wrote of its sessions stays. */
async function remove({ account, method, tool }: Case): Promise<void> {
  if (method === 'npm-global') return uninstallTool(account, tool)
  const places = {
    npx: ['.npm/_npx'],
    tarball: ['tools'],
    native: ['.local/share/claude', '.local/bin/claude'],
  }[method]
  await mustRunAs(account, [
    requireSystemCommand('rm'),
    '-rf',
    ...places.map((place) => join(account.home, place)),
  ])
}

/** What a fresh look says, with what the daemon remembers if there is one. */
function look(state: string): readonly Detected[] {
  const words = ['agent/main.ts', 'scan', '--json', '--state', state]
  const text = execFileSync(process.execPath, words, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 })
  return Document.parse(JSON.parse(text)).detections
}

function judge(
  one: Case,
  step: Step,
  detections: readonly Detected[],
  tallies: Tally[],
  wrongs: string[],
): void {
  let tally = tallies.find((t) => t.step === step.name && t.method === one.method)
  if (tally === undefined)
    tallies.push((tally = { step: step.name, method: one.method, cases: 0, found: 0, right: 0 }))
  const found = detections.find((d) => d.tool === one.tool && d.account === one.account.name)
  const wrong = found === undefined ? 'not found' : step.wrong(found, one)
  tally.cases++
  if (found !== undefined) tally.found++
  if (wrong === null) tally.right++
  else wrongs.push(`${step.name}: ${one.tool} by ${one.method}: ${wrong}`)
}

/** Anything for the accounts of look-alikes, and tools that nobody installed for the others. */
function falseHitsOf(
  detections: readonly Detected[],
  cases: readonly Case[],
  quiet: readonly string[],
): string[] {
  return detections.flatMap(({ tool, account, state }) => {
    if (account === null) return []
    if (quiet.includes(account)) return [`${tool}, ${state}, for the account of the look-alikes`]
    const own = cases.filter((one) => one.account.name === account)
    const isThere = own.length === 0 || own.some((one) => one.tool === tool)
    return isThere ? [] : [`${tool}, ${state}, where only ${own[0]?.method} of other tools was done`]
  })
}

/** What the look-alikes' account holds beside what runs. */
const lookAlikeFiles = [
  'a folder named claude',
  'the npm package codex',
  'the npm package gemini',
  'the library @anthropic-ai/sdk',
  'a cloned repository with CLAUDE.md, .claude and the like',
  'npm view @anthropic-ai/claude-code',
]

function print(
  tallies: readonly Tally[],
  wrongs: readonly string[],
  falseHits: readonly string[],
  lookAlikeKinds: number,
): void {
  const steps = [...new Set(tallies.map((t) => t.step))]
  const cell = (own: readonly Tally[]): string => {
    const sum = (pick: (tally: Tally) => number) => own.reduce((total, tally) => total + pick(tally), 0)
    return `${sum((t) => t.found)}, ${sum((t) => t.right)} of ${sum((t) => t.cases)}`
  }
  const rows = steps.map((step) => {
    const own = tallies.filter((t) => t.step === step)
    return [step, ...methods.map((method) => cell(own.filter((t) => t.method === method))), cell(own)]
  })
  console.log(`\nfound, and with the right state, of all:\n`)
  console.log(markdownTable(['', ...methods, 'all'], rows))
  console.log(
    `\nfalse positives: ${falseHits.length} in ${steps.length} looks at ${lookAlikeKinds} look-alikes and at tools that are not there`,
  )
  for (const hit of falseHits) console.log(`- ${hit}`)
  if (wrongs.length > 0) console.log('\nnot found, or not right:')
  for (const wrong of wrongs) console.log(`- ${wrong}`)
}

await main()
