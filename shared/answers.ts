// What the server answers a device: the part of the wire that comes back. Not strict: an agent passes over what a newer server adds.
import { z } from 'zod'
import { DeviceLook } from './device-look.ts'
import { DeviceVerdict, readable } from './device-verdict.ts'

/** Name of a signed policy. */
export const Release = z.string().max(64).nullable()
export const Key = z.string().max(200).describe('Ed25519 public key, base64url of the raw 32 bytes')

export const Signed = z.strictObject({ text: z.string(), signature: z.string(), key: Key })
export type Signed = z.infer<typeof Signed>

export const Receipt = z.object({
  device: z.string(),
  epoch: z.string(),
  sequence: z.int(),
  head: z.string(),
  counter: z.int(),
  token: z.string(),
  at: z.int().describe('server clock'),
})
export type Receipt = z.infer<typeof Receipt>

export const EnrolResponse = z.object({
  device: z.string(),
  serverKey: Key.describe('signs receipts and the time'),
  serverKeyProof: Signed.optional().describe(
    'text: {"serverKey", "since"}, signed by the organisation’s key; without it an agent takes no other key than the one it knows',
  ),
  deviceKeyProof: Signed.optional().describe(
    'text: {"device", "deviceKey"}, signed by the server’s key; without it an agent gives up no key for another',
  ),
  organisationKey: Key.describe('signs policies; checked against the fingerprint from the managed side'),
  sessionKey: z.string().describe('keys the hash of session names, one per organisation; base64url'),
  time: Signed.describe('text: {"at": server clock, "nonce": the request’s signature nonce}'),
  protocol: z.int().optional().describe('version of the server; absent before version 6'),
})
export type EnrolResponse = z.infer<typeof EnrolResponse>

export const CheckInResponse = z.object({
  receipt: Signed.describe('text: a Receipt'),
  time: Signed.describe('text: {"at": server clock, "nonce": the request’s signature nonce}'),
  // Not always the newest.
  policyVersion: z.int().nullable().describe('of the policy that this device is to have'),
  release: Release.optional()
    .catch(undefined)
    .describe('its name; null where there is none yet, absent before version 10'),
  verdicts: readable(DeviceVerdict),
  judgedAt: z.int(),
  protocol: z.int().optional().describe('version of the server; absent before version 6'),
  organisationKey: Key.optional()
    .catch(undefined)
    .describe(
      'the organisation’s, so that an agent whose settings name it next asks for it; absent before version 10',
    ),
  looks: readable(DeviceLook)
    .optional()
    .catch(undefined)
    .describe('looks by people at what is held of this device, some told before; absent before version 11'),
  // Whether the server holds something else than `told` says; absent where it did not compare.
  drift: z.boolean().optional().catch(undefined),
})
export type CheckInResponse = z.infer<typeof CheckInResponse>
