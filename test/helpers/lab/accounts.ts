// Throwaway accounts of this Linux system: made with useradd, removed with their home, their processes and what
// they left in /tmp. Needs root. Must never touch an account that it did not make.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { lstatSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { findSystemCommand, requireSystemCommand } from './commands.ts'

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  /** Folders that come first in the account's PATH, as its own version managers would put them there. */
  readonly searchPath: readonly string[]
}

export interface AccountWishes {
  /** A fixed name, for look-alikes; without it `cutoff-e2e-<random>`. */
  readonly name?: string
  /** Folder in which the home is made; /home without it. */
  readonly homeRoot?: string
}

export const nodeVersion = 'v26.10.0'

// Written into the account's comment field, so that a later run knows whose account it is and may clear it away.
const commentPrefix = 'cutoff end-to-end test of process '

/** Whether this process may make accounts at all. Tests that need them are skipped, and counted, where not. */
export function canMakeAccounts(): boolean {
  const isRoot = process.getuid?.() === 0
  return isRoot && ['useradd', 'userdel', 'setpriv'].every((name) => findSystemCommand(name) !== undefined)
}

/** Makes one account with its own group and a home of mode 0700. Throws when the name is taken. */
export function makeAccount(wishes: AccountWishes = {}): Account {
  const name = wishes.name ?? `cutoff-e2e-${randomBytes(4).toString('hex')}`
  const home = join(wishes.homeRoot ?? '/home', name)
  execFileSync(
    requireSystemCommand('useradd'),
    [
      '--create-home',
      '--user-group',
      `--home-dir=${home}`,
      '--shell=/bin/bash',
      `--comment=${commentPrefix}${process.pid}`,
      '--key=HOME_MODE=0700',
      name,
    ],
    { stdio: 'pipe' },
  )
  const { uid, gid } = statSync(home)
  const searchPath = [join(home, '.nvm/versions/node', nodeVersion, 'bin'), join(home, '.local/bin')]
  return { name, uid, gid, home, searchPath }
}

/** Ends every process of the account and removes its home, its files directly in /tmp, and the account. */
export function removeAccount(account: Account): void {
  killProcessesOf(account.uid)
  rmSync(account.home, { recursive: true, force: true, maxRetries: 5 })
  // The next account may get the same number: what this one left must not look like the next one's.
  removeFilesOf(account.uid, '/tmp')
  removeFilesOf(account.uid, '/var/tmp')
  // Last, so that the number is not given to another account while it is still being cleared.
  if (readAccounts().some((entry) => entry.name === account.name && entry.isOurs)) {
    // Forced, because a killed process that this very process has not yet reaped would count as still there.
    execFileSync(requireSystemCommand('userdel'), ['--force', account.name], { stdio: 'pipe' })
  }
}

/** Accounts of one test file. `close` removes them all, also after a failed test; so does the process's end. */
export class AccountPool {
  readonly #accounts: Account[] = []
  readonly #atExit = () => this.close()

  constructor() {
    removeAbandonedAccounts()
    process.once('exit', this.#atExit)
  }

  make(wishes: AccountWishes = {}): Account {
    const account = makeAccount(wishes)
    this.#accounts.push(account)
    return account
  }

  /** Removes one account before the others. */
  remove(account: Account): void {
    this.#accounts.splice(this.#accounts.indexOf(account), 1)
    removeAccount(account)
  }

  /** Removes all that are left, each one whatever became of the others; throws the first failure at the end. */
  close(): void {
    process.removeListener('exit', this.#atExit)
    const failures: unknown[] = []
    for (const account of this.#accounts.splice(0)) {
      try {
        removeAccount(account)
      } catch (failure) {
        failures.push(failure)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}

/** Removes accounts of earlier runs whose process is gone, such as after a kill -9. */
export function removeAbandonedAccounts(): void {
  for (const { name, uid, gid, home, isOurs, maker } of readAccounts()) {
    if (isOurs && !isAlive(maker)) removeAccount({ name, uid, gid, home, searchPath: [] })
  }
}

/** Pids of the processes that run with the given real user id. */
export function listProcessesOf(uid: number): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/u.test(entry))
    .map(Number)
    .filter((pid) => ownerOfProcess(pid) === uid)
}

interface AccountEntry {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly isOurs: boolean
  readonly maker: number
}

function readAccounts(): AccountEntry[] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  return lines.filter(Boolean).map((line) => {
    const [name = '', , uid = '', gid = '', comment = '', home = ''] = line.split(':')
    const isOurs = comment.startsWith(commentPrefix)
    const maker = isOurs ? Number(comment.slice(commentPrefix.length)) : 0
    return { name, uid: Number(uid), gid: Number(gid), home, isOurs, maker }
  })
}

function killProcessesOf(uid: number): void {
  if (uid < 1000) throw new Error(`refusing to end the processes of system user ${uid}`)
  // A process may fork while it is being looked for, hence the rounds.
  for (let round = 0; round < 50; round += 1) {
    const pids = listProcessesOf(uid)
    if (pids.length === 0) return
    for (const pid of pids) kill(pid)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // already gone
  }
}

function isAlive(pid: number): boolean {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false }) !== undefined
}

function ownerOfProcess(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    // A zombie is no longer a process to end: its parent only has to take notice of it.
    if (/^State:\s+Z/mu.test(status)) return undefined
    const uid = /^Uid:\s+(\d+)/mu.exec(status)?.[1]
    return uid === undefined ? undefined : Number(uid)
  } catch {
    return undefined // ended meanwhile
  }
}

function removeFilesOf(uid: number, folder: string): void {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry)
    if (lstatSync(path, { throwIfNoEntry: false })?.uid === uid)
      rmSync(path, { recursive: true, force: true })
  }
}
