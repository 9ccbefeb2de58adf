// The document that `explain --json` prints: everything that the page tells, for programs. RFC 3339 times; pure.
import type { ToolFile } from '#shared/tool.ts'
import { agentVersion } from '../version.ts'
import { detectionEntry, findingEntry, withTimesAsText } from './scan-document.ts'
import type { Survey } from './survey.ts'
import { collectorsFor, mayHide } from './tool-concern.ts'
import type { ToolJudgement } from './tool-judgement.ts'

/** Local output: `account` is its name, `path` absolute, times RFC 3339 in UTC. */
export function explainDocument(file: ToolFile, made: Survey, judgement: ToolJudgement | null): unknown {
  const { $schema: _schema, cases: _cases, ...tool } = file
  const { result, detections, daemon } = made
  const homes = new Map(result.accounts.map(({ name, home }) => [name, home]))
  const kinds = collectorsFor(file)
  const server = daemon?.verdicts ?? null
  const text = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  return {
    version: agentVersion,
    tool,
    look: withTimesAsText({
      startedAt: result.startedAt,
      finishedAt: result.finishedAt,
      collectors: result.collectors.filter(({ name }) => kinds.has(name)),
      coverage: result.coverage,
      gaps: result.gaps.filter((gap) => mayHide(gap, file, homes)),
    }),
    detections: withTimesAsText(
      detections
        .filter(({ detection }) => detection.tool === file.id)
        .map((one) => ({ ...detectionEntry(one), accesses: one.accesses })),
    ),
    noted: made.noted === null ? null : withTimesAsText(made.noted),
    judgement:
      judgement === null
        ? null
        : {
            by: judgement.by,
            policy: { version: judgement.version, organisation: judgement.organisation },
            rules: judgement.rules.map((rule) => ({
              ...rule,
              from: text(rule.from),
              until: text(rule.until),
              announced: text(rule.announced),
            })),
            findings: withTimesAsText(judgement.findings.map((finding) => findingEntry(finding, made))),
          },
    server:
      server === null
        ? null
        : withTimesAsText({
            judgedAt: server.judgedAt,
            verdicts: server.verdicts.filter((verdict) => verdict.tool === file.id),
          }),
  }
}
