// Where a start finds and keeps its things: data, addresses, environments; and what it says when it cannot.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { Environment } from './children.ts'
import { residentEnvironment } from './resident-environment.ts'

/** What stops a start, in one sentence that says what to do. */
export class StartError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface Setting {
  readonly root: string
  readonly data: string
  /** Of the server and its commands. */
  readonly env: Environment
  readonly agentEnv: Environment
  readonly url: string
}

export function settingOf(root: string, env: Environment): Setting {
  const given = env['CUTOFF_DATA'] ?? ''
  const data = given === '' ? join(root, '.cutoff') : isAbsolute(given) ? given : resolve(given)
  const listen =
    env['CUTOFF_LISTEN'] === undefined || env['CUTOFF_LISTEN'] === ''
      ? '127.0.0.1:8740'
      : env['CUTOFF_LISTEN']
  const publicUrl = env['CUTOFF_PUBLIC_URL'] ?? ''
  return {
    root,
    data,
    env: {
      ...env,
      CUTOFF_DATA: data,
      CUTOFF_LISTEN: listen,
      CUTOFF_WEB: join(root, 'dist/web'),
      CUTOFF_LOG: 'debug',
    },
    agentEnv: { ...env, ...residentEnvironment, CUTOFF_STATE: join(data, 'agent') },
    url: publicUrl === '' ? `http://${listen}` : publicUrl,
  }
}

export function makeFolder(data: string): void {
  try {
    makeMissing(data)
    const probe = join(data, '.writable')
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new StartError(
      'data-unwritable',
      `The folder ${data} cannot be written (${code}): check its owner and rights, or name another in CUTOFF_DATA.`,
    )
  }
}

/** Step by step: Node's own `recursive` never returns where a system refuses to make folders by ENOENT, as /proc does. */
function makeMissing(folder: string): void {
  if (existsSync(folder)) return
  if (dirname(folder) !== folder) makeMissing(dirname(folder))
  mkdirSync(folder, { mode: 0o700 })
}

/** A program's own last sentence and code, `cutoff-server: … [code]`, as our failure. */
export function toldError(code: string, text: string): StartError {
  const told = /^cutoff-[a-z]+: ([\s\S]*) \[([a-z-]+)\]$/m.exec(text.trim())
  if (told) return new StartError(told[2] ?? code, told[1] ?? '')
  return new StartError(code, text.trim().split('\n').slice(-3).join(' ') || 'It said nothing.')
}
