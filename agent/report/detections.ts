// What is said of a tool and account: its state and what proves it, never a time, and before the rule's date no change that
// would show when somebody worked.
import type { Evidence, State } from '#shared/detection.ts'
import type { Detected } from '#shared/detect.ts'
import type { DetectionRecord, DevicePolicy } from '#shared/protocol.ts'
import type { KnownTool } from '../state/tool-knowledge.ts'
import { oncePer } from '#shared/once-per.ts'
import { toWireEvidence, versionText, type EvidenceContext } from './evidence.ts'
import { bootOf, type Boot } from '../clock-segments.ts'
import { cutoffOf, isOpen, onServer, windowsFor, type ClockMeasure } from './windows.ts'

export interface DetectionContext extends EvidenceContext {
  readonly policy: DevicePolicy | null
  readonly measures: readonly ClockMeasure[]
  readonly boot: Boot
  readonly now: number
}

/** Evidence in one record at most; the schema's own limit. */
const evidenceKept = 50

/** @param known null where nothing is known from earlier looks */
export function detectionRecord(
  detected: Detected,
  known: KnownTool | null,
  able: boolean,
  context: DetectionContext,
): DetectionRecord {
  const windows = windowsFor(context.policy, detected.tool)
  const open = isOpen(windows, onServer(context.now, context.boot.id, 1, context.measures))
  const cutoff = cutoffOf(windows)
  return {
    type: 'detection',
    tool: detected.tool,
    account: detected.account,
    state: lastingState(detected, known),
    gone: false,
    running: open ? detected.running : null,
    strength: detected.strength,
    version: versionText(detected.version),
    ...installation(detected, cutoff, context),
    usedBeforeCutoff: usedBefore(known, cutoff, context),
    ableToRun: able,
    evidence: wireEvidence(detected, open, context),
  }
}

/** A tool that ran an hour ago has been started, though nothing of it runs now. */
function lastingState(detected: Detected, known: KnownTool | null): State {
  if (detected.state === 'leftover' || known === null) return detected.state
  if (known.firstUsedAt !== null) return 'used'
  return detected.state === 'installed' && known.started ? 'started' : detected.state
}

const firstInstalledAt = oncePer(({ matches }: Detected): number =>
  matches.reduce(
    (first, { observation: o }) =>
      o.kind === 'package' && o.scope === 'installed' ? Math.min(first, o.installedAt ?? first) : first,
    Number.POSITIVE_INFINITY,
  ),
)

function installation(
  detected: Detected,
  cutoff: number | null,
  context: DetectionContext,
): Pick<DetectionRecord, 'installedOn' | 'installedBeforeCutoff'> {
  const first = firstInstalledAt(detected)
  if (cutoff === null || first === Number.POSITIVE_INFINITY)
    return { installedOn: null, installedBeforeCutoff: null }
  const time = onServer(first, bootOf(first, context.boot), 1, context.measures)
  if (time.at + time.uncertaintyMs < cutoff) return { installedOn: null, installedBeforeCutoff: true }
  // Too near the rule's date to say on which side.
  if (time.at - time.uncertaintyMs < cutoff) return { installedOn: null, installedBeforeCutoff: null }
  return { installedOn: new Date(time.at).toISOString().slice(0, 10), installedBeforeCutoff: false }
}

function usedBefore(known: KnownTool | null, cutoff: number | null, context: DetectionContext): boolean {
  if (cutoff === null || known === null || known.firstUsedAt === null) return false
  const { at, uncertaintyMs } = onServer(
    known.firstUsedAt,
    bootOf(known.firstUsedAt, context.boot),
    1,
    context.measures,
  )
  return at + uncertaintyMs < cutoff
}

/**
 * Traces count once per template, without a hash: each new session file would otherwise be a dated sign of work. What is
 * running is told only while a window is open.
 */
function wireEvidence(
  detected: Detected,
  open: boolean,
  context: DetectionContext,
): DetectionRecord['evidence'] {
  return (open ? toldWhileOpen : toldAnyTime)(detected)
    .map((evidence) => toWireEvidence(evidence, detected.account, context, hasOneFile(evidence)))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

const toldWhileOpen = oncePer(({ evidence }: Detected) => strongest(evidence))
const toldAnyTime = oncePer(({ evidence }: Detected) =>
  strongest(evidence.filter(({ kind }) => kind !== 'process')),
)

/** One for each signal and file, the strongest first. */
function strongest(evidences: readonly Evidence[]): readonly Evidence[] {
  const seen = new Map<string, Evidence>()
  let last: Evidence | null = null
  for (const evidence of evidences) {
    // Traces by the thousand, one after the other, of which the first says it all.
    const isAsLast = last?.signal === evidence.signal && last.strength === evidence.strength
    if (isAsLast && evidence.kind === 'trace') continue
    last = evidence
    const file = hasOneFile(evidence) ? (evidence.path ?? '') : ''
    const key = `${evidence.kind}\0${evidence.signal}\0${file}`
    const before = seen.get(key)
    if (before === undefined || rank[evidence.strength] > rank[before.strength]) seen.set(key, evidence)
  }
  return [...seen.entries()]
    .toSorted(([a, e], [b, f]) => rank[f.strength] - rank[e.strength] || (a < b ? -1 : 1))
    .slice(0, evidenceKept)
    .map(([, evidence]) => evidence)
}

function hasOneFile(evidence: Evidence): boolean {
  return evidence.kind !== 'trace' && evidence.kind !== 'process'
}

const rank = { weak: 0, likely: 1, proven: 2 } as const
