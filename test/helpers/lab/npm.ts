// npm for the lab: one shared cache of downloads, and npm runs as a throwaway account with nothing of the tests'
// own npm settings. Tests fetch packages at exact versions only; what is the newest is asked by test/catalogue alone.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import type { Account } from './accounts.ts'
import { nodeVersion } from './accounts.ts'
import type { FinishedCommand } from './commands.ts'
import { findSystemCommand, mustRunAs, requireSystemCommand, runAs } from './commands.ts'

export interface PackageVersion {
  readonly packageName: string
  readonly version: string
}

export function specOf({ packageName, version }: PackageVersion): string {
  return `${packageName}@${version}`
}

/** Where downloads are kept between runs. */
export function cacheFolder(): string {
  return process.env['CUTOFF_E2E_CACHE'] ?? join(tmpdir(), 'cutoff-e2e-cache')
}

// Networks differ in how the registry is reached; installs keep that, and only that, of this process's environment.
const networkVariables = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
]

/**
 * Puts a Node of the pinned version where nvm would put it, so that `npm install -g` goes into the account's own
 * prefix and the account's shells find it. Safe to call again.
 */
export async function giveNode(account: Account): Promise<void> {
  const prefix = prefixOf(account)
  const node = join(prefix, 'bin/node')
  if (existsSync(node)) return
  const lines = [
    'export NVM_DIR="$HOME/.nvm"',
    '[ -s "$NVM_DIR/nvm.sh" ] && \\. "$NVM_DIR/nvm.sh"  # This loads nvm',
  ]
  const nvm = join(account.home, '.nvm')
  mkdirSync(join(prefix, 'bin'), { recursive: true })
  mkdirSync(join(prefix, 'lib/node_modules'), { recursive: true })
  mkdirSync(join(nvm, 'alias'), { recursive: true })
  giveNpm(prefix)
  cpSync(process.execPath, node)
  writeFileSync(join(nvm, 'alias/default'), `${nodeVersion}\n`)
  // What nvm does for a shell that has a default version; the rest of nvm is not needed here.
  writeFileSync(
    join(nvm, 'nvm.sh'),
    `PATH="$NVM_DIR/versions/node/$(cat "$NVM_DIR/alias/default")/bin:$PATH"\n`,
  )
  execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, nvm])
  const addLines = 'printf "%s\\n" "" "$@" >> .bashrc'
  await mustRunAs(account, [requireSystemCommand('sh'), '-c', addLines, 'sh', ...lines])
}

/** The account's npm prefix: what `npm install -g` installs into. */
export function prefixOf(account: Account): string {
  return join(account.home, '.nvm/versions/node', nodeVersion)
}

/** npm (or npx) run as the account. Throws with npm's own words when it fails. */
export async function runNpm(
  account: Account,
  program: 'npm' | 'npx',
  words: readonly string[],
  cwd: string = account.home,
): Promise<FinishedCommand> {
  await giveNode(account)
  return mustRunAs(account, [program, ...words], {
    cwd,
    timeoutMs: 300_000,
    env: installEnvironment(),
  })
}

/** Like `runNpm`, with npm's failure as a value. */
export async function tryNpm(
  account: Account,
  words: readonly string[],
  timeoutMs: number,
): Promise<FinishedCommand> {
  await giveNode(account)
  return runAs(account, ['npm', ...words], { timeoutMs, env: installEnvironment() })
}

/** This machine's npm, as an absolute path of its script, wherever the tests' own environment finds it. */
function hostNpm(): string {
  const onPath = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'npm'))
  const found = findSystemCommand('npm') ?? onPath.find((path) => existsSync(path))
  if (found === undefined) throw new Error('the lab needs npm, and this system has none on its PATH')
  return realpathSync(found)
}

/** nvm's folders hold npm beside Node; an npm whose own dependencies lie elsewhere is linked to instead. */
function giveNpm(prefix: string): void {
  const script = hostNpm()
  const folder = dirname(dirname(script))
  const isWhole = existsSync(join(folder, 'node_modules'))
  if (isWhole) execFileSync('cp', ['-r', '--reflink=auto', folder, join(prefix, 'lib/node_modules/npm')])
  for (const program of ['npm', 'npx']) {
    const target = isWhole
      ? `../lib/node_modules/npm/bin/${program}-cli.js`
      : script.replace('npm-cli', `${program}-cli`)
    symlinkSync(target, join(prefix, 'bin', program))
  }
}

/**
 * Fills the shared cache with packages and all they depend on, once, and gives the account a copy of it in `~/.npm`
 * (contents as hard links: npm only ever adds files there). Installs then need next to no network.
 */
export async function warmCache(account: Account, packages: readonly PackageVersion[]): Promise<void> {
  await giveNode(account)
  for (const wanted of packages) fetchIntoCache(account, wanted)
  const from = join(sharedNpmCache(), '_cacache')
  const to = join(account.home, '.npm/_cacache')
  if (!existsSync(from)) return
  mkdirSync(to, { recursive: true })
  copyTree(join(from, 'index-v5'), to, false)
  copyTree(join(from, 'content-v2'), to, true)
  // Folders and index belong to the account; contents are shared with other accounts and stay root's, world-readable.
  execFileSync('chown', [`${account.uid}:${account.gid}`, join(account.home, '.npm')])
  execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, join(to, 'index-v5')])
  execFileSync('find', [to, '-type', 'd', '-exec', 'chown', `${account.uid}:${account.gid}`, '{}', '+'])
}

function sharedNpmCache(): string {
  return join(cacheFolder(), 'npm')
}

function fetchIntoCache(account: Account, wanted: PackageVersion): void {
  const marker = join(cacheFolder(), 'fetched', specOf(wanted).replaceAll('/', '+'))
  if (existsSync(marker)) return
  const scratch = join(cacheFolder(), `scratch-${process.pid}`)
  mkdirSync(scratch, { recursive: true })
  try {
    const node = join(prefixOf(account), 'bin')
    execFileSync(
      hostNpm(),
      [
        'install',
        '--prefix',
        scratch,
        '--no-save',
        '--ignore-scripts',
        '--cache',
        sharedNpmCache(),
        specOf(wanted),
      ],
      {
        cwd: scratch,
        stdio: 'pipe',
        env: { ...installEnvironment(), PATH: `${node}:/usr/bin:/bin`, HOME: scratch },
      },
    )
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  mkdirSync(dirname(marker), { recursive: true })
  writeFileSync(marker, '')
}

function copyTree(from: string, into: string, asLinks: boolean): void {
  if (asLinks) {
    try {
      execFileSync('cp', ['-al', '--no-clobber', from, into], { stdio: 'pipe' })
      return
    } catch {
      // another file system: real copies, then
    }
  }
  execFileSync('cp', ['-a', '--reflink=auto', '--no-clobber', from, into], { stdio: 'pipe' })
}

let registrySettings: Readonly<Record<string, string>> | undefined

/** How this machine's npm reaches its registry, asked once of npm itself outside of any project. */
export function installEnvironment(): Readonly<Record<string, string>> {
  if (registrySettings) return registrySettings
  const kept: Record<string, string> = { npm_config_update_notifier: 'false', npm_config_fund: 'false' }
  for (const name of networkVariables) {
    const value = process.env[name]
    if (value !== undefined) kept[name] = value
  }
  const env = { ...kept, PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: process.env['HOME'] ?? '/' }
  for (const key of ['registry', 'cafile'] as const) {
    const value = execFileSync(hostNpm(), ['config', 'get', key], {
      cwd: '/',
      env,
      stdio: 'pipe',
      encoding: 'utf8',
    }).trim()
    if (value && value !== 'null' && value !== 'undefined') kept[`npm_config_${key}`] = value
  }
  registrySettings = kept
  return kept
}
