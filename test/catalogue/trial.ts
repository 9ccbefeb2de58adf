// One npm package in an account of its own: installed as people do, asked for its version without a network, used where
// the lab can answer it, and looked at by the agent after each step. The account is gone afterwards.
import { mkdirSync, chownSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { StartOutcome, ToolFile, VerifiedPackage } from '../../shared/tool.ts'
import type { Account } from '../helpers/lab/accounts.ts'
import { runAs } from '../helpers/lab/commands.ts'
import type { Lab } from '../helpers/lab/lab.ts'
import { giveNode, prefixOf, tryNpm } from '../helpers/lab/npm.ts'
import { toolPackages, type ToolId } from '../helpers/lab/tools.ts'
import { makeProject, settleTool, startTool } from '../helpers/lab/use.ts'
import { agentLook, wrongOf } from './agent-look.ts'
import { HomeWatch } from './home-files.ts'
import { isScriptFailure, startOutcome, whyInstallFailed } from './outcomes.ts'
import { programsBelow, wrongOfRenamed } from './renamed-programs.ts'
import { isOfLinux, npmNames, type Offer } from './verified-file.ts'

const installMinutes = 4
const versionTimeoutMs = 20_000
const projectName = 'demo'
/** Of a package with more, the first ones of the catalogue's and then of the alphabet. */
const maxCommands = 4

export interface Trial {
  readonly seen: VerifiedPackage
  /** What the agent told wrongly. */
  readonly wrong: readonly string[]
}

export interface Workshop {
  readonly lab: Lab
  /** The agent's program. */
  readonly agent: string
}

export async function tryPackage(
  { lab, agent }: Workshop,
  tool: ToolFile,
  name: string,
  offer: Offer | null,
): Promise<Trial> {
  if (offer === null) return { seen: { name, outcome: 'not-in-registry' }, wrong: [] }
  const account = lab.accounts.make()
  try {
    return await tryIn(account, { lab, agent }, tool, name, offer)
  } finally {
    lab.accounts.remove(account)
  }
}

async function tryIn(
  account: Account,
  { lab, agent }: Workshop,
  tool: ToolFile,
  name: string,
  offer: Offer,
): Promise<Trial> {
  await giveNode(account)
  const folder = join(account.home, 'work')
  mkdirSync(folder)
  chownSync(folder, account.uid, account.gid)
  const deprecated = offer.deprecated === null ? {} : { deprecated: offer.deprecated }
  const watch = new HomeWatch(account)
  const { outcome, why } = await install(account, name)
  const arrived = outcome === 'install-failed' ? undefined : readManifest(account, name)
  const ended = { ...(why === undefined ? {} : { why }), ...deprecated }
  if (arrived === undefined)
    return { seen: { name, outcome: 'install-failed', version: offer.version, ...ended }, wrong: [] }
  const passing = [account.name, arrived.version]
  const wrong: string[] = []
  const look = async (step: string, states: readonly string[]) =>
    wrong.push(...wrongOf(await agentLook(agent, account), tool.id, states, `${name}, ${step}`))

  const touchedByInstall = watch.touched(passing)
  await look('installed', ['installed', 'started'])

  const commands: Record<string, StartOutcome> = {}
  for (const command of commandsOf(account, tool)) {
    const wishes = { cwd: folder, inside: lab.network, timeoutMs: versionTimeoutMs }
    commands[command] = startOutcome(await runAs(account, [command, '--version'], wishes))
  }
  const touchedByVersion = watch.touched(passing)
  await look('--version', ['installed', 'started'])

  const use = await tryUse(account, lab, tool.id, watch)
  const touchedByUse = use === undefined ? [] : watch.touched([...passing, projectName])
  if (use === 'answered') {
    await look('used', tool.recordsSessions === true ? ['used'] : ['installed', 'started', 'used'])
  }

  // Nothing of it is started any more, and nothing but its programs is taken along.
  const programs =
    tool.signals.build?.some(isOfLinux) === true
      ? programsBelow(join(prefixOf(account), 'lib/node_modules'))
      : []
  const wrongRenamed =
    programs.length === 0 ? [] : await wrongOfRenamed({ lab, agent }, programs, tool.id, `${name}, renamed`)
  wrong.push(...wrongRenamed)

  const along = packagesBelow(join(prefixOf(account), 'lib/node_modules'))
  const others = npmNames(tool.signals).filter((other) => other !== name && along.has(other))
  const touched = {
    ...listed('install', touchedByInstall),
    ...listed('version', touchedByVersion),
    ...listed('use', touchedByUse),
  }
  const seen: VerifiedPackage = {
    name: arrived.name,
    outcome,
    version: arrived.version,
    ...ended,
    ...listed('with', others),
    commands,
    ...(use === undefined ? {} : { use }),
    ...(Object.keys(touched).length === 0 ? {} : { touched }),
    ...(programs.length === 0 ? {} : { renamed: wrongRenamed.length === 0 }),
    detected: wrong.length === 0,
  }
  return { seen, wrong }
}

interface Installation {
  readonly outcome: 'installed' | 'without-scripts' | 'install-failed'
  readonly why?: string
}

/** As people do it; where an install script fails, the rest is still worth a look. */
async function install(account: Account, name: string): Promise<Installation> {
  const limitMs = installMinutes * 60_000
  const whole = await tryNpm(account, ['install', '--global', name], limitMs)
  if (whole.exitCode === 0) return { outcome: 'installed' }
  const why = whyInstallFailed(whole, installMinutes)
  if (!isScriptFailure(whole)) return { outcome: 'install-failed', why }
  const bare = await tryNpm(account, ['install', '--global', '--ignore-scripts', name], limitMs)
  return { outcome: bare.exitCode === 0 ? 'without-scripts' : 'install-failed', why }
}

/** One prompt to a tool that the lab knows how to answer; undefined for the others. */
async function tryUse(
  account: Account,
  { network }: Lab,
  id: string,
  watch: HomeWatch,
): Promise<StartOutcome | undefined> {
  if (!isUsable(id)) return undefined
  const installed = { package: { tool: id }, command: [toolPackages[id].bin] }
  const project = await makeProject(account, `work/${projectName}`)
  const wishes = { kind: 'use', toolCallSeconds: 1, project } as const
  settleTool(account, network, installed, wishes)
  watch.restart() // the project and the settings are ours
  const running = await startTool(account, network, installed, wishes)
  return startOutcome(await running.finished)
}

function isUsable(id: string): id is ToolId {
  return Object.hasOwn(toolPackages, id)
}

function listed<K extends string>(key: K, list: readonly string[]): { [key in K]?: string[] } {
  return list.length === 0 ? {} : ({ [key]: [...list] } as { [key in K]?: string[] }) // one key, of that type
}

/** The package as it arrived, by its own manifest. */
function readManifest(account: Account, name: string): { name: string; version: string } | undefined {
  try {
    const path = join(prefixOf(account), 'lib/node_modules', name, 'package.json')
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown; version?: unknown }
    return { name: String(manifest.name), version: String(manifest.version) }
  } catch {
    return undefined
  }
}

/** The commands that the installation put beside Node; the catalogue's first. */
function commandsOf(account: Account, tool: ToolFile): readonly string[] {
  const known = new Set((tool.signals.command ?? []).map(({ name }) => name))
  const own = readdirSync(join(prefixOf(account), 'bin')).filter(
    (name) => !['node', 'npm', 'npx'].includes(name),
  )
  const rank = (name: string) => (known.has(name) ? 0 : 1)
  return own.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).slice(0, maxCommands)
}

/** Names of all packages in a node_modules folder and in those inside it. */
function packagesBelow(folder: string): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (modules: string): void => {
    for (const entry of foldersIn(modules)) {
      const names = entry.startsWith('@')
        ? foldersIn(join(modules, entry)).map((name) => `${entry}/${name}`)
        : [entry]
      for (const name of names) {
        found.add(name)
        visit(join(modules, name, 'node_modules'))
      }
    }
  }
  visit(folder)
  return found
}

function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  } catch {
    return []
  }
}
