// What one key says of another: the organisation's of the server's, a device's of the one that goes on beside it. Pure texts;
// signing is the caller's. None can be taken for a policy, a report or a request, which are signed with the same keys.
import { z } from 'zod'

/** What the organisation's key signs so that agents take a new key of the server's. */
export const ServerKeyProof = z.object({ serverKey: z.string() })
export type ServerKeyProof = z.infer<typeof ServerKeyProof>

/** What the key of a state that was copied signs, so that the server knows of which device the new one is a copy. */
export function copyText(device: string, newKey: string): string {
  return `cutoff-copy\n${device}\n${newKey}`
}
