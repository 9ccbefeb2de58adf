// The judgement: from detections, policy versions, waivers and people to findings. The table of README.md beside this file, nothing else.
// Pure: the same input gives the same findings in whatever order it comes.
import type { Mark, State } from './detection.ts'
import type { Finding, FindingStatus, JudgedMark, MarkVerdict, ReasonCode } from './finding.ts'
import type { Coverage } from './observation.ts'
import { coversHolder, type People, type Waiver } from './people.ts'
import type { Rule } from './policy.ts'
import {
  governing,
  instantsOf,
  kindsCounted,
  noticeOf,
  type Governing,
  type PolicyVersion,
  type ToolFacts,
} from './rules.ts'
import { compareText } from './text-order.ts'

export type { PolicyVersion } from './rules.ts'

/** A detection as judged: instants already converted from the device's clock to the server's, uncertainty included. */
export interface JudgedDetection {
  readonly device: string
  readonly account: string | null
  readonly tool: string
  readonly state: State
  readonly running: boolean
  /** An instant on the day of installation, when known; `'before'` when known to lie before the cutoff. */
  readonly installed: number | 'before' | null
  readonly usedBeforeCutoff: boolean | null
  readonly marks: readonly Mark[]
}

export interface JudgeInput {
  readonly detections: readonly JudgedDetection[]
  readonly versions: readonly PolicyVersion[]
  readonly waivers: readonly Waiver[]
  readonly people: People
  /** Every tool of the catalogue, for what selectors ask about. */
  readonly tools: readonly ToolFacts[]
  readonly coverage: readonly (Coverage & { readonly device: string })[]
  readonly catalogue: string
  readonly now: number
}

export type DeviceFinding = Finding & { readonly device: string }

/** Judges every detection. One finding per device, account and tool, or none; sorted by these. */
export function judge(input: JudgeInput): DeviceFinding[] {
  const versions = input.versions.toSorted((a, b) => a.activatedAt - b.activatedAt)
  const tools = new Map(input.tools.map((tool) => [tool.id, tool]))
  const findings = input.detections.flatMap((detection) => {
    const tool = tools.get(detection.tool)
    const finding = tool === undefined ? null : findingOf({ ...input, versions }, detection, tool)
    return finding === null ? [] : [finding]
  })
  return findings.toSorted(
    (a, b) =>
      compareText(a.device, b.device) ||
      compareText(a.account ?? '', b.account ?? '') ||
      compareText(a.tool, b.tool),
  )
}

type Verdict = Pick<JudgedMark, 'verdict' | 'row' | 'reason' | 'waiver'>

const severity = {
  violation: 4,
  suspected: 3,
  undetermined: 2,
  waived: 1,
  nothing: 0,
} as const satisfies Record<MarkVerdict, number>

function findingOf(input: JudgeInput, detection: JudgedDetection, tool: ToolFacts): DeviceFinding | null {
  const marks = detection.marks
    .map((mark) => judgeMark(input, detection, tool, mark))
    .toSorted((a, b) => a.at - b.at || compareText(markKey(a), markKey(b)))
  const worst = marks.reduce<MarkVerdict>(
    (w, m) => (severity[m.verdict] > severity[w] ? m.verdict : w),
    'nothing',
  )
  const now = governing(input.versions, tool, detection, input.people, input.now)
  const standing = standingOf(input, detection, now)
  if (worst === 'nothing' && standing === null) return null

  const deciding = worst === 'nothing' ? [] : marks.filter((m) => m.verdict === worst)
  const first = deciding[0]
  const governs =
    first === undefined ? now : governing(input.versions, tool, detection, input.people, first.at)
  const rule = ruleOf(governs)
  const instants = rule === null || governs === null ? null : instantsOf(rule, governs.version.policy)
  const kind = first?.kind ?? 'session'
  return {
    device: detection.device,
    tool: detection.tool,
    account: detection.account,
    rule: rule?.id ?? null,
    status: worst === 'nothing' ? (standing?.status ?? 'review') : worst,
    reasons: unique(deciding.length > 0 ? deciding.map((m) => m.reason) : (standing?.reasons ?? [])),
    row: first?.row ?? null,
    marks,
    since: first?.at ?? null,
    cutoff: instants === null || rule?.verdict === 'approved' ? null : instants.cutoff,
    notice:
      rule?.verdict !== 'banned' || governs === null
        ? null
        : finite(
            noticeOf(
              input.versions,
              governs.index,
              tool,
              detection,
              input.people,
              first?.at ?? input.now,
              kind,
            ),
          ),
    state: detection.state,
    running: detection.running,
    usedBeforeCutoff: detection.usedBeforeCutoff,
    policyVersion: governs?.version.policy.version ?? null,
    catalogue: input.catalogue,
    coverage: coverageOf(input, detection),
    wouldChange: unique(deciding.flatMap(wouldChange)),
    missing: missingOf(governs, deciding),
  }
}

/** One mark through the rows, in their order; the first that applies decides. */
function judgeMark(input: JudgeInput, detection: JudgedDetection, tool: ToolFacts, mark: Mark): JudgedMark {
  const governs = governing(input.versions, tool, detection, input.people, mark.at)
  const verdict = verdictOf(input, detection, tool, mark, governs)
  return {
    ...mark,
    ...verdict,
    policyVersion: governs?.version.policy.version ?? null,
    rule: ruleOf(governs)?.id ?? null,
  }
}

function verdictOf(
  input: JudgeInput,
  detection: JudgedDetection,
  tool: ToolFacts,
  mark: Mark,
  governs: Governing | null,
): Verdict {
  if (governs === null) return say('nothing', null, 'no-rule')
  if (governs.decision.kind === 'unknown') return say('undetermined', null, 'scope-unknown')
  const rule = ruleOf(governs)
  if (rule === null) return say('nothing', null, 'no-rule')
  if (rule.verdict === 'approved') return say('nothing', null, 'approved')

  const { cutoff, until } = instantsOf(rule, governs.version.policy)
  const earliest = mark.at - mark.uncertaintyMs
  const latest = mark.at + mark.uncertaintyMs
  if (latest < cutoff) return say('nothing', 1, 'before-cutoff')
  if (until !== null && earliest >= until) return say('nothing', 1, 'after-until')

  const counted = kindsCounted(rule.counts).includes(mark.kind)
  const recordless = mark.kind === 'run' && mark.withoutRecord && mark.basis === 'witnessed'
  if (!counted && !recordless) return say('nothing', 2, 'not-counted')

  const waivers = input.waivers.filter((w) => w.tools.includes(detection.tool))
  const sure = waivers.filter((w) => coversHolder(w, detection, input.people, mark.at) === 'yes')
  const waiver = sure.find((w) => w.from <= earliest && latest < w.until)
  if (waiver) return { ...say('waived', 3, 'in-waiver'), waiver: waiver.id }
  const unsure = waivers.some(
    (w) =>
      coversHolder(w, detection, input.people, mark.at) === 'unknown' &&
      w.from <= latest &&
      earliest < w.until,
  )
  if (unsure) return say('undetermined', 3, 'waiver-unknown')
  // Row 2's exception stands behind row 3, so that a waiver excuses it as it excuses everything else.
  if (!counted) return say('suspected', 2, 'run-without-record')

  const notice = noticeOf(input.versions, governs.index, tool, detection, input.people, mark.at, mark.kind)
  const edges = [
    cutoff,
    notice,
    ...(until === null ? [] : [until]),
    ...sure.flatMap((w) => [w.from, w.until]),
  ]
  const crosses = edges.some((edge) => earliest < edge && edge <= latest)
  if (crosses || termsChangeWithin(input, detection, tool, governs, earliest, latest)) {
    return say('suspected', 4, 'around-an-edge')
  }
  if (latest < notice) return say('suspected', 5, 'before-notice')
  if (mark.strength !== 'proven') return say('suspected', 6, 'weak-evidence')
  if (mark.doubts.includes('times-disagree')) return say('suspected', 7, 'times-disagree')
  if (mark.doubts.includes('arrived-together')) return say('suspected', 7, 'arrived-together')
  if (elsewhere.some((doubt) => mark.doubts.includes(doubt))) return say('suspected', 8, 'maybe-elsewhere')
  if (mark.basis === 'found' && rule.foundUse === 'suspected')
    return say('suspected', 9, 'found-not-witnessed')
  return say('violation', 10, `${verbs[mark.kind]}-after-cutoff`)
}

/** Row 8: whose use it was, or whether it was here. */
const elsewhere = [
  'another-device',
  'another-account',
  'unable-to-run',
] as const satisfies readonly Mark['doubts'][number][]

const verbs = {
  session: 'used',
  attempt: 'tried',
  run: 'ran',
  presence: 'present',
} as const satisfies Record<Mark['kind'], string>

function say(verdict: MarkVerdict, row: number | null, reason: ReasonCode): Verdict {
  return { verdict, row, reason, waiver: null }
}

function ruleOf(governs: Governing | null): Rule | null {
  return governs === null || governs.decision.kind === 'none' ? null : governs.decision.rule
}

/** Whether another version, with other terms, may have governed the instant meant: its coming into force is an edge too. */
function termsChangeWithin(
  input: JudgeInput,
  detection: JudgedDetection,
  tool: ToolFacts,
  governs: Governing,
  earliest: number,
  latest: number,
): boolean {
  const terms = (g: Governing | null): string => {
    const rule = ruleOf(g)
    if (g === null || rule === null) return ''
    const { cutoff, until } = instantsOf(rule, g.version.policy)
    return [g.decision.kind, rule.verdict, cutoff, until, rule.counts, rule.foundUse].join(' ')
  }
  return [earliest, latest].some(
    (at) => terms(governing(input.versions, tool, detection, input.people, at)) !== terms(governs),
  )
}

interface Standing {
  readonly status: FindingStatus
  readonly reasons: readonly ReasonCode[]
}

/** What holds where no mark decides: how the tool stands under the rule in force now. */
function standingOf(input: JudgeInput, detection: JudgedDetection, now: Governing | null): Standing | null {
  const inForce = input.versions.findLast((v) => v.activatedAt <= input.now)
  if (inForce === undefined) return null
  if (now === null || now.version.activatedAt > input.now) {
    return inForce.policy.unlisted.verdict === 'review' ? { status: 'review', reasons: ['no-rule'] } : null
  }
  if (now.decision.kind === 'unknown') return { status: 'undetermined', reasons: ['scope-unknown'] }
  const rule = ruleOf(now)
  if (rule === null || rule.verdict === 'approved') return null // approved, or banned for others only
  const { cutoff, until } = instantsOf(rule, now.version.policy)
  if (until !== null && input.now >= until) return null
  if (detection.state === 'leftover') return { status: 'leftover', reasons: ['traces-only'] }
  if (input.now < cutoff) return { status: 'upcoming', reasons: ['cutoff-ahead'] }
  const excused = input.waivers.some(
    (w) =>
      w.tools.includes(detection.tool) &&
      w.from <= input.now &&
      input.now < w.until &&
      coversHolder(w, detection, input.people, input.now) === 'yes',
  )
  return {
    status: 'present',
    reasons: [
      installedWhen(detection, cutoff),
      'no-counted-use',
      ...(excused ? (['in-waiver'] as const) : []),
    ],
  }
}

function installedWhen(detection: JudgedDetection, cutoff: number): ReasonCode {
  if (detection.installed === null) return 'installed-unknown-when'
  if (detection.installed === 'before' || detection.installed < cutoff) return 'installed-before-cutoff'
  return 'installed-after-cutoff'
}

/** What would have spared the account, by the row that decided. */
const sparing: Readonly<Record<number, Finding['wouldChange']>> = {
  2: ['proof', 'waiver'],
  4: ['sure-time', 'waiver'],
  5: ['announced', 'waiver'],
  6: ['proof', 'waiver'],
  7: ['sure-time', 'waiver'],
  8: ['proof', 'waiver'],
  9: ['witnessed', 'rule-found-use', 'earlier', 'waiver'],
  10: ['earlier', 'waiver'],
}

function wouldChange(mark: JudgedMark): Finding['wouldChange'] {
  const accused = mark.verdict === 'violation' || mark.verdict === 'suspected'
  return (accused && mark.row !== null ? sparing[mark.row] : undefined) ?? []
}

function missingOf(governs: Governing | null, deciding: readonly JudgedMark[]): string[] {
  if (governs?.decision.kind === 'unknown') return [...governs.decision.missing]
  return deciding.some((m) => m.reason === 'waiver-unknown') ? ['owner'] : []
}

/** The account's own coverage; the machine's where the account has none. */
function coverageOf(input: JudgeInput, detection: JudgedDetection): Coverage | null {
  const here = input.coverage.filter((c) => c.device === detection.device)
  const found = here.find((c) => c.account === detection.account) ?? here.find((c) => c.account === null)
  if (found === undefined) return null
  const { account, state, at, catalogue, gaps } = found
  return { account, state, at, catalogue, gaps }
}

function markKey(mark: Mark): string {
  return [mark.kind, mark.session ?? '', mark.signal, mark.basis, mark.strength, mark.uncertaintyMs].join(
    '\0',
  )
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

function finite(instant: number): number | null {
  return instant === Number.MAX_SAFE_INTEGER ? null : instant
}
