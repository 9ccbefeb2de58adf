// The packaged agent of this machine, built as for a release and used as on a laptop.
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DeviceRow, pageOf } from '#shared/api.ts'
import { ownTarget, type Target } from '../../installers/executable/targets.ts'
import { hostileSurroundings } from '../executables/hostile-surroundings.ts'
import { throwawayAuthority } from '../helpers/certificate.ts'
import { findSystemCommand } from '../helpers/lab/commands.ts'
import { readText, repositoryRoot } from '../helpers/repository.ts'
import { startSystem, until } from '../helpers/system.ts'
import { openTlsFront } from '../helpers/tls-front.ts'

const target = ownTarget(process.platform, process.arch)
// The build installs what it lacks where it may.
const installs = process.getuid?.() === 0 && findSystemCommand('apt-get') !== undefined
const possible = target?.system === 'linux' && (installs || findSystemCommand('llvm-strip') !== undefined)
const version: string = JSON.parse(readText('package.json')).version

const maxBuffer = 256 * 1024 * 1024
const Scan = z.object({ version: z.string(), accounts: z.array(z.unknown()), coverage: z.array(z.unknown()) })

describe.skipIf(!possible)('the executable', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-executable-'))
  const { file } = target as Target
  const executable = join(folder, file)

  beforeAll(() => {
    const build = join(repositoryRoot, 'installers/build-agent.ts')
    execFileSync(process.execPath, [build, '--out', folder], { stdio: 'pipe' })
  }, 170_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('is named with its papers by their checksums', () => {
    const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n')
    const named = sums.map((line) => line.split('  '))
    expect(named.map(([, name]) => name)).toEqual([
      file,
      `${file}.cdx.json`,
      'cutoff-agent.provenance.json',
      'cutoff-agent.licences.txt',
    ])
    for (const [sum, name = ''] of named)
      expect(
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ).toBe(sum)
  })

  test('names no folder of the machine that built it', () => {
    const bytes = readFileSync(executable)
    expect(bytes.includes(repositoryRoot)).toBe(false)
    expect(bytes.includes(folder)).toBe(false)
  })

  test('tells its version, which is package.json’s', () => {
    expect(execFileSync(executable, ['--version'], { encoding: 'utf8' })).toBe(`${version}\n`)
  })

  test('looks at this machine, as the sources do', () => {
    const scan = ['scan', '--json', '--state', join(folder, 'none')]
    const packaged = Scan.parse(JSON.parse(execFileSync(executable, scan, { encoding: 'utf8', maxBuffer })))
    const sources = execFileSync(process.execPath, [join(repositoryRoot, 'agent/main.ts'), ...scan], {
      maxBuffer,
    })
    const { accounts, coverage } = Scan.parse(JSON.parse(sources.toString()))
    expect(packaged).toMatchObject({ version, accounts })
    expect(packaged.coverage).toHaveLength(coverage.length)
  })

  test('runs nothing that a hostile environment, PATH or working directory offers', () => {
    const place = join(folder, 'hostile')
    mkdirSync(place)
    const { cwd, env, sprung } = hostileSurroundings(place)
    const run = (program: string, ...words: string[]) =>
      spawnSync(program, words, { cwd, env, encoding: 'utf8', maxBuffer })
    expect(run(executable, '--version')).toMatchObject({ status: 0, stdout: `${version}\n` })
    const scan = run(executable, 'scan', '--json', '--state', join(folder, 'none'))
    expect(scan).toMatchObject({ status: 0, stderr: '' })
    expect(Scan.parse(JSON.parse(scan.stdout)).version).toBe(version)
    expect(sprung()).toEqual([])
    // The traps do spring: Node itself falls into those that are meant for it. The provider ends its start at once.
    const forNode = ['required', 'imported', 'working-directory-zod', 'compiled-code']
    if (env['OPENSSL_CONF'] !== undefined) forNode.push('openssl')
    run(process.execPath, '--print', '1')
    delete env['OPENSSL_CONF']
    run(process.execPath, '--print', 'require("zod")')
    expect(sprung()).toEqual(expect.arrayContaining(forNode))
  })

  describe('asks a server whose authority', () => {
    const now = Date.now()
    const [known, other] = [throwawayAuthority('Known Root', now), throwawayAuthority('Other Root', now)]
    const asked = async (env: Readonly<Record<string, string>>): Promise<string> => {
      const shown = known.issue({ name: 'localhost', from: now - 86_400_000, until: now + 86_400_000 })
      const front = await openTlsFront(shown, (_, response) => response.writeHead(418).end())
      const state = mkdtempSync(join(folder, 'state-'))
      const token = join(state, 'token')
      writeFileSync(token, 'a-token', { mode: 0o600 })
      const settings = { CUTOFF_SETTINGS: state, CUTOFF_ORGANISATION_KEY: '0'.repeat(64), ...env }
      const words = ['enrol', '--server', front.address, '--token-file', token, '--state', state]
      const said = await new Promise<string>((done) =>
        execFile(executable, words, { env: settings }, (_, _out, err) => done(err)),
      )
      await front.close()
      return said
    }
    const place = (name: string, files: Readonly<Record<string, string>>): string => {
      const made = join(folder, name)
      mkdirSync(made)
      for (const [file, text] of Object.entries(files)) writeFileSync(join(made, file), text)
      return made
    }
    const all = [other.certificate, known.certificate].join('\n')
    const none = join(folder, 'none.pem')

    test.each([
      [
        'lies in the system’s file',
        () => ({ SSL_CERT_FILE: join(place('file', { 'all.pem': all }), 'all.pem') }),
      ],
      [
        'lies in a folder by its hash',
        () => ({
          SSL_CERT_FILE: none,
          SSL_CERT_DIR: hashed(place('hashed', { 'known.pem': known.certificate })),
        }),
      ],
      [
        'is one of many in a folder’s file, as on Red Hat',
        () => ({ SSL_CERT_FILE: none, SSL_CERT_DIR: place('unhashed', { 'ca-bundle.crt': all }) }),
      ],
    ])('%s', async (_, env) => {
      expect(await asked(env())).toContain('418')
    })

    test('the system does not name: not at all', async () => {
      const env = { SSL_CERT_FILE: join(place('another', { 'all.pem': other.certificate }), 'all.pem') }
      expect(await asked(env)).toContain('[certificate-untrusted]')
    })
  })

  test('reports to a server until it is stopped, and opens no debugger at the signal for one', async () => {
    const system = await startSystem({ agentExecutable: executable })
    try {
      const agent = system.startAgent()
      const Devices = pageOf(DeviceRow)
      const admin = await system.signIn()
      await until(
        () => `the packaged agent to report; so far: ${system.output()}`,
        async () =>
          (await admin.get('/devices', Devices)).items.some(({ lastScanAt }) => lastScanAt !== null),
        30_000,
      )
      agent.kill('SIGUSR1')
      agent.kill('SIGTERM')
      await until(
        () => `the agent to end; so far: ${system.output()}`,
        () => agent.exitCode !== null || agent.signalCode !== null,
      )
      expect(agent.exitCode).toBe(0)
      expect(system.output()).not.toContain('Debugger listening')
    } finally {
      await system.close()
    }
  })
})

/** What `openssl rehash` leaves: the hash comes from OpenSSL, the name from it. */
function hashed(folder: string): string {
  execFileSync('openssl', ['rehash', folder], { stdio: 'pipe' })
  return folder
}
