// Really uses real tools: one non-interactive run against the stand-in for the model APIs, an attempt that is never
// answered, or a bare `--version`. Must run them only inside a loopback network.
import { existsSync, mkdirSync, readFileSync, writeFileSync, chownSync } from 'node:fs'
import { dirname, join } from 'node:path'

import type { Account } from './accounts.ts'
import type { FinishedCommand, RunningCommand } from './commands.ts'
import { mustRunAs, requireSystemCommand, startAs } from './commands.ts'
import type { LoopbackNetwork } from './network.ts'
import type { InstalledTool, ToolId } from './tools.ts'

/**
 * - `use`: answered; one shell tool call that lasts `toolCallSeconds`, then "done"
 * - `refused`: every request is answered with HTTP 401; the tool gives up
 * - `unreachable`: nothing listens where the model should be; most tools would try for minutes and are killed
 * - `version`: the tool is only asked for its version
 */
export type RunKind = 'use' | 'refused' | 'unreachable' | 'version'

export interface RunWishes {
  readonly kind: RunKind
  /** What the shell tool call of a `use` lasts; the session is held, and visible, that long. 2 without it. */
  readonly toolCallSeconds?: number
  /** Folder in which it is used; `~/work/demo`, a new git repository, without it. */
  readonly project?: string
  readonly prompt?: string
  /** Further arguments, such as `--continue`. */
  readonly extra?: readonly string[]
  /** Further variables, such as `CLAUDE_CONFIG_DIR`. */
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

export interface Invocation {
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Settings that the tool reads from a file, by path below the home. */
  readonly files: Readonly<Record<string, unknown>>
}

/** Starts a tool as the account and returns while it runs. `finished` of the result tells how it ended. */
export async function startTool(
  account: Account,
  network: LoopbackNetwork,
  installed: StartableTool,
  wishes: RunWishes,
): Promise<RunningCommand> {
  const project = wishes.project ?? (await makeProject(account, 'work/demo'))
  const invocation = settleTool(account, network, installed, wishes)
  return startAs(account, [...installed.command, ...invocation.words, ...(wishes.extra ?? [])], {
    cwd: project,
    env: { ...invocation.env, ...wishes.env },
    inside: network,
    timeoutMs: wishes.timeoutMs ?? (wishes.kind === 'unreachable' ? 10_000 : 90_000),
  })
}

/** What of an installed tool its runs need. */
export type StartableTool = Pick<InstalledTool, 'command'> & {
  readonly package: { readonly tool: ToolId }
}

/** Writes the settings that a run of the tool needs, as `startTool` would do it, and says how it is called. */
export function settleTool(
  account: Account,
  network: LoopbackNetwork,
  installed: StartableTool,
  wishes: RunWishes,
): Invocation {
  const base = modelAddress(network, wishes)
  const invocation =
    wishes.kind === 'version'
      ? { words: ['--version'], env: {}, files: {} }
      : invocations[installed.package.tool](base, wishes.prompt ?? 'say hello')
  for (const [path, content] of Object.entries(invocation.files)) writeSettings(account, path, content)
  return invocation
}

/** Runs a tool to its end. Its failure is a value; a `use` that is not answered throws, for nothing was tested then. */
export async function runTool(
  account: Account,
  network: LoopbackNetwork,
  installed: InstalledTool,
  wishes: RunWishes,
): Promise<FinishedCommand> {
  const running = await startTool(account, network, installed, wishes)
  const finished = await running.finished
  if (wishes.kind === 'use' && finished.exitCode !== 0) {
    const output = `${finished.stdout}\n${finished.stderr}`.trim().slice(-2000)
    throw new Error(
      `${installed.package.tool} was not answered (exit status ${finished.exitCode}):\n${output}`,
    )
  }
  return finished
}

/** A git repository with one file in it, below the account's home. Safe to call again. Returns its path. */
export async function makeProject(account: Account, path: string): Promise<string> {
  const project = join(account.home, path)
  if (existsSync(project)) return project
  await mustRunAs(account, [requireSystemCommand('mkdir'), '-p', project])
  await mustRunAs(account, ['git', 'init', '--quiet', project])
  return project
}

function modelAddress(network: LoopbackNetwork, { kind, toolCallSeconds }: RunWishes): string {
  if (kind === 'refused') return `${network.modelUrl}/refuse/401`
  if (kind === 'unreachable') return 'http://127.0.0.1:9' // the discard port: nothing listens inside the network
  return `${network.modelUrl}/sleep/${toolCallSeconds ?? 2}`
}

// How each tool is told where the model is, not to ask before it runs a command, and to give up early where it can.
const invocations: Readonly<Record<ToolId, (base: string, prompt: string) => Invocation>> = {
  'claude-code': (base, prompt) => ({
    words: ['-p', prompt, '--dangerously-skip-permissions'],
    env: { ANTHROPIC_BASE_URL: base, ANTHROPIC_API_KEY: 'lab', CLAUDE_CODE_MAX_RETRIES: '1' },
    files: {},
  }),
  'codex-cli': (base, prompt) => ({
    words: [
      ...['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'],
      // An unknown model gets the plain set of tools; the known ones get a script runner that the stand-in cannot use.
      ...['-m', 'lab-model', '-c', 'model_provider="lab"', '-c', codexProvider(base)],
      prompt,
    ],
    env: { LAB_KEY: 'lab' },
    files: {},
  }),
  'gemini-cli': (base, prompt) => ({
    words: ['-p', prompt, '--yolo'],
    env: { GEMINI_API_KEY: 'lab', GOOGLE_GEMINI_BASE_URL: base, GEMINI_CLI_TRUST_WORKSPACE: 'true' },
    // With another base address Gemini takes no key from the environment unless this was chosen before.
    files: { '.gemini/settings.json': { security: { auth: { selectedType: 'gemini-api-key' } } } },
  }),
  opencode: (base, prompt) => ({
    words: ['run', '--model', 'lab/lab-model', prompt],
    env: { OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1' },
    files: {
      '.config/opencode/opencode.json': {
        autoupdate: false,
        share: 'disabled',
        provider: {
          lab: {
            npm: '@ai-sdk/openai-compatible',
            name: 'lab',
            options: { baseURL: `${base}/v1`, apiKey: 'lab' },
            models: { 'lab-model': { name: 'lab-model' } },
          },
        },
      },
    },
  }),
  pi: (base, prompt) => ({
    words: ['--provider', 'lab', '--model', 'lab-model', '-p', prompt],
    env: {},
    files: {
      '.pi/agent/models.json': {
        providers: {
          lab: {
            baseUrl: `${base}/v1`,
            api: 'openai-completions',
            apiKey: 'lab',
            models: [{ id: 'lab-model' }],
          },
        },
      },
    },
  }),
}

function codexProvider(base: string): string {
  const settings = ['name="lab"', 'wire_api="responses"', 'env_key="LAB_KEY"', `base_url="${base}/v1"`]
  return `model_providers.lab={${[...settings, 'request_max_retries=0', 'stream_max_retries=0'].join(',')}}`
}

/** Writes a settings file unless it already says so: the file's time should tell when it was really changed. */
function writeSettings(account: Account, path: string, content: unknown): void {
  const file = join(account.home, path)
  const text = `${JSON.stringify(content, null, 2)}\n`
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  let folder = dirname(file)
  const made: string[] = []
  while (!existsSync(folder)) {
    made.push(folder)
    folder = dirname(folder)
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  for (const own of [...made, file]) chownSync(own, account.uid, account.gid)
}
