// Whatever a policy says and whatever was seen: of what is in no catalogue comes a question, or nothing.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tools } from '#shared/catalogue.ts'
import { Policy } from '#shared/policy.ts'
import { Behaviour } from '#shared/unlisted-finding.ts'
import { judgeUnlistedFacts } from '../../../../server/judging/judge-unlisted.ts'
import { rulesOf } from '../../../../server/judging/rulebook.ts'
import { severityOf } from '../../../../server/judging/verdict.ts'
import type { Keys } from '../../../../server/keys.ts'

const now = Date.UTC(2026, 10, 22, 12)
const selector = fc.constantFrom({ all: true }, { category: 'agent-cli' }, 'claude-code', {
  vendorCountry: 'US',
})
const policy = fc
  .record({
    rules: fc.array(
      fc.record({
        tools: fc.array(selector, { minLength: 1, maxLength: 3 }),
        verdict: fc.constantFrom('banned', 'approved'),
        counts: fc.constantFrom('installed', 'started', 'used'),
        foundUse: fc.constantFrom('suspected', 'violation'),
      }),
      { maxLength: 3 },
    ),
    verdict: fc.constantFrom('allowed', 'review'),
  })
  .map(({ rules, verdict }) =>
    Policy.parse({
      version: 1,
      organisation: 'Example Ltd',
      timezone: 'UTC',
      rules: rules.map((rule, index) => ({
        ...rule,
        id: `rule-${index}`,
        from: '2026-01-01',
        announced: '2026-01-01',
      })),
      unlisted: { verdict },
    }),
  )
const version = fc.record({ activatedAt: fc.integer({ min: now - 1000, max: now + 1000 }), policy })
const behaviours = fc.array(
  fc.record({ behaviour: fc.constantFrom(...Behaviour.options), signal: fc.string() }),
  { maxLength: 6 },
)
const fact = fc.record({
  device: fc.constant('d'),
  account: fc.constantFrom('', 'ann'),
  id: fc.constantFrom('unlisted:npm:x', 'unlisted:home:~/.x'),
  source: fc.constant('npm'),
  name: fc.constant('x'),
  behaviours: behaviours.map((told) => JSON.stringify(told)),
  gone: fc.constantFrom(0, 1),
  reported_at: fc.constant(now),
})

test('never a violation, a suspicion or anything else that accuses', () => {
  const keys = { pseudonym: Buffer.alloc(32) } as unknown as Keys
  const context = { catalogue: { tools, version: 'test' }, keys }
  let asked = 0
  fc.assert(
    fc.property(fc.array(version, { maxLength: 4 }), fc.array(fact), (versions, facts) => {
      const sorted = versions.toSorted((a, b) => a.activatedAt - b.activatedAt)
      const people = { owners: [], members: [], groups: [] }
      const rules = rulesOf({ revision: 1, versions: sorted, waivers: [], people })
      const inForce = sorted.findLast(({ activatedAt }) => activatedAt <= now)
      for (const { verdict } of judgeUnlistedFacts(context, rules, 'd', facts, now)) {
        if (verdict === null) continue
        asked++
        expect(inForce?.policy.unlisted.verdict).toBe('review')
        expect(verdict).toMatchObject({
          status: 'review',
          row: null,
          rule: null,
          since: null,
          lastMarkAt: null,
        })
        expect(severityOf(verdict.status)).toBe(1)
      }
    }),
  )
  expect(asked).toBeGreaterThan(0)
})
