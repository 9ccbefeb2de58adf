// Policy versions: the list, the dry run of a new one, and putting it into force.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { PolicyVersionRow } from '#shared/api.ts'
import { FindingStatus } from '#shared/finding.ts'
import type { Policy, Rule } from '#shared/policy.ts'
import { RolloutChange } from '#shared/rollout.ts'
import { instantsOf } from '#shared/rules.ts'
import type { Context } from '../context.ts'
import { parseOr, RequestProblem } from '../errors.ts'
import type { Keys } from '../keys.ts'
import { applyPolicy, checkCandidate, readPolicyText, type PolicyResult } from '../policy/activate.ts'
import { planPolicy } from '../policy/plan.ts'
import { changeNewest } from '../policy/release.ts'
import { rolloutStatus } from '../policy/rollout-status.ts'
import { nameLabel } from '../pseudonym.ts'
import { adminRole, everyRole, mayLook } from '../roles.ts'
import { sessionOf } from '../session/session.ts'
import { addAudit } from '../store/audit.ts'
import { countByPolicy } from '../store/lists/finding-list.ts'
import { policyRows, versionOf } from '../store/rulebook.ts'
import { countByStatus } from './overview.ts'

/** @param heardAsOf as of when silence is told */
export function policyRoutes(app: FastifyInstance, context: Context, heardAsOf: () => number): void {
  const { store } = context

  // A policy is written as YAML; JSON is YAML too.
  const types = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/plain']
  app.addContentTypeParser(types, { parseAs: 'string' }, (_, body, done) => done(null, body))

  app.get('/policies', { config: { role: everyRole } }, async (request) => {
    const look = mayLook(sessionOf(request))
    const rows = (await policyRows(store.read)).toReversed()
    const counts = (await countByPolicy(store.read)).map((row) => ({
      ...row,
      status: FindingStatus.parse(row.status),
    }))
    const items = rows.map((row, index): PolicyVersionRow => {
      const { policy, activatedAt } = versionOf(row)
      return {
        version: row.version,
        activatedAt,
        activatedBy: row.activated_by,
        inForce: index === 0,
        policy: look ? policy : withoutAccountNames(policy, context.keys),
        instants: policy.rules.map((rule) => {
          const { cutoff, until, announced } = instantsOf(rule, policy)
          return { rule: rule.id, from: rule.from === undefined ? null : cutoff, until, announced }
        }),
        findings: countByStatus(counts.filter((count) => count.policy_version === row.version)),
      }
    })
    return { items, total: items.length, next: null }
  })

  app.post('/policies/plan', { config: { role: adminRole } }, async (request) => {
    const versions = (await policyRows(store.read)).map(versionOf)
    const toolIds = context.catalogue.tools.map((tool) => tool.id)
    const checked = checkCandidate(valueOf(request), versions, toolIds, context.now())
    if (!checked.ok) throw refusal(checked)
    // A policy that excepts an account by its name shows by whom it spares which pseudonym is whose: a look.
    const { user } = sessionOf(request)
    const subject = `policy ${checked.policy.version}`
    const note = { at: context.now(), by: user, action: 'plan-policy', subject, reason: null }
    await store.write((db) => addAudit(db, note))
    return planPolicy(context, checked.policy)
  })

  app.post('/policies', { config: { role: adminRole } }, async (request, reply) => {
    const result = await applyPolicy(context, valueOf(request), sessionOf(request).user)
    if (!result.ok) throw refusal(result)
    return reply.code(201).send({
      version: result.version.policy.version,
      activatedAt: result.version.activatedAt,
      ...(result.rollout === null ? {} : { rollout: result.rollout }),
    })
  })

  app.get('/policies/release', { config: { role: everyRole } }, async () => {
    return { release: await rolloutStatus(store.read, context, heardAsOf()) }
  })

  app.post('/policies/release', { config: { role: adminRole } }, async (request) => {
    const { name, action } = parseOr(RolloutChange, request.body, 'bad-request')
    const changed = await changeNewest(context, action, name, sessionOf(request).user)
    if (!changed.ok) {
      const why = {
        none: 'no policy is on its way',
        other: 'it has gone on, or another policy is on its way',
      }
      throw new RequestProblem('conflict', why[changed.code])
    }
    return { release: await rolloutStatus(store.read, context, heardAsOf()) }
  })
}

/** A policy may except accounts by name: roles that may not look see how many, under pseudonyms. */
function withoutAccountNames(policy: Policy, keys: Keys): Policy {
  const hidden = (name: string) => nameLabel(keys, 'account', name)
  const rules = policy.rules.map((rule): Rule => {
    if (rule.scope === undefined) return rule
    const except = { ...rule.scope.except, accounts: rule.scope.except.accounts.map(hidden) }
    return { ...rule, scope: { ...rule.scope, except } }
  })
  return { ...policy, rules }
}

function valueOf(request: FastifyRequest): unknown {
  if (typeof request.body !== 'string') return request.body
  const read = readPolicyText(request.body)
  if ('value' in read) return read.value
  throw refusal({ ok: false, code: 'policy-invalid', problems: [read.problem] })
}

function refusal(result: Extract<PolicyResult, { ok: false }>): RequestProblem {
  if (result.code === 'policy-version') {
    return new RequestProblem('policy-version', `version ${result.current} is in force: give a higher one`)
  }
  const errors = result.problems.map(({ code, path, message }) => ({ code, path: [...path], message }))
  return new RequestProblem('policy-invalid', undefined, { errors })
}
