// Folders that apt and yum install from, once a web server or a file share gives them out.
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { runTool } from '../executable/run-tool.ts'
import type { Release } from './release.ts'
import { signAptRelease, signDetached, type Environment } from './signing.ts'

/** What both need of their system. */
export const repositoryTools = [
  { needed: 'apt-ftparchive', package: 'apt-utils' },
  { needed: 'createrepo_c', package: 'createrepo-c' },
] as const

/**
 * A repository with one suite, `stable`, in an empty folder.
 * @param debs files
 * @throws BuildError `tool-failed`
 */
export function aptRepository(folder: string, debs: readonly string[], env: Environment): void {
  const pool = join(folder, 'pool')
  const suite = 'dists/stable'
  takeIn(pool, debs)
  const architectures = [...new Set(debs.flatMap((file) => /_(\w+)\.deb$/.exec(file)?.[1] ?? []))]
  for (const architecture of architectures) {
    const index = runTool(['apt-ftparchive', '--arch', architecture, 'packages', 'pool'], { cwd: folder })
    const target = join(folder, suite, `main/binary-${architecture}`)
    mkdirSync(target, { recursive: true })
    writeFileSync(join(target, 'Packages'), index)
    writeFileSync(join(target, 'Packages.gz'), gzipSync(index, { level: 9 }))
  }
  const facts = {
    Origin: 'Cutoff',
    Label: 'Cutoff',
    Suite: 'stable',
    Codename: 'stable',
    Components: 'main',
    Architectures: architectures.join(' '),
  }
  const given = Object.entries(facts).flatMap(([name, value]) => [
    '-o',
    `APT::FTPArchive::Release::${name}=${value}`,
  ])
  const text = runTool(['apt-ftparchive', ...given, 'release', suite], { cwd: folder })
  writeFileSync(join(folder, suite, 'Release'), text)
  signAptRelease(join(folder, suite), env)
}

/** A repository in an empty folder. @throws BuildError `tool-failed` */
export function yumRepository(
  folder: string,
  rpms: readonly string[],
  { at }: Release,
  env: Environment,
): void {
  takeIn(folder, rpms)
  runTool([
    'createrepo_c',
    '--quiet',
    '--no-database',
    '--revision',
    String(at),
    '--set-timestamp-to-revision',
    folder,
  ])
  signDetached(join(folder, 'repodata/repomd.xml'), env)
}

function takeIn(folder: string, files: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  for (const file of files) copyFileSync(file, join(folder, file.slice(file.lastIndexOf('/') + 1)))
}

/** Every file below a folder, by its path from there, in order. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
}
