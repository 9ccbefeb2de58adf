// What one key says of another: the organisation's of the server's, a device's of the one that goes on beside it or takes its
// place, the server's of a device's. Pure texts; signing is the caller's. None can be taken for a policy, a report or a request, which are signed with the same keys.
import { z } from 'zod'

/**
 * What the organisation's key signs so that agents take a new key of the server's. `since` rises with each: a word for a former
 * key, kept by somebody who has that key, leads no agent back to it. Absent before protocol 10.
 */
export const ServerKeyProof = z.object({ serverKey: z.string(), since: z.int().nonnegative().default(0) })
export type ServerKeyProof = z.infer<typeof ServerKeyProof>

const Signature = z.string().max(128)
const DeviceId = z.string().max(64)

/** Said at enrolment, signed over {@link copyText}. */
export const CopyOf = z
  .strictObject({ device: DeviceId, signature: Signature })
  .describe(
    'the device whose state this one was copied from, or that was copied from this one; signed by the key that both had',
  )

/** Said at enrolment, signed over {@link rotationText}. */
export const Rotates = z
  .strictObject({ device: DeviceId, token: z.string().max(64), signature: Signature })
  .describe(
    'the device whose key gives its place to this one, and the token of its last receipt; signed by the key before. Needs no enrolment token',
  )
export type Rotates = z.infer<typeof Rotates>

/** What the key of a state that was copied signs, so that the server knows of which device the new one is a copy. */
export function copyText(device: string, newKey: string): string {
  return `cutoff-copy\n${device}\n${newKey}`
}

/**
 * What a device's key signs so that another takes its place.
 * @param token of the last receipt: a request that was kept back, or a copy of the state that fell behind, has another one
 */
export function rotationText(device: string, newKey: string, token: string): string {
  return `cutoff-rotation\n${device}\n${newKey}\n${token}`
}

/** What the server's key signs so that an agent gives up the key before: this one counts from here on. */
export const DeviceKeyProof = z.object({ device: z.string(), deviceKey: z.string() })
export type DeviceKeyProof = z.infer<typeof DeviceKeyProof>
