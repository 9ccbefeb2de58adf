// What follows from what a look saw, by itself: which tools it speaks for, what behaves like one, what is installed. A look at
// a device where nothing changed gives the very observations of the look before, and then it is not worked out again.
import { detect, type Detected } from '#shared/detect.ts'
import type { Match, Matcher } from '#shared/match.ts'
import type { Account, Observation } from '#shared/observation.ts'
import type { InventoryRecord } from '#shared/protocol.ts'
import { behavingIn, type Behaving, type Listed } from '#shared/unlisted.ts'
import { inventoryRecords } from './report/inventory.ts'

export interface Conclusion {
  readonly detected: readonly Detected[]
  readonly behaving: readonly Behaving[]
  readonly inventory: ReadonlyMap<string, InventoryRecord>
}

export interface ConclusionsParts {
  readonly matcher: Matcher
  readonly listed: Listed
  /** The catalogue's template that a place fits; null when none. */
  readonly configTemplate: (place: string) => string | null
}

export class Conclusions {
  readonly #parts: ConclusionsParts
  #matches = new WeakMap<Observation, readonly Match[]>()
  #homes = new Map<string | null, string>()
  #observations: readonly Observation[] = []
  #last: Conclusion | null = null

  constructor(parts: ConclusionsParts) {
    this.#parts = parts
  }

  /** @param accounts those that the look was at, with the homes that they have now */
  ofLook(observations: readonly Observation[], accounts: readonly Account[]): Conclusion {
    this.#lookedAt(accounts)
    if (this.#last !== null && areTheSame(observations, this.#observations)) return this.#last
    const { listed, configTemplate } = this.#parts
    const homeOf = (account: string | null): string | null => this.#homes.get(account) ?? null
    const matches = this.match(observations)
    const matched = new Set(matches.map(({ observation }) => observation))
    this.#observations = observations
    this.#last = {
      detected: detect(matches),
      behaving: behavingIn(observations, matched, listed, homeOf),
      inventory: inventoryRecords(observations, { homeOf, configTemplate: (o) => configTemplate(o.place) }),
    }
    return this.#last
  }

  /** What observations speak for, of accounts that the last look was at. */
  match(observations: readonly Observation[]): readonly Match[] {
    return observations.flatMap((observation) => {
      let own = this.#matches.get(observation)
      if (own === undefined) {
        own = this.#parts.matcher.match(observation, this.#homes.get(observation.account) ?? null)
        this.#matches.set(observation, own)
      }
      return own
    })
  }

  #lookedAt(accounts: readonly Account[]): void {
    const isAsBefore =
      accounts.length === this.#homes.size &&
      accounts.every(({ name, home }) => this.#homes.get(name) === home)
    if (isAsBefore) return
    this.#homes = new Map(accounts.map(({ name, home }) => [name, home]))
    this.#matches = new WeakMap()
    this.#last = null
  }
}

function areTheSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index])
}
