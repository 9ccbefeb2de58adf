// The rulebook ready for judging one device after the other: read again only when its revision has risen.
import type { People, Waiver } from '#shared/people.ts'
import { instantsOf, type PolicyVersion } from '#shared/rules.ts'
import { currentReleases, type Releases } from '../store/releases.ts'
import { readRulebook, rulebookRevision, type Rulebook } from '../store/rulebook.ts'
import type { Queries } from '../store/store.ts'

export interface DeviceRules {
  readonly versions: readonly PolicyVersion[]
  readonly waivers: readonly Waiver[]
  readonly people: People
}

export interface Rules {
  readonly revision: number
  readonly versions: readonly PolicyVersion[]
  /** Instants at which something begins or ends to hold, so that what is there is judged anew. */
  readonly edges: readonly number[]
  /** What of it can concern a device: judging looks through these lists for every mark. */
  readonly forDevice: (device: string) => DeviceRules
}

/** With the signed policies that devices are told, which change with it. */
export interface RulesInForce extends Rules {
  readonly releases: Releases
}

export type RulesReader = (db: Queries) => Promise<RulesInForce>

/** A reader that remembers the newest rulebook. */
export function rulesReader(): RulesReader {
  let known: RulesInForce | null = null
  return async (db) => {
    if (known === null || known.revision !== (await rulebookRevision(db)))
      known = { ...rulesOf(await readRulebook(db)), releases: await currentReleases(db) }
    return known
  }
}

export function rulesOf(book: Rulebook): Rules {
  const owners = Map.groupBy(book.people.owners, (owner) => owner.device)
  const members = Map.groupBy(book.people.members, (member) => member.person)
  const general = book.waivers.filter(({ subject }) => subject.kind === 'person' || subject.kind === 'group')
  const own = Map.groupBy(
    book.waivers.filter(({ subject }) => subject.kind === 'device' || subject.kind === 'account'),
    ({ subject }) => ('device' in subject ? subject.device : ''),
  )
  return {
    revision: book.revision,
    versions: book.versions,
    edges: edgesOf(book),
    forDevice(device) {
      const here = owners.get(device) ?? []
      const persons = new Set(here.flatMap((owner) => (owner.person === null ? [] : [owner.person])))
      return {
        versions: book.versions,
        waivers: [...general, ...(own.get(device) ?? [])],
        people: {
          owners: here,
          members: [...persons].flatMap((person) => members.get(person) ?? []),
          groups: book.people.groups,
        },
      }
    },
  }
}

function edgesOf({ versions, waivers, people }: Rulebook): number[] {
  const policy = versions.at(-1)?.policy
  const dates = (policy?.rules ?? []).flatMap((rule) => {
    if (policy === undefined) return []
    const { cutoff, until } = instantsOf(rule, policy)
    return [cutoff, until]
  })
  const intervals = [...waivers, ...people.owners, ...people.members].flatMap(({ from, until }) => [
    from,
    until,
  ])
  return [...dates, ...intervals].filter((edge) => edge !== null)
}
