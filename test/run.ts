// `npm test`: every check and every test project in turn, then one line with the counts. Name steps to run only
// those: `npm test -- unit repo`. What cannot run here is said and counted as skipped, never passed over.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildDashboardIfStale } from '../installers/dashboard.ts'
import { findChromium } from './helpers/chromium.ts'
import { addCounts, countReport, type Counts } from './helpers/report.ts'
import { whyNoSession } from './helpers/session-bus.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folders = ['agent', 'server', 'shared', 'installers', 'test']
const passed: Counts = { passed: 1, failed: 0, skipped: 0, notes: [] }

function failed(note: string): Counts {
  return { passed: 0, failed: 1, skipped: 0, notes: [note] }
}

/** Runs a tool of node_modules on this Node; silent when it succeeds. */
function check(tool: string, ...args: readonly string[]): Counts {
  const run = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  if (run.status === 0) return passed
  process.stdout.write(`${run.stdout}${run.stderr}`)
  return failed(`${tool} ${args[0] ?? ''} failed`)
}

function buildDashboard(): Counts {
  const build = buildDashboardIfStale(root)
  if (build.outcome === 'failed') {
    process.stdout.write(build.output)
    return failed('the dashboard does not build')
  }
  return build.outcome === 'none' ? { ...passed, passed: 0 } : passed
}

function runProject(name: string): Counts {
  const report = join(root, '.cache', 'test', `${name}.json`)
  mkdirSync(dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const options = ['--config', 'test/vitest.config.ts', '--project', name, '--passWithNoTests']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const run = spawnSync(process.execPath, [vitest, 'run', ...options, ...reporters], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const counts = countReport(readReport(report), root)
  if (run.status === 0 || counts.failed > 0) return counts
  return addCounts(counts, failed(`${name}: vitest ended with ${run.status ?? run.signal}`))
}

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function isThere(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
}

/** On a Debian or Ubuntu where we may, what tests need is installed once. */
function install(what: string, ...packages: readonly string[]): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return
  console.log(`Installing ${what}…`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: readonly string[]) =>
    spawnSync('apt-get', args, { env, stdio: 'ignore', timeout: 10 * 60_000 }).status === 0
  apt('update')
  apt('install', '-y', '--no-install-recommends', ...packages)
}

/** The notices at login are shown over the real message bus of desktops; files for device management go before others' programs. */
function runIntegrationTests(): Counts {
  const readers = { python3: 'python3', xmllint: 'libxml2-utils', 'ansible-lint': 'ansible-lint' }
  const missing = Object.entries(readers).flatMap(([program, name]) => (isThere(program) ? [] : [name]))
  if (whyNoSession() !== undefined) missing.push('dbus-daemon')
  if (missing.length > 0) install('what the integration tests ask', ...missing)
  return runProject('integration')
}

/** Browser tests drive the system's Chromium. */
function runBrowserTests(): Counts {
  if (findChromium(process.env) === undefined) install('Chromium for the browser tests', 'chromium')
  if (findChromium(process.env) === undefined) {
    console.log('No Chromium here: the browser tests skip. Install it, or set CUTOFF_CHROMIUM to its path.')
  }
  return runProject('browser')
}

const steps: Readonly<Record<string, () => Counts>> = {
  format: () => check('oxfmt/bin/oxfmt', '--check', '.'),
  lint: () => check('oxlint/bin/oxlint', '--type-aware', ...folders),
  types: () => check('typescript/bin/tsc', '-b'),
  web: buildDashboard,
  repo: () => runProject('repo'),
  unit: () => runProject('unit'),
  integration: runIntegrationTests,
  e2e: () => runProject('e2e'),
  browser: runBrowserTests,
}

function main(names: readonly string[]): number {
  const unknown = names.find((name) => steps[name] === undefined)
  if (unknown !== undefined) {
    console.error(
      `There is no step ${unknown}: name some of ${Object.keys(steps).join(', ')}, or none for all.`,
    )
    return 1
  }
  let total: Counts = { passed: 0, failed: 0, skipped: 0, notes: [] }
  for (const [name, run] of Object.entries(steps)) {
    if (names.length > 0 && !names.includes(name)) continue
    const startedMs = performance.now()
    const counts = run()
    total = addCounts(total, counts)
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
    console.log(`${counts.failed === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  }
  console.log('')
  for (const note of total.notes) console.log(note)
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  return total.failed === 0 ? 0 : 1
}

process.exitCode = main(process.argv.slice(2))
