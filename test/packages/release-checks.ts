// A release signed with keys that are made for this check and thrown away: read by what each system verifies with, and installed
// from by apt in a Debian of its own. A signature that nothing could break would prove nothing: each is broken once.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { repositoryRoot } from '../helpers/repository.ts'
import type { Container } from './container.ts'
import type { Check } from './package-life.ts'

interface Keys {
  readonly env: NodeJS.ProcessEnv
  /** The certificate for Windows. */
  readonly certificate: string
}

/** @param folder empty */
export function throwawayKeys(folder: string): Keys {
  const home = join(folder, 'gnupg')
  mkdirSync(home, { mode: 0o700 })
  const [certificate, key] = [join(folder, 'win.crt'), join(folder, 'win.key')]
  const name = 'Cutoff check <check@example.invalid>'
  const env = { ...process.env, GNUPGHOME: home, GPG_KEY_ID: name, WIN_CERT: certificate, WIN_KEY: key }
  const made = ['--batch', '--passphrase', '', '--quick-generate-key', name, 'rsa3072', 'sign', 'never']
  execFileSync('gpg', made, { env, stdio: 'ignore' })
  const usage = ['-addext', 'keyUsage=digitalSignature', '-addext', 'extendedKeyUsage=codeSigning']
  const asked = ['req', '-x509', '-newkey', 'rsa:3072', '-nodes', '-subj', '/CN=Cutoff check', '-days', '2']
  execFileSync('openssl', [...asked, ...usage, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
  return { env, certificate }
}

/** Makes a release of the executables; answers its folder. */
export function signedRelease(dist: string, folder: string, { env }: Keys): string {
  const out = join(folder, 'release')
  const command = join(repositoryRoot, 'installers/build-release.ts')
  const words = [command, '--dist', dist, '--out', out, '--quick']
  execFileSync(process.execPath, words, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  return out
}

/** @param scratch empty */
export function signatureChecks(
  release: string,
  scratch: string,
  { env, certificate }: Keys,
): readonly Check[] {
  const checks: Check[] = []
  const run = (words: readonly string[], cwd = scratch, input?: Buffer) => {
    const { status, stdout, stderr } = spawnSync(words[0] ?? '', words.slice(1), { cwd, env, input })
    return { ok: status === 0, out: `${String(stdout)}${String(stderr)}` }
  }
  /** Holds for the file as it is, and not for a copy with another byte in its middle. */
  const signed = (
    what: string,
    file: string,
    holds: (path: string) => { ok: boolean; out: string },
  ): void => {
    const whole = holds(file)
    checks.push({ what: `${what} is signed`, ok: whole.ok, found: whole.ok ? '' : whole.out.slice(-600) })
    const bytes = readFileSync(file)
    const middle = Math.floor(bytes.length / 2)
    bytes[middle] = (bytes[middle] ?? 0) ^ 1
    const broken = join(mkdtempSync(join(scratch, 'broken-')), file.slice(file.lastIndexOf('/') + 1))
    writeFileSync(broken, bytes)
    const accepted = holds(broken).ok
    checks.push({ what: 'and a changed one is refused', ok: !accepted, found: accepted ? broken : '' })
  }
  const named = (folder: string, end: string): string | undefined => {
    const found = readdirSync(join(release, folder)).find((name) => name.endsWith(end))
    return found === undefined ? undefined : join(release, folder, found)
  }

  const sums = join(release, 'SHA256SUMS')
  const complete = run(['sha256sum', '--check', '--quiet', 'SHA256SUMS'], release)
  checks.push({ what: 'every checksum is right', ok: complete.ok, found: complete.ok ? '' : complete.out })
  signed('the list of checksums', sums, (path) => run(['gpg', '--verify', `${sums}.asc`, path]))
  const deb = named('apt/pool', '.deb')
  if (deb !== undefined)
    signed('the deb', deb, (path) => {
      const part = (...names: readonly string[]) =>
        names.map((name) => spawnSync('ar', ['p', path, name], { maxBuffer: 2 ** 29 }).stdout)
      const members = String(spawnSync('ar', ['t', path]).stdout).split('\n')
      const content = members.filter((name) => /^(debian-binary|control\.|data\.)/.test(name))
      const signature = join(scratch, 'origin')
      writeFileSync(signature, part('_gpgorigin')[0] ?? '')
      return run(['gpg', '--verify', signature, '-'], scratch, Buffer.concat(part(...content)))
    })
  const rpm = named('yum', '.rpm')
  if (rpm !== undefined) {
    const database = join(scratch, 'rpmdb')
    mkdirSync(database)
    run(['rpmkeys', '--dbpath', database, '--import', join(release, 'cutoff.asc')])
    signed('the rpm', rpm, (path) => {
      const said = run(['rpmkeys', '--dbpath', database, '--checksig', path])
      return { ok: said.ok && said.out.includes('digests signatures OK'), out: said.out }
    })
    const list = join(release, 'yum/repodata/repomd.xml')
    signed('the yum repository', list, (path) => run(['gpg', '--verify', `${list}.asc`, path]))
  }
  const msi = named('', '.msi')
  if (msi !== undefined) {
    const verified = (path: string) => run(['osslsigncode', 'verify', '-CAfile', certificate, '-in', path])
    signed('the msi', msi, verified)
    const unpacked = join(scratch, 'msi')
    mkdirSync(unpacked)
    run(['msiextract', '--directory', unpacked, msi])
    const programs = readdirSync(unpacked, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.exe'),
    )
    const names = programs.map((name) => basename(name)).toSorted()
    checks.push({
      what: 'it holds its three programs',
      ok: names.join() === 'cutoff-agent.exe,cutoff-notice.exe,cutoff-service.exe',
      found: names.join(' '),
    })
    for (const name of programs) signed(basename(name), join(unpacked, name), verified)
  }
  return checks
}

/** Asks dnf for the package, which believes the list of the release's yum repository by the release's key alone. */
export function dnfChecks(release: string, scratch: string): readonly Check[] {
  if (spawnSync('dnf', ['--version'], { stdio: 'ignore' }).error !== undefined) return []
  const asked = (name: string) => {
    const root = join(scratch, name)
    mkdirSync(root)
    const settings = {
      reposdir: '/dev/null',
      'cutoff.repo_gpgcheck': '1',
      'cutoff.gpgkey': `file://${release}/cutoff.asc`,
    }
    const run = spawnSync(
      'dnf',
      [
        ...['-y', `--installroot=${root}`, '--releasever=9', `--repofrompath=cutoff,file://${release}/yum`],
        ...['--repo=cutoff', ...Object.entries(settings).map(([key, value]) => `--setopt=${key}=${value}`)],
        ...['repoquery', 'cutoff-agent'],
      ],
      { encoding: 'utf8' },
    )
    return { ok: run.status === 0 && run.stdout.includes('cutoff-agent-'), out: `${run.stdout}${run.stderr}` }
  }
  const whole = asked('whole')
  const list = join(release, 'yum/repodata/repomd.xml')
  const text = readFileSync(list, 'utf8')
  writeFileSync(list, text.replace('</repomd>', '<!-- changed --></repomd>'))
  const changed = asked('changed')
  writeFileSync(list, text)
  return [
    { what: 'dnf takes the repository', ok: whole.ok, found: whole.ok ? '' : whole.out.slice(-600) },
    { what: 'dnf refuses a changed list', ok: !changed.ok, found: changed.ok ? changed.out.slice(-600) : '' },
  ]
}

/** Installs from the release's apt repository, as a file: address with the release's key. */
export function aptChecks(release: string, folder: string, { sh, bring }: Container): readonly Check[] {
  const checks: Check[] = []
  const does = (what: string, command: string, expected = true): void => {
    const { status, out } = sh(command)
    const ok = (status === 0) === expected
    checks.push({ what, ok, found: ok ? '' : out.trim().slice(-600) })
  }
  const archive = join(folder, 'apt.tar')
  cpSync(join(release, 'cutoff.asc'), join(release, 'apt/cutoff.asc'))
  execFileSync('tar', ['-C', release, '-cf', archive, 'apt'])
  sh(
    `mkdir -p /srv && tar -C /srv -xf ${bring(archive)} && rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*`,
  )
  sh(
    "printf '%s\\n' 'Types: deb' 'URIs: file:///srv/apt' 'Suites: stable' 'Components: main' 'Signed-By: /srv/apt/cutoff.asc' > /etc/apt/sources.list.d/cutoff.sources",
  )
  const update = 'apt-get update --error-on=any'
  does('apt takes the repository', update)
  does('apt-get install', 'DEBIAN_FRONTEND=noninteractive apt-get install -y cutoff-agent')
  does('the agent runs', 'systemctl is-active cutoff-agent')
  does(
    'apt refuses a changed list',
    `sed -i 's/Cutoff/Cutofg/' /srv/apt/dists/stable/InRelease /srv/apt/dists/stable/Release && ${update}`,
    false,
  )
  does('apt-get purge', 'DEBIAN_FRONTEND=noninteractive apt-get purge -y cutoff-agent')
  return checks
}
