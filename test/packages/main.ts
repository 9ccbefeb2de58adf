// `npm run check:packages`: builds the packages for this machine's processor in two versions and tries them in a Debian of
// their own, booted with systemd: installed, run, upgraded, removed. Then what lintian and rpmlint say of them. Needs root and an executable
// in `dist` (`npm run build:agent`).
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, copyFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '../helpers/repository.ts'
import { bootContainer, whyNoContainer } from './container.ts'
import { debCommands, packageLife, rpmCommands, type Check } from './package-life.ts'

const kinds = [
  {
    name: 'deb-amd64',
    ends: '.deb',
    commands: debCommands,
    lint: [
      'lintian',
      '--allow-root',
      '--fail-on',
      'error,warning',
      '--suppress-tags',
      'uses-no-compression-for-control-tarball,uses-no-compression-for-data-tarball',
    ],
  },
  {
    name: 'rpm-x86_64',
    ends: '.rpm',
    commands: rpmCommands,
    lint: ['rpmlint', '--config', join(repositoryRoot, 'installers/packages/rpmlint.toml')],
  },
] as const
let failed = 0

async function main(): Promise<void> {
  const why = whyNoContainer()
  if (why !== undefined)
    return giveUp(`${why}: apt-get install debootstrap systemd-container lintian rpmlint`)
  const dist = join(repositoryRoot, 'dist')
  if (!existsSync(join(dist, 'cutoff-agent-linux-x64')))
    return giveUp('no executable in dist: npm run build:agent')
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-packages-'))
  try {
    for (const { name, ends, commands, lint } of kinds) {
      console.log(`\n${name}`)
      const [older, newer] = ['0.0.1', '9.9.9'].map((version) =>
        build(dist, join(folder, `${name}-${version}`), name, ends, version),
      )
      if (older === undefined || newer === undefined) return giveUp('the packages were not made')
      const linted = spawnSync(lint[0], [...lint.slice(1), newer], { encoding: 'utf8' })
      print({
        what: `${lint[0]} has nothing to say`,
        ok: linted.status === 0,
        found: linted.status === 0 ? '' : `${linted.stdout}${linted.stderr}`,
      })
      const container = await bootContainer(join(repositoryRoot, '.cache/containers'))
      try {
        for (const check of await packageLife(container, commands, [older, newer])) print(check)
      } finally {
        await container.close()
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A package of another version than the checkout's, with an executable that says so. */
function build(
  dist: string,
  folder: string,
  name: string,
  ends: string,
  version: string,
): string | undefined {
  execFileSync('mkdir', ['-p', folder])
  for (const file of ['cutoff-agent-linux-x64', 'cutoff-agent.licences.txt'])
    copyFileSync(join(dist, file), join(folder, file))
  execFileSync(
    process.execPath,
    [
      join(repositoryRoot, 'installers/build-installers.ts'),
      '--package',
      name,
      '--dist',
      folder,
      '--quick',
      '--as-version',
      version,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const made = readdirSync(folder).find((file) => file.endsWith(ends))
  return made === undefined ? undefined : join(folder, made)
}

function print({ what, ok, found }: Check): void {
  if (!ok) failed++
  console.log(`${ok ? '✓' : '✗'} ${what}${found === '' ? '' : `: ${found}`}`)
}

function giveUp(why: string): void {
  console.log(why)
  failed++
}

await main()
process.exitCode = failed === 0 ? 0 : 1
