// What an account is to be told without having asked: that this device is looked at, a ban ahead, a banned tool that is still
// there, evidence of its use. What a tool stands for is the server's verdict, never a judgement of this device, which does not
// know who is excepted. Codes and instants; the words are the command's. Pure.
import type { DevicePolicy, DeviceVerdict } from '#shared/protocol.ts'

export type Notice = CollectionNotice | ToolNotice

export interface CollectionNotice {
  readonly kind: 'collection'
  readonly keys: readonly string[]
  /** Null before the first policy. */
  readonly organisation: string | null
  readonly inventory: DevicePolicy['collect']['inventory']
}

export interface ToolNotice {
  /** `upcoming`: the ban is ahead · `present`: there after it, not used · `suspected`, `violation`: evidence of use after it */
  readonly kind: ToolNoticeKind
  readonly keys: readonly string[]
  readonly tools: readonly string[]
  readonly organisation: string
  /** When the server said so, by its clock. */
  readonly judgedAt: number
  /** Since when, or from when on, the tools are banned; null where the rule is not known here. */
  readonly from: number | null
  /** The organisation's own words. */
  readonly message: string | null
  readonly instead: readonly string[]
}

/** The verdicts that somebody is told of, the gravest first. What is excused, closed, undetermined or gone is no news to anybody. */
const told = ['violation', 'suspected', 'upcoming', 'present'] as const
export type ToolNoticeKind = (typeof told)[number]

export interface NoticesAsked {
  readonly account: string
  readonly policy: DevicePolicy | null
  readonly verdicts: { readonly verdicts: readonly DeviceVerdict[]; readonly judgedAt: number } | null
  /** Keys of what has been shown before. */
  readonly shown: ReadonlySet<string>
}

/**
 * What is to be shown now, the collection first; tools of one rule that stand alike share a notice. Whoever has seen all of
 * its keys is not told again: a new tool, rule, date or kind of verdict makes a new key.
 */
export function noticesFor({ account, policy, verdicts, shown }: NoticesAsked): readonly Notice[] {
  const inventory = policy?.collect.inventory ?? 'full'
  const collection: CollectionNotice = {
    kind: 'collection',
    // Shown again when more is collected than was said.
    keys: [`collection ${inventory}`],
    organisation: policy?.organisation ?? null,
    inventory,
  }
  const notices: Notice[] = shown.has(collection.keys[0] ?? '') ? [] : [collection]
  if (policy === null || verdicts === null) return notices
  const { judgedAt } = verdicts
  // What is there for everybody is everybody's to know; a use without an account is nobody's.
  const own = verdicts.verdicts.filter(
    (one) => one.account === account || (one.account === null && !isUse(one.status)),
  )
  for (const kind of told) {
    const groups = Map.groupBy(
      own.filter(
        (one) => one.status === kind && !one.reasons.includes('in-waiver') && one.lifecycle !== 'closed',
      ),
      ({ rule }) => rule,
    )
    for (const [id, group] of groups) {
      const rule = policy.rules.find((one) => one.id === id)
      const from = rule?.from ?? null
      const keyed = group.map(({ tool }) => ({
        tool,
        key: [kind, tool, id ?? '', from === null ? '' : new Date(from).toISOString()].join(' '),
      }))
      const fresh = keyed.filter(({ key }) => !shown.has(key))
      if (fresh.length === 0) continue
      notices.push({
        kind,
        keys: fresh.map(({ key }) => key),
        tools: fresh.map(({ tool }) => tool),
        organisation: policy.organisation,
        judgedAt,
        from,
        message: rule?.notice ?? null,
        instead: rule?.instead ?? [],
      })
    }
  }
  return notices
}

function isUse(status: DeviceVerdict['status']): boolean {
  return status === 'violation' || status === 'suspected'
}
