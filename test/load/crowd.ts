// Thousands of sleeping processes of throwaway accounts. They end when their end is asked for, and when this process is gone.
import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, mkdirSync } from 'node:fs'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import type { Account } from '../helpers/lab/accounts.ts'

/** Without the C program: a shell's, whose command lines are short. */
const shellScript =
  'n=0; while [ $n -lt "$1" ]; do sleep 1000000 & n=$((n+1)); done; echo ready; read -r _; kill $(jobs -p)'

export interface Crowd {
  readonly close: () => Promise<void>
}

/** `program`: sleepers.c compiled; each account then runs a copy in its own home. Resolves once all of them run. */
export async function startCrowd(
  accounts: readonly Account[],
  count: number,
  program: string | undefined,
): Promise<Crowd> {
  const starters: ChildProcess[] = []
  for (const [index, account] of accounts.entries()) {
    const share = Math.floor((count + index) / accounts.length)
    const { uid, gid } = account
    const starter =
      program === undefined
        ? spawn('/bin/sh', ['-c', shellScript, 'sh', String(share)], {
            uid,
            gid,
            stdio: ['pipe', 'pipe', 'inherit'],
          })
        : spawn(program, [String(share), String(uid), String(gid), ownCopy(account, program)], {
            stdio: ['pipe', 'pipe', 'inherit'],
          })
    starters.push(starter)
    await Promise.race([once(starter.stdout ?? starter, 'data'), failure(starter)])
  }
  return {
    async close() {
      for (const starter of starters) {
        if (starter.exitCode !== null) continue
        const ended = once(starter, 'exit')
        starter.stdin?.end()
        await ended
      }
    },
  }
}

function ownCopy({ home, uid, gid }: Account, program: string): string {
  const copy = join(home, '.local/share/example/bin/example-helper')
  mkdirSync(dirname(copy), { recursive: true })
  copyFileSync(program, copy)
  chmodSync(copy, 0o755)
  chownSync(copy, uid, gid)
  return copy
}

async function failure(starter: ChildProcess): Promise<never> {
  const [code] = await once(starter, 'exit')
  throw new Error(`the processes to measure with could not be started: ${String(code)}`)
}
