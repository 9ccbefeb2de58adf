// The document that `scan --json` prints: the contract that other programs rely on (design, section 8). Absolute paths; pure.
import type { Finding } from '#shared/finding.ts'
import { agentVersion } from '../version.ts'
import type { Survey } from './survey.ts'

/** Local output: `account` is its name, `path` absolute, times in the device's own clock. */
export function scanDocument(survey: Survey, findings: readonly Finding[] | null) {
  const { result, facts, detections } = survey
  return {
    version: agentVersion,
    host: facts,
    startedAt: result.startedAt,
    finishedAt: result.finishedAt,
    cpuMs: result.cpuMs,
    accounts: result.accounts,
    detections: detections.map(({ detection }) => ({
      tool: detection.tool,
      account: detection.account,
      state: detection.state,
      running: detection.running,
      strength: detection.strength,
      version: detection.version,
      firstSeenAt: detection.firstSeenAt,
      lastUsedAt: detection.lastUsedAt,
      marks: detection.marks.map(({ kind, at, uncertaintyMs, basis, strength, doubts }) => ({
        kind,
        at,
        uncertaintyMs,
        basis,
        strength,
        doubts,
      })),
      evidence: detection.evidence,
    })),
    ...(findings === null ? {} : { findings: findings.map((finding) => findingEntry(finding, survey)) }),
    gaps: result.gaps,
    coverage: result.coverage,
    collectors: result.collectors,
  }
}

function findingEntry(finding: Finding, survey: Survey) {
  const surveyed = survey.detections.find(
    ({ detection }) => detection.tool === finding.tool && detection.account === finding.account,
  )
  return { ...finding, lifecycle: 'open', evidence: surveyed?.detection.evidence ?? [] }
}
