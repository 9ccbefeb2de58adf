// A dry run: which findings a policy would change, for how many accounts. Judges what is held; stores nothing.
import type { RolloutPlan } from '#shared/rollout.ts'
import type { FindingStatus } from '#shared/finding.ts'
import type { Policy } from '#shared/policy.ts'
import type { Context } from '../context.ts'
import { clockOf } from '../judging/detections.ts'
import { judgeFacts } from '../judging/judge-facts.ts'
import { judgeUnlistedFacts } from '../judging/judge-unlisted.ts'
import { rulesOf } from '../judging/rulebook.ts'
import { accountKey, accountLabel, deviceLabel } from '../pseudonym.ts'
import { heldFacts } from '../store/held-facts.ts'
import { deviceIdsAfter } from '../store/jobs.ts'
import { readRulebook } from '../store/rulebook.ts'
import { planRollout } from './rollout-status.ts'

/** Named by pseudonym; more than these are only counted. */
const maxSubjects = 200
const devicesPerStep = 25

export interface PlannedChange {
  readonly from: FindingStatus | null
  readonly to: FindingStatus | null
  readonly count: number
}

export interface PlannedSubject {
  readonly device: string
  readonly host: string
  readonly account: string | null
  readonly tool: string
  readonly from: FindingStatus | null
  readonly to: FindingStatus | null
}

export interface Plan {
  readonly version: number
  /** Findings whose status would change, by how. */
  readonly changes: readonly PlannedChange[]
  readonly unchanged: number
  readonly accounts: number
  readonly subjects: readonly PlannedSubject[]
  /** How it would go out to the devices; null: to all at once. */
  readonly rollout: RolloutPlan | null
}

/** What would be different if this policy were put into force now. */
export async function planPolicy(
  context: Pick<Context, 'store' | 'catalogue' | 'config' | 'keys' | 'now'>,
  policy: Policy,
): Promise<Plan> {
  const { store, keys, now } = context
  const book = await readRulebook(store.read)
  const at = now()
  const rules = rulesOf({ ...book, versions: [...book.versions, { activatedAt: at, policy }] })
  const counts = new Map<string, PlannedChange>()
  const accounts = new Set<string>()
  const subjects: PlannedSubject[] = []
  let unchanged = 0
  let cursor = ''
  for (;;) {
    const devices = await deviceIdsAfter(store.read, cursor, devicesPerStep)
    for (const held of await heldFacts(store.read, devices)) {
      const { device, clocks, findings, facts, unlisted } = held
      const stored = new Map(findings.map((row) => [row.id, row.status]))
      const judged = judgeFacts(
        context,
        rules,
        { device, clocks: clocks.map(clockOf), coverage: [] },
        facts,
        at,
      )
      const changed: (PlannedSubject & { readonly key: string })[] = []
      const planned = [
        ...judged.map(({ id, detection: { account, tool }, finding }) => {
          return { id, account, tool, to: finding?.status ?? null }
        }),
        ...judgeUnlistedFacts(context, rules, device, unlisted, at).map(({ id, account, tool, verdict }) => {
          return { id, account, tool, to: verdict?.status ?? null }
        }),
      ]
      for (const { id, account, tool, to } of planned) {
        // The column holds nothing but statuses.
        const from = (stored.get(id) ?? null) as FindingStatus | null
        if (from === to) {
          if (to !== null) unchanged++
          continue
        }
        const key = `${from} ${to}`
        counts.set(key, { from, to, count: (counts.get(key)?.count ?? 0) + 1 })
        accounts.add(`${device}\0${account}`)
        if (subjects.length >= maxSubjects) continue
        const named = account !== ''
        changed.push({
          key: named ? accountKey(keys, device, account) : '',
          device,
          host: deviceLabel(keys, device),
          account: named ? accountLabel(keys, device, account) : null,
          tool,
          from,
          to,
        })
      }
      // In the order of lists: one by names would tell which pseudonym comes before which.
      const ordered = changed.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      for (const { key: _, ...subject } of ordered.slice(0, maxSubjects - subjects.length)) {
        subjects.push(subject)
      }
    }
    const last = devices.at(-1)
    if (last === undefined) break
    cursor = last
    // Check-ins come first.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const changes = [...counts.values()].toSorted((a, b) => b.count - a.count)
  const rollout = await planRollout(store.read, context, policy)
  return { version: policy.version, changes, unchanged, accounts: accounts.size, subjects, rollout }
}
