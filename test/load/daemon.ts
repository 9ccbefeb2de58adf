// `npm run bench:daemon`: what the real daemon costs while nothing happens, enrolled at a real server behind TLS, with its usual
// intervals and a hundred folders to watch: memory, CPU, wake-ups, bytes. Beside the goals.
//
//   --seconds N   how long it is watched at rest (120)
//   --packaged    the executable in dist (`npm run build:agent`) instead of the sources
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getCACertificates } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { throwawayAuthority } from '../helpers/certificate.ts'
import { AccountPool, canMakeAccounts, type Account } from '../helpers/lab/accounts.ts'
import { residentEnvironment } from '../../installers/resident-environment.ts'
import { startSystem, until, type System } from '../helpers/system.ts'
import { claudeCodeBan } from '../helpers/wire-records.ts'
import { executableIn } from './agent-bundle.ts'
import { openByteCounter, type ByteCounter } from './byte-counter.ts'
import { circumstances, numberOption } from './circumstances.ts'
import { fillDeveloperHome, homeWords } from './developer-home.ts'
import { markdownTable } from './markdown-table.ts'
import { memoryOf, watchedFoldersOf, workOf } from './process-figures.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const seconds = numberOption('seconds', 120)
const executable = process.argv.includes('--packaged') ? executableIn(root) : undefined
const usual = { checkInSeconds: 900, CUTOFF_PROCESS_SECONDS: '60', CUTOFF_SCAN_SECONDS: '3600' }
const dayMs = 86_400_000
/** Half a minute after the first look the engine tidies up once; that is the start’s, whose CPU is told apart. */
const atRestAfterMs = 45_000
const checkInsADay = 86_400 / usual.checkInSeconds

interface Running {
  readonly system: System
  readonly counter: ByteCounter
  readonly pid: number
  readonly close: () => Promise<void>
}

/** Starts server and daemon with the relay between them, and waits until the first reports are through. */
async function start(checkInSeconds: number): Promise<Running> {
  if (executable !== undefined) readAnew(executable)
  const authority = throwawayAuthority('Bench Root', Date.now())
  const shown = { name: 'localhost', from: Date.now() - dayMs, until: Date.now() + dayMs }
  const counter = await openByteCounter(authority.issue(shown))
  const folder = trustedFolder([...getCACertificates('bundled'), authority.certificate])
  const { CUTOFF_PROCESS_SECONDS, CUTOFF_SCAN_SECONDS } = usual
  const env = {
    CUTOFF_PROCESS_SECONDS,
    CUTOFF_SCAN_SECONDS,
    CUTOFF_PUBLIC_URL: counter.url,
    SSL_CERT_DIR: folder,
    ...residentEnvironment,
    ...compileCache(),
  }
  const system = await startSystem({
    checkInSeconds,
    env,
    ...(executable === undefined ? {} : { agentExecutable: executable }),
  })
  counter.passTo(system.url)
  system.applyPolicy({ rules: [claudeCodeBan] })
  const enrolling = counter.connections()
  const { pid } = system.startAgent()
  if (pid === undefined) throw new Error('the daemon did not start')
  await until('the first check-in', () => counter.connections() > enrolling + 1)
  const close = async () => {
    await system.close()
    await counter.close()
    rmSync(folder, { recursive: true })
  }
  return { system, counter, pid, close }
}

/** As many authorities as a machine usually has, each to be found by its name, as Debian and Ubuntu keep them. */
function trustedFolder(certificates: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-trusted-'))
  for (const [number, certificate] of certificates.entries())
    writeFileSync(join(folder, `${number}.pem`), certificate)
  execFileSync('openssl', ['rehash', folder])
  return folder
}

/**
 * As after a start of the machine: of a program that was only just built, all of it lies in the system's cache, in larger pieces,
 * and more of it is counted to the process than it ever touched.
 */
function readAnew(program: string): void {
  execFileSync('dd', [`if=${program}`, 'iflag=nocache', 'count=0', 'status=none'])
}

/** What `npm start` gives its children, so that the sources are compiled once and not at every start. */
function compileCache(): Record<string, string> {
  const folder = process.env['NODE_COMPILE_CACHE']
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder }
}

/** Waits until no byte has passed for a while: the reports of the first look, the policy, what the policy made due. */
async function quiet(counter: ByteCounter, forMs: number): Promise<void> {
  for (let since = performance.now(), seen = -1; performance.now() - since < forMs; await sleep(500)) {
    if (counter.bytes() === seen) continue
    seen = counter.bytes()
    since = performance.now()
  }
}

interface Figures {
  readonly folders: number
  readonly start: { readonly cpuMs: number }
  readonly memory: ReturnType<typeof memoryOf>
  readonly idle: {
    readonly cpuMs: number
    readonly switches: number
    readonly requests: number
    readonly seconds: number
  }
}

async function atRest(): Promise<Figures> {
  const { counter, pid, close } = await start(usual.checkInSeconds)
  try {
    await quiet(counter, atRestAfterMs)
    const folders = watchedFoldersOf(pid)
    const [before, requests, begun] = [workOf(pid), counter.connections(), performance.now()]
    await sleep(seconds * 1000)
    const after = workOf(pid)
    return {
      folders,
      start: { cpuMs: before.cpuMs },
      memory: memoryOf(pid),
      idle: {
        cpuMs: after.cpuMs - before.cpuMs,
        switches: after.voluntarySwitches - before.voluntarySwitches,
        requests: counter.connections() - requests,
        seconds: (performance.now() - begun) / 1000,
      },
    }
  } finally {
    await close()
  }
}

interface CheckIns {
  readonly bytes: number
  readonly cpuMs: number
  readonly counted: number
}

/** What one check-in costs when nothing is new, learnt from many of them in quick succession. */
async function checkIns(): Promise<CheckIns> {
  const { counter, pid, close } = await start(5)
  try {
    await sleep(20_000)
    const [sent, requests, work] = [counter.bytes(), counter.connections(), workOf(pid)]
    await sleep(40_000)
    const counted = counter.connections() - requests
    const bytes = (counter.bytes() - sent) / counted
    return { bytes, cpuMs: (workOf(pid).cpuMs - work.cpuMs) / counted, counted }
  } finally {
    await close()
  }
}

function print(figures: Figures, idle: CheckIns): void {
  const { folders, start: begun, memory, idle: rest } = figures
  const mb = (value: number) => `${value.toFixed(1)} MiB`
  const perMinute = (value: number) => (value / rest.seconds) * 60
  const percent = (rest.cpuMs / rest.seconds / 1000) * 100
  const daily = (idle.bytes * checkInsADay) / 1024
  console.log(
    markdownTable(
      ['the daemon at rest', 'measured', 'goal (C5)'],
      [
        ['folders watched', String(folders), '100'],
        ['private memory', mb(memory.privateMb), '≤ 30 MB'],
        ['RSS', mb(memory.rssMb), '≤ 80 MB'],
        ['of it the program’s own pages, in no other process', mb(memory.privateFileMb), ''],
        ['CPU of one core', `${percent.toFixed(3)} %`, '≤ 0.1 %'],
        ['CPU a minute', `${perMinute(rest.cpuMs).toFixed(0)} ms`, ''],
        ['voluntary context switches a minute', perMinute(rest.switches).toFixed(0), ''],
        [`requests in these ${Math.round(rest.seconds)} s`, String(rest.requests), ''],
        ['bytes of one check-in with no news, both ways', `${Math.round(idle.bytes)}`, ''],
        [`bytes a day, ${checkInsADay} such check-ins`, `${daily.toFixed(0)} KiB`, '≤ 1 MB'],
        ['CPU of one such check-in, looks between included', `${idle.cpuMs.toFixed(0)} ms`, ''],
        ['CPU until it was at rest: start, first look, reports', `${(begun.cpuMs / 1000).toFixed(2)} s`, ''],
      ],
    ),
  )
}

async function main(): Promise<void> {
  if (!readFileSync('/proc/self/smaps_rollup', 'utf8')) throw new Error('this needs the /proc of Linux')
  const accounts = canMakeAccounts() ? new AccountPool() : null
  try {
    const account: Account | null = accounts?.make() ?? null
    const home = account === null ? null : fillDeveloperHome(account, Date.now())
    console.log(`${circumstances()}; ${executable === undefined ? 'from the checkout' : 'packaged'}`)
    console.log(
      home === null
        ? 'your home as it is (as root, a generated one is added)'
        : `a generated home: ${homeWords(home)}`,
    )
    console.log(
      `every ${usual.CUTOFF_PROCESS_SECONDS} s a look at processes, every ${usual.CUTOFF_SCAN_SECONDS} s a full look\n`,
    )
    const figures = await atRest()
    print(figures, await checkIns())
  } finally {
    accounts?.close()
  }
}

await main()
