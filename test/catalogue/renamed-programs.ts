// What a package brought as programs of their own, each under another name in an account that has nothing else: told there, it is
// told by its content, as the catalogue's `build` signals say it.
import {
  chownSync,
  closeSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Account } from '../helpers/lab/accounts.ts'
import type { Lab } from '../helpers/lab/lab.ts'
import { agentLook, wrongOf } from './agent-look.ts'

/** A runtime with a script in it, or a whole agent in Rust, is never smaller. */
const leastBytes = 1024 * 1024
const elfMagic = '7f454c46'

/** The programs below a folder that Linux itself can start; links are not followed, and one file counts once. */
export function programsBelow(folder: string): readonly string[] {
  const seen = new Set<string>()
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile() || /\.(?:node|so)(?:\.\d+)*$/.test(entry.name)) return []
    const path = join(entry.parentPath, entry.name)
    const { size, mode, dev, ino } = lstatSync(path)
    const file = `${dev} ${ino}`
    if (size < leastBytes || (mode & 0o111) === 0 || seen.has(file) || !isElf(path)) return []
    seen.add(file)
    return [path]
  })
}

function isElf(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(4)
    return readSync(file, head, 0, 4, 0) === 4 && head.toString('hex') === elfMagic
  } finally {
    closeSync(file)
  }
}

/**
 * What the agent tells wrongly of an account that has these programs alone, under names that say nothing.
 * @param agent the agent's program
 */
export async function wrongOfRenamed(
  { lab, agent }: { readonly lab: Lab; readonly agent: string },
  programs: readonly string[],
  tool: string,
  step: string,
): Promise<readonly string[]> {
  const account = lab.accounts.make()
  try {
    for (const [index, program] of programs.entries()) put(account, program, `renamed-${index + 1}`)
    return wrongOf(await agentLook(agent, account), tool, ['installed'], step)
  } finally {
    lab.accounts.remove(account)
  }
}

function put(account: Account, program: string, name: string): void {
  const folder = join(account.home, '.local/bin')
  mkdirSync(folder, { recursive: true })
  const copy = join(folder, name)
  copyFileSync(program, copy)
  for (const path of [dirname(folder), folder, copy]) chownSync(path, account.uid, account.gid)
}
