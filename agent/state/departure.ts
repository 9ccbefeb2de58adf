// Why the agent is about to be stopped, where a package's script knows it: a word in the state folder, which only its owner can
// leave. Whoever ends on that state next tells it in the place of a plain stop.
import { z } from 'zod'
import { Leaving } from '#shared/agent-event.ts'
import type { OwnFolder } from '../platform/own-folder.ts'

const file = 'leaving.json'
const Word = z.strictObject({ why: Leaving, at: z.int() })
/**
 * A stop that comes later than this after the word has nothing to do with it: the removal or upgrade was given up. An upgrade of
 * a whole system takes its time between the two.
 */
const countsMs = 60 * 60_000

export interface Departure {
  /** The word that counts at an instant of the device's clock; null without one. */
  readonly read: (now: number) => Leaving | null
  /** It was told, or the agent runs on. */
  readonly done: () => void
}

export function departureIn(folder: OwnFolder): Departure {
  return {
    read(now) {
      const read = folder.read(file)
      const word = read.ok ? parse(read.text) : null
      return word !== null && Math.abs(now - word.at) <= countsMs ? word.why : null
    },
    done: () => folder.remove(file),
  }
}

/** Leaves the word; false when the disk refused. */
export function announceDeparture(folder: OwnFolder, why: Leaving, now: number): boolean {
  return folder.write(file, JSON.stringify({ why, at: now })).ok
}

function parse(text: string): z.infer<typeof Word> | null {
  try {
    return Word.parse(JSON.parse(text))
  } catch {
    return null // half a word is none: a plain stop is told
  }
}
