// Things that carry the names of AI coding tools and are none: nothing may be reported about any of them. Must make
// every one for real (installed, running, cloned), since a false finding would come from what is really there.
import type { Account, AccountPool } from './accounts.ts'
import type { RunningCommand } from './commands.ts'
import { mustRunAs, requireSystemCommand, startAs } from './commands.ts'
import type { LoopbackNetwork } from './network.ts'
import type { PackageVersion } from './npm.ts'
import { giveNode, runNpm, specOf, warmCache } from './npm.ts'

export interface LookAlikes {
  /** The account that all of them belong to, but for the one that is named `claude`. */
  readonly account: Account
  /** The account named `claude`; undefined where the system already has one. */
  readonly namesake: Account | undefined
  /** Those that run until `close`, by what they are. */
  readonly running: Readonly<Record<string, RunningCommand>>
  /** Runs `npm view @anthropic-ai/claude-code`, which finds no registry and fails after a while. */
  readonly viewPackage: () => RunningCommand
  readonly close: () => Promise<void>
}

/** A documentation generator and a screenshot tester, both with the bin of a tool; and a library of a vendor. */
const unrelatedPackages = {
  codex: { packageName: 'codex', version: '0.2.3' },
  gemini: { packageName: 'gemini', version: '7.5.2' },
  library: { packageName: '@anthropic-ai/sdk', version: '1.12.0' },
} as const satisfies Readonly<Record<string, PackageVersion>>

const longLife = 3600

/** Makes all look-alikes in a new account of the pool. The registry must be within reach; the network need not. */
export async function makeLookAlikes(pool: AccountPool, network: LoopbackNetwork): Promise<LookAlikes> {
  const account = pool.make()
  const namesake = makeNamesake(pool)
  await giveNode(account)
  await installUnrelatedPackages(account)
  await shell(account, files)
  await shell(account, clonedRepository)
  const running = startLookAlikes(account, namesake)
  return {
    account,
    namesake,
    running,
    viewPackage: () => startAs(account, ['npm', 'view', '@anthropic-ai/claude-code'], { inside: network }),
    close: async () => {
      await Promise.all(Object.values(running).map((command) => command.stop()))
    },
  }
}

function makeNamesake(pool: AccountPool): Account | undefined {
  try {
    return pool.make({ name: 'claude' })
  } catch {
    return undefined // the system has an account of that name, and it is not ours to touch
  }
}

async function installUnrelatedPackages(account: Account): Promise<void> {
  const { codex, gemini, library } = unrelatedPackages
  await warmCache(account, [codex, gemini, library])
  // Their install scripts build native parts that nothing here needs.
  const quick = ['--ignore-scripts', '--prefer-offline']
  await runNpm(account, 'npm', ['install', '--global', ...quick, specOf(codex), specOf(gemini)])
  const project = `${account.home}/work/library-user`
  await mustRunAs(account, [requireSystemCommand('mkdir'), '-p', project])
  await runNpm(account, 'npm', ['init', '--yes'], project)
  await runNpm(account, 'npm', ['install', ...quick, specOf(library)], project)
}

// A folder and a script on the PATH that are named like the tool, a file about it, and a folder with a tool's name.
const files = `
mkdir -p claude .local/bin notes
printf '%s\\n' '#!/bin/sh' 'sleep "$1" & wait' > .local/bin/claude
chmod +x .local/bin/claude
echo 'Notes about claude, codex and gemini.' > notes/claude.md
echo 'A folder for the photographs of Claude.' > claude/readme.txt
`

// Files of this kind come with a repository and say nothing about whoever cloned it.
const clonedRepository = `
set -e
git init --quiet --initial-branch=main origin-repository
cd origin-repository
mkdir -p .claude/commands .cursor/rules .gemini .codex
echo '# Rules for agents' > CLAUDE.md
echo '# Rules for agents' > AGENTS.md
echo '# Rules for agents' > GEMINI.md
echo '{"permissions":{"allow":["Bash(npm test)"]}}' > .claude/settings.json
echo 'Review the change.' > .claude/commands/review.md
echo 'Be brief.' > .cursor/rules/style.mdc
echo '{}' > .gemini/settings.json
echo 'model = "lab-model"' > .codex/config.toml
git add .
git -c user.name=lab -c user.email=lab@localhost commit --quiet -m 'rules'
cd ..
git clone --quiet origin-repository work/cloned-repository
rm -rf origin-repository
`

function startLookAlikes(account: Account, namesake: Account | undefined): Record<string, RunningCommand> {
  const timeoutMs = longLife * 1000
  const bash = requireSystemCommand('bash')
  const start = (argv: readonly string[]) => startAs(account, argv, { timeoutMs })
  const running: Record<string, RunningCommand> = {
    'a script named claude': start([`${account.home}/.local/bin/claude`, String(longLife)]),
    'grep claude': start([bash, '-c', 'tail -f /dev/null | grep claude']),
    'an editor open on claude.md': start([bash, '-c', editor]),
    'exec -a claude sleep': start([bash, '-c', `exec -a claude sleep ${longLife}`]),
    'node -e with the package as text': start([
      'node',
      '-e',
      'setInterval(() => "@anthropic-ai/claude-code", 1e6)',
    ]),
  }
  if (namesake) {
    const sleep = [requireSystemCommand('sleep'), String(longLife)]
    running['a process of the account named claude'] = startAs(namesake, sleep, { timeoutMs })
  }
  return running
}

// An editor wants a terminal, which `script` gives it, and an input that does not end.
const editor = `tail -f /dev/null | script --quiet --return --command 'vi notes/claude.md' /dev/null`

async function shell(account: Account, script: string): Promise<void> {
  await mustRunAs(account, [requireSystemCommand('sh'), '-c', script])
}
