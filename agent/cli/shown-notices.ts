// Which notices an account has been shown: kept in its own state folder, told to nobody. When somebody was at the screen is
// not the organisation's to know, and a ban counts as known by its announcement, not by this.
import { join } from 'node:path'
import { z } from 'zod'
import { openOwnFolder, type FileText } from '../platform/own-folder.ts'
import type { Io } from './command.ts'

export interface ShownNotices {
  readonly keys: ReadonlySet<string>
  /** Remembers further ones; where that fails they are shown again. */
  readonly add: (keys: readonly string[]) => void
}

const Keys = z.array(z.string())
/** Enough for years; the oldest are forgotten first. */
const mostKeys = 2000
const file = 'shown.json'

export function openShownNotices({ env, home, windows }: Pick<Io, 'env' | 'home' | 'windows'>): ShownNotices {
  const opened = openOwnFolder(folderOf(env, home, windows))
  if (!opened.ok) return { keys: new Set(), add: () => {} }
  const { folder } = opened
  const keys = new Set(read(folder.read(file)))
  return {
    keys,
    add(more) {
      for (const key of more) keys.add(key)
      folder.write(file, JSON.stringify([...keys].slice(-mostKeys)))
    },
  }
}

/** Beside the state that an agent of the account itself would have, never in it. */
function folderOf(env: Io['env'], home: string, windows: boolean): string {
  if (windows) return join(env['LOCALAPPDATA'] ?? home, 'Cutoff-notices')
  const named = env['XDG_STATE_HOME'] ?? ''
  return join(named.startsWith('/') ? named : join(home, '.local/state'), 'cutoff-notices')
}

function read(text: FileText): readonly string[] {
  if (!text.ok) return []
  try {
    const parsed = Keys.safeParse(JSON.parse(text.text))
    return parsed.success ? parsed.data : []
  } catch {
    return [] // changed by hand: shown again
  }
}
