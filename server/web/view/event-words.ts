// Words for the history of a device. A summary is a code with its values, `status-changed from=none to=violation`. Pure.
import { FindingStatus } from '#shared/finding.ts'
import { CoverageState, GapReason } from '#shared/observation.ts'
import { State } from '#shared/detection.ts'
import type { Words } from '#shared/words/vocabulary.ts'
import type { Tone } from './tone.ts'

export interface Summary {
  readonly code: string
  readonly values: Readonly<Record<string, string>>
}

/** Reads `code name=value name=value`, the values URI-encoded; what cannot be decoded stays as it is. */
export function readSummary(text: string): Summary {
  const [code = '', ...told] = text.split(' ')
  const values = told.map((pair): [string, string] => {
    const at = pair.indexOf('=')
    return at < 0 ? [pair, ''] : [pair.slice(0, at), decoded(pair.slice(at + 1))]
  })
  return { code, values: Object.fromEntries(values) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export type EventType =
  | 'enrolled'
  | 'revoked'
  | 'agent'
  | 'detection'
  | 'finding'
  | 'gap-opened'
  | 'gap-closed'
  | 'coverage'
  | 'account'
  | 'missing-records'
  | 'state-diverged'
  | 'shared-session'

export const eventTone: Readonly<Record<EventType, Tone>> = {
  enrolled: 'good',
  revoked: 'danger',
  agent: 'neutral',
  detection: 'info',
  finding: 'notice',
  'gap-opened': 'warning',
  'gap-closed': 'good',
  coverage: 'info',
  account: 'neutral',
  'missing-records': 'danger',
  'state-diverged': 'danger',
  'shared-session': 'warning',
}

/** What each kind of event says when its code is one that this page does not know. */
const typeWords: Readonly<Record<EventType, string>> = {
  enrolled: 'The device was enrolled.',
  revoked: 'The device was revoked: its reports are refused.',
  agent: 'The agent reported about itself.',
  detection: 'What was found of it changed.',
  finding: 'The verdict changed.',
  'gap-opened': 'Something could no longer be seen.',
  'gap-closed': 'Something could be seen again.',
  coverage: 'How well it was looked at changed.',
  account: 'An account changed.',
  'missing-records': 'Reports are missing: something that was sent never came.',
  'state-diverged': 'The agent’s state was copied, rolled back or reset.',
  'shared-session': 'Sessions of it were reported elsewhere too: whose use they were is in doubt.',
}

type Say = (value: (name: string) => string | null, words: Words) => string

const divergences: Readonly<Record<string, string>> = {
  counter: 'a request number came twice with different content',
  token: 'it did not return the token of the last receipt',
  sequence: 'it sent records again that were already received, differently',
  head: 'its chain does not follow on the last one',
  'ended-epoch': 'it reported under a state that had ended',
  rotation: 'it asked for a new key as of an older report',
}

const refusals: Readonly<Record<string, string>> = {
  'run-died': 'The agent died twice in a row under a new policy, and went back to the last good one.',
  'look-failed': 'Looks failed under a new policy, and the agent went back to the last good one.',
}

/** A sentence per code of a summary. Values are shown by the page, made inert. */
const codeWords: Readonly<Record<string, Say>> = {
  'enrolled-again': () => 'Probably the same machine was enrolled a second time, as another device.',
  'key-rotated': () => 'The device has a new key, which its key before signed for.',
  copied: () => 'One state was on two machines; from here on each is a device of its own.',
  'agent-passed-over': (value) =>
    `This server is older than the agent and could not read ${value('records') ?? 'some'} of its records: update the server, and they are told again.`,
  'agent-started': () => 'The agent started.',
  'agent-stopping': () => 'The agent was stopped in an orderly way.',
  'agent-removing': () => 'The agent was removed: its package was being uninstalled.',
  'agent-upgrading': () => 'The agent ended so that another version takes its place.',
  'agent-start-failed': (value) =>
    `An earlier start of the agent came to nothing: ${value('detail') ?? 'why is not known'}.`,
  'agent-killed': () => 'The agent ended without a word while the machine ran on: it was killed, or crashed.',
  'agent-stalled': () =>
    'The agent stood still for more than 15 minutes while the machine was awake: it was held up, or starved.',
  'agent-reconfigured': (value) => `The agent’s settings were changed: ${value('detail') ?? 'unknown ones'}.`,
  'agent-new-epoch': () => 'The agent began with a new state.',
  'agent-dropped': () => 'The agent had to drop records, and says so.',
  'agent-compacted': (value) => {
    const days = [...new Set([value('since') ?? '', value('until') ?? ''])].join(' to ')
    return `Compacted on the device: ${value('records') ?? '0'} records of ${days}, reason: spool full.`
  },
  'agent-told-again': (value) =>
    `What is held here was not what the device had told; it told everything again, and ${value('ended') ?? 'some'} items that it did not name were ended.`,
  'agent-policy-refused': (value) =>
    refusals[value('detail') ?? ''] ?? 'The agent refused a policy and kept the last good one.',
  'agent-clock-stepped': () => 'The device’s clock was set.',
  'clock-skew': () => 'The device’s clock is far from the server’s.',
  'clock-right': () => 'The device’s clock is right again.',
  'new-epoch': () => 'The agent began with a new state.',
  detection: (value, words) => {
    const state = State.safeParse(value('state'))
    const from = State.safeParse(value('from'))
    const now = state.success ? words.state[state.data].label.toLowerCase() : 'found'
    return from.success && from.data !== state.data
      ? `Now ${now}, before ${words.state[from.data].label.toLowerCase()}.`
      : `Found: ${now}.`
  },
  'detection-gone': () => 'Nothing of it is found any more.',
  finding: (value, words) => {
    const status = FindingStatus.safeParse(value('status'))
    const from = FindingStatus.safeParse(value('from'))
    const now = status.success ? words.status[status.data].label.toLowerCase() : 'changed'
    return from.success
      ? `Judged ${now}, before ${words.status[from.data].label.toLowerCase()}.`
      : `Judged ${now}.`
  },
  'gap-opened': (value, words) => `Could not be seen: ${gapText(value('reason'), words)}.`,
  'gap-closed': (value, words) => `Can be seen again: ${gapText(value('reason'), words)}.`,
  coverage: (value, words) => {
    const state = CoverageState.safeParse(value('state'))
    return state.success ? `${words.coverage[state.data].label}.` : typeWords.coverage
  },
  'account-seen': (value) =>
    value('readable') === 'false' ? 'An account whose home cannot be looked into.' : 'An account was seen.',
  'account-gone': () => 'The account is gone.',
  'shared-session': (value) => {
    const who = value('device') === null ? 'another account of this device' : 'another device'
    return value('first') === 'here'
      ? `Sessions of it were now reported by ${who} too: whose use they were is in doubt from here on.`
      : `It reported sessions that ${who} had reported before: whose use they were is in doubt.`
  },
  'clone-suspected': (value) =>
    value('why') === 'former-key'
      ? 'A key was used that had given its place to another: a copy of the agent’s state, or one that was rolled back.'
      : 'Two devices use the same identity.',
  'state-diverged': (value) => {
    const why = divergences[value('why') ?? '']
    return why === undefined
      ? typeWords['state-diverged']
      : `The agent’s state was copied or rolled back: ${why}.`
  },
}

function gapText(reason: string | null, words: Words): string {
  const known = GapReason.safeParse(reason)
  return known.success ? words.gap[known.data].label.toLowerCase() : 'reason not known'
}

/** Values that the sentence already tells, or that only machines read. */
const told = new Set([
  ...['state', 'status', 'reason', 'readable', 'why', 'token', 'after', 'first'],
  ...['records', 'since', 'until'],
])

/** Whether only the day of it is known, in UTC: what an agent says of itself. */
export function isOfADay({ summary }: { readonly summary: string }): boolean {
  return readSummary(summary).code.startsWith('agent-')
}

/** The event in a sentence, and what else it says as pairs to show beside it. */
export function eventSentence(
  words: Words,
  event: { readonly type: EventType; readonly summary: string },
): { readonly text: string; readonly values: readonly (readonly [string, string])[] } {
  const { code, values } = readSummary(event.summary)
  const say = codeWords[code]
  const spoken = code === 'missing-records' ? told : new Set([...told, 'from'])
  return {
    text: say === undefined ? typeWords[event.type] : say((name) => values[name] ?? null, words),
    values: Object.entries(values).filter(([name]) => !spoken.has(name)),
  }
}
