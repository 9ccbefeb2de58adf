// The pinned Node of each target as npm's registry has it, held to the lockfile's integrity. Files of the checkout's
// `.cache` and node_modules alone; the network only through npm.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { nodeExecutable, npmCandidates, parseLock } from '../bootstrap.mjs'
import { BuildError } from './build-error.ts'
import { runTool } from './run-tool.ts'
import type { Target } from './targets.ts'

export interface PinnedNode {
  readonly version: string
  /** As in the lockfile: `sha512-…` of the package. */
  readonly integrity: string
  readonly path: string
}

/**
 * The target's Node: the one that is installed, or its package fetched by `npm pack` and kept in `.cache/node`.
 * @param root the checkout
 * @throws BuildError where the package cannot be fetched or is not the one of the lockfile
 */
export function pinnedNode(root: string, target: Target): PinnedNode {
  const { version, integrity } = lockedPackage(root, target.nodePackage)
  const executable = nodeExecutable(target.nodePackage, target.system === 'win' ? 'win32' : target.system)
  const installed = join(root, 'node_modules', executable)
  if (existsSync(installed)) return { version, integrity, path: installed }
  const digest = createHash('sha256').update(integrity).digest('hex').slice(0, 16)
  const kept = join(root, '.cache/node', `${target.nodePackage}-${version}-${digest}`)
  if (!existsSync(kept)) {
    const file = fileInArchive(
      fetchPackage(root, target.nodePackage, version, integrity),
      archivePath(executable),
    )
    // By a rename, so that an interrupted build leaves no half of it under this name.
    writeFileSync(`${kept}.part`, file, { mode: 0o755 })
    renameSync(`${kept}.part`, kept)
  }
  return { version, integrity, path: kept }
}

/** `name/bin/node` lies in the package's archive as `package/bin/node`. */
function archivePath(executable: string): string {
  return ['package', ...executable.replaceAll('\\', '/').split('/').slice(1)].join('/')
}

/** Version and integrity of a package as the lockfile pins them. */
export function lockedPackage(
  root: string,
  name: string,
): { readonly version: string; readonly integrity: string } {
  const lock = parseLock(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  if ('code' in lock) throw new BuildError(lock.code, lock.message)
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {}
  if (version === undefined || integrity === undefined)
    throw new BuildError(
      'package-not-locked',
      `package-lock.json pins no ${name}: run npm install --ignore-scripts.`,
    )
  return { version, integrity }
}

function fetchPackage(root: string, name: string, version: string, integrity: string): Buffer {
  const { env, execPath, platform } = process
  const realpath = (path: string) => (existsSync(path) ? realpathSync(path) : path)
  const npm = npmCandidates({ env, execPath, platform, realpath }).find((path) => existsSync(path))
  if (npm === undefined)
    throw new BuildError('npm-missing', 'npm was not found: run this by npm run build:agent.')
  mkdirSync(join(root, '.cache/node'), { recursive: true })
  const folder = mkdtempSync(join(root, '.cache/node/fetch-'))
  try {
    runTool([execPath, npm, 'pack', `${name}@${version}`, '--pack-destination', folder, '--loglevel=error'], {
      cwd: root,
    })
    const [file] = readdirSync(folder)
    const archive = readFileSync(join(folder, file ?? 'nothing'))
    const found = `sha512-${createHash('sha512').update(archive).digest('base64')}`
    if (found === integrity) return archive
    throw new BuildError(
      'integrity-differs',
      `${name}@${version} as fetched (${found}) is not the one of package-lock.json (${integrity}): do not build with this registry.`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const blockBytes = 512

/** One file of a gzipped tar archive as npm packs them: short names, no links. */
export function fileInArchive(archive: Uint8Array, path: string): Buffer {
  const tar = gunzipSync(archive)
  for (let at = 0; at + blockBytes <= tar.length && tar[at] !== 0;) {
    const text = (from: number, length: number) =>
      tar.toString('latin1', at + from, at + from + length).replace(/\0.*$/s, '')
    const bytes = Number.parseInt(text(124, 12), 8)
    const begin = at + blockBytes
    if (text(0, 100) === path) return tar.subarray(begin, begin + bytes)
    at = begin + Math.ceil(bytes / blockBytes) * blockBytes
  }
  throw new BuildError(
    'archive-incomplete',
    `The package holds no ${path}: it is not the one that the build expects.`,
  )
}
