// The server's command line. Reads arguments, environment and policy files; everything else is done elsewhere.
import { readFileSync } from 'node:fs'
import pino from 'pino'
import { readConfig, type Config } from './config.ts'
import type { Context } from './context.ts'
import { publicKeyOf } from './crypto.ts'
import { fingerprintOf, KeyError } from './keys.ts'
import { openContext, processSurroundings } from './open-context.ts'
import { applyPolicy, checkCandidate, readPolicyText, type PolicyResult } from './policy/activate.ts'
import { planPolicy, type Plan } from './policy/plan.ts'
import { ListenError, serve } from './serve.ts'
import { makeEnrolToken } from './session/enrol-token.ts'
import { makeLoginLink } from './session/session.ts'
import { DatabaseError } from './store/database.ts'
import { policyRows, versionOf } from './store/rulebook.ts'

const usage = `cutoff-server COMMAND

  serve               run the server
  policy plan FILE    show which findings a policy would change, and change nothing
  policy apply FILE   put a policy into force
  enrol-token         make a token with which agents enrol (--once: for one device; --days N, default 30)
  user link           make a one-time login link for the administrator
  keys                show the public keys and the fingerprint that agents are given by the managed side

The environment says the rest: CUTOFF_DATA, CUTOFF_DATABASE_URL, CUTOFF_LISTEN, CUTOFF_PUBLIC_URL, …
`

/** A command that cannot be done, in one sentence that says what to do. */
class CommandError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

async function withContext<T>(config: Config, work: (context: Context) => Promise<T>): Promise<T> {
  const context = openContext(config, processSurroundings(pino({ level: 'silent' })))
  try {
    return await work(context)
  } finally {
    await context.store.close()
  }
}

async function run(args: readonly string[], config: Config): Promise<number> {
  const [command = '', ...rest] = args
  switch (command) {
    case 'serve':
      return runServer(config)
    case 'policy':
      return withContext(config, (context) => runPolicy(context, rest))
    case 'enrol-token':
      return withContext(config, (context) => printEnrolToken(context, rest))
    case 'user':
      if (rest[0] !== 'link')
        throw new CommandError('usage', 'There is one thing to do with users: user link.')
      return withContext(config, async (context) => {
        say(await makeLoginLink(context))
        return 0
      })
    case 'keys':
      return withContext(config, async ({ keys }) => {
        say(`organisation key          ${publicKeyOf(keys.organisation)}`)
        say(`organisation fingerprint  ${fingerprintOf(keys.organisation)}`)
        say(`server key                ${publicKeyOf(keys.server)}`)
        return 0
      })
    case '':
    case 'help':
    case '--help':
      say(usage)
      return 0
    default:
      throw new CommandError('usage', `There is no command "${command}": see cutoff-server help.`)
  }
}

async function runServer(config: Config): Promise<number> {
  const log = pino({ level: config.logLevel }, pino.destination(2))
  const running = await serve(openContext(config, processSurroundings(log)))
  log.info({ url: config.publicUrl }, 'the server is up')
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  await running.stop()
  return 0
}

async function runPolicy(context: Context, [what, file]: readonly string[]): Promise<number> {
  if ((what !== 'plan' && what !== 'apply') || file === undefined) {
    throw new CommandError('usage', 'Name what to do and the file: policy plan FILE, or policy apply FILE.')
  }
  const read = readPolicyText(readText(file))
  if ('problem' in read) throw refusal(file, { ok: false, code: 'policy-invalid', problems: [read.problem] })
  if (what === 'apply') {
    const result = await applyPolicy(context, read.value, 'command line')
    if (!result.ok) throw refusal(file, result)
    say(`Policy version ${result.version.policy.version} is in force.`)
    return 0
  }
  const versions = (await policyRows(context.store.read)).map(versionOf)
  const toolIds = context.catalogue.tools.map((tool) => tool.id)
  const checked = checkCandidate(read.value, versions, toolIds, context.now())
  if (!checked.ok) throw refusal(file, checked)
  printPlan(await planPolicy(context, checked.policy))
  return 0
}

function printPlan(plan: Plan): void {
  if (plan.changes.length === 0) say(`Policy version ${plan.version} would change no finding.`)
  for (const { from, to, count } of plan.changes) say(`${count} × ${from ?? 'nothing'} → ${to ?? 'nothing'}`)
  if (plan.changes.length > 0)
    say(`${plan.accounts} accounts concerned, ${plan.unchanged} findings unchanged.`)
  for (const { host, account, tool, from, to } of plan.subjects) {
    say(`  ${host} ${account ?? '(machine)'} ${tool}: ${from ?? 'nothing'} → ${to ?? 'nothing'}`)
  }
}

async function printEnrolToken(context: Context, args: readonly string[]): Promise<number> {
  const at = args.indexOf('--days')
  const days = at < 0 ? 30 : Number(args[at + 1])
  if (!Number.isInteger(days) || days < 1 || days > 365) {
    throw new CommandError('usage', '--days takes a number of days from 1 to 365.')
  }
  const maxUses = args.includes('--once') ? 1 : null
  const made = await makeEnrolToken(context, { by: 'command line', validMs: days * 86_400_000, maxUses })
  say(made.token)
  return 0
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new CommandError(
      'file-unreadable',
      `The file ${file} cannot be read (${code}): check its name and rights.`,
    )
  }
}

function refusal(file: string, result: Extract<PolicyResult, { ok: false }>): CommandError {
  if (result.code === 'policy-version') {
    return new CommandError(
      'policy-version',
      `Version ${result.current} is in force: give ${file} a higher one.`,
    )
  }
  const lines = result.problems.map(({ path, message }) => `  ${path.join('.') || '(file)'}: ${message}`)
  return new CommandError('policy-invalid', `The policy ${file} has mistakes:\n${lines.join('\n')}`)
}

try {
  const read = readConfig(process.env)
  if (!read.ok) throw new CommandError('config-invalid', read.message)
  process.exitCode = await run(process.argv.slice(2), read.config)
} catch (error) {
  const expected =
    error instanceof CommandError ||
    error instanceof DatabaseError ||
    error instanceof KeyError ||
    error instanceof ListenError
  if (!expected) throw error
  process.stderr.write(`cutoff-server: ${error.message} [${error.code}]\n`)
  process.exitCode = 1
}
