// What became of the last start, in a file beside the database: a start that comes to nothing mostly could not open that. The next
// one that works tells it.
import { z } from 'zod'
import { openOwnFolder } from '../platform/own-folder.ts'

const file = 'start.json'
const Noted = z.strictObject({
  version: z.string().max(64),
  boot: z.string().max(64),
  /** Why it failed; null while nobody has said so. */
  code: z.string().max(64).nullable(),
})

export interface Start {
  /** Version and code of the start before, where that came to nothing; null where it did not. */
  readonly failedBefore: string | null
  readonly failed: (code: string) => void
  /** The agent runs, or another one does. */
  readonly done: () => void
}

/**
 * Notes that a start goes on. Where nothing can be written, nothing is noted.
 * @param boot of the machine: one that went down in the middle is nobody's failure
 */
export function beginStart(path: string, version: string, boot: string): Start {
  const opened = openOwnFolder(path)
  if (!opened.ok) return { failedBefore: null, failed: () => {}, done: () => {} }
  const { folder } = opened
  const read = folder.read(file)
  const before = read.ok ? parse(read.text) : null
  const note = (code: string | null): void => void folder.write(file, JSON.stringify({ version, boot, code }))
  note(null)
  return {
    failedBefore:
      before === null || (before.code === null && before.boot !== boot)
        ? null
        : `${before.version}: ${before.code ?? 'ended without a word'}`,
    failed: note,
    done: () => folder.remove(file),
  }
}

function parse(text: string): z.infer<typeof Noted> | null {
  try {
    return Noted.parse(JSON.parse(text))
  } catch {
    return null // half a note, or a later version's: nothing is known
  }
}
