// Enrolment: a new key, signed for by itself, and a token from the managed side. The same key again is the same device.
import { EnrolRequest, PROTOCOL_VERSION, type EnrolResponse } from '#shared/protocol.ts'
import { copyText, type DeviceKeyProof, type ServerKeyProof } from '#shared/vouching.ts'
import { randomName, type Context } from '../context.ts'
import { isSignedBy, publicKeyOf, sha256, signed } from '../crypto.ts'
import { RequestProblem } from '../errors.ts'
import { newHabit, replacedAfter } from '../habit.ts'
import { deviceLabel } from '../pseudonym.ts'
import { formerKeysOf } from '../store/device-keys.ts'
import {
  addDevice,
  chainOf,
  changeDevice,
  deviceById,
  deviceByKey,
  devicesOfSerial,
  spendNonce,
  type Device,
} from '../store/devices.ts'
import { takeEnrolToken } from '../store/enrol-tokens.ts'
import { addEvent } from '../store/events.ts'
import { lookAlikes } from '../store/lists/device-links.ts'
import type { Queries } from '../store/store.ts'
import { parseKnown } from './body.ts'
import { noteIfFormer, rotateKey, type Rotation } from './key-rotation.ts'
import { predecessorOf } from './predecessor.ts'
import { hostColumns } from './records/device.ts'

type Outcome =
  | Rotation
  | { readonly kind: 'refused'; readonly code: 'bad-token' | 'revoked' | 'replayed' | 'clone-suspected' }

/**
 * Enrols the device whose key signed the request.
 * @param key the raw public key that the request's signature was checked with
 */
export async function enrol(
  context: Context,
  key: string,
  nonce: string,
  body: unknown,
): Promise<EnrolResponse> {
  const request = parseKnown(EnrolRequest, body, 'bad-request')
  if (request.key !== key) throw new RequestProblem('bad-signature', 'the request is signed with another key')
  const outcome = await context.store.write(async (db) => {
    await context.keys.follow(db)
    return admit(db, context, request, nonce)
  })
  if (outcome.kind === 'refused') throw new RequestProblem(outcome.code)
  const { keys } = context
  const serverKey = publicKeyOf(keys.server)
  return {
    device: outcome.device,
    serverKey,
    serverKeyProof: signed(
      { serverKey, since: keys.serverSince } satisfies ServerKeyProof,
      keys.organisation,
    ),
    deviceKeyProof: signed({ device: outcome.device, deviceKey: key } satisfies DeviceKeyProof, keys.server),
    organisationKey: publicKeyOf(keys.organisation),
    sessionKey: Buffer.from(keys.session).toString('base64url'),
    time: signed({ at: context.now(), nonce }, keys.server),
    protocol: PROTOCOL_VERSION,
  }
}

async function admit(
  db: Queries,
  { keys, now, random }: Context,
  request: EnrolRequest,
  nonce: string,
): Promise<Outcome> {
  const at = now()
  const known = await deviceByKey(db, request.key)
  if (known !== undefined) {
    if (known.status === 'revoked') return { kind: 'refused', code: 'revoked' }
    // The answer was lost and the agent asks again: the token was used the first time.
    const fresh = await spendNonce(db, known.id, 'enrol', nonce, at)
    if (!fresh) return { kind: 'refused', code: 'replayed' }
    if (request.machine !== undefined) await learnMachine(db, known, request, at)
    return { kind: 'enrolled', device: known.id }
  }
  if (await noteIfFormer(db, request.key, at)) return { kind: 'refused', code: 'clone-suspected' }
  if (request.rotates !== undefined) return rotateKey(db, request.key, request.rotates, nonce, at)
  const token = await takeEnrolToken(db, sha256(request.token), at)
  if (token === null) return { kind: 'refused', code: 'bad-token' }
  const id = randomName(random)
  const told = { ...hostColumns(request.host), ...machineColumns(request) }
  const original = await originalOf(db, request)
  const before =
    original === null
      ? predecessorOf(told, await lookAlikes(db, id, told))
      : ({ id: original, why: 'copied' } as const)
  await addDevice(db, {
    id,
    key: request.key,
    status: 'active',
    enrolled_at: at,
    enrol_token: token,
    label: deviceLabel(keys, id),
    ...told,
    clock_off: 0,
    predecessor: before?.id ?? null,
    predecessor_why: before?.why ?? null,
    ...newHabit(at),
  })
  await spendNonce(db, id, 'enrol', nonce, at)
  await addEvent(db, { device: id, at, type: 'enrolled', code: 'enrolled', values: { token } })
  if (before?.why === 'copied') await tellBoth(db, 'copied', [before.id, id], at)
  // Of a copy there are two machines, and each is waited for.
  else if (before !== null) await goOnAs(db, before.id, id, at)
  const { serial } = request.host
  for (const other of serial === null ? [] : await devicesOfSerial(db, serial, id)) {
    if (other !== before?.id) await tellBoth(db, 'enrolled-again', [other, id], at)
  }
  return { kind: 'enrolled', device: id }
}

/** Keeps by what a machine is known; of a device that has told nothing yet, also which one it goes on as. */
async function learnMachine(db: Queries, known: Device, request: EnrolRequest, at: number): Promise<void> {
  const told = machineColumns(request)
  await changeDevice(db, known.id, told)
  if (known.predecessor !== null || (await chainOf(db, known.id)) !== undefined) return
  const device = { ...known, ...told }
  const before = predecessorOf(device, await lookAlikes(db, known.id, device))
  if (before === null) return
  await changeDevice(db, known.id, { predecessor: before.id, predecessor_why: before.why })
  await goOnAs(db, before.id, known.id, at)
}

async function goOnAs(db: Queries, before: string, device: string, at: number): Promise<void> {
  await tellBoth(db, 'enrolled-again', [before, device], at)
  await changeDevice(db, before, { quiet_after: replacedAfter })
}

function machineColumns({ machine }: EnrolRequest) {
  return { hardware_hash: machine?.hardware ?? null, system_hash: machine?.system ?? null }
}

/** The device that this one was copied from or that was copied from it, if the key of both says so. */
async function originalOf(db: Queries, { key, copyOf }: EnrolRequest): Promise<string | null> {
  const original = copyOf === undefined ? undefined : await deviceById(db, copyOf.device)
  if (copyOf === undefined || original === undefined) return null
  // A copy may be older than the key that its original has now.
  const text = copyText(original.id, key)
  const keys = [original.key, ...(await formerKeysOf(db, original.id))]
  return keys.some((one) => isSignedBy(one, text, copyOf.signature)) ? original.id : null
}

/** An event on each of two devices that names the other. */
async function tellBoth(
  db: Queries,
  code: 'copied' | 'enrolled-again',
  [one, other]: readonly [string, string],
  at: number,
): Promise<void> {
  await addEvent(db, { device: one, at, type: 'enrolled', code, values: { device: other } })
  await addEvent(db, { device: other, at, type: 'enrolled', code, values: { device: one } })
}
