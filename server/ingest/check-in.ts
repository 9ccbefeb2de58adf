// One check-in: the report of a device whose request has been authenticated, from its parsed body to the answer.
import type { DeviceLook } from '#shared/device-look.ts'
import { PROTOCOL_VERSION, type CheckInResponse, type Receipt, type Signed } from '#shared/protocol.ts'
import type { Tombstone } from '#shared/tombstone.ts'
import { readUnlistedId } from '#shared/unlisted-finding.ts'
import type { Context } from '../context.ts'
import { randomName } from '../context.ts'
import { publicKeyOf, sha256, signed, signedText } from '../crypto.ts'
import { RequestProblem } from '../errors.ts'
import { habitAfter } from '../habit.ts'
import { judgeDevice } from '../judging/judge-device.ts'
import type { RulesInForce, RulesReader } from '../judging/rulebook.ts'
import { nothingTouched, touch, type Touched } from '../judging/touched.ts'
import { bodyOf } from '../judging/verdict.ts'
import { actingOf, followRelease, releaseFor, type Acting } from '../policy/release.ts'
import {
  chainOf,
  changeDevice,
  closeEpoch,
  deviceById,
  epochOf,
  saveChain,
  saveNonces,
  type Device,
} from '../store/devices.ts'
import { addEvent } from '../store/events.ts'
import { keepEnvelope } from '../store/evidence.ts'
import { findingsOfDevice, type StoredFinding } from '../store/findings.ts'
import type { Queries } from '../store/store.ts'
import { applyRecords } from './apply.ts'
import type { Authenticated } from './authenticate.ts'
import { clockSkewMs, learnClock, noteSkew } from './clocks.ts'
import { dayOf } from './device-time.ts'
import { driftOf } from './drift.ts'
import { looksSince } from './looks.ts'
import { leftBy, stoppedOn } from './records/agent.ts'
import { openReport, type Report } from './report.ts'
import { succeed, type ChainState, type Succession } from './succession.ts'

/** A retry with new nonces beyond this is no retry. */
const maxNonces = 64

/** What the transaction decided; refusals are committed too, as their events have to be. */
type Outcome =
  | {
      readonly kind: 'receipt'
      readonly receipt: Signed
      readonly findings: readonly StoredFinding[]
      readonly policy: Pick<CheckInResponse, 'policyVersion' | 'release'>
      readonly looks: readonly DeviceLook[]
      /** Undefined: not compared. */
      readonly drift?: boolean | undefined
    }
  | {
      readonly kind: 'refused'
      readonly code:
        | 'replayed'
        | 'state-diverged'
        | 'clone-suspected'
        | 'revoked'
        | 'conflict'
        | 'too-many-requests'
      readonly detail: string
    }

/** Receives a report. @param body the value that the request's JSON held */
export async function checkIn(
  context: Context,
  readRules: RulesReader,
  sender: Authenticated,
  body: unknown,
): Promise<CheckInResponse> {
  const opened = openReport(sender.device, body)
  const now = context.now()
  const outcome = await context.store.write((db) => receive(db, context, readRules, sender, opened, now))
  context.log.debug({ device: sender.device.id, outcome: outcome.kind }, 'check-in')
  if (outcome.kind === 'refused') throw new RequestProblem(outcome.code, outcome.detail)
  const { receipt, findings, policy, looks, drift } = outcome
  return {
    receipt,
    time: signed({ at: context.now(), nonce: sender.parameters.nonce }, context.keys.server),
    ...policy,
    // Of what is in no catalogue there is no verdict on a tool.
    verdicts: findings.filter(({ tool }) => readUnlistedId(tool) === null).map(toVerdict),
    judgedAt: now,
    protocol: PROTOCOL_VERSION,
    organisationKey: publicKeyOf(context.keys.organisation),
    looks: [...looks],
    ...(drift === undefined ? {} : { drift }),
  }
}

async function receive(
  db: Queries,
  context: Context,
  readRules: RulesReader,
  { device, parameters }: Authenticated,
  opened: Report,
  now: number,
): Promise<Outcome> {
  const { header } = opened
  await context.keys.follow(db)
  const row = await chainOf(db, device.id)
  const chain: ChainState | null =
    row === undefined
      ? null
      : { ...row, envelopeHash: row.envelope_hash, nonces: JSON.parse(row.nonces) as string[] }
  const ended =
    chain !== null && chain.epoch !== header.epoch ? await epochOf(db, device.id, header.epoch) : undefined
  const { nonce } = parameters
  const next = succeed(chain, ended ?? null, { header, envelopeHash: opened.hash, nonce }, sha256)
  const rules = await readRules(db)
  const acting = actingOf(device.id, header)

  if (next.kind === 'retry' && chain !== null && row !== undefined) {
    if (chain.nonces.length >= maxNonces)
      return refused('too-many-requests', 'too many retries of one report')
    await saveNonces(db, device.id, JSON.stringify([...chain.nonces, nonce]))
    const findings = await findingsOfDevice(db, device.id)
    const told = JSON.parse(row.receipt) as Signed
    // The agent may have followed to the key of now since: to it, that one's word is no one's.
    const receipt =
      told.key === publicKeyOf(context.keys.server) ? told : signedText(told.text, context.keys.server)
    const policy = await policyFor(db, context, rules, acting)
    // The answer before this one may not have come.
    const looks = await looksSince(db, device.id, null)
    return { kind: 'receipt', receipt, findings, policy, looks }
  }
  if (next.kind !== 'next') return refuse(db, device.id, next, now)
  // Either may have changed between the look at its key and this transaction.
  const current = await deviceById(db, device.id)
  if (current?.status !== 'active') return refused('revoked', '')
  if (current.key !== device.key) return refused('conflict', 'the device got another key meanwhile')

  if (next.newEpoch !== null && row !== undefined) {
    await closeEpoch(db, row, now)
    await addEvent(db, {
      device: device.id,
      at: now,
      type: next.newEpoch === 'continues' ? 'agent' : 'state-diverged',
      code: 'new-epoch',
      values: { why: next.newEpoch, after: row.sequence },
    })
  }
  for (const { from, to } of next.missing) {
    const values = { from, to }
    await addEvent(db, {
      device: device.id,
      at: now,
      type: 'missing-records',
      code: 'missing-records',
      values,
    })
  }
  if (opened.passedOver > 0) {
    const values = { records: opened.passedOver, protocol: header.protocol }
    await addEvent(db, {
      device: device.id,
      at: dayOf(now),
      type: 'agent',
      code: 'agent-passed-over',
      values,
    })
  }
  if (header.tombstone !== undefined) await noteGivenUp(db, device.id, header.tombstone, now)
  const receipt = await keep(db, context, device, opened, nonce, now)
  await followRelease(db, rules.releases, acting, opened.records, now)
  const { touched, drift } = await apply(db, context, { device: current, parameters }, opened, now)
  let findings: StoredFinding[] = []
  for (const [owner, what] of touched) {
    const judged = await judgeDevice(db, context, rules, owner, what, now)
    if (owner === device.id) findings = judged
  }
  const policy = await policyFor(db, context, rules, acting)
  const looks = await looksSince(db, device.id, current.last_seen_at)
  return { kind: 'receipt', receipt, findings, policy, looks, drift }
}

/** Which policy the device is to have; what it has where there is none for it. */
async function policyFor(
  db: Queries,
  context: Context,
  { releases }: RulesInForce,
  device: Acting,
): Promise<Pick<CheckInResponse, 'policyVersion' | 'release'>> {
  const release = await releaseFor(db, context, releases, device)
  return release === null
    ? { policyVersion: device.policy_version, release: device.release }
    : { policyVersion: release.version, release: release.name }
}

/** Only the days: what an agent says of itself is dated no finer. */
async function noteGivenUp(db: Queries, device: string, tombstone: Tombstone, now: number): Promise<void> {
  const { records, kinds, since, until, reason } = tombstone
  const isoDay = (at: number): string => new Date(dayOf(at)).toISOString().slice(0, 10)
  const values = { ...kinds, records, since: isoDay(since), until: isoDay(until), reason }
  await addEvent(db, { device, at: dayOf(now), type: 'agent', code: 'agent-compacted', values })
}

function refused(code: Extract<Outcome, { kind: 'refused' }>['code'], detail: string): Outcome {
  return { kind: 'refused', code, detail }
}

async function refuse(
  db: Queries,
  device: string,
  next: Exclude<Succession, { kind: 'next' }>,
  at: number,
): Promise<Outcome> {
  switch (next.kind) {
    case 'diverged':
    case 'clone': {
      const code = next.kind === 'clone' ? 'clone-suspected' : 'state-diverged'
      await addEvent(db, { device, at, type: 'state-diverged', code, values: { why: next.why } })
      return refused(code, next.why)
    }
    case 'replayed':
    case 'retry':
      return refused('replayed', '')
  }
}

/** Keeps the evidence and moves the chain on; answers the receipt. */
async function keep(
  db: Queries,
  { keys, random }: Context,
  { id: device, key_number: keyNumber }: Device,
  { envelope, header, hash }: Report,
  nonce: string,
  now: number,
): Promise<Signed> {
  const { epoch, counter, head, from } = header
  const sequence = from + envelope.records.length - 1
  if (envelope.records.length > 0) {
    const { header: text, signature, records } = envelope
    await keepEnvelope(db, {
      device,
      epoch,
      counter,
      // The day: an envelope that tells of a start, or of what was installed, would else say when.
      receivedAt: dayOf(now),
      header: text,
      signature,
      keyNumber,
      from,
      records,
    })
  }
  const token = randomName(random)
  const receipt = signed(
    { device, epoch, sequence, head, counter, token, at: now } satisfies Receipt,
    keys.server,
  )
  await saveChain(db, {
    device,
    epoch,
    counter,
    sequence,
    head,
    token,
    envelope_hash: hash,
    nonces: JSON.stringify([nonce]),
    receipt: JSON.stringify(receipt),
  })
  return receipt
}

/** Applies clock and records; answers what has to be judged again, by device, and whether the device told something else. */
async function apply(
  db: Queries,
  context: Context,
  { device, parameters }: Authenticated,
  { header, records }: Report,
  now: number,
): Promise<{ readonly touched: Map<string, Touched>; readonly drift: boolean | undefined }> {
  const touched = new Map<string, Touched>([[device.id, nothingTouched()]])
  const touchedOf = (owner: string): Touched => touched.getOrInsertComputed(owner, nothingTouched)
  const applying = {
    db,
    keys: context.keys,
    device,
    now,
    knownAccounts: new Set<string>(),
    toServer: (at: number) => Math.round(at + (header.clock?.offsetMs ?? 0)),
    aheadMs: (at: number, boot: string | null) => {
      if (header.clock === null || header.clock.boot !== boot) return null
      const ahead = at + header.clock.offsetMs - now
      return ahead > clockSkewMs + header.clock.errorMs ? ahead : null
    },
    touch: (owner: string, account: string, tool: string) => touch(touchedOf(owner), account, tool),
  }
  await applyRecords(applying, records)
  if (header.clock !== null && (await learnClock(db, device.id, header.clock)))
    touchedOf(device.id).all = true
  const drift = await driftOf(applying, header)
  const stopped = stoppedOn(records, applying.toServer)
  await changeDevice(db, device.id, {
    last_seen_at: now,
    ...habitAfter(device, header.clock === null ? null : applying.toServer(parameters.created * 1000), now),
    ...(stopped === null ? {} : { stopped_on: stopped }),
    ...leftBy(records, applying.toServer),
    policy_version: header.policyVersion,
    release: header.release ?? null,
    organisation_keys: header.organisationKeys?.join(' ') ?? null,
    clock_off: await noteSkew(db, device, parameters.created, now),
  })
  return { touched, drift }
}

function toVerdict(row: StoredFinding): CheckInResponse['verdicts'][number] {
  return {
    tool: row.tool,
    account: row.account === '' ? null : row.account,
    // The column holds nothing but statuses.
    status: row.status as CheckInResponse['verdicts'][number]['status'],
    row: row.row,
    reasons: bodyOf(row).reasons,
    rule: row.rule,
    lifecycle: row.lifecycle,
  }
}
