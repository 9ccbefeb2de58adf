// A signed policy on its way to the devices: begun, handed out, followed, halted, resumed. When to do what is rollout.ts's.
import type { AgentEvent } from '#shared/agent-event.ts'
import type { DevicePolicy, EnvelopeHeader, WireRecord } from '#shared/protocol.ts'
import type { HaltReason, RolloutChange } from '#shared/rollout.ts'
import type { Context } from '../context.ts'
import { keyedHash, publicKeyOf, signWith } from '../crypto.ts'
import { addAudit } from '../store/audit.ts'
import {
  changeRelease,
  countTaking,
  currentReleases,
  fleetSize,
  forgetFates,
  noteFate,
  noteFetched,
  releaseDevice,
  replaceReleases,
  tallyOf,
  type Release,
  type Releases,
} from '../store/releases.ts'
import { raiseRevision } from '../store/rulebook.ts'
import type { Queries } from '../store/store.ts'
import { signDevicePolicy } from './device-policy.ts'
import { isDrawn, nextStep, reachOf, stagesFor } from './rollout.ts'

type Releasing = Pick<Context, 'keys' | 'config' | 'now'>

/** What a device said that it acts on, in its last report. */
export interface Acting {
  readonly id: string
  /** Null where it has none, and from agents that know no names: those say the version alone. */
  readonly release: string | null
  readonly policy_version: number | null
}

/** To whoever refused it: a clock that was wrong, or a key that was not known yet, may be right by then. */
const offeredEveryMs = 24 * 3_600_000
/** Trouble that an agent tells at its next start. */
const failures: ReadonlySet<AgentEvent> = new Set(['killed', 'start-failed'])

/** How many devices get a policy first, if it is released now: the sizes of the stages before all. */
export async function stagesNow(
  db: Queries,
  { config, now }: Pick<Context, 'config' | 'now'>,
  version: number,
): Promise<{ readonly stages: readonly number[]; readonly awake: number }> {
  const before = lastGood(await currentReleases(db))
  const { fleet, awake, naming } = await fleetSize(db, now())
  const able = before?.version === version ? naming : fleet
  // The first one has nothing to be broken back to, and until it is there nothing is judged.
  return { stages: before === null ? [] : stagesFor(able, config.stageMs), awake }
}

/** Signs a policy for the devices and begins to hand it out. Call in the transaction that asks for it. */
export async function beginRelease(db: Queries, context: Releasing, policy: DevicePolicy): Promise<void> {
  const before = lastGood(await currentReleases(db))
  const { stages, awake } = await stagesNow(db, context, policy.version)
  const now = context.now()
  if (before !== null) await changeRelease(db, before.name, { state: 'complete' })
  await replaceReleases(db, before, {
    ...signDevicePolicy(policy, context.keys.organisation),
    made_at: now,
    state: before === null ? 'complete' : 'staged',
    stages: JSON.stringify(stages),
    stage: 0,
    stage_at: now,
    reach: reachOf({ stages, stage: 0 }, awake),
    halted_at: null,
    halted_why: null,
    resumed_at: 0,
  })
  await raiseRevision(db)
}

/** What all may have: the newest, unless it is still in its stages or halted. */
export function lastGood({ newest, before }: Releases): Release | null {
  if (newest === null) return null
  return newest.state !== 'halted' && isForAll(newest) ? newest : before
}

function isForAll({ state, stage, stages }: Release): boolean {
  return state === 'complete' || stage >= stages.length
}

/** Signs what devices are told with another key: the same texts, so that nothing else changes for anybody. */
export async function signAgain(db: Queries, { keys }: Pick<Context, 'keys'>): Promise<void> {
  const { newest, before } = await currentReleases(db)
  const key = publicKeyOf(keys.organisation)
  const others = [newest, before].flatMap((one) => (one === null || one.key === key ? [] : [one]))
  for (const { name, text } of others)
    await changeRelease(db, name, { key, signature: signWith(keys.organisation)(text) })
  if (others.length > 0) await raiseRevision(db)
}

/** Whether a device acts on a release. */
export function actsOn(device: Acting, release: Pick<Release, 'name' | 'version'>): boolean {
  return device.release === null ? device.policy_version === release.version : device.release === release.name
}

/** Which release a device is to have; null: it keeps what it has. */
export async function releaseFor(
  db: Queries,
  { keys, now }: Pick<Context, 'keys' | 'now'>,
  { newest, before }: Releases,
  device: Acting,
): Promise<Release | null> {
  if (newest === null || actsOn(device, newest)) return newest
  const known = await releaseDevice(db, newest.name, device.id)
  const isTired = known?.refused_at != null && now() - known.fetched_at < offeredEveryMs
  const isOffered = newest.state !== 'halted' && !isTired
  if (isOffered && (isForAll(newest) || known !== undefined || (await hasRoom(db, keys, newest, device))))
    return newest
  // No agent goes back to an earlier version.
  return before !== null && (device.policy_version ?? before.version) <= before.version ? before : null
}

async function hasRoom(
  db: Queries,
  keys: Context['keys'],
  release: Release,
  { id }: Acting,
): Promise<boolean> {
  if (!isDrawn(keyedHash(keys.pseudonym, 'release', release.name, id), release.reach)) return false
  return (await countTaking(db, release.name)) < (release.stages[release.stage] ?? Infinity)
}

/** Notes that a device got a release. Call in the transaction that decides it. */
export async function noteHandedOut(
  db: Queries,
  release: Release,
  device: string,
  at: number,
): Promise<void> {
  if (release.state === 'staged') await noteFetched(db, release.name, device, at)
}

/** Notes what a report tells of the newest release. Call in the transaction that receives it. */
export async function followRelease(
  db: Queries,
  { newest }: Releases,
  device: Acting,
  records: readonly WireRecord[],
  at: number,
): Promise<void> {
  if (newest === null || newest.state === 'complete') return
  const known = await releaseDevice(db, newest.name, device.id)
  if (known === undefined) return
  const events = new Set(records.flatMap((one) => (one.type === 'agent' ? [one.event] : [])))
  if (!actsOn(device, newest)) {
    if (events.has('policy-refused')) await noteFate(db, known, { refused_at: at })
    return
  }
  if (known.heard_at === null) await noteFate(db, known, { heard_at: at, refused_at: null })
  if (events.intersection(failures).size > 0) await noteFate(db, known, { failed_at: at })
}

/** What a header says that its device acts on. */
export function actingOf(device: string, header: Pick<EnvelopeHeader, 'release' | 'policyVersion'>): Acting {
  return { id: device, release: header.release ?? null, policy_version: header.policyVersion }
}

/**
 * Looks at how the newest release fares and takes the next step, if one is due.
 * @param asOf as of when silence is told (server/hearing.ts)
 */
export async function stepRelease(
  { store, config, now, log }: Pick<Context, 'store' | 'config' | 'now' | 'log'>,
  asOf: number,
): Promise<void> {
  const { newest } = await currentReleases(store.read)
  if (newest?.state !== 'staged') return
  const at = now()
  const tally = await tallyOf(store.read, newest, asOf, at)
  const progress = { stages: newest.stages, stage: newest.stage, stageAt: newest.stage_at }
  const next = nextStep(progress, tally, config.stageMs, at)
  if (next.is === 'hold') return
  const { awake } = await fleetSize(store.read, at)
  await store.write(async (db) => {
    // Another server, or an administrator, may have been quicker.
    const { newest: still } = await currentReleases(db)
    if (still === null || !isSame(still, newest)) return
    if (next.is === 'halt') return halt(db, newest, next.why, 'server', at)
    if (next.is === 'complete') {
      await changeRelease(db, newest.name, { state: 'complete' })
      await forgetFates(db, newest.name)
    } else {
      const stage = newest.stage + 1
      const reach = reachOf({ stages: newest.stages, stage }, awake)
      await changeRelease(db, newest.name, { stage, stage_at: at, reach })
    }
    await raiseRevision(db)
  })
  const level = next.is === 'halt' ? 'warn' : 'info'
  log[level]({ release: newest.name, stage: newest.stage, tally, ...next }, 'the release of a policy goes on')
}

function isSame(a: Release, b: Release): boolean {
  return a.name === b.name && a.state === b.state && a.stage === b.stage && a.resumed_at === b.resumed_at
}

async function halt(db: Queries, release: Release, why: HaltReason, by: string, at: number): Promise<void> {
  await changeRelease(db, release.name, { state: 'halted', halted_at: at, halted_why: why })
  await raiseRevision(db)
  const subject = `policy ${release.version}`
  await addAudit(db, { at, by, action: 'halt-release', subject, reason: why })
}

export type ReleaseAction = RolloutChange['action']
const auditedAs = { resume: 'resume-release', release: 'release-to-all' } as const
export type ReleaseChange =
  | { readonly ok: true; readonly release: Release }
  /** `none`: nothing is on its way; `other`: another one by now, or not in a state for it. */
  | { readonly ok: false; readonly code: 'none' | 'other' }

/**
 * What an administrator decides of the newest release: `resume` a halted one where it was, `release` it to all, `halt` it.
 * @param name of the release that was looked at; null: whichever is the newest
 */
export function changeNewest(
  { store, now }: Pick<Context, 'store' | 'now'>,
  action: ReleaseAction,
  name: string | null,
  by: string,
): Promise<ReleaseChange> {
  return store.write(async (db): Promise<ReleaseChange> => {
    const { newest } = await currentReleases(db)
    if (newest === null || newest.state === 'complete') return { ok: false, code: 'none' }
    const isOther = name !== null && name !== newest.name
    const fits = { resume: newest.state === 'halted', halt: newest.state === 'staged', release: true }
    if (isOther || !fits[action]) return { ok: false, code: 'other' }
    const at = now()
    if (action === 'halt') await halt(db, newest, 'by-hand', by, at)
    else {
      const toAll = action === 'release' ? { stage: newest.stages.length, reach: 1 } : {}
      await changeRelease(db, newest.name, {
        ...toAll,
        state: 'staged',
        stage_at: at,
        halted_at: null,
        halted_why: null,
        resumed_at: at,
      })
      await raiseRevision(db)
      const subject = `policy ${newest.version}`
      await addAudit(db, { at, by, action: auditedAs[action], subject, reason: null })
    }
    const { newest: release } = await currentReleases(db)
    return release === null ? { ok: false, code: 'none' } : { ok: true, release }
  })
}
