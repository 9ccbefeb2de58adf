// `npm run build:installers`: packages of the agent in `dist`, from the executables that lie there, signed where the environment
// names keys. installers/README.md says how they are rolled out.
//
//   --package NAME   such as deb-amd64; may be repeated; without it, all whose executable is there
//   --dist FOLDER    where the executables are and the packages go
//   --quick          without compression, for packages that are only tried
//   --as-version V   in place of package.json's, to try an upgrade
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { commands } from '../agent/cli/registry.ts'
import { BuildError } from './executable/build-error.ts'
import { requireTools, type Tool } from './executable/build-tools.ts'
import { linuxSettings } from './managed/linux-settings.ts'
import { settingFields } from './managed/setting-fields.ts'
import { makeDeb, type DebArchitecture } from './packages/deb.ts'
import { linuxContents, type LinuxTexts } from './packages/linux-contents.ts'
import { manualPage } from './packages/man-page.ts'
import { intuneWin } from './packages/intunewin.ts'
import { msiFacts } from './packages/msi-facts.ts'
import { makeMsi } from './packages/msi.ts'
import { makePkg, type PkgArchitecture } from './packages/pkg.ts'
import { releaseOf } from './packages/checkout-release.ts'
import { dayOf, type Release } from './packages/release.ts'
import { makeRpm, type RpmArchitecture } from './packages/rpm.ts'
import { signatureOf, signingTools } from './packages/signing.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** What every package is made of. */
interface Parts {
  readonly release: Release
  readonly executable: string
  readonly texts: LinuxTexts
  readonly scratch: string
  readonly out: string
  readonly quick: boolean
}

interface Package {
  readonly executable: string
  /** Programs of the system that it takes. */
  readonly tools: readonly Tool[]
  /** Makes it; answers its file name. */
  readonly make: (parts: Parts) => string
  /** Once it is signed: makes what device management takes it in; answers that file's name. */
  readonly wrap?: (parts: Parts, made: string) => string
}

const debTools: readonly Tool[] = [{ needed: 'dpkg-deb', package: 'dpkg' }]
const rpmTools: readonly Tool[] = [{ needed: 'rpmbuild', package: 'rpm' }]
const msiTools: readonly Tool[] = [
  { needed: 'wixl', package: 'wixl' },
  { needed: 'msibuild', package: 'msitools' },
  { needed: 'x86_64-w64-mingw32-gcc', package: 'gcc-mingw-w64-x86-64-win32' },
]

const packages: Readonly<Record<string, Package>> = {
  'deb-amd64': { executable: 'cutoff-agent-linux-x64', tools: debTools, make: deb('amd64') },
  'deb-arm64': { executable: 'cutoff-agent-linux-arm64', tools: debTools, make: deb('arm64') },
  'rpm-x86_64': { executable: 'cutoff-agent-linux-x64', tools: rpmTools, make: rpm('x86_64') },
  'rpm-aarch64': { executable: 'cutoff-agent-linux-arm64', tools: rpmTools, make: rpm('aarch64') },
  'msi-x64': { executable: 'cutoff-agent-win-x64.exe', tools: msiTools, make: msi, wrap: forIntune },
  'pkg-arm64': { executable: 'cutoff-agent-darwin-arm64', tools: [], make: pkg('arm64') },
  'pkg-x64': { executable: 'cutoff-agent-darwin-x64', tools: [], make: pkg('x64') },
}

function deb(architecture: DebArchitecture): Package['make'] {
  return ({ executable, texts, quick, ...parts }) =>
    makeDeb({
      ...parts,
      architecture,
      files: linuxContents(root, executable, texts),
      compression: quick ? 'none' : 'xz',
    })
}

function rpm(architecture: RpmArchitecture): Package['make'] {
  return ({ executable, texts, quick, ...parts }) =>
    makeRpm({
      ...parts,
      architecture,
      files: linuxContents(root, executable, texts),
      compression: quick ? 'quick' : 'zstd',
    })
}

function msi({ texts, ...parts }: Parts): string {
  const { licences, settings } = texts
  return makeMsi({ ...parts, root, licences, settings, sign: (file) => signatureOf(file, process.env) })
}

function forIntune({ release, out }: Parts, name: string): string {
  const file = join(out, name)
  const wrapped = name.replace(/\.msi$/, '.intunewin')
  const bytes = intuneWin({ name, msi: readFileSync(file), facts: msiFacts(file), at: release.at })
  writeFileSync(join(out, wrapped), bytes)
  return wrapped
}

function pkg(architecture: PkgArchitecture): Package['make'] {
  return (parts) => makePkg({ ...parts, architecture, scripts: join(root, 'installers/macos') })
}

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
  const tools = [...wanted.flatMap((one) => one.tools), ...signingTools(process.env)]
  requireTools(tools, process.env['PATH'] ?? '', process.getuid?.() === 0)
  const release = releaseOf(root, values['as-version'])
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
    for (const { executable, make, wrap } of wanted) {
      const parts: Parts = {
        release,
        executable: join(dist, executable),
        texts,
        scratch: folder,
        out: dist,
        quick: values.quick === true,
      }
      const made = make(parts)
      console.log(`${made}  ${signatureOf(join(dist, made), process.env)}`)
      if (wrap !== undefined) console.log(`${wrap(parts, made)}  holds ${made}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function wantedPackages(given: readonly string[] | null, dist: string): readonly Package[] {
  const isThere = ({ executable }: Package) => existsSync(join(dist, executable))
  if (given === null) {
    const made = Object.values(packages).filter(isThere)
    if (made.length > 0) return made
    throw new BuildError('executable-missing', `There is no executable in ${dist}: npm run build:agent`)
  }
  return given.map((name) => {
    const known = packages[name]
    if (known === undefined) {
      const names = Object.keys(packages).join(', ')
      throw new BuildError('package-unknown', `There is no package ${name}: name one of ${names}.`)
    }
    if (isThere(known)) return known
    const message = `${known.executable} is not in ${dist}: npm run build:agent -- --all`
    throw new BuildError('executable-missing', message)
  })
}

/** The licences of what is inside, as the build of the executables wrote them. */
function licences(dist: string): string {
  const path = join(dist, 'cutoff-agent.licences.txt')
  if (existsSync(path)) return readFileSync(path, 'utf8')
  throw new BuildError('executable-missing', `${path} is not there: npm run build:agent makes it anew.`)
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
