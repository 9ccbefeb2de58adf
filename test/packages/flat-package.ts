// Reads a package for macOS back by other programs than made it: 7z and bsdtar the outer archive, cpio the inner ones, cksum the
// files, xmllint the descriptions. The bill of materials has no reader in Debian: the one here follows others' description of it.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Container } from './container.ts'
import type { Check } from './package-life.ts'

const programs = ['7z', 'bsdtar', 'cpio', 'cksum', 'xmllint']

/** Why it cannot be read here; undefined where it can. */
export function whyNoFlatPackages(): string | undefined {
  const missing = programs.filter(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined,
  )
  return missing.length === 0 ? undefined : `no ${missing.join(', ')}`
}

/** @param folder empty, to unpack in */
export function flatPackageChecks(file: string, folder: string): readonly Check[] {
  const checks: Check[] = []
  const check = (what: string, ok: boolean, found = ''): void => {
    checks.push({ what, ok, found: ok ? '' : found.trim().slice(-600) })
  }
  const run = (words: readonly string[], cwd = folder, input?: Buffer): string => {
    const [program = '', ...rest] = words
    const { status, stdout, stderr } = spawnSync(program, rest, { cwd, input, maxBuffer: 2 ** 28 })
    check(`${program} reads it`, status === 0, stderr.toString())
    return stdout.toString()
  }

  // Its own check of all checksums in the table of contents.
  const tested = spawnSync('7z', ['t', '-txar', file], { encoding: 'utf8' })
  check('7z finds every checksum right', tested.stdout.includes('Everything is Ok'), tested.stdout)
  run(['bsdtar', '-xf', file])
  const inner = join(folder, 'cutoff-agent.pkg')
  run(['xmllint', '--noout', join(folder, 'Distribution'), join(inner, 'PackageInfo')])
  const unpack = (name: string): string => {
    const target = join(folder, name.toLowerCase())
    mkdirSync(target)
    const archive = gunzipSync(readFileSync(join(inner, name)))
    run(['cpio', '-idm', '--quiet', '--no-absolute-filenames'], target, archive)
    return target
  }
  const scripts = unpack('Scripts')
  for (const name of ['preinstall', 'postinstall']) {
    const { status } = spawnSync('sh', ['-n', join(scripts, name)])
    check(`sh takes ${name}`, status === 0 && (statSync(join(scripts, name)).mode & 0o111) === 0o111)
  }
  const payload = unpack('Payload')
  const listed = run(['find', '.', '-printf', '%p %y %m\n'], payload).trim().split('\n').toSorted()
  const bill = readBill(readFileSync(join(inner, 'Bom')))
  const told = bill.map(({ path, kind, mode }) => `${path} ${kind} ${(mode & 0o7777).toString(8)}`)
  // A link's own rights are Linux' to choose.
  const plain = (line: string) => line.replace(/ l \d+$/, ' l')
  check(
    'the bill of materials lists what is in it',
    told.map(plain).toSorted().join('\n') === listed.map(plain).join('\n'),
    `${told.join('\n')}\n--\n${listed.join('\n')}`,
  )
  const wrong = bill.filter(({ path, kind, size, checksum }) => {
    if (kind !== 'f') return false
    const [sum, length] = execFileSync('cksum', [join(payload, path)], { encoding: 'utf8' }).split(' ')
    return Number(sum) !== checksum || Number(length) !== size
  })
  check('with cksum’s checksums', wrong.length === 0, wrong.map(({ path }) => path).join(' '))
  const foreign = run(['cpio', '-itvn', '--quiet'], payload, gunzipSync(readFileSync(join(inner, 'Payload'))))
    .trim()
    .split('\n')
    .filter((line) => !/^\S+ +\d+ 0 +0 /.test(line))
  check('everything belongs to root', foreign.length === 0, foreign.join('\n'))
  const info = readFileSync(join(inner, 'PackageInfo'), 'utf8')
  check('the number of files is right', info.includes(`numberOfFiles="${bill.length}"`), info)
  return checks
}

interface Listed {
  readonly path: string
  readonly kind: 'f' | 'd' | 'l'
  readonly mode: number
  readonly size: number
  readonly checksum: number
}

/** Blocks by number; the block named `Paths` is a tree whose values lead to facts and whose keys are folder and name. */
export function readBill(file: Buffer): readonly Listed[] {
  const word = (at: number): number => file.readUInt32BE(at)
  if (file.toString('latin1', 0, 8) !== 'BOMStore') throw new Error('no bill of materials')
  const [table, names] = [word(16), word(24)]
  const block = (number: number): number => word(table + 4 + number * 8)
  const variables = new Map<string, number>()
  for (let at = names + 4, left = word(names); left > 0; left--) {
    const length = file.readUInt8(at + 4)
    variables.set(file.toString('latin1', at + 5, at + 5 + length), word(at))
    at += 5 + length
  }
  const tree = block(variables.get('Paths') ?? 0)
  const page = block(word(tree + 8))
  const paths = new Map<number, string>([[0, '']])
  return Array.from({ length: file.readUInt16BE(page + 2) }, (_, index): Listed => {
    const [value, key] = [block(word(page + 12 + index * 8)), block(word(page + 16 + index * 8))]
    const name = file.toString('utf8', key + 4, file.indexOf(0, key + 4))
    const folder = paths.get(word(key))
    if (folder === undefined) throw new Error(`${name} comes before its folder`)
    const path = folder === '' ? name : `${folder}/${name}`
    paths.set(word(value), path)
    const facts = block(word(value + 4))
    return {
      path,
      kind: (['f', 'd', 'l'] as const)[file.readUInt8(facts) - 1] ?? 'f',
      mode: file.readUInt16BE(facts + 4),
      size: word(facts + 18),
      checksum: word(facts + 23),
    }
  })
}

/**
 * The scripts of an unpacked package, run in a Debian with stand-ins for Apple's programs that write down how they were called.
 * @param unpacked the folder that `flatPackageChecks` was given
 */
export function scriptChecks(unpacked: string, { sh, bring }: Container): readonly Check[] {
  const checks: Check[] = []
  const does = (what: string, command: string): void => {
    const { status, out } = sh(command)
    checks.push({ what, ok: status === 0, found: status === 0 ? '' : out.trim().slice(-600) })
  }
  const archive = join(unpacked, 'mac.tar')
  execFileSync('tar', ['-C', unpacked, '-cf', archive, 'payload', 'scripts'])
  const standIn = (program: string) =>
    `printf '#!/bin/sh\\necho "$0 $*" >> /called\\n' > ${program} && chmod +x ${program}`
  sh(`groupadd -g 90 wheel; ${standIn('/bin/launchctl')} && ${standIn('/usr/sbin/pkgutil')}`)
  const lay = 'rm -rf /mac && mkdir /mac && tar -C /mac -xf /root/mac.tar && cp -a /mac/payload/. /'
  const install = `/mac/scripts/preinstall package / / / && ${lay} && /mac/scripts/postinstall package / / /`
  bring(archive)
  does('it installs', `${lay} && ${install}`)
  does(
    'launchd is told',
    'grep -q "launchctl bootstrap system /Library/LaunchDaemons/dev.cutoff.agent.plist" /called',
  )
  const settings = "'/Library/Application Support/Cutoff/settings.yaml'"
  does(
    'it upgrades and keeps a setting',
    `echo 'scanSeconds: 7200' > ${settings} && ${install} && grep -q 7200 ${settings}`,
  )
  // No Mac is here to run the agent: a stand-in is asked in its place.
  const standInAgent = standIn('/Library/Cutoff/cutoff-agent')
  const inOrder = (first: string, second: string) =>
    `awk '/${first}/ { said = NR } /${second}/ { ended = NR } END { exit !(said && said < ended) }' /called`
  does(
    'the agent before says that it is replaced, and is then ended',
    `${standInAgent} && rm /called && ${install} && ${inOrder('report-removal --upgrade --state', 'bootout')}`,
  )
  does('the agent before was ended', 'grep -q "launchctl bootout system/dev.cutoff.agent" /called')
  const nothing =
    "find / -xdev \\( -path /mac -o -path /root -o -path /proc \\) -prune -o -iname '*cutoff*' -print"
  does(
    'it is removed',
    `${standInAgent} && rm /called && /Library/Cutoff/uninstall && [ ! -e /Library/Cutoff ] && [ ! -L /usr/local/bin/cutoff-agent ] && [ -e ${settings} ]`,
  )
  does('and says so before it is ended', inOrder('report-removal --state', 'bootout'))
  does('the package is forgotten', 'grep -q "pkgutil --forget dev.cutoff.agent" /called')
  does(
    'a purge leaves nothing',
    `${install} && mkdir -p /var/lib/cutoff && /Library/Cutoff/uninstall --purge && [ -z "$(${nothing})" ]`,
  )
  return checks
}
