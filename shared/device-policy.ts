// The policy as it travels to a device: what may leave it, when, and what its people are told. Part of the protocol.
import { z } from 'zod'
import { MarkKind } from './detection.ts'
import { Instant } from './instant.ts'
import { Collect } from './policy.ts'
import { ToolId } from './tool.ts'

/** A span of time in which marks of these kinds may leave the device; everything else stays or loses its date. */
export const Window = z.strictObject({
  from: Instant,
  until: Instant.nullable(),
  kinds: z.array(MarkKind),
})
export type Window = z.infer<typeof Window>

/** The policy as a device gets it: tools, dates, kinds, notices and settings; no names of exempt people or machines. */
export const DevicePolicy = z.strictObject({
  version: z.int(),
  organisation: z.string(),
  activatedAt: Instant,
  expiresAt: Instant,
  rules: z.array(
    z.strictObject({
      id: z.string(),
      tools: z.array(ToolId),
      verdict: z.enum(['banned', 'approved']),
      from: Instant.nullable(),
      until: Instant.nullable(),
      announced: Instant.nullable(),
      counts: z.enum(['installed', 'started', 'used']),
      notice: z.string().nullable(),
      instead: z.array(ToolId),
    }),
  ),
  windows: z.record(ToolId, z.array(Window)),
  collect: Collect,
  checkInSeconds: z.int().min(5).max(86_400),
})
export type DevicePolicy = z.infer<typeof DevicePolicy>

/**
 * The name of a signed policy. A version can have several texts, as a new catalogue or a setting of the server changes the
 * text alone; no two texts have one name.
 * @param sha256 of UTF-8 text, base64url
 */
export function releaseName(version: number, text: string, sha256: (text: string) => string): string {
  return `${version}-${sha256(text).slice(0, 22)}`
}
