// Signs packages and programs with keys that the environment names, by the tools that each system's own checks understand. Without
// keys nothing is signed, and that is said.
//
//   Windows (exe, dll, msi)   WIN_CERT and WIN_KEY, or WIN_PFX with WIN_PASS_FILE: files; WIN_TS_URL: time stamps
//   deb, rpm, checksums       GPG_KEY_ID: a key of gpg's own folder (GNUPGHOME)
//
// A package for macOS takes a certificate of Apple's and a Mac: installers/README.md says how.
import { renameSync } from 'node:fs'
import type { Tool } from '../executable/build-tools.ts'
import { runTool } from '../executable/run-tool.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The programs that the given keys take. */
export function signingTools(env: Environment): readonly Tool[] {
  return [
    ...(env['GPG_KEY_ID']
      ? [
          { needed: 'gpg', package: 'gpg' },
          { needed: 'debsigs', package: 'debsigs' },
          { needed: 'rpmsign', package: 'rpm' },
        ]
      : []),
    ...(env['WIN_PFX'] || env['WIN_CERT'] ? [{ needed: 'osslsigncode', package: 'osslsigncode' }] : []),
  ]
}

/** Signs the file in its place, where there is a key for its kind. @throws BuildError `tool-failed` */
export function signatureOf(file: string, env: Environment): 'signed' | 'unsigned' {
  const kind = /\.(\w+)$/.exec(file)?.[1] ?? ''
  const signed = signers[kind]?.(file, env) ?? false
  return signed ? 'signed' : 'unsigned'
}

type Signer = (file: string, env: Environment) => boolean

const signers: Readonly<Record<string, Signer>> = {
  exe: signForWindows,
  dll: signForWindows,
  msi: signForWindows,
  deb: withKey((key, file) => ['debsigs', '--sign=origin', `--default-key=${key}`, file]),
  // Debian's rpm does not find gpg by itself.
  rpm: withKey((key, file) => [
    ...['rpmsign', '--addsign', '--define', `_gpg_name ${key}`, '--define', '__gpg /usr/bin/gpg', file],
  ]),
}

/** Writes `file.asc`, where there is a key. */
export function signDetached(file: string, env: Environment): 'signed' | 'unsigned' {
  const sign = withKey((key) => gpg(key, '--armor', '--detach-sign', '--output', `${file}.asc`, file))
  return sign(file, env) ? 'signed' : 'unsigned'
}

/** Apt's `Release`: signed beside (`Release.gpg`) and within (`InRelease`). */
export function signAptRelease(folder: string, env: Environment): 'signed' | 'unsigned' {
  const file = `${folder}/Release`
  const beside = withKey((key) => gpg(key, '--armor', '--detach-sign', '--output', `${file}.gpg`, file))
  const within = withKey((key) => gpg(key, '--clearsign', '--output', `${folder}/InRelease`, file))
  return beside(file, env) && within(file, env) ? 'signed' : 'unsigned'
}

/** The key's public half, for who installs; undefined without a key. */
export function publicKey(env: Environment): string | undefined {
  const key = env['GPG_KEY_ID']
  return key === undefined || key === ''
    ? undefined
    : runTool(['gpg', '--batch', '--armor', '--export', key], { env })
}

function gpg(key: string, ...words: readonly string[]): readonly string[] {
  return ['gpg', '--batch', '--yes', '--local-user', key, '--digest-algo', 'SHA256', ...words]
}

function withKey(words: (key: string, file: string) => readonly string[]): Signer {
  return (file, env) => {
    const key = env['GPG_KEY_ID']
    if (key === undefined || key === '') return false
    runTool(words(key, file), { env })
    return true
  }
}

function signForWindows(file: string, env: Environment): boolean {
  const { WIN_CERT: cert, WIN_KEY: key, WIN_PFX: pfx, WIN_PASS_FILE: pass, WIN_TS_URL: stamps } = env
  const keys = pfx ? ['-pkcs12', pfx] : cert && key ? ['-certs', cert, '-key', key] : null
  if (keys === null) return false
  const signed = `${file}.signed`
  runTool([
    ...['osslsigncode', 'sign', '-h', 'sha256', ...keys],
    ...(pass ? ['-readpass', pass] : []),
    ...(stamps ? ['-ts', stamps] : []),
    ...(file.endsWith('.msi') ? ['-add-msi-dse'] : []),
    ...['-n', 'Cutoff agent', '-in', file, '-out', signed],
  ])
  renameSync(signed, file)
  return true
}
