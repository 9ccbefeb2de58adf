// The policy as devices get it: tools, dates, kinds and notices, no names of people or machines, signed by the organisation.
import type { KeyObject } from 'node:crypto'
import { releaseName, type DevicePolicy } from '#shared/protocol.ts'
import { instantsOf, names, windowsOf, type PolicyVersion, type ToolFacts } from '#shared/rules.ts'
import { publicKeyOf, sha256, signWith } from '../crypto.ts'

const dayMs = 86_400_000
/** Long enough to outlast a server's longest absence, so that agents keep a policy that is still right. */
const validMs = 400 * dayMs

export interface SignedPolicy {
  readonly name: string
  readonly version: number
  readonly text: string
  readonly signature: string
  readonly key: string
  readonly expires_at: number
}

/**
 * What devices are told under these versions; null while there is none.
 * @param versions oldest first; all of them, since marks of earlier times are judged by what was in force then
 */
export function buildDevicePolicy(
  versions: readonly PolicyVersion[],
  tools: readonly ToolFacts[],
  checkInSeconds: number,
  now: number,
): DevicePolicy | null {
  const current = versions.at(-1)
  if (current === undefined) return null
  const { policy, activatedAt } = current
  const windows = tools
    .map((tool) => [tool.id, windowsOf(versions, tool)] as const)
    .filter(([, spans]) => spans.length > 0)
  return {
    version: policy.version,
    organisation: policy.organisation,
    activatedAt,
    expiresAt: now + validMs,
    rules: policy.rules.map((rule) => {
      const { cutoff, until, announced } = instantsOf(rule, policy)
      return {
        id: rule.id,
        tools: tools.filter((tool) => names(rule, tool)).map((tool) => tool.id),
        verdict: rule.verdict,
        from: rule.from === undefined ? null : cutoff,
        until,
        announced,
        counts: rule.counts,
        notice: rule.notice ?? null,
        instead: rule.instead,
      }
    }),
    windows: Object.fromEntries(windows),
    collect: policy.collect,
    checkInSeconds,
  }
}

export function signDevicePolicy(policy: DevicePolicy, key: KeyObject): SignedPolicy {
  const text = JSON.stringify(policy)
  return {
    name: releaseName(policy.version, text, sha256),
    version: policy.version,
    text,
    signature: signWith(key)(text),
    key: publicKeyOf(key),
    expires_at: policy.expiresAt,
  }
}

/** Whether what devices are told says something else than it should by now, or will soon expire. */
export function isStale(held: { readonly text: string }, wanted: DevicePolicy, now: number): boolean {
  // Written by this server.
  const told = JSON.parse(held.text) as DevicePolicy
  if (told.expiresAt - now < validMs / 2) return true
  return JSON.stringify({ ...told, expiresAt: 0 }) !== JSON.stringify({ ...wanted, expiresAt: 0 })
}
