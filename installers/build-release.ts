// `npm run build:release`: a folder to give out, made anew: packages of all executables in `dist`, an apt and a yum repository, what
// the executables are made of, and checksums; signed where the environment names keys. installers/README.md says how it is used.
//
//   --dist FOLDER    where the executables are
//   --out FOLDER     in place of `release` in it; what is there is replaced
//   --quick          without compression, for what is only tried
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  symlinkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { BuildError } from './executable/build-error.ts'
import { requireTools } from './executable/build-tools.ts'
import { checksums } from './executable/documents.ts'
import { targets } from './executable/targets.ts'
import { releaseOf } from './packages/checkout-release.ts'
import { aptRepository, filesIn, repositoryTools, yumRepository } from './packages/repositories.ts'
import { publicKey, signDetached } from './packages/signing.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { env } = process

function main(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: { dist: { type: 'string' }, out: { type: 'string' }, quick: { type: 'boolean' } },
  })
  const dist = resolve(values.dist ?? join(root, 'dist'))
  const out = resolve(values.out ?? join(dist, 'release'))
  requireTools(repositoryTools, env['PATH'] ?? '', process.getuid?.() === 0)
  mkdirSync(dirname(out), { recursive: true })
  // Beside the place where it goes, so that it gets there whole.
  const folder = mkdtempSync(`${out}-`)
  try {
    const made = packagesOf(dist, join(folder, 'packages'), values.quick === true)
    const ending = (end: string) => made.filter((file) => file.endsWith(end))
    const release = releaseOf(root)
    const ready = join(folder, 'ready')
    mkdirSync(ready)
    if (ending('.deb').length > 0) aptRepository(join(ready, 'apt'), ending('.deb'), env)
    if (ending('.rpm').length > 0) yumRepository(join(ready, 'yum'), ending('.rpm'), release, env)
    const papers = readdirSync(dist).filter((name) =>
      /\.(cdx\.json|provenance\.json|licences\.txt)$/.test(name),
    )
    for (const file of [
      ...ending('.msi'),
      ...ending('.intunewin'),
      ...ending('.pkg'),
      ...papers.map((name) => join(dist, name)),
    ])
      copyFileSync(file, join(ready, file.slice(file.lastIndexOf('/') + 1)))
    const key = publicKey(env)
    if (key !== undefined) writeFileSync(join(ready, 'cutoff.asc'), key)
    const listed = filesIn(ready).map((name) => ({ name, sha256: sha256(join(ready, name)) }))
    writeFileSync(join(ready, 'SHA256SUMS'), checksums(listed))
    const signed = signDetached(join(ready, 'SHA256SUMS'), env)
    rmSync(out, { recursive: true, force: true })
    renameSync(ready, out)
    console.log(`${out}  ${listed.length} files, checksums ${signed}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Makes them from the executables, in a folder of their own so that none of an earlier build gets in; answers the files. */
function packagesOf(dist: string, folder: string, quick: boolean): readonly string[] {
  mkdirSync(folder)
  const needed = [...targets.map(({ file }) => file), 'cutoff-agent.licences.txt']
  for (const name of needed.filter((file) => existsSync(join(dist, file))))
    symlinkSync(join(dist, name), join(folder, name))
  const command = join(root, 'installers/build-installers.ts')
  try {
    execFileSync(process.execPath, [command, '--dist', folder, ...(quick ? ['--quick'] : [])], {
      stdio: 'inherit',
    })
  } catch {
    throw new BuildError('packages-failed', 'The packages were not made: what is said above says why.')
  }
  return readdirSync(folder)
    .filter((name) => !needed.includes(name))
    .map((name) => join(folder, name))
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

try {
  main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof BuildError)) throw error
  console.error(`build:release: ${error.message} [${error.code}]`)
  process.exitCode = 1
}
