// `npm run build:installers`: packages of the agent for Linux in `dist`, from the executables that lie there. Signs nothing by
// itself. installers/README.md says how they are rolled out.
//
//   --package NAME   one of deb-amd64, deb-arm64, rpm-x86_64, rpm-aarch64; may be repeated; without it, all whose executable is there
//   --dist FOLDER    where the executables are and the packages go
//   --quick          without compression, for packages that are only tried
//   --as-version V   in place of package.json's, to try an upgrade
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { commands } from '../agent/cli/registry.ts'
import { BuildError } from './executable/build-error.ts'
import { linuxSettings } from './managed/linux-settings.ts'
import { settingFields } from './managed/setting-fields.ts'
import { makeDeb } from './packages/deb.ts'
import { linuxContents } from './packages/linux-contents.ts'
import { manualPage } from './packages/man-page.ts'
import { dayOf, type Release } from './packages/release.ts'
import { makeRpm } from './packages/rpm.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const packages = {
  'deb-amd64': { executable: 'cutoff-agent-linux-x64', architecture: 'amd64' },
  'deb-arm64': { executable: 'cutoff-agent-linux-arm64', architecture: 'arm64' },
  'rpm-x86_64': { executable: 'cutoff-agent-linux-x64', architecture: 'x86_64' },
  'rpm-aarch64': { executable: 'cutoff-agent-linux-arm64', architecture: 'aarch64' },
} as const
type PackageName = keyof typeof packages
const names = Object.keys(packages) as PackageName[]

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      package: { type: 'string', multiple: true },
      dist: { type: 'string' },
      quick: { type: 'boolean' },
      'as-version': { type: 'string' },
    },
  })
  const dist = resolve(values.dist ?? join(root, 'dist'))
  const wanted = wantedPackages(values.package ?? null, dist)
  const release = releaseOf(values['as-version'])
  const texts = {
    manualPage: await manual(release),
    changelog: readFileSync(join(root, 'CHANGELOG.md'), 'utf8'),
    licences: licences(dist),
    settings: linuxSettings(settingFields(), {}),
  }
  const scratch = join(root, '.cache/build-installers')
  mkdirSync(scratch, { recursive: true })
  const folder = mkdtempSync(join(scratch, 'run-'))
  try {
    for (const name of wanted) {
      const one = packages[name]
      const files = linuxContents(root, join(dist, one.executable), texts)
      const parts = { release, files, scratch: folder, out: dist }
      const made =
        one.architecture === 'amd64' || one.architecture === 'arm64'
          ? makeDeb({ ...parts, architecture: one.architecture, compression: values.quick ? 'none' : 'xz' })
          : makeRpm({
              ...parts,
              architecture: one.architecture,
              compression: values.quick ? 'quick' : 'zstd',
            })
      console.log(`${made}  unsigned`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function wantedPackages(given: readonly string[] | null, dist: string): readonly PackageName[] {
  const there = (name: PackageName) => existsSync(join(dist, packages[name].executable))
  const wanted = (given ?? names.filter(there)).map((name) => {
    const known = names.find((one) => one === name)
    if (known !== undefined && there(known)) return known
    throw known === undefined
      ? new BuildError('package-unknown', `There is no package ${name}: name one of ${names.join(', ')}.`)
      : new BuildError(
          'executable-missing',
          `${packages[known].executable} is not in ${dist}: npm run build:agent -- --all`,
        )
  })
  if (wanted.length > 0) return wanted
  throw new BuildError('executable-missing', `There is no executable in ${dist}: npm run build:agent`)
}

/** The licences of what is inside, as the build of the executables wrote them. */
function licences(dist: string): string {
  const path = join(dist, 'cutoff-agent.licences.txt')
  if (existsSync(path)) return readFileSync(path, 'utf8')
  throw new BuildError('executable-missing', `${path} is not there: npm run build:agent makes it anew.`)
}

function releaseOf(asVersion: string | undefined): Release {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string } // our own
  const set = process.env['SOURCE_DATE_EPOCH']
  const at = set ?? execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' })
  return { version: asVersion ?? version, at: Number(at) }
}

async function manual(release: Release): Promise<string> {
  const entries = await Promise.all(
    Object.values(commands).map(async ({ about, load }) => ({ about, command: await load() })),
  )
  return manualPage(entries, release.version, dayOf(release))
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof BuildError)) throw error
  console.error(`build:installers: ${error.message} [${error.code}]`)
  process.exitCode = 1
}
