// Builds the dashboard into dist/web when it is missing or older than what it is made of. Needs the checkout
// and its development dependencies; an installed server brings its dashboard along.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface DashboardBuild {
  /** `none`: there is no dashboard in this checkout. */
  readonly outcome: 'fresh' | 'built' | 'failed' | 'none'
  /** What the build printed; empty unless it ran. */
  readonly output: string
}

/** Everything whose change makes the built dashboard stale, relative to the checkout. */
const ingredients = ['server/web', 'shared', 'package-lock.json'] as const

/** Builds the dashboard of the checkout `root` unless `dist/web` is newer than all its sources. */
export function buildDashboardIfStale(root: string): DashboardBuild {
  if (!existsSync(join(root, 'server/web/index.html'))) return { outcome: 'none', output: '' }
  const built = join(root, 'dist/web/index.html')
  if (existsSync(built)) {
    const newestMs = Math.max(...ingredients.map((path) => newestChangeMs(join(root, path))))
    if (statSync(built).mtimeMs > newestMs) return { outcome: 'fresh', output: '' }
  }
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const run = spawnSync(
    process.execPath,
    [vite, 'build', '--config', join(root, 'server/web/vite.config.ts'), '--logLevel', 'warn'],
    { cwd: root, encoding: 'utf8' },
  )
  const output = `${run.stdout}${run.stderr}${run.error?.message ?? ''}`
  return { outcome: run.status === 0 ? 'built' : 'failed', output }
}

/** The latest modification in a file or folder tree; folders count too, so that a deletion shows. */
function newestChangeMs(path: string): number {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChangeMs(join(path, name))))
}
