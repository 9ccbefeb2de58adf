// A dry run: which findings a policy would change, for how many accounts. Judges what is held; stores nothing.
import type { Finding, FindingStatus } from '#shared/finding.ts'
import type { Policy } from '#shared/policy.ts'
import type { Context } from '../context.ts'
import { judgeFacts } from '../judging/judge-device.ts'
import { rulesOf } from '../judging/rulebook.ts'
import { accountLabel, deviceLabel } from '../pseudonym.ts'
import { detectionsOf } from '../store/facts.ts'
import { findingsOfDevice } from '../store/findings.ts'
import { deviceIdsAfter } from '../store/jobs.ts'
import { readRulebook } from '../store/rulebook.ts'

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
}

/** What would be different if this policy were put into force now. */
export async function planPolicy(
  context: Pick<Context, 'store' | 'catalogue' | 'keys' | 'now'>,
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
    for (const device of devices) {
      const held = new Map((await findingsOfDevice(store.read, device)).map((row) => [row.id, row]))
      const facts = await detectionsOf(store.read, device)
      const judged = await judgeFacts(store.read, context, rules, device, facts, at)
      for (const [index, { id, finding }] of judged.entries()) {
        const fact = facts[index]
        if (fact === undefined) continue
        // The column holds nothing but statuses.
        const from = (held.get(id)?.status ?? null) as FindingStatus | null
        const to: Finding['status'] | null = finding?.status ?? null
        if (from === to) {
          if (to !== null) unchanged++
          continue
        }
        const key = `${from} ${to}`
        counts.set(key, { from, to, count: (counts.get(key)?.count ?? 0) + 1 })
        accounts.add(`${device}\0${fact.account}`)
        if (subjects.length >= maxSubjects) continue
        const account = fact.account === '' ? null : accountLabel(keys, device, fact.account)
        subjects.push({ device, host: deviceLabel(keys, device), account, tool: fact.tool, from, to })
      }
    }
    const last = devices.at(-1)
    if (last === undefined) break
    cursor = last
    // Check-ins come first.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const changes = [...counts.values()].toSorted((a, b) => b.count - a.count)
  return { version: policy.version, changes, unchanged, accounts: accounts.size, subjects }
}
