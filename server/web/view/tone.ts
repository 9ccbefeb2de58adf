// Which tone (colour class) and which icon goes with which word. Never colour alone: the word is always beside it.
import type { MarkVerdict, FindingStatus, Lifecycle } from '#shared/finding.ts'
import type { ContactState } from '#shared/contact.ts'
import type { CoverageState } from '#shared/observation.ts'
import type { State } from '#shared/detection.ts'

export type Tone = 'danger' | 'warning' | 'notice' | 'info' | 'good' | 'neutral'

export const statusTone: Readonly<Record<FindingStatus, Tone>> = {
  violation: 'danger',
  suspected: 'warning',
  undetermined: 'notice',
  waived: 'good',
  upcoming: 'info',
  present: 'info',
  leftover: 'neutral',
  review: 'neutral',
}

/** From what needs a person most to what needs one least: the order in every list of statuses. */
export const statusOrder: readonly FindingStatus[] = [
  'violation',
  'suspected',
  'undetermined',
  'upcoming',
  'present',
  'review',
  'waived',
  'leftover',
]

export const verdictTone: Readonly<Record<MarkVerdict, Tone>> = {
  violation: 'danger',
  suspected: 'warning',
  undetermined: 'notice',
  waived: 'good',
  nothing: 'neutral',
}

export const coverageTone: Readonly<Record<CoverageState, Tone>> = {
  attested: 'good',
  'attested-but-blind-spots': 'info',
  'not-attested': 'warning',
}

export const contactTone: Readonly<Record<ContactState, Tone>> = {
  reporting: 'good',
  asleep: 'neutral',
  quiet: 'warning',
}

export const lifecycleTone: Readonly<Record<Lifecycle, Tone>> = {
  open: 'info',
  acknowledged: 'notice',
  disputed: 'warning',
  closed: 'neutral',
}

export const stateTone: Readonly<Record<State, Tone>> = {
  used: 'warning',
  started: 'info',
  installed: 'neutral',
  leftover: 'neutral',
}
