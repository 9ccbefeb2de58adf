// `npm run check:packages`: builds the packages in two versions and tries them as far as this machine goes: Linux' in a Debian of
// their own, booted with systemd, Windows' under Wine: installed, run, upgraded, removed; macOS' by reading. lintian and rpmlint, too.
// Those for arm64 on an emulated computer. Takes twenty minutes, and as long again the first time, when the machines are made. Needs
// root and executables in `dist` (`npm run build:agent -- --all`).
//
//   --only NAME      such as msi-x64, deb-arm64; may be repeated
//   --dist FOLDER    where the executables are
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openWine, withoutNames } from '../executables/wine.ts'
import { repositoryRoot } from '../helpers/repository.ts'
import { lastWordChecks } from './last-words.ts'
import { bootContainer, whyNoContainer, type Container } from './container.ts'
import { emulatedLife } from './emulated-life.ts'
import { bootEmulated, whyNoEmulation } from './emulated-machine.ts'
import { flatPackageChecks, scriptChecks, whyNoFlatPackages } from './flat-package.ts'
import { intuneChecks } from './intune-package.ts'
import { debCommands, packageLife, rpmCommands, type Check } from './package-life.ts'
import { aptChecks, dnfChecks, signatureChecks, signedRelease, throwawayKeys } from './release-checks.ts'
import { walkThroughChecks } from './walk-through.ts'
import { whyNoWindows, windowsLife } from './windows-life.ts'

const deb = {
  ends: '.deb',
  commands: debCommands,
  lint: [
    'lintian',
    '--allow-root',
    '--fail-on',
    'error,warning',
    '--suppress-tags',
    'uses-no-compression-for-control-tarball,uses-no-compression-for-data-tarball',
  ],
} as const
const rpm = {
  ends: '.rpm',
  commands: rpmCommands,
  lint: ['rpmlint', '--config', join(repositoryRoot, 'installers/packages/rpmlint.toml')],
} as const
const linuxKinds = [
  { name: 'deb-amd64', executable: 'cutoff-agent-linux-x64', ...deb },
  { name: 'rpm-x86_64', executable: 'cutoff-agent-linux-x64', ...rpm },
] as const
/** Tried on an emulated computer. */
const arm64Kinds = [
  { name: 'deb-arm64', executable: 'cutoff-agent-linux-arm64', ...deb },
  { name: 'rpm-aarch64', executable: 'cutoff-agent-linux-arm64', ...rpm },
] as const
const cache = join(repositoryRoot, '.cache/containers')
let failed = 0
const { values: given } = parseArgs({
  options: { only: { type: 'string', multiple: true }, dist: { type: 'string' } },
})
const dist = resolve(given.dist ?? join(repositoryRoot, 'dist'))

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-packages-'))
  const sections: readonly { readonly name: string; readonly run: () => Promise<void> }[] = [
    ...linuxKinds.map((kind) => ({ name: kind.name, run: () => linux(kind, folder) })),
    { name: 'msi-x64', run: () => windows(folder) },
    { name: 'pkg-arm64', run: () => macos('arm64', folder) },
    { name: 'pkg-x64', run: () => macos('x64', folder) },
    { name: 'release', run: () => release(folder) },
    ...arm64Kinds.map((kind) => ({ name: kind.name, run: () => linuxEmulated(kind, folder) })),
  ]
  const unknown = (given.only ?? []).filter((wanted) => !sections.some(({ name }) => name === wanted))
  if (unknown.length > 0)
    giveUp(`There is no ${unknown.join(', ')}: name ${sections.map(({ name }) => name).join(', ')}.`)
  try {
    for (const { name, run } of sections) {
      if (given.only !== undefined && !given.only.includes(name)) continue
      console.log(`\n${name}`)
      await run()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function linux(kind: (typeof linuxKinds)[number], folder: string): Promise<void> {
  const why = whyNoContainer()
  if (why !== undefined)
    return giveUp(`${why}: apt-get install debootstrap systemd-container lintian rpmlint`)
  const versions = linuxPackages(kind, folder)
  if (versions === null) return
  await inContainer((container) => packageLife(container, kind.commands, versions))
  await inContainer((container) =>
    lastWordChecks(container, kind.commands, versions, join(folder, `${kind.name}-server`)),
  )
  if (kind.ends === '.deb')
    await inContainer(async (container) => walkThroughChecks(container, versions[1], join(folder, 'walk')))
}

async function linuxEmulated(kind: (typeof arm64Kinds)[number], folder: string): Promise<void> {
  const why = whyNoEmulation()
  if (why !== undefined) return giveUp(why)
  const versions = linuxPackages(kind, folder)
  if (versions === null) return
  const machine = await bootEmulated(cache)
  try {
    for (const check of await emulatedLife(machine, kind.commands, versions, 'arm64')) print(check)
  } finally {
    await machine.close()
  }
}

/** Two versions, linted; null where they cannot be made. */
function linuxPackages(
  kind: (typeof linuxKinds | typeof arm64Kinds)[number],
  folder: string,
): readonly [older: string, newer: string] | null {
  const executable = join(dist, kind.executable)
  if (!existsSync(executable)) {
    giveUp('no executable in dist: npm run build:agent -- --all')
    return null
  }
  const versions = buildTwo(kind, readFileSync(executable), folder)
  const linted = spawnSync(kind.lint[0], [...kind.lint.slice(1), versions[1]], { encoding: 'utf8' })
  print({
    what: `${kind.lint[0]} has nothing to say`,
    ok: linted.status === 0,
    found: linted.status === 0 ? '' : `${linted.stdout}${linted.stderr}`,
  })
  return versions
}

async function windows(folder: string): Promise<void> {
  const kind = { name: 'msi-x64', executable: 'cutoff-agent-win-x64.exe', ends: '.msi' }
  const executable = join(dist, kind.executable)
  const why = whyNoWindows() ?? (existsSync(executable) ? undefined : `no ${kind.executable} in dist`)
  if (why !== undefined) return console.log(`- not tried: ${why}`)
  const runnable = withoutNames(readFileSync(executable))
  const versions = buildTwo(kind, runnable, folder)
  const wrapped = versions[1].replace(/\.msi$/, '.intunewin')
  for (const check of intuneChecks(wrapped, versions[1], mkdtempSync(join(folder, 'intune-')))) print(check)
  console.log('- not tried: Intune has not seen it')
  const wine = openWine('wine', mkdtempSync(join(folder, 'wine-')))
  try {
    for (const check of await windowsLife(wine, versions)) print(check)
  } finally {
    wine.close()
  }
}

/** In a Debian of its own, booted for it. */
async function inContainer(
  checksOf: (container: Container) => readonly Check[] | Promise<readonly Check[]>,
): Promise<void> {
  const container = await bootContainer(cache)
  try {
    for (const check of await checksOf(container)) print(check)
  } finally {
    await container.close()
  }
}

/** No Mac is at hand: it is read, and its scripts are run. */
async function macos(architecture: string, folder: string): Promise<void> {
  const executable = `cutoff-agent-darwin-${architecture}`
  const why =
    whyNoFlatPackages() ?? (existsSync(join(dist, executable)) ? undefined : `no ${executable} in dist`)
  if (why !== undefined) return console.log(`- not tried: ${why}`)
  const kind = { name: `pkg-${architecture}`, executable, ends: '.pkg' }
  const made = buildTwice(kind, readFileSync(join(dist, executable)), folder, '9.9.9')
  const unpacked = mkdtempSync(join(folder, 'pkg-'))
  for (const check of flatPackageChecks(made, unpacked)) print(check)
  const noContainer = whyNoContainer()
  if (noContainer === undefined) await inContainer((container) => scriptChecks(unpacked, container))
  else console.log(`- its scripts are not run: ${noContainer}`)
  console.log('- not tried: Apple’s installer has not seen it')
}

async function release(folder: string): Promise<void> {
  const programs = ['gpg', 'openssl', 'osslsigncode', 'debsigs', 'rpmsign', 'apt-ftparchive', 'createrepo_c']
  const missing = programs.filter(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined,
  )
  if (missing.length > 0) return console.log(`- not tried: no ${missing.join(', ')}`)
  const keys = throwawayKeys(mkdtempSync(join(folder, 'keys-')))
  const made = signedRelease(dist, folder, keys)
  for (const check of signatureChecks(made, mkdtempSync(join(folder, 'signed-')), keys)) print(check)
  const asked = dnfChecks(made, mkdtempSync(join(folder, 'dnf-')))
  if (asked.length === 0) console.log('- not tried: no dnf')
  for (const check of asked) print(check)
  const why = whyNoContainer()
  if (why !== undefined) return console.log(`- apt is not tried: ${why}`)
  await inContainer((container) => aptChecks(made, folder, container))
}

interface Kind {
  readonly name: string
  readonly executable: string
  readonly ends: string
}

/** Packages of an older and a newer version than the checkout's, for the same executable. */
function buildTwo(kind: Kind, executable: Buffer, folder: string): readonly [older: string, newer: string] {
  return [build(kind, executable, folder, '0.0.1'), buildTwice(kind, executable, folder, '9.9.9')]
}

function buildTwice(kind: Kind, executable: Buffer, folder: string, version: string): string {
  const made = build(kind, executable, folder, version)
  const again = build(kind, executable, mkdtempSync(join(folder, 'again-')), version)
  const ok = readFileSync(again).equals(readFileSync(made))
  print({ what: 'a second build has the same bytes', ok, found: '' })
  return made
}

function build(kind: Kind, executable: Buffer, folder: string, version: string): string {
  const out = join(folder, `${kind.name}-${version}`)
  mkdirSync(out)
  writeFileSync(join(out, kind.executable), executable, { mode: 0o755 })
  const licences = 'cutoff-agent.licences.txt'
  copyFileSync(join(dist, licences), join(out, licences))
  const command = join(repositoryRoot, 'installers/build-installers.ts')
  const words = ['--package', kind.name, '--dist', out, '--quick', '--as-version', version]
  execFileSync(process.execPath, [command, ...words], { stdio: ['ignore', 'ignore', 'inherit'] })
  const made = readdirSync(out).find((file) => file.endsWith(kind.ends))
  if (made === undefined) throw new Error(`no ${kind.ends} was made in ${out}`)
  return join(out, made)
}

function print({ what, ok, found }: Check): void {
  if (!ok) failed++
  console.log(`${ok ? '✓' : '✗'} ${what}${found === '' ? '' : `: ${found}`}`)
}

function giveUp(why: string): void {
  console.log(why)
  failed++
}

await main()
process.exitCode = failed === 0 ? 0 : 1
