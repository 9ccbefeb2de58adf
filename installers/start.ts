// `npm start`: everything for a first look, on this machine alone. Builds the dashboard, runs the server, enrols this
// machine's agent, waits for its first report and prints what was found. Ctrl-C stops it all; it can be killed at any time.
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { wordsOf } from '../shared/words.ts'
import { runScript, startChild, type Child } from './children.ts'
import { buildDashboardIfStale } from './dashboard.ts'
import { examplePolicy } from './example-policy.ts'
import { foundLines, type FoundDevice } from './found-table.ts'
import { makeFolder, settingOf, StartError, toldError, type Setting } from './setting.ts'

const readyWithinMs = 20_000
const foundWithinMs = 180_000
/** Children of a start that was killed need this long to notice. */
const staleWithinMs = 6000

function say(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** Refuses to start beside a server that is up; waits for one whose starter was killed to notice. */
async function requireFreePort({ url, data }: Setting): Promise<void> {
  const until = Date.now() + staleWithinMs
  while (await answers(`${url}/livez`)) {
    const pid = readStarter(data)
    if (pid !== null && isAlive(pid)) {
      throw new StartError(
        'already-running',
        `Cutoff runs already at ${url} (process ${pid}): use it, or stop it first.`,
      )
    }
    if (Date.now() > until) {
      throw new StartError(
        'port-taken',
        `A Cutoff server answers at ${url} already: stop it, or name another address in CUTOFF_LISTEN.`,
      )
    }
    await sleep(300)
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
    return response.ok
  } catch {
    return false // nobody there, or no server of ours
  }
}

function readStarter(data: string): number | null {
  try {
    const pid = Number(readFileSync(join(data, 'start.pid'), 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Runs a command of the server; its own sentence is the failure. */
async function server({ root, env }: Setting, args: readonly string[]): Promise<string> {
  const run = await runScript(root, 'server/main.ts', args, env)
  if (run.status === 0) return run.stdout.trim()
  throw toldError('server-failed', run.stderr)
}

async function applyPolicy(setting: Setting): Promise<void> {
  const file = join(setting.data, 'policy.yaml')
  if (!existsSync(file)) writeFileSync(file, examplePolicy)
  try {
    await server(setting, ['policy', 'apply', file])
  } catch (error) {
    // The version in the file is in force, or an older one: what the dashboard applied since then holds.
    if (!(error instanceof StartError) || error.code !== 'policy-version') throw error
  }
}

async function startServer(setting: Setting, onReport: () => void): Promise<Child> {
  const child = startChild({
    root: setting.root,
    script: 'server/main.ts',
    args: ['serve'],
    env: setting.env,
    logFile: join(setting.data, 'server.log'),
    onLine: (line) => {
      if (line.includes('"msg":"check-in"')) onReport()
    },
  })
  let ended: { lastWords: string } | null = null
  void child.ended.then((end) => (ended = end))
  const until = Date.now() + readyWithinMs
  for (;;) {
    if (ended !== null) throw toldError('server-failed', lastLine(ended as { lastWords: string }))
    if (await answers(`${setting.url}/readyz`)) return child
    if (Date.now() > until) {
      await child.stop()
      throw new StartError(
        'server-slow',
        `The server does not answer at ${setting.url}: see ${join(setting.data, 'server.log')}.`,
      )
    }
    await sleep(100)
  }
}

function lastLine({ lastWords }: { readonly lastWords: string }): string {
  return lastWords.split('\n').at(-1) ?? ''
}

/** Makes this machine's agent known to the server, if it is not yet; answers the device's id. */
async function enrolAgent(setting: Setting): Promise<string> {
  const { root, data, agentEnv, url } = setting
  const tokenFile = join(data, 'enrol-token')
  const fingerprint = /^organisation fingerprint\s+(.*)$/m.exec(await server(setting, ['keys']))?.[1] ?? ''
  try {
    writeFileSync(tokenFile, await server(setting, ['enrol-token', '--once', '--days', '1']), { mode: 0o600 })
    chmodSync(tokenFile, 0o600)
    const args = [
      'enrol',
      '--server',
      url,
      '--token-file',
      tokenFile,
      '--organisation-key-fingerprint',
      fingerprint,
    ]
    const run = await runScript(root, 'agent/main.ts', args, agentEnv)
    const device = / as (\S+?)\.?\s*$/.exec(run.stdout.trim())?.[1]
    if (run.status === 0 && device !== undefined) return device
    throw toldError('agent-failed', run.stderr)
  } finally {
    rmSync(tokenFile, { force: true })
  }
}

type DeviceAnswer = FoundDevice & {
  readonly policyVersion: number | null
  readonly lastSeenAt: number | null
  readonly scan: { readonly policyVersion: number | null } | null
}

async function readDevice(setting: Setting, device: string, reason: string | null): Promise<DeviceAnswer> {
  try {
    const told = reason === null ? [] : ['--reason', reason]
    // Printed by the server's `device` command of this same checkout.
    return JSON.parse(await server(setting, ['device', device, ...told])) as DeviceAnswer
  } catch (error) {
    if (!(error instanceof StartError) || error.code !== 'not-found') throw error
    const folder = join(setting.data, 'agent')
    throw new StartError(
      'agent-foreign',
      `The agent's state in ${folder} belongs to a server that is gone: delete that folder and start again.`,
    )
  }
}

/** Waits until the agent has looked under the policy in force and reported; false when time runs out. */
async function waitForLook(
  setting: Setting,
  device: string,
  reports: { count: number },
  since: number,
): Promise<boolean> {
  const until = Date.now() + foundWithinMs
  let seen = -1
  while (Date.now() < until && !stopping) {
    if (seen !== reports.count) {
      seen = reports.count
      const held = await readDevice(setting, device, null)
      const reported = held.lastSeenAt !== null && held.lastSeenAt >= since
      if (reported && held.scan !== null && held.scan.policyVersion === held.policyVersion) return true
    }
    await sleep(200)
  }
  return false
}

let stopping = false

async function start(setting: Setting): Promise<void> {
  makeFolder(setting.data)
  await requireFreePort(setting)
  const build = buildDashboardIfStale(setting.root)
  if (build.outcome === 'built') say('Built the dashboard.')
  if (build.outcome === 'failed')
    say(`The dashboard could not be built; the server runs without it.\n${build.output.trim()}`)
  await applyPolicy(setting)

  const reports = { count: 0 }
  const children: Child[] = []
  const pidFile = join(setting.data, 'start.pid')
  const asked = askedToStop()
  try {
    const since = Date.now()
    const serverChild = await startServer(setting, () => reports.count++)
    children.push(serverChild)
    writeFileSync(pidFile, String(process.pid))
    const device = await enrolAgent(setting)
    const agent = startChild({
      root: setting.root,
      script: 'agent/main.ts',
      args: ['run'],
      env: setting.agentEnv,
      logFile: join(setting.data, 'agent.log'),
    })
    children.unshift(agent)
    const broken = firstToEnd(serverChild, agent)
    say('Looking at this machine…')
    const looked = await Promise.race([
      waitForLook(setting, device, reports, since),
      broken,
      asked.then(() => false),
    ])
    if (!stopping) await tell(setting, device, looked)
    await Promise.race([asked, broken])
  } finally {
    stopping = true
    for (const child of children) await child.stop()
    rmSync(pidFile, { force: true })
  }
}

/** Rejects when a child ends that should not. */
function firstToEnd(serverChild: Child, agent: Child): Promise<never> {
  const fails = async (child: Child, code: string): Promise<never> => {
    const end = await child.ended
    if (stopping) return new Promise(() => undefined)
    throw toldError(code, lastLine(end))
  }
  return Promise.race([fails(serverChild, 'server-failed'), fails(agent, 'agent-failed')])
}

async function tell(setting: Setting, device: string, looked: boolean): Promise<void> {
  const held = await readDevice(setting, device, 'npm start shows this machine’s own findings')
  say()
  if (!looked) say('The first look takes longer than expected; this is what has been reported so far.')
  for (const line of foundLines(held, wordsOf('en'))) say(line)
  say()
  say(`Dashboard: ${await server(setting, ['user', 'link'])}`)
  say('  The link signs you in once. Names are hidden in the dashboard until you say why you need them.')
  say(`Data: ${setting.data} (the policy is policy.yaml there). Stop with Ctrl-C.`)
}

/** Resolves at the first Ctrl-C or other request to stop, and when whoever started us is gone. */
function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    const ask = (): void => {
      if (!stopping) say('\nStopping…')
      stopping = true
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
    const parent = process.ppid
    // npm may be killed without a word to us; nobody would then know that we still run.
    setInterval(() => process.ppid !== parent && ask(), 1000).unref()
  })
}

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
try {
  await start(settingOf(root, process.env))
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(`cutoff: ${error.message} [${error.code}]\n`)
  process.exitCode = 1
}
