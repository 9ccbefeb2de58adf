// The programs that a package has for macOS and Windows, which do not run here: fetched, and told by their content with what the
// agent has on those systems. Nothing of them is started.
import { mkdtempSync, readdirSync, rmSync, chownSync } from 'node:fs'
import { join } from 'node:path'
import { buildOf, minProgramBytes } from '../../agent/collectors/build.ts'
import { thisDisk } from '../../agent/platform/disk.ts'
import { createFiles } from '../../agent/platform/gateway.ts'
import { tools } from '../../shared/catalogue.ts'
import { wantedOf } from '../../shared/match.ts'
import type { ToolFile } from '../../shared/tool.ts'
import type { Account } from '../helpers/lab/accounts.ts'
import { tryNpm } from '../helpers/lab/npm.ts'

/** What npm calls them, and the processor for which most have a part. */
const systems = [
  { os: 'darwin', npm: ['--os=darwin', '--cpu=arm64'] },
  { os: 'windows', npm: ['--os=win32', '--cpu=x64'] },
] as const
const installMinutes = 4

/** One program of a package. */
export interface ProgramElsewhere {
  readonly package: string
  readonly os: (typeof systems)[number]['os']
  /** Below `node_modules`. */
  readonly program: string
  /** What the catalogue knows it as by its content; null: none of its builds. */
  readonly build: string | null
}

/** Empty where the package has no part for a system, or the registry does not have it. */
export async function programsElsewhere(
  account: Account,
  { signals }: Pick<ToolFile, 'signals'>,
  name: string,
): Promise<readonly ProgramElsewhere[]> {
  const seen: ProgramElsewhere[] = []
  for (const { os, npm } of systems) {
    if (signals.build?.some(({ platforms }) => platforms?.includes(os) ?? true) !== true) continue
    const folder = mkdtempSync(join(account.home, 'elsewhere-'))
    chownSync(folder, account.uid, account.gid)
    const words = ['install', '--ignore-scripts', '--no-save', '--prefix', folder, ...npm, name]
    await tryNpm(account, words, installMinutes * 60_000)
    seen.push(...programsIn(folder, os).map((one) => ({ package: name, os, ...one })))
    rmSync(folder, { recursive: true })
  }
  return seen
}

/** The agent's own reading of what it would open there. */
function programsIn(
  folder: string,
  os: ProgramElsewhere['os'],
): readonly Pick<ProgramElsewhere, 'program' | 'build'>[] {
  const disk = thisDisk('/proc/self/fd')
  const files = createFiles({ disk, os, now: Date.now, mountTable: '/proc/self/mountinfo' })
  const reach = files.reach({ roots: [{ path: folder, owners: null }] })
  const wanted = wantedOf(tools, os)
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile() || /\.(?:node|dylib|dll)$/.test(entry.name)) return []
    const path = join(entry.parentPath, entry.name)
    const info = reach.stat(path)
    if (!info.ok || info.value.bytes < minProgramBytes) return []
    const build = buildOf(reach, info.value, wanted)
    if (!build.ok) throw new Error(`${path} could not be read: ${JSON.stringify(build.gap)}`)
    return [
      { program: path.slice(path.indexOf('node_modules/') + 'node_modules/'.length), build: build.value },
    ]
  })
}
