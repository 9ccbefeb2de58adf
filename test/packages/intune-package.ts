// The package for Intune as others' programs read it: unzip, openssl, xmllint and msitools, which know nothing of how it was made.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Check } from './package-life.ts'

/** @param folder an empty one to work in */
export function intuneChecks(file: string, msi: string, folder: string): readonly Check[] {
  const checks: Check[] = []
  const run = (words: readonly string[]) => {
    const [program = '', ...args] = words
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    return { ok: status === 0, text: `${stdout ?? ''}${stderr ?? ''}`.trim() }
  }
  const check = (what: string, ok: boolean, found = ''): void => {
    checks.push({ what, ok, found: ok ? '' : found.slice(-600) })
  }
  const missing = ['unzip', 'openssl', 'xmllint'].filter(
    (program) => spawnSync(program, [], { stdio: 'ignore' }).error !== undefined,
  )
  if (missing.length > 0)
    return [{ what: 'the package for Intune is read', ok: false, found: `no ${missing.join(', ')}` }]

  const outer = join(folder, 'outer')
  const opened = run(['unzip', '-q', file, '-d', outer])
  check('unzip takes the package for Intune', opened.ok, opened.text)
  const detection = join(outer, 'IntuneWinPackage/Metadata/Detection.xml')
  const value = (name: string) => run(['xmllint', '--xpath', `string(//${name})`, detection]).text
  const hex = (name: string) => Buffer.from(value(name), 'base64').toString('hex')
  const sealed = readFileSync(join(outer, 'IntuneWinPackage/Contents/IntunePackage.intunewin'))
  const authenticated = join(folder, 'authenticated')
  const hidden = join(folder, 'hidden')
  const content = join(folder, 'content.zip')
  writeFileSync(authenticated, sealed.subarray(32))
  writeFileSync(hidden, sealed.subarray(48))

  const key = `hexkey:${hex('MacKey')}`
  const mac = run(['openssl', 'dgst', '-sha256', '-mac', 'HMAC', '-macopt', key, authenticated]).text
  check(
    'openssl comes to its MAC',
    mac.endsWith(hex('Mac')) && sealed.toString('hex', 0, 32) === hex('Mac'),
    mac,
  )
  const iv = ['-K', hex('EncryptionKey'), '-iv', hex('InitializationVector')]
  const decrypted = run(['openssl', 'enc', '-d', '-aes-256-cbc', ...iv, '-in', hidden, '-out', content])
  check('and decrypts it by its keys', decrypted.ok, decrypted.text)
  const digest = run(['openssl', 'dgst', '-sha256', content]).text
  check('to what the digest says', hex('FileDigest') !== '' && digest.endsWith(hex('FileDigest')), digest)

  const inner = join(folder, 'inner')
  mkdirSync(inner)
  run(['unzip', '-q', content, '-d', inner])
  const same = run(['cmp', join(inner, value('SetupFile')), msi])
  check('the same msi is in it', value('SetupFile') === basename(msi) && same.ok, same.text)
  const properties = run(['msiinfo', 'export', msi, 'Property']).text
  const said = ['ProductCode', 'ProductVersion', 'UpgradeCode']
  check(
    'what Intune is told of it is what it says',
    said.every((name) => properties.includes(`\n${name}\t${value(`Msi${name}`)}`)) &&
      run(['msiinfo', 'suminfo', msi]).text.includes(value('MsiPackageCode')) &&
      value('MsiExecutionContext') === 'System' &&
      value('MsiIncludesServices') === 'true',
    readFileSync(detection, 'utf8'),
  )
  return checks
}
