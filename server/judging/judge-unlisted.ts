// Judges candidates for the catalogue from facts that have been read: a question to review, or nothing. Stores nothing.
import type { State } from '#shared/detection.ts'
import { isCandidate } from '#shared/unlisted.ts'
import { judgeUnlisted, type ToldBehaviour } from '#shared/unlisted-finding.ts'
import { findingId } from '../pseudonym.ts'
import type { UnlistedFact } from '../store/unlisted.ts'
import type { Judge } from './judge-facts.ts'
import type { Rules } from './rulebook.ts'
import type { StoredVerdict } from './verdict.ts'

export interface JudgedUnlisted {
  readonly id: string
  readonly account: string
  readonly tool: string
  /** Null: nothing to find. */
  readonly verdict: StoredVerdict | null
}

/** Of a stored candidate. */
export function behavioursOf(row: Pick<UnlistedFact, 'behaviours'>): ToldBehaviour[] {
  // Written by this server from checked records.
  return JSON.parse(row.behaviours) as ToldBehaviour[]
}

export function judgeUnlistedFacts(
  { catalogue, keys }: Judge,
  rules: Rules,
  device: string,
  facts: readonly UnlistedFact[],
  now: number,
): JudgedUnlisted[] {
  const judged = judgeUnlisted(rules.versions, now)
  return facts.map((fact) => {
    const account = fact.account === '' ? null : fact.account
    const behaviours = behavioursOf(fact)
    const isOne = fact.gone === 0 && isCandidate(behaviours)
    return {
      id: findingId(keys, device, account, fact.id),
      account: fact.account,
      tool: fact.id,
      verdict:
        judged === null || !isOne
          ? null
          : {
              device,
              account,
              tool: fact.id,
              rule: null,
              status: judged.status,
              reasons: ['unlisted-behaviour'],
              row: null,
              since: null,
              cutoff: null,
              notice: null,
              state: stateOf(behaviours),
              running: false,
              usedBeforeCutoff: null,
              policyVersion: judged.policyVersion,
              catalogue: catalogue.version,
              wouldChange: [],
              missing: [],
              lastMarkAt: null,
            },
    }
  })
}

function stateOf(behaviours: readonly ToldBehaviour[]): State {
  const kinds = new Set(behaviours.map(({ behaviour }) => behaviour))
  if (kinds.has('session-records')) return 'used'
  return kinds.has('agent-mark') ? 'started' : 'installed'
}
