// The document that `scan --json` prints: a contract that other programs rely on. Absolute paths, RFC 3339 times; pure.
import type { Finding } from '#shared/finding.ts'
import { agentVersion } from '../version.ts'
import type { Survey, SurveyedDetection } from './survey.ts'

/** Local output: `account` is its name, `path` absolute, times RFC 3339 in UTC by the device's own clock. */
export function scanDocument(survey: Survey, findings: readonly Finding[] | null): unknown {
  const { result, facts, detections } = survey
  // What tells machines apart is the agent's own affair.
  const { machine: _, ...host } = facts
  return withTimesAsText({
    version: agentVersion,
    host,
    startedAt: result.startedAt,
    finishedAt: result.finishedAt,
    cpuMs: result.cpuMs,
    accounts: result.accounts,
    detections: detections.map(detectionEntry),
    ...(findings === null ? {} : { findings: findings.map((finding) => findingEntry(finding, survey)) }),
    unlisted: survey.unlisted.map(({ account, source, name, behaviours }) => ({
      name,
      source,
      account,
      behaviours,
    })),
    gaps: result.gaps,
    coverage: result.coverage,
    collectors: result.collectors,
  })
}

/** A detection as other programs get it. */
export function detectionEntry({ detection }: SurveyedDetection) {
  const { tool, account, state, running, strength, version, firstSeenAt, lastUsedAt } = detection
  return {
    tool,
    account,
    state,
    running,
    strength,
    version,
    firstSeenAt,
    lastUsedAt,
    marks: detection.marks.map((mark) => ({
      kind: mark.kind,
      at: mark.at,
      uncertaintyMs: mark.uncertaintyMs,
      basis: mark.basis,
      strength: mark.strength,
      doubts: mark.doubts,
      disagreement: mark.disagreement,
    })),
    evidence: detection.evidence,
  }
}

const namesAnInstant = /^(at|since|cutoff|notice|\w+At)$/
const known = new Map<string, boolean>()

/** A document has few names, thousands of times. */
function isInstant(name: string): boolean {
  const before = known.get(name)
  if (before !== undefined) return before
  const is = namesAnInstant.test(name)
  known.set(name, is)
  return is
}

/** The same value with each instant as text: other programs should not have to guess a number's unit. */
export function withTimesAsText(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withTimesAsText)
  const copy: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'number' && isInstant(name)) copy[name] = new Date(inner).toISOString()
    else copy[name] = typeof inner === 'object' ? withTimesAsText(inner) : inner
  }
  return copy
}

/** A local finding with the evidence that it rests on. */
export function findingEntry(finding: Finding, survey: Survey) {
  const surveyed = survey.detections.find(
    ({ detection }) => detection.tool === finding.tool && detection.account === finding.account,
  )
  return { ...finding, lifecycle: 'open', evidence: surveyed?.detection.evidence ?? [] }
}
