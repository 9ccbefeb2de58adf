// The bootstrap run for real in small checkouts of its own: their lockfile wants the pinned Node alone, and npm is
// a stand-in, so that nothing is fetched.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodePackages } from '../../../installers/bootstrap.mjs'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const nodePackage = nodePackages[`${process.platform}-${process.arch}`] ?? ''
const lock = JSON.stringify({
  packages: { '': {}, [`node_modules/${nodePackage}`]: { version: '26.10.0', optional: true } },
})
let base = ''

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'bootstrap-'))
  chmodSync(base, 0o755)
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** Puts the pinned Node into the node_modules of a small checkout; `node` is what its executable is. */
const installNode = `
  const { mkdirSync, symlinkSync, writeFileSync } = require('node:fs')
  mkdirSync('node_modules/${nodePackage}/bin', { recursive: true })
  symlinkSync(${JSON.stringify(process.execPath)}, 'node_modules/${nodePackage}/bin/node')
  writeFileSync('node_modules/${nodePackage}/package.json', '{}')
  writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(lock)})`

interface Checkout {
  readonly root: string
  readonly npm: string
}

/** A checkout with nothing installed, and an npm that does what `npm` says. */
function checkOut(npm: string): Checkout {
  const root = mkdtempSync(join(base, 'checkout-'))
  chmodSync(root, 0o755)
  mkdirSync(join(root, 'installers'))
  cpSync(join(repository, 'installers/bootstrap.mjs'), join(root, 'installers/bootstrap.mjs'))
  writeFileSync(join(root, 'package-lock.json'), lock)
  const folder = mkdtempSync(join(base, 'npm-'))
  chmodSync(folder, 0o755)
  const path = join(folder, 'npm-cli.js')
  writeFileSync(
    path,
    `require('node:fs').appendFileSync(__dirname + '/calls', process.argv.slice(2).join(' ') + '\\n')\n${npm}`,
  )
  return { root, npm: path }
}

/** A checkout with everything installed. */
function checkOutInstalled(executable = process.execPath): Checkout {
  const checkout = checkOut('process.exit(99)')
  const folder = join(checkout.root, 'node_modules', nodePackage)
  mkdirSync(join(folder, 'bin'), { recursive: true })
  symlinkSync(executable, join(folder, 'bin/node'))
  writeFileSync(join(folder, 'package.json'), '{}')
  writeFileSync(join(checkout.root, 'node_modules/.package-lock.json'), lock)
  return checkout
}

interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

function begin(
  { root, npm }: Checkout,
  script: string,
  args: readonly string[],
  more: object = {},
): ChildProcess {
  const env = { PATH: process.env.PATH, npm_execpath: npm }
  return spawn(process.execPath, [join(root, 'installers/bootstrap.mjs'), script, ...args], { env, ...more })
}

function finish(child: ChildProcess): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (text) => (stdout += text))
  child.stderr?.on('data', (text) => (stderr += text))
  return new Promise((done) => child.on('close', (code, signal) => done({ code, signal, stdout, stderr })))
}

function run(
  checkout: Checkout,
  source: string,
  args: readonly string[] = [],
  more: object = {},
): Promise<Outcome> {
  const script = join(checkout.root, 'script.ts')
  if (!existsSync(script)) writeFileSync(script, source)
  return finish(begin(checkout, 'script.ts', args, more))
}

/** Waits until a child has printed something, on either stream. */
function firstOutput(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    child.stdout?.once('data', () => done())
    child.stderr?.once('data', () => done())
  })
}

function npmCalls({ npm }: Checkout): readonly string[] {
  const path = join(dirname(npm), 'calls')
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
}

// Windows has neither symlinks for everyone nor signals.
describe.skipIf(process.platform === 'win32')('the bootstrap', () => {
  test('runs a TypeScript script on the pinned Node, with its arguments, and adds nothing to its output', async () => {
    const checkout = checkOutInstalled()
    const outcome = await run(
      checkout,
      'const said: string = JSON.stringify([process.version, process.argv.slice(2)]); console.log(said)',
      ['a b', '--json', ''],
    )
    expect(outcome).toEqual({
      code: 0,
      signal: null,
      stdout: `${JSON.stringify([process.version, ['a b', '--json', '']])}\n`,
      stderr: '',
    })
    expect(npmCalls(checkout)).toEqual([])
  })

  test('puts the pinned Node first on PATH', async () => {
    const checkout = checkOutInstalled()
    const { stdout } = await run(checkout, 'console.log(process.env.PATH)')
    expect(stdout.split(delimiter).slice(0, 2)).toEqual([
      join(checkout.root, 'node_modules', nodePackage, 'bin'),
      join(checkout.root, 'node_modules', '.bin'),
    ])
  })

  test.each([0, 1, 3, 255])('ends with the status %d of the script', async (status) => {
    const { code, signal } = await run(checkOutInstalled(), 'process.exit(Number(process.argv[2]))', [
      String(status),
    ])
    expect({ code, signal }).toEqual({ code: status, signal: null })
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGKILL'])('dies of %s when the script did', async (name) => {
    const source = 'process.kill(process.pid, process.argv[2]); setTimeout(() => {}, 60_000)'
    const { code, signal } = await run(checkOutInstalled(), source, [name])
    expect({ code, signal }).toEqual({ code: null, signal: name })
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'passes %s on and leaves the answer to the script',
    async (name) => {
      const checkout = checkOutInstalled()
      writeFileSync(
        join(checkout.root, 'script.ts'),
        "process.on(process.argv[2], () => process.exit(5)); setTimeout(() => {}, 60_000); console.log('ready')",
      )
      const child = begin(checkout, 'script.ts', [name])
      const end = finish(child)
      await firstOutput(child)
      child.kill(name)
      expect(await end).toMatchObject({ code: 5, signal: null })
    },
  )

  test('installs once, without install scripts, when two begin at the same time', async () => {
    const checkout = checkOut(`setTimeout(() => {${installNode}}, 500)`)
    const source = "console.log('ran')"
    const outcomes = await Promise.all([run(checkout, source), run(checkout, source), run(checkout, source)])
    expect(outcomes.map(({ code, stdout }) => ({ code, stdout }))).toEqual(
      Array.from({ length: 3 }, () => ({ code: 0, stdout: 'ran\n' })),
    )
    expect(npmCalls(checkout)).toEqual([
      'ci --ignore-scripts --include=dev --include=optional --no-audit --no-fund --loglevel=error',
    ])
    expect(existsSync(join(checkout.root, '.cache/install-lock'))).toBe(false)
  })

  test('takes over the lock of an install that was killed', async () => {
    const checkout = checkOut(installNode)
    const folder = join(checkout.root, '.cache/install-lock')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'owner.json'), JSON.stringify({ host: 'elsewhere', at: 0, pids: [1] }))
    expect(await run(checkout, "console.log('ran')")).toMatchObject({ code: 0, stdout: 'ran\n' })
  })

  test('stops the install and lets go of the lock when it is told to end', async () => {
    const checkout = checkOut('setTimeout(() => {}, 60_000)')
    writeFileSync(join(checkout.root, 'script.ts'), '')
    const child = begin(checkout, 'script.ts', [])
    const end = finish(child)
    await firstOutput(child)
    child.kill('SIGTERM')
    expect(await end).toMatchObject({ signal: 'SIGTERM' })
    expect(existsSync(join(checkout.root, '.cache/install-lock'))).toBe(false)
  })

  /** Asserts one sentence with its code on standard error, after the progress line where there is one. */
  function expectRefusal(outcome: Outcome, code: string, sentence: RegExp): void {
    expect(outcome).toMatchObject({ code: 1, signal: null, stdout: '' })
    const said = outcome.stderr.replace('Installing dependencies (once)…\n', '')
    expect(said).toMatch(new RegExp(`^cutoff: .* \\[${code}\\]\\n$`))
    expect(said).toMatch(sentence)
  }

  test('quotes npm when it cannot install', async () => {
    const checkout = checkOut(
      "console.error('npm error code E404\\nnpm error 404 Not Found: zod'); process.exit(1)",
    )
    expectRefusal(await run(checkout, ''), 'install-failed', /E404: 404 Not Found: zod/)
  })

  test('says that npm is missing', async () => {
    const checkout = { ...checkOut(''), npm: '' }
    const env = { PATH: '' }
    expectRefusal(await run(checkout, '', [], { env }), 'npm-missing', /install npm 10 or later/)
  })

  test.each(['', '{"packages"', '{}'])('says that the lockfile %j is broken', async (text) => {
    const checkout = checkOutInstalled()
    writeFileSync(join(checkout.root, 'package-lock.json'), text)
    expectRefusal(await run(checkout, ''), 'lockfile-broken', /git checkout package-lock.json/)
  })

  test('says that the folder cannot be written', async () => {
    const checkout = checkOut(installNode)
    writeFileSync(join(checkout.root, 'script.ts'), '')
    chmodSync(checkout.root, 0o555)
    // Root may write anywhere: it tries as somebody else.
    const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
    chownSync(checkout.root, process.getuid?.() ?? 0, process.getgid?.() ?? 0)
    expectRefusal(await run(checkout, '', [], asNobody), 'folder-unwritable', /\(EACCES\)/)
    chmodSync(checkout.root, 0o755)
  })

  test('says that libatomic is missing', async () => {
    const broken = join(base, 'node-without-libatomic')
    writeFileSync(
      broken,
      '#!/bin/sh\necho "node: error while loading shared libraries: libatomic.so.1: cannot open shared object file" >&2\nexit 127\n',
    )
    chmodSync(broken, 0o755)
    expectRefusal(await run(checkOutInstalled(broken), ''), 'libatomic-missing', /apt-get install libatomic1/)
  })

  test('says that the pinned Node does not start', async () => {
    const broken = join(base, 'no-node')
    writeFileSync(broken, '\u0000not a program')
    chmodSync(broken, 0o755)
    expectRefusal(await run(checkOutInstalled(broken), ''), 'node-broken', /delete node_modules/)
  })

  test('says which script is missing', async () => {
    const checkout = checkOutInstalled()
    const outcome = await finish(begin(checkout, 'agent/absent.ts', []))
    expectRefusal(outcome, 'script-missing', /agent\/absent\.ts/)
  })
})
