// What people are told of a policy on its way: how far it is, how the devices fare, and which rules some devices learn late.
import type { Rollout, RolloutPlan } from '#shared/rollout.ts'
import type { MarkKind } from '#shared/detection.ts'
import type { Policy } from '#shared/policy.ts'
import type { DevicePolicy, Window } from '#shared/protocol.ts'
import type { Context } from '../context.ts'
import { countActing, currentReleases, tallyOf, type Release } from '../store/releases.ts'
import { policyRows, versionOf } from '../store/rulebook.ts'
import type { Queries } from '../store/store.ts'
import { buildDevicePolicy } from './device-policy.ts'
import { lastGood, stagesNow } from './release.ts'
import { allBy } from './rollout.ts'

type Known = Pick<Context, 'catalogue' | 'config' | 'now'>

/** How a policy would go out if it were applied now; null: to all at once. */
export async function planRollout(db: Queries, context: Known, policy: Policy): Promise<RolloutPlan | null> {
  const { catalogue, config, now } = context
  const { stages } = await stagesNow(db, context, policy.version)
  if (stages.length === 0) return null
  const at = now()
  const versions = [...(await policyRows(db)).map(versionOf), { activatedAt: at, policy }]
  const told = buildDevicePolicy(versions, catalogue.tools, config.checkInSeconds, at)
  const until = allBy({ stages, stage: 0, stageAt: at }, config.stageMs)
  const before = lastGood(await currentReleases(db))
  return {
    stages: [...stages],
    allBy: until,
    late: told === null ? [] : lateRules(told, policyOf(before), at, until),
  }
}

/** How the newest release stands; null before the first. @param asOf as of when silence is told */
export async function rolloutStatus(db: Queries, context: Known, asOf: number): Promise<Rollout | null> {
  const { newest, before } = await currentReleases(db)
  if (newest === null) return null
  const { config, now } = context
  const { refused, failed, silent, awaited } = await tallyOf(db, newest, asOf, now())
  const {
    name,
    version,
    state,
    stages,
    stage,
    stage_at: stageAt,
    halted_at: haltedAt,
    halted_why: why,
  } = newest
  const isComplete = state === 'complete'
  const isOnWay = state === 'staged' && stage < stages.length
  const until = isOnWay ? Math.max(now(), allBy({ stages, stage, stageAt }, config.stageMs)) : null
  const isLimited = isOnWay || state === 'halted'
  return {
    name,
    version,
    state,
    madeAt: newest.made_at,
    halted: haltedAt === null || why === null ? null : { at: haltedAt, why },
    stage: isComplete
      ? null
      : { number: stage + 1, of: stages.length + 1, since: stageAt, devices: stages[stage] ?? null },
    allBy: until,
    late: isLimited ? lateRules(policyOf(newest), policyOf(before), now(), until ?? Infinity) : [],
    before: isComplete ? null : (before?.version ?? null),
    devices: { ...(await countActing(db, newest)), refused, failed, silent, awaited },
  }
}

/** What a release tells; null for none. */
function policyOf(release: Release): DevicePolicy
function policyOf(release: Release | null): DevicePolicy | null
function policyOf(release: Release | null): DevicePolicy | null {
  // Written by this server.
  return release === null ? null : (JSON.parse(release.text) as DevicePolicy)
}

/**
 * Rules that have signs of life dated within a span of time which the policy before does not: a device that still has that one
 * tells of them later, as found.
 */
export function lateRules(
  next: DevicePolicy,
  before: DevicePolicy | null,
  from: number,
  until: number,
): string[] {
  const isLate = (tool: string): boolean => {
    const [told, known] = [next.windows[tool] ?? [], before?.windows[tool] ?? []]
    // What is dated changes only where a window begins or ends.
    const edges = [...told, ...known].flatMap((one) => [one.from, one.until ?? from])
    return [from, ...edges.filter((at) => at > from && at < until)].some((at) => {
      const kinds = kindsDated(known, at)
      return [...kindsDated(told, at)].some((kind) => !kinds.has(kind))
    })
  }
  return next.rules
    .filter(({ verdict, tools }) => verdict === 'banned' && tools.some(isLate))
    .map(({ id }) => id)
}

function kindsDated(windows: readonly Window[], at: number): ReadonlySet<MarkKind> {
  const open = windows.filter(({ from, until }) => from <= at && (until === null || at < until))
  return new Set(open.flatMap(({ kinds }) => kinds))
}
