// Who looked, on the server, at what it holds of this device: kept as it said so, for the people that it concerns.
import { lookKey, type DeviceLook } from '#shared/device-look.ts'
import type { State } from './state.ts'

/** The newest; far more than a year has, unless somebody is looked into. */
const most = 500

/** Adds those that are new here to what is known; an answer tells some again. */
export function learnLooks(state: State, told: readonly DeviceLook[]): void {
  const before = state.read('looks') ?? []
  const known = new Set(before.map(lookKey))
  const news = told.filter((look) => !known.has(lookKey(look)))
  if (news.length === 0) return
  state.write('looks', [...before, ...news].slice(-most))
}

/** Oldest first: those at what is an account's, and at the device as a whole; null: all of them. */
export function looksFor(state: State, account: string | null): readonly DeviceLook[] {
  const looks = state.read('looks') ?? []
  return looks.filter((look) => account === null || look.account === null || look.account === account)
}
