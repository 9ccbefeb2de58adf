// Waivers as the pages see them: whether one holds now, whom it is for, and what a form must still say. Pure.
import { NewWaiver } from '#shared/api.ts'
import type { WaiverSubject } from '#shared/people.ts'
import { readLocalInput } from './time.ts'

export type WaiverPhase = 'active' | 'ahead' | 'over' | 'revoked'

interface Held {
  readonly from: number
  readonly until: number
  readonly revokedAt: number | null
}

export function waiverPhase(waiver: Held, now: number): WaiverPhase {
  if (waiver.revokedAt !== null) return 'revoked'
  if (now >= waiver.until) return 'over'
  return now < waiver.from ? 'ahead' : 'active'
}

/** `person alice`, `account account-3f9a2c on device 4f…`; as the server shows it. */
export function waiverSubjectText(subject: WaiverSubject): string {
  switch (subject.kind) {
    case 'person':
      return `person ${subject.person}`
    case 'device':
      return `device ${subject.device}`
    case 'account':
      return `account ${subject.account} on device ${subject.device}`
    case 'group':
      return `group ${subject.group}`
  }
}

/** What has been typed into the form. */
export interface WaiverDraft {
  readonly kind: WaiverSubject['kind']
  /** Of a person or group; of an account its key. */
  readonly name: string
  readonly device: string
  readonly tools: readonly string[]
  readonly owner: string
  readonly reason: string
  readonly from: string
  readonly until: string
}

export type DraftField = 'name' | 'device' | 'tools' | 'owner' | 'reason' | 'from' | 'until'

export type DraftCheck =
  | { readonly ok: true; readonly waiver: NewWaiver }
  | { readonly ok: false; readonly errors: Readonly<Partial<Record<DraftField, string>>> }

function subjectOf(draft: WaiverDraft): WaiverSubject {
  const name = draft.name.trim()
  const device = draft.device.trim()
  switch (draft.kind) {
    case 'person':
      return { kind: 'person', person: name }
    case 'group':
      return { kind: 'group', group: name }
    case 'device':
      return { kind: 'device', device }
    case 'account':
      return { kind: 'account', device, account: name }
  }
}

/** Checks a draft; the times are in the zone given. */
export function checkDraft(draft: WaiverDraft, zone: string): DraftCheck {
  const errors: Partial<Record<DraftField, string>> = {}
  const from = readLocalInput(draft.from, zone)
  const until = readLocalInput(draft.until, zone)
  if (draft.kind !== 'device' && draft.name.trim() === '')
    errors.name = draft.kind === 'account' ? 'Choose the account.' : `Name the ${draft.kind}.`
  if ((draft.kind === 'device' || draft.kind === 'account') && draft.device.trim() === '')
    errors.device = 'Give the device’s id.'
  if (draft.tools.length === 0) errors.tools = 'Choose at least one tool.'
  if (draft.owner.trim() === '') errors.owner = 'Say who answers for this exception.'
  if (draft.reason.trim() === '') errors.reason = 'Say why.'
  if (from === null) errors.from = 'Give the day and time from which it holds.'
  if (until === null) errors.until = 'An exception needs an end.'
  else if (from !== null && until <= from) errors.until = 'The end is not after the beginning.'
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const checked = NewWaiver.safeParse({
    subject: subjectOf(draft),
    tools: draft.tools,
    owner: draft.owner.trim(),
    reason: draft.reason.trim(),
    from,
    until,
  })
  if (checked.success) return { ok: true, waiver: checked.data }
  return { ok: false, errors: { reason: checked.error.issues[0]?.message ?? 'This cannot be saved.' } }
}
