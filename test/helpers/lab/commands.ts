// Runs one command as a throwaway account with an environment made from nothing, inside a network when one is
// given. Must not use a shell, and must hand nothing of this process's environment on.
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

import type { Account } from './accounts.ts'

/** Anything that a command can be put into: the words go before the command. */
export interface Enclosure {
  readonly enter: readonly string[]
}

export interface CommandOptions {
  readonly cwd?: string
  /** Added to the clean environment (see `cleanEnvironment`). */
  readonly env?: Readonly<Record<string, string>>
  readonly inside?: Enclosure
  readonly timeoutMs?: number
}

export interface FinishedCommand {
  readonly argv: readonly string[]
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly timedOut: boolean
  readonly stdout: string
  readonly stderr: string
  /** RFC 3339, UTC, with milliseconds: just before the start and just after the end. */
  readonly startedAt: string
  readonly endedAt: string
}

export interface RunningCommand {
  readonly pid: number
  readonly startedAt: string
  readonly finished: Promise<FinishedCommand>
  /** Kills the command and what is left of its process group; safe to call twice. */
  readonly stop: () => Promise<FinishedCommand>
}

const defaultTimeoutMs = 120_000
const maxOutputBytes = 1024 * 1024
const systemPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** What a log-in would give the account, and nothing of the tests: no npm_config_*, no proxies, no keys. */
export function cleanEnvironment(account: Account): Readonly<Record<string, string>> {
  return {
    HOME: account.home,
    USER: account.name,
    LOGNAME: account.name,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    PATH: [...account.searchPath, ...systemPath].join(':'),
  }
}

/** Absolute path of a system program, or undefined. Only the system's own folders are looked at. */
export function findSystemCommand(name: string): string | undefined {
  for (const folder of systemPath) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // not here: the next folder
    }
  }
  return undefined
}

export function requireSystemCommand(name: string): string {
  const path = findSystemCommand(name)
  if (path === undefined) throw new Error(`the lab needs the command ${name}, and this system has none`)
  return path
}

/** Starts a command as the account and returns at once. `argv[0]` is looked up in the account's PATH. */
export function startAs(
  account: Account,
  argv: readonly string[],
  options: CommandOptions = {},
): RunningCommand {
  const words = [
    ...(options.inside?.enter ?? []),
    requireSystemCommand('setpriv'),
    `--reuid=${account.uid}`,
    `--regid=${account.gid}`,
    '--init-groups',
    '--',
    ...argv,
  ]
  const startedAt = new Date().toISOString()
  // Every program in the chain replaces the one before it (exec), so the pid is the command's own.
  const child = spawn(words[0] ?? '', words.slice(1), {
    cwd: options.cwd ?? account.home,
    env: { ...cleanEnvironment(account), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // its own process group, so that all of it can be killed
  })
  const finished = finish(child, argv, startedAt, options.timeoutMs ?? defaultTimeoutMs)
  const pid = child.pid ?? 0
  const stop = () => {
    killGroup(pid)
    return finished
  }
  return { pid, startedAt, finished, stop }
}

/** Runs a command as the account to its end. A failure of the command is a value, not an exception. */
export function runAs(
  account: Account,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<FinishedCommand> {
  return startAs(account, argv, options).finished
}

/** Like `runAs`, for steps that must succeed: throws with the command's last output when it does not. */
export async function mustRunAs(
  account: Account,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<FinishedCommand> {
  const done = await runAs(account, argv, options)
  if (done.exitCode !== 0) {
    const output = `${done.stdout}\n${done.stderr}`.trim().slice(-2000)
    const end = done.timedOut ? 'took too long' : `ended with ${done.exitCode ?? done.signal}`
    throw new Error(`${argv.join(' ')} as ${account.name} ${end}:\n${output}`)
  }
  return done
}

function finish(
  child: ChildProcess,
  argv: readonly string[],
  startedAt: string,
  timeoutMs: number,
): Promise<FinishedCommand> {
  const out = collect(child.stdout)
  const err = collect(child.stderr)
  return new Promise((resolve, reject) => {
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      killGroup(child.pid ?? 0)
    }, timeoutMs)
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    // 'exit', not 'close': a daemon that a tool leaves behind may hold the pipes open for ever.
    child.once('exit', (exitCode, signal) => {
      clearTimeout(timer)
      const endedAt = new Date().toISOString()
      setImmediate(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
        resolve({ argv, exitCode, signal, timedOut, stdout: out(), stderr: err(), startedAt, endedAt })
      })
    })
  })
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = []
  let bytes = 0
  stream?.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= maxOutputBytes) chunks.push(chunk)
  })
  return () => Buffer.concat(chunks).toString()
}

function killGroup(pid: number): void {
  if (pid <= 1) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // already gone
  }
}
