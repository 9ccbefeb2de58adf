// Judges what was found of one tool here, by a policy file or by the rules that the server sent. Pure but for the look it is given.
import type { Finding } from '#shared/finding.ts'
import type { Counts, Policy, Rule } from '#shared/policy.ts'
import type { DevicePolicy } from '#shared/protocol.ts'
import { instantsOf, names } from '#shared/rules.ts'
import type { Tool } from '#shared/tool.ts'
import { judgeLocally } from './local-judgement.ts'
import type { Survey } from './survey.ts'

/** A rule that names the tool, its dates as instants of the server's clock. */
export interface RuleHere {
  readonly id: string
  readonly verdict: Rule['verdict']
  readonly from: number | null
  readonly until: number | null
  readonly announced: number | null
  readonly counts: Counts
  readonly instead: readonly string[]
  readonly notice: string | null
}

export interface ToolJudgement {
  /** `file`: chosen for this look. `device`: as the server sent it, without what is the server's to know. */
  readonly by: 'file' | 'device'
  readonly version: number
  readonly organisation: string
  readonly rules: readonly RuleHere[]
  readonly findings: readonly Finding[]
}

/** Null where there is no policy to judge by. */
export function judgeTool(
  made: Survey,
  tool: Tool,
  chosen: Policy | null,
  now: number,
): ToolJudgement | null {
  const sent = made.daemon?.policy ?? null
  const policy = chosen ?? (sent === null ? null : policyOf(sent))
  if (policy === null) return null
  const own = made.detections.filter(({ detection }) => detection.tool === tool.id)
  const activatedAt = chosen === null && sent !== null ? sent.activatedAt : now
  const findings = judgeLocally({ ...made, detections: own }, policy, now, activatedAt)
  return {
    by: chosen === null ? 'device' : 'file',
    version: policy.version,
    organisation: policy.organisation,
    rules: policy.rules.filter((rule) => names(rule, tool)).map((rule) => ruleHere(rule, policy)),
    findings: chosen === null ? findings.map(leftToServer) : findings,
  }
}

/**
 * What would count against somebody is undetermined on a device: who is excepted, by a rule's scope or a waiver, is not told
 * to it. The row and reason stay, so that the way to the server's verdict can be followed.
 */
function leftToServer(finding: Finding): Finding {
  const marks = finding.marks.map((mark) =>
    accuses(mark.verdict) ? { ...mark, verdict: 'undetermined' as const } : mark,
  )
  return { ...finding, marks, status: accuses(finding.status) ? 'undetermined' : finding.status }
}

function accuses(verdict: Finding['status'] | Finding['marks'][number]['verdict']): boolean {
  return verdict === 'violation' || verdict === 'suspected'
}

function ruleHere(rule: Rule, policy: Policy): RuleHere {
  const { cutoff, until, announced } = instantsOf(rule, policy)
  const { id, verdict, counts, instead, notice } = rule
  const from = rule.from === undefined ? null : cutoff
  return { id, verdict, from, until, announced, counts, instead, notice: notice ?? null }
}

/**
 * What a device is told of the policy, as a policy: it names no exempt people or groups, does not say how found use is
 * counted (taken for suspected), nor what holds for tools without a rule (taken for allowed).
 */
export function policyOf(sent: DevicePolicy): Policy {
  const date = (at: number) => new Date(at).toISOString()
  return {
    version: sent.version,
    organisation: sent.organisation,
    timezone: 'UTC',
    unlisted: { verdict: 'allowed' },
    collect: sent.collect,
    rules: sent.rules.map(({ from, until, announced, notice, ...rule }): Rule => ({
      ...rule,
      except: [],
      foundUse: 'suspected',
      ...(from === null ? {} : { from: date(from) }),
      ...(until === null ? {} : { until: date(until) }),
      ...(announced === null ? {} : { announced: date(announced) }),
      ...(notice === null ? {} : { notice }),
    })),
  }
}
