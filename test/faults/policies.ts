// R14: policies as no server would write them, signed by the organisation's own key or not, are refused, or taken and lived with:
// nothing in the agent throws, the last good one stays, and none comes into force that the organisation did not sign.
import { generateKeyPairSync, sign } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { DevicePolicy, Signed } from '#shared/protocol.ts'
import { languages } from '#shared/words/language.ts'
import { wordedNotice } from '../../agent/cli/notice-page.ts'
import { policyOf } from '../../agent/cli/tool-judgement.ts'
import { noticesFor } from '../../agent/notices.ts'
import { instantsOf } from '#shared/rules.ts'
import { verifies } from '../../agent/state/keys.ts'
import { regularDelayMs } from '../../agent/sync/backoff.ts'
import { takePolicy } from '../../agent/sync/policy.ts'
import { aNow, fakeHost } from '../helpers/fake-host.ts'
import { policyFrom } from '../helpers/report-context.ts'
import { claudeInstalled, temporaryFolder, testAgent, transcript } from '../helpers/test-agent.ts'
import { bend } from './bent-json.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'

const day = 86_400_000
const good = policyFrom(aNow - 30 * day, {
  version: 5,
  rules: [
    {
      id: 'no-agents',
      tools: ['claude-code', 'codex-cli'],
      verdict: 'banned',
      from: aNow - 30 * day,
      until: null,
      announced: aNow - 40 * day,
      counts: 'used',
      notice: 'Remove it. Questions to it-help@example.com',
      instead: ['qoder'],
    },
    {
      id: 'one-is-fine',
      tools: ['opencode'],
      verdict: 'approved',
      from: null,
      until: null,
      announced: null,
      counts: 'installed',
      notice: null,
      instead: [],
    },
  ],
})

/** One in so many that is taken goes through a whole look of an agent. */
const lookedEach = 20

/** @param runs documents */
export async function bendPolicies(runs: number, chance: Chance): Promise<Outcome> {
  const organisation = generateKeyPairSync('ed25519')
  const stranger = generateKeyPairSync('ed25519')
  const key = organisation.publicKey.export({ format: 'jwk' }).x ?? ''
  const folder = temporaryFolder()
  const used = aNow - 3_600_000
  const host = fakeHost({
    files: {
      ...claudeInstalled(),
      '/home/ann/.claude/projects/-src/one.jsonl': {
        content: transcript(used),
        modifiedAt: used,
        createdAt: used - 500,
      },
    },
  })
  const agent = testAgent({ host, folder })
  const failures: string[] = []
  const counts = new Map<string, number>()
  let taken = 0
  try {
    for (let run = 0; run < runs; run++) {
      const text = bend(good, chance)
      const isOurs = chance.below(10) > 0
      const { privateKey } = isOurs ? organisation : stranger
      const signed = { text, signature: sign(null, Buffer.from(text), privateKey).toString('base64url'), key }
      try {
        const result = takePolicy(signed, {
          organisationKey: key,
          verify: verifies,
          current: 5,
          isGivenBack: false,
          now: aNow,
        })
        const what = result.ok ? 'taken' : result.why
        counts.set(what, (counts.get(what) ?? 0) + 1)
        if (!result.ok) continue
        if (!isOurs) throw new Error('a stranger’s was taken')
        if (result.policy.version < 5) throw new Error('a step back was taken')
        liveWith(result.policy)
        if (++taken % lookedEach === 0) await lookUnder(agent, signed)
      } catch (error) {
        failures.push(
          `${text.slice(0, 500)}: ${error instanceof Error ? (error.stack ?? error.message) : 'it threw'}`,
        )
      }
    }
  } finally {
    agent.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const told = [...counts].toSorted(([, a], [, b]) => b - a).map(([what, count]) => `${count} ${what}`)
  if (runs >= 100 && taken === 0) failures.push('none was taken: nothing was lived with')
  return { name: 'R14: bent policies', runs, failures, notes: [told.join(', ')] }
}

/** What is made of a policy without a look: waiting times, notices and their words, the rules as they are explained. */
function liveWith(policy: DevicePolicy): void {
  const delayMs = regularDelayMs(policy.checkInSeconds, () => 0.5)
  if (!(delayMs >= 1000 && delayMs <= 2 * day)) throw new Error(`it reports in ${delayMs} ms`)
  const asPolicy = policyOf(policy)
  for (const rule of asPolicy.rules) instantsOf(rule, asPolicy)
  const verdicts = policy.rules.map((rule) => ({
    tool: rule.tools[0] ?? 'claude-code',
    account: 'ann',
    status: 'violation' as const,
    row: 10,
    reasons: [],
    rule: rule.id,
  }))
  const notices = noticesFor({
    account: 'ann',
    policy,
    verdicts: { verdicts, judgedAt: aNow },
    shown: new Set(),
  })
  for (const notice of notices) for (const language of languages) wordedNotice(notice, 'ann', language)
}

/** A whole look with it in force, from the state as it is kept. */
async function lookUnder(agent: ReturnType<typeof testAgent>, signed: Signed): Promise<void> {
  agent.state.write('policy', { signed, etag: null })
  agent.state.told.clear()
  agent.state.transact(() => agent.state.marks.tellAgain())
  await agent.looks.full()
  agent.looks.settle()
  agent.state.transact(() => agent.state.outbox.beginEpoch())
}
