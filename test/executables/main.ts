// `npm run check:executables`: looks at every executable that lies in `dist`, each as far as this machine goes, and says what it
// could not look at. With --twice it builds them all again beside it and holds the bytes against each other.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { targets } from '../../installers/executable/targets.ts'
import { repositoryRoot } from '../helpers/repository.ts'
import { circumstances } from '../load/circumstances.ts'
import { checkTarget, type Check } from './targets-checked.ts'

const dist = join(repositoryRoot, 'dist')
const built = targets.filter(({ file }) => existsSync(join(dist, file)))

console.log(circumstances())
if (built.length === 0) console.log('There is no executable in dist: npm run build:agent -- --all')
let failed = built.length === 0 ? 1 : 0
for (const target of built) {
  console.log(`\n${target.file}`)
  for (const check of await checkTarget(target, join(dist, target.file))) print(check)
}
if (process.argv.includes('--twice')) {
  console.log('\nBuilt again')
  print(buildAgain())
}
process.exitCode = failed === 0 ? 0 : 1

function print({ what, ok, found }: Check): void {
  if (ok === false) failed++
  console.log(`${ok === null ? '-' : ok ? '✓' : '✗'} ${what}${found === '' ? '' : `: ${found}`}`)
}

function buildAgain(): Check {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-again-'))
  try {
    const wanted = built.flatMap(({ name }) => ['--target', name])
    const build = join(repositoryRoot, 'installers/build-agent.ts')
    execFileSync(process.execPath, [build, ...wanted, '--out', folder], { stdio: 'inherit' })
    const same =
      readFileSync(join(folder, 'SHA256SUMS'), 'utf8') === readFileSync(join(dist, 'SHA256SUMS'), 'utf8')
    return { what: 'the same bytes of everything', ok: same, found: '' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
