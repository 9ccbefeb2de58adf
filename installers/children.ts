// The programs that `npm start` runs: commands that end, and children that live as long as it does. Their output goes to
// log files; what they say of a failure is passed on.
import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export type Environment = Readonly<Record<string, string | undefined>>

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a script of the checkout to its end. */
export function runScript(
  root: string,
  script: string,
  args: readonly string[],
  env: Environment,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, stdout, stderr }))
  })
}

export interface Child {
  readonly pid: number | undefined
  /** Resolves when it has ended, with its last words. */
  readonly ended: Promise<{ readonly status: number | null; readonly lastWords: string }>
  /** Asks it to stop and waits; kills it if it does not. */
  readonly stop: () => Promise<void>
}

export interface ChildOptions {
  readonly root: string
  readonly script: string
  readonly args: readonly string[]
  readonly env: Environment
  readonly logFile: string
  readonly onLine?: (line: string) => void
}

const stopWithinMs = 10_000
const maxLogBytes = 5_000_000

/** Starts a script of the checkout that stops when this process does, even when it is killed. */
export function startChild({ root, script, args, env, logFile, onLine }: ChildOptions): Child {
  if (existsSync(logFile) && statSync(logFile).size > maxLogBytes) rmSync(logFile)
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  const preload = pathToFileURL(join(root, 'installers/stop-with-parent.mjs')).href
  const child = spawn(process.execPath, ['--import', preload, join(root, script), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C reaches the starter alone, which stops the agent before the server that it reports to.
    detached: process.platform !== 'win32',
  })
  let lastWords = ''
  let line = ''
  const take = (text: string): void => {
    log.write(text)
    lastWords = (lastWords + text).slice(-4000)
    const lines = (line + text).split('\n')
    line = lines.pop() ?? ''
    for (const whole of lines) onLine?.(whole)
  }
  child.stdout?.setEncoding('utf8').on('data', take)
  child.stderr?.setEncoding('utf8').on('data', take)
  const ended = new Promise<{ status: number | null; lastWords: string }>((resolve) => {
    child.once('error', (error) => resolve({ status: null, lastWords: error.message }))
    // Not 'close', which does not come after a channel was closed from here; its last output is there a moment later.
    child.once('exit', (status) => {
      setTimeout(() => {
        log.end()
        resolve({ status, lastWords: lastWords.trim() })
      }, 50)
    })
  })
  return { pid: child.pid, ended, stop: () => stop(child, ended) }
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  // The preloaded module takes the closed channel for a request to stop, on every system.
  if (child.connected) child.disconnect()
  const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  await ended
  clearTimeout(late)
}
