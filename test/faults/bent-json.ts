// Documents that are almost right: one or several parts of a good one made something that a reader may stumble over.
import type { Chance } from './seeded.ts'

/** What stands where something else should; made when it is asked for, since some are large. */
const wrong: readonly ((chance: Chance) => unknown)[] = [
  () => null,
  () => true,
  () => '',
  () => [],
  () => ({}),
  () => 0,
  () => -1,
  () => 0.5,
  () => 1e308,
  () => Number.MAX_SAFE_INTEGER,
  () => Number.MIN_SAFE_INTEGER,
  () => 8_640_000_000_000_000,
  () => -8_640_000_000_000_000,
  () => 8_640_000_000_000_001,
  (chance) => chance.below(4_000_000_000_000),
  (chance) =>
    chance.pick([
      '\u0000',
      '\u202e',
      '\ud800',
      '../../etc/passwd',
      '__proto__',
      'constructor',
      '{home}',
      '%s',
      '=1+1',
    ]),
  (chance) => 'x'.repeat(10 ** chance.below(5)),
  (chance) => Array.from({ length: 10 ** chance.below(4) }, () => 'claude-code'),
  (chance) => Object.fromEntries(Array.from({ length: 10 ** chance.below(4) }, (_, n) => [`tool-${n}`, []])),
  (chance) => {
    let deep: unknown = 'bottom'
    for (let n = chance.below(2000); n > 0; n--) deep = [deep]
    return deep
  },
]

/** The text of a good document, bent. Leaves the document as it is. */
export function bend(document: object, chance: Chance): string {
  const copy = structuredClone(document)
  for (let n = chance.below(3); n >= 0; n--) bendOne(copy, chance)
  const text = JSON.stringify(copy)
  return chance.below(8) === 0 ? damaged(text, chance) : text
}

function bendOne(document: object, chance: Chance): void {
  const holders = holdersIn(document)
  const holder = chance.pick(holders)
  const keys = Object.keys(holder)
  const key = keys.length === 0 ? 'extra' : chance.pick(keys)
  switch (chance.below(6)) {
    case 0:
      Reflect.deleteProperty(holder, key)
      break
    case 1:
      // As a parser makes it, and not as an assignment to the prototype.
      Object.defineProperty(holder, chance.pick(['extra', '__proto__', 'constructor', 'toString', '']), {
        value: chance.pick(wrong)(chance),
        enumerable: true,
        configurable: true,
        writable: true,
      })
      break
    case 2:
      if (Array.isArray(holder)) repeatFirst(holder, chance.below(600))
      break
    default:
      Reflect.set(holder, key, chance.pick(wrong)(chance))
  }
}

/** Copies of copies of something large would be no text any more. */
const mostCopied = 5_000_000

function repeatFirst(list: unknown[], times: number): void {
  // As text, which no depth is too much for.
  const text = JSON.stringify(list[0]) ?? 'null'
  const copies = Math.min(times, Math.floor(mostCopied / (text.length + 1)))
  list.push(...Array.from({ length: copies }, () => JSON.parse(text) as unknown))
}

/** The document and what holds something in it. Not by recursion: some are nested by the thousand. */
function holdersIn(document: object): readonly object[] {
  const holders = [document]
  // Grows meanwhile.
  for (const holder of holders) {
    for (const value of Object.values(holder).slice(0, 50)) {
      if (typeof value === 'object' && value !== null) holders.push(value)
    }
  }
  return holders
}

function damaged(text: string, chance: Chance): string {
  const at = chance.below(text.length)
  switch (chance.below(4)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + String.fromCharCode(chance.below(0x1_0000)) + text.slice(at + 1)
    case 2:
      return text.slice(0, at) + text.slice(at, at + chance.below(50)) + text.slice(at)
    default:
      return '['.repeat(chance.below(100_000)) + text
  }
}
