// A network of its own with nothing in it but loopback and the stand-in for the model APIs. The stand-in's process
// holds the network: when it ends, nothing of it is left. Only the network is separate: pids, mounts and users stay
// the system's, so what runs inside looks to the agent like anything else. Needs root.
import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import type { SeenRequest } from '../mock-llm.ts'
import type { Enclosure } from './commands.ts'
import { findSystemCommand, requireSystemCommand } from './commands.ts'

export interface LoopbackNetwork extends Enclosure {
  /** Base address of the stand-in, reachable only from inside, without a slash at its end. */
  readonly modelUrl: string
  /** What the stand-in was asked for so far. */
  readonly requests: () => readonly SeenRequest[]
  readonly close: () => Promise<void>
}

const mockProgram = fileURLToPath(new URL('../mock-llm.ts', import.meta.url))

/** Whether this process may make a network of its own (root, util-linux, iproute2, and a kernel that lets it). */
export function canIsolateNetwork(): boolean {
  if (process.getuid?.() !== 0) return false
  if (!['unshare', 'nsenter', 'ip', 'sh'].every((name) => findSystemCommand(name) !== undefined)) return false
  try {
    execFileSync(
      requireSystemCommand('unshare'),
      ['--net', '--', requireSystemCommand('ip'), 'link', 'set', 'lo', 'up'],
      {
        stdio: 'ignore',
      },
    )
    return true
  } catch {
    return false
  }
}

/** Makes the network, starts the stand-in in it and waits until it listens. */
export async function openLoopbackNetwork(): Promise<LoopbackNetwork> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-e2e-network-'))
  const log = join(folder, 'requests.ndjson')
  const script = `${requireSystemCommand('ip')} link set lo up && exec "$@"`
  const holder = spawn(
    requireSystemCommand('unshare'),
    ['--net', '--', requireSystemCommand('sh'), '-c', script, 'sh', process.execPath, mockProgram, '0', log],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: '/usr/bin:/bin' } },
  )
  const killHolder = () => holder.kill('SIGKILL')
  process.once('exit', killHolder)
  const modelUrl = await firstLine(holder)
  return {
    enter: [requireSystemCommand('nsenter'), `--net=/proc/${holder.pid}/ns/net`, '--'],
    modelUrl,
    requests: () => readRequests(log),
    close: async () => {
      process.removeListener('exit', killHolder)
      if (holder.exitCode === null && holder.signalCode === null) {
        const ended = new Promise((resolve) => holder.once('exit', resolve))
        killHolder()
        await ended
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function firstLine(holder: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    holder.once('error', reject)
    holder.once('exit', (code) =>
      reject(new Error(`the stand-in for the model APIs ended at once (${code})`)),
    )
    if (holder.stdout) createInterface(holder.stdout).once('line', resolve)
  })
}

function readRequests(log: string): SeenRequest[] {
  try {
    const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean)
    return lines.map((line) => JSON.parse(line) as SeenRequest) // written by our own stand-in
  } catch {
    return [] // nothing asked yet
  }
}
