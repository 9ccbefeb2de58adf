// Judges a local look by a policy file: the same tables as the server's, with what one machine knows by itself.
import { catalogueVersion, tools } from '#shared/catalogue.ts'
import type { Finding } from '#shared/finding.ts'
import { judge, type JudgedDetection, type PolicyVersion } from '#shared/judge.ts'
import type { Policy } from '#shared/policy.ts'
import { windowsOf } from '#shared/rules.ts'
import { cutoffOf, onServer } from '../report/windows.ts'
import { installedAt, type Survey, type SurveyedDetection } from './survey.ts'

/** Stands for the one device that a local judgement knows. */
const thisDevice = 'this device'

/**
 * One finding per tool and account. Waivers, people and groups are the server's to know: rules that depend on them give
 * `undetermined`. The policy counts as in force since `activatedAt` (now unless said), or since its rules were announced.
 */
export function judgeLocally(survey: Survey, policy: Policy, now: number, activatedAt = now): Finding[] {
  const versions: PolicyVersion[] = [{ activatedAt, policy }]
  const detections = survey.detections.map((d) => toJudged(d, survey, versions))
  const findings = judge({
    detections,
    versions,
    waivers: [],
    people: { owners: [], members: [], groups: [] },
    tools,
    coverage: survey.result.coverage.map((c) => ({ ...c, device: thisDevice })),
    catalogue: catalogueVersion,
    now,
  })
  return findings.map(({ device: _, ...finding }) => finding)
}

function toJudged(
  surveyed: SurveyedDetection,
  survey: Survey,
  versions: readonly PolicyVersion[],
): JudgedDetection {
  const { detection, marks, ableToRun } = surveyed
  const { tool, account, state, running } = detection
  const facts = tools.find(({ id }) => id === tool)
  const cutoff = facts === undefined ? null : cutoffOf(windowsOf(versions, facts))
  const dated = marks.map((mark) => ({
    mark,
    time: onServer(mark.at, mark.boot, mark.resolutionMs, survey.measures),
  }))
  const before = dated.some(
    ({ mark, time }) => mark.kind === 'session' && cutoff !== null && time.at + time.uncertaintyMs < cutoff,
  )
  return {
    device: thisDevice,
    account,
    tool,
    state,
    running,
    installed: installedAt(surveyed, survey.boot, survey.measures),
    usedBeforeCutoff: cutoff === null ? null : before,
    marks: dated.map(({ mark, time }) => ({
      kind: mark.kind,
      ...time,
      basis: mark.basis,
      strength: mark.strength,
      session: mark.session,
      doubts:
        ableToRun || mark.doubts.includes('unable-to-run')
          ? [...mark.doubts]
          : [...mark.doubts, 'unable-to-run' as const],
      disagreement: mark.disagreement,
      withoutRecord: mark.withoutRecord,
      signal: mark.evidence.signal,
    })),
  }
}
