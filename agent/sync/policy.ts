// A policy as it comes from the server: taken only if the organisation signed it, it has not expired, and it is no step back.
// Pure; what is refused leaves the last good one in force.
import { DevicePolicy, type Signed } from '#shared/protocol.ts'

/** Far more than any policy; bounds what a wrong one can cost. */
const most = { bytes: 1024 * 1024, rules: 500, windows: 5000 } as const

export type PolicyTaken =
  | { readonly ok: true; readonly policy: DevicePolicy }
  | { readonly ok: false; readonly why: PolicyRefusal }
export type PolicyRefusal =
  | 'other-key'
  | 'bad-signature'
  | 'too-large'
  | 'unreadable'
  | 'expired'
  | 'older'
  | 'given-back'

export interface PolicyTerms {
  /** The organisation's key, pinned at enrolment. */
  readonly organisationKey: string
  readonly verify: (key: string, text: string, signature: string) => boolean
  /** Version in force here; null when there is none. */
  readonly current: number | null
  /** Whether the agent went back from this very document. */
  readonly isGivenBack: boolean
  /** Server clock as well as it is known. */
  readonly now: number
}

export function takePolicy(signed: Signed, terms: PolicyTerms): PolicyTaken {
  const refuse = (why: PolicyRefusal): PolicyTaken => ({ ok: false, why })
  if (signed.key !== terms.organisationKey) return refuse('other-key')
  if (signed.text.length > most.bytes) return refuse('too-large')
  if (!terms.verify(terms.organisationKey, signed.text, signed.signature)) return refuse('bad-signature')
  if (terms.isGivenBack) return refuse('given-back')
  const policy = readPolicy(signed.text)
  if (policy === null) return refuse('unreadable')
  const windows = Object.values(policy.windows).reduce((sum, of) => sum + of.length, 0)
  if (policy.rules.length > most.rules || windows > most.windows) return refuse('too-large')
  if (policy.expiresAt <= terms.now) return refuse('expired')
  if (terms.current !== null && policy.version < terms.current) return refuse('older')
  return { ok: true, policy }
}

/** A policy's text as a value; null when it is not of the published form. */
export function readPolicy(text: string): DevicePolicy | null {
  try {
    const parsed = DevicePolicy.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
