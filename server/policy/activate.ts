// Putting a policy into force: checked, numbered, signed for the devices, audited, and everything judged again by it.
import { parse as parseYaml, YAMLParseError } from 'yaml'
import type { RolloutPlan } from '#shared/rollout.ts'
import { checkPolicy, type Policy, type PolicyProblem } from '#shared/policy.ts'
import type { PolicyVersion } from '#shared/rules.ts'
import type { Context } from '../context.ts'
import { addAudit } from '../store/audit.ts'
import { addJob } from '../store/jobs.ts'
import { addPolicy, policyRows, raiseRevision, versionOf } from '../store/rulebook.ts'
import { currentReleases } from '../store/releases.ts'
import type { Queries } from '../store/store.ts'
import { buildDevicePolicy, isStale } from './device-policy.ts'
import { beginRelease, signAgain } from './release.ts'
import { planRollout } from './rollout-status.ts'

type Activating = Pick<Context, 'store' | 'catalogue' | 'keys' | 'config' | 'now'>

export type PolicyResult =
  | { readonly ok: true; readonly version: PolicyVersion; readonly rollout: RolloutPlan | null }
  | { readonly ok: false; readonly code: 'policy-invalid'; readonly problems: readonly PolicyProblem[] }
  | { readonly ok: false; readonly code: 'policy-version'; readonly current: number }

/** YAML (or JSON, which is YAML) as a value; a mistake in it as a problem of the policy. */
export function readPolicyText(
  text: string,
): { readonly value: unknown } | { readonly problem: PolicyProblem } {
  try {
    return { value: parseYaml(text, { maxAliasCount: 50 }) as unknown }
  } catch (error) {
    if (!(error instanceof YAMLParseError) && !(error instanceof ReferenceError)) throw error
    return {
      problem: { code: 'policy-field', path: [], message: error.message.split('\n')[0] ?? 'not YAML' },
    }
  }
}

/** Checks a candidate against the catalogue and the versions there are. */
export function checkCandidate(
  value: unknown,
  versions: readonly PolicyVersion[],
  toolIds: readonly string[],
  now: number,
): { readonly ok: true; readonly policy: Policy } | Extract<PolicyResult, { ok: false }> {
  const current = versions.at(-1)
  const known = new Set(current?.policy.rules.map((rule) => rule.id))
  const checked = checkPolicy(value, toolIds, now, known)
  if (!checked.ok) return { ok: false, code: 'policy-invalid', problems: checked.problems }
  if (current !== undefined && checked.policy.version <= current.policy.version) {
    return { ok: false, code: 'policy-version', current: current.policy.version }
  }
  return checked
}

/** Puts a policy into force from now on. */
export function applyPolicy(context: Activating, value: unknown, by: string): Promise<PolicyResult> {
  return context.store.write(async (db): Promise<PolicyResult> => {
    await context.keys.follow(db)
    const versions = (await policyRows(db)).map(versionOf)
    const now = context.now()
    const toolIds = context.catalogue.tools.map((tool) => tool.id)
    const checked = checkCandidate(value, versions, toolIds, now)
    if (!checked.ok) return checked
    const { policy } = checked
    const rollout = await planRollout(db, context, policy)
    // Versions follow each other in time, whatever the clock does.
    const activatedAt = Math.max(now, (versions.at(-1)?.activatedAt ?? 0) + 1)
    await addPolicy(db, {
      version: policy.version,
      activated_at: activatedAt,
      activated_by: by,
      policy: JSON.stringify(policy),
    })
    const told = buildDevicePolicy(
      [...versions, { activatedAt, policy }],
      context.catalogue.tools,
      context.config.checkInSeconds,
      now,
    )
    if (told !== null) await beginRelease(db, context, told)
    await raiseRevision(db)
    await addJob(db, 'rejudge', now)
    await addAudit(db, {
      at: now,
      by,
      action: 'apply-policy',
      subject: `policy ${policy.version}`,
      reason: null,
    })
    return { ok: true, version: { activatedAt, policy }, rollout }
  })
}

/** Signs what devices are told again where the catalogue, a setting, the key or time has changed it. */
export function refreshDevicePolicy(context: Activating): Promise<void> {
  return context.store.write((db) => refreshWithin(db, context))
}

/** The same inside a transaction, such as one that replaces the organisation's key: then devices get all of it signed anew at once. */
export async function refreshWithin(db: Queries, context: Activating): Promise<void> {
  await context.keys.follow(db)
  const versions = (await policyRows(db)).map(versionOf)
  const { tools } = context.catalogue
  const wanted = buildDevicePolicy(versions, tools, context.config.checkInSeconds, context.now())
  if (wanted === null) return
  await signAgain(db, context)
  const { newest } = await currentReleases(db)
  if (newest === null || isStale(newest, wanted, context.now())) await beginRelease(db, context, wanted)
}
