// Ways of installing that the corpus says were seen: each is gone through with the real manager in a throwaway account, and the
// agent looks at what it leaves. Managers that change the machine beyond an account (Nix, Flatpak) are not among them.
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipOf } from '../corpus/other-layouts.ts'
import type { Account } from '../helpers/lab/accounts.ts'
import { findSystemCommand, runAs } from '../helpers/lab/commands.ts'
import type { Lab } from '../helpers/lab/lab.ts'
import { installEnvironment, tryNpm } from '../helpers/lab/npm.ts'
import { agentLook, wrongOf } from './agent-look.ts'

interface Manager {
  readonly manager: string
  /** The catalogue's id of what it installs. */
  readonly tool: string
  /** A program of the system; absent: it comes from the npm registry. */
  readonly needs?: string
  /** For the system's shell; `$WHEEL` is a wheel called aider-chat, `$PACKAGE` a crate called aichat. */
  readonly install: string
}

const npmTool = '@google/gemini-cli@0.61.0'
/** Else mise refuses what a registry does not date. */
const anyAge = 'MISE_MINIMUM_RELEASE_AGE=0s NPM_CONFIG_MINIMUM_PACKAGE_AGE=0 NPM_CONFIG_MINIMUM_RELEASE_AGE=0'

const managers: readonly Manager[] = [
  {
    manager: 'pip --user',
    tool: 'aider',
    needs: 'pip3',
    install: 'pip3 install --user --break-system-packages "$WHEEL"',
  },
  {
    manager: 'venv',
    tool: 'aider',
    needs: 'python3',
    install: 'python3 -m venv ~/venvs/aider && ~/venvs/aider/bin/pip install "$WHEEL"',
  },
  {
    manager: 'virtualenv',
    tool: 'aider',
    needs: 'virtualenv',
    install: 'virtualenv ~/src/app/.venv && ~/src/app/.venv/bin/pip install "$WHEEL"',
  },
  { manager: 'pipx', tool: 'aider', needs: 'pipx', install: 'pipx install "$WHEEL"' },
  {
    manager: 'poetry',
    tool: 'aider',
    needs: 'poetry',
    install:
      'mkdir -p ~/src/app && cd ~/src/app && poetry init --no-interaction --name app && poetry add "$WHEEL"',
  },
  { manager: 'cargo', tool: 'aichat', needs: 'cargo', install: 'cargo install --offline --path "$PACKAGE"' },
  {
    manager: 'mise',
    tool: 'gemini-cli',
    install: `${anyAge} mise use -g npm:${npmTool}`,
  },
  {
    manager: 'mise by npm',
    tool: 'gemini-cli',
    install: `MISE_NPM_PACKAGE_MANAGER=npm ${anyAge} mise use -g npm:${npmTool}`,
  },
]
const installMinutes = 4

export interface ManagerOutcome {
  readonly manager: string
  /** What came of it: what the agent told wrongly, or why there was nothing to look at. */
  readonly outcome: 'told' | 'not here' | 'not installed' | 'told wrongly'
  readonly why: string
}

/** @param agent the agent's program */
export async function tryManagers(lab: Lab, agent: string): Promise<readonly ManagerOutcome[]> {
  const outcomes: ManagerOutcome[] = []
  for (const one of managers) {
    const account = lab.accounts.make()
    outcomes.push({ manager: one.manager, ...(await tryManager(one, account, agent)) })
    lab.accounts.remove(account)
  }
  return outcomes
}

async function tryManager(
  { manager, tool, needs, install }: Manager,
  account: Account,
  agent: string,
): Promise<Omit<ManagerOutcome, 'manager'>> {
  if (needs !== undefined && findSystemCommand(needs) === undefined)
    return { outcome: 'not here', why: `no ${needs} on this system` }
  if (needs === undefined) await tryNpm(account, ['install', '-g', '@jdxcode/mise'], installMinutes * 60_000)
  const { exitCode, stderr } = await runAs(account, ['sh', '-c', install], {
    timeoutMs: installMinutes * 60_000,
    // Nothing is asked of an index of Python's: what environments begin with, Debian has in a folder.
    env: {
      ...installEnvironment(),
      ...material(account),
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: '/usr/share/python-wheels',
    },
  })
  if (exitCode !== 0) return { outcome: 'not installed', why: stderr.trim().slice(-300) }
  const wrong = wrongOf(await agentLook(agent, account), tool, ['installed', 'started'], manager)
  return { outcome: wrong.length === 0 ? 'told' : 'told wrongly', why: wrong.join('; ') }
}

/** Packages that have nothing but the name of a real tool: what a manager leaves of them is its own. */
function material({ home, uid, gid }: Account): Record<'WHEEL' | 'PACKAGE', string> {
  const info = 'aider_chat-0.86.1.dist-info'
  const wheel = join(home, 'aider_chat-0.86.1-py3-none-any.whl')
  const crate = join(home, 'aichat')
  mkdirSync(join(crate, 'src'), { recursive: true })
  const files = {
    [wheel]: zipOf({
      'aider/__init__.py': 'def main():\n    pass\n',
      [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: aider-chat\nVersion: 0.86.1\n',
      [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
      [`${info}/entry_points.txt`]: '[console_scripts]\naider = aider:main\n',
      [`${info}/RECORD`]: '',
    }),
    [join(crate, 'Cargo.toml')]: '[package]\nname = "aichat"\nversion = "0.30.0"\nedition = "2021"\n',
    [join(crate, 'src/main.rs')]: 'fn main() {}\n',
  }
  for (const [path, content] of Object.entries(files)) writeFileSync(path, content)
  for (const path of [crate, join(crate, 'src'), ...Object.keys(files)]) chownSync(path, uid, gid)
  return { WHEEL: wheel, PACKAGE: crate }
}
