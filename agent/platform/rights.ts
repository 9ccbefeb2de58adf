// Which account this is, and whether it may look into the others: asked of the system, not concluded from a name or number.
import { opendirSync, readFileSync, statSync } from 'node:fs'
import os from 'node:os'
import process from 'node:process'

/** Who runs this process. */
export interface Self {
  /** `uid:N` where the system has no name for it, as in a container or where its name service is silent. */
  readonly account: string
  /** Null where accounts have no numbers. */
  readonly uid: number | null
  readonly home: string
  /** It is root, or may read every account's files as root does. */
  readonly readsAll: boolean
}

/** Bits of CapEff (capability.h): either lets a process read files whatever their rights say. */
const readAll = (1n << 1n) | (1n << 2n) // CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH

/** Whether `/proc/self/status` says that the process may read what rights forbid it. */
export function mayReadAll(status: string): boolean {
  const effective = /^CapEff:\s*([0-9a-f]{1,16})$/m.exec(status)?.[1]
  return effective !== undefined && (BigInt(`0x${effective}`) & readAll) !== 0n
}

export function thisProcess(env: Readonly<Record<string, string | undefined>>): Self {
  const uid = process.geteuid?.() ?? null
  const known = ownEntry()
  return {
    account: (process.platform === 'win32' ? folderName(known?.home) : known?.name) ?? `uid:${uid}`,
    uid,
    home: (env['HOME'] || known?.home) ?? '/',
    readsAll:
      uid === 0 ||
      (process.platform === 'linux' && mayReadAll(ownStatus())) ||
      (process.platform === 'win32' && opensHives()),
  }
}

/**
 * Root becomes the owner of a folder, for the rest of this process: what it makes there is then the owner's, and a link that the
 * owner has put there leads no further than the owner could go. Nothing happens to others, nor for a folder that is not there.
 */
export function becomeOwnerOf(folder: string): void {
  if (process.geteuid?.() !== 0) return
  const info = statSync(folder, { throwIfNoEntry: false })
  if (info === undefined || info.uid === 0) return
  process.setgroups?.([info.gid])
  process.setgid?.(info.gid)
  process.setuid?.(info.uid)
}

/** Null where the system's list of accounts has no entry for this one. */
function ownEntry(): { readonly name: string; readonly home: string } | null {
  try {
    const { username, homedir } = os.userInfo()
    return { name: username, home: homedir }
  } catch {
    return null
  }
}

/** Accounts of Windows are named after their folders (windows.ts). */
function folderName(home: string | undefined): string | undefined {
  return home?.split('\\').at(-1)
}

/** Only the system and administrators with their rights turned on may list the folder of the registry's files. */
function opensHives(): boolean {
  try {
    opendirSync(String.raw`C:\Windows\System32\config`).closeSync()
    return true
  } catch {
    return false
  }
}

function ownStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'latin1')
  } catch {
    return ''
  }
}
