// Which rule decides: selectors, scope, the version that governs an instant, and since when people had notice of it.
// Pure; unknown is a value of its own and never folded into no.
import type { MarkKind } from './detection.ts'
import { inGroup, personOf, type Answer, type Holder, type People } from './people.ts'
import { instantOf, type Counts, type Policy, type Rule, type ToolSelector } from './policy.ts'
import type { Window } from './protocol.ts'
import type { Tool } from './tool.ts'

/** A policy version and since when it has been in force (server clock); it is until the next one is. */
export interface PolicyVersion {
  readonly activatedAt: number
  readonly policy: Policy
}

/** What selectors of a rule ask about. */
export type ToolFacts = Pick<Tool, 'id' | 'vendor' | 'vendorCountry' | 'category'>

export type Decision =
  | { readonly kind: 'none' }
  | { readonly kind: 'rule'; readonly rule: Rule }
  | { readonly kind: 'unknown'; readonly rule: Rule; readonly missing: readonly string[] }

const nothing: Decision = { kind: 'none' }

/** Which kinds of mark a rule counts (row 2). */
export function kindsCounted(counts: Counts): readonly MarkKind[] {
  switch (counts) {
    case 'used':
      return ['session']
    case 'started':
      return ['session', 'attempt', 'run']
    case 'installed':
      return ['session', 'attempt', 'run', 'presence']
  }
}

function selects(selector: ToolSelector, tool: ToolFacts): boolean {
  if (typeof selector === 'string') return selector === tool.id
  if ('vendor' in selector) return selector.vendor.toLowerCase() === tool.vendor.toLowerCase()
  if ('category' in selector) return selector.category === tool.category
  if ('vendorCountry' in selector) return selector.vendorCountry.toUpperCase() === tool.vendorCountry
  return selector.all
}

/** Whether a rule names a tool, its `except` taken off. */
export function names(rule: Rule, tool: ToolFacts): boolean {
  return rule.tools.some((s) => selects(s, tool)) && !rule.except.some((s) => selects(s, tool))
}

function inAnyGroup(holder: Holder, groups: readonly string[], people: People, at: number): Answer {
  const answers = groups.map((group) => inGroup(holder, group, people, at))
  if (answers.includes('yes')) return 'yes'
  return answers.includes('unknown') ? 'unknown' : 'no'
}

function inScope(rule: Rule, holder: Holder, people: People, at: number): Answer {
  const { scope } = rule
  if (scope === undefined) return 'yes'
  const { except } = scope
  if (except.devices.includes(holder.device)) return 'no'
  const { account } = holder
  if (account !== null && except.accounts.some((a) => a === account || a === `${holder.device}/${account}`))
    return 'no'
  const excepted = inAnyGroup(holder, except.groups, people, at)
  const included = scope.groups === undefined ? 'yes' : inAnyGroup(holder, scope.groups, people, at)
  if (excepted === 'yes' || included === 'no') return 'no'
  return excepted === 'unknown' || included === 'unknown' ? 'unknown' : 'yes'
}

/** What one version says of a tool on an account at an instant: the first rule that names it and applies. */
export function decide(
  policy: Policy,
  tool: ToolFacts,
  holder: Holder,
  people: People,
  at: number,
): Decision {
  for (const rule of policy.rules) {
    if (!names(rule, tool)) continue
    const answer = inScope(rule, holder, people, at)
    if (answer === 'yes') return { kind: 'rule', rule }
    if (answer === 'unknown') return { kind: 'unknown', rule, missing: missingFor(rule, holder, people, at) }
  }
  return nothing
}

function missingFor(rule: Rule, holder: Holder, people: People, at: number): string[] {
  if (personOf(holder, people, at) === null) return ['owner']
  const groups = [...(rule.scope?.groups ?? []), ...(rule.scope?.except.groups ?? [])]
  return groups.filter((g) => inGroup(holder, g, people, at) === 'unknown').map((g) => `group ${g}`)
}

/** A version that decides, its place among the others, and what it decides. */
export interface Governing {
  readonly index: number
  readonly version: PolicyVersion
  readonly decision: Decision
}

/** Whether any rule of a version names a tool, for whomever: then the version speaks of it, and is not silent. */
function speaksOf(policy: Policy, tool: ToolFacts): boolean {
  return policy.rules.some((rule) => names(rule, tool))
}

/**
 * The version by which a mark at `at` is judged: the one in force then; where that one (or none) says nothing of the tool,
 * the first later one that does, since a ban may have been announced before its rule was entered. Whether it could be
 * known of is the notice's matter. A version that bans the tool for others only is not silent: it leaves this holder alone.
 * @param versions oldest first
 */
export function governing(
  versions: readonly PolicyVersion[],
  tool: ToolFacts,
  holder: Holder,
  people: People,
  at: number,
): Governing | null {
  const inForce = Math.max(
    versions.findLastIndex((v) => v.activatedAt <= at),
    0,
  )
  const offset = versions.slice(inForce).findIndex((v) => speaksOf(v.policy, tool))
  const version = offset < 0 ? undefined : versions[inForce + offset]
  if (version === undefined) return null
  const decision = decide(version.policy, tool, holder, people, at)
  return { index: inForce + offset, version, decision }
}

/** The instants of a banning rule, milliseconds since 1970. */
export interface RuleInstants {
  readonly cutoff: number
  readonly until: number | null
  readonly announced: number | null
}

/** Time zones cost a hundred times what a comparison does, and every mark asks for the same few rules. */
const knownInstants = new WeakMap<Rule, { readonly timezone: string; readonly instants: RuleInstants }>()

export function instantsOf(rule: Rule, policy: Policy): RuleInstants {
  const known = knownInstants.get(rule)
  if (known?.timezone === policy.timezone) return known.instants
  const instant = (date: string | undefined) => (date === undefined ? null : instantOf(date, policy.timezone))
  const instants = {
    // A ban without `from` is refused by checkPolicy; should one come through all the same, it bans nothing.
    cutoff: instant(rule.from) ?? Number.MAX_SAFE_INTEGER,
    until: instant(rule.until),
    announced: instant(rule.announced),
  }
  knownInstants.set(rule, { timezone: policy.timezone, instants })
  return instants
}

/**
 * The earliest instant since which every version in force, without a break, banned the tool for the account and counted
 * the kind. `announced` lets a rule's first version reach back, but not into a time in which another version spoke.
 */
export function noticeOf(
  versions: readonly PolicyVersion[],
  governs: number,
  tool: ToolFacts,
  holder: Holder,
  people: People,
  at: number,
  kind: MarkKind,
): number {
  const bans = (index: number): Rule | null => {
    const version = versions[index]
    if (version === undefined) return null
    const decision = decide(version.policy, tool, holder, people, at)
    const banned = decision.kind === 'rule' && decision.rule.verdict === 'banned'
    return banned && kindsCounted(decision.rule.counts).includes(kind) ? decision.rule : null
  }
  let first = governs
  while (bans(first - 1) !== null) first--
  const version = versions[first]
  const rule = bans(first)
  if (version === undefined || rule === null) return Number.MAX_SAFE_INTEGER
  const { announced } = instantsOf(rule, version.policy)
  const isFirst = !versions.slice(0, first).some((v) => v.policy.rules.some((r) => r.id === rule.id))
  const before = versions[first - 1]
  const silentBefore = before === undefined || !speaksOf(before.policy, tool)
  return announced !== null && isFirst && silentBefore
    ? Math.min(announced, version.activatedAt)
    : version.activatedAt
}

/**
 * The spans in which marks of a tool may leave a device: all in which some rule of the version that governs bans it for
 * anyone. Scope is left out, since a device must not learn who is exempt. Sorted, not overlapping for one rule.
 */
export function windowsOf(versions: readonly PolicyVersion[], tool: ToolFacts): Window[] {
  const windows: Window[] = []
  // Before the first version that names the tool nothing spoke against reaching back.
  let silentSince = Number.MIN_SAFE_INTEGER
  for (const [index, version] of versions.entries()) {
    const rules = rulesThatMayDecide(version.policy, tool)
    if (rules.length === 0) continue
    const end = versions[index + 1]?.activatedAt ?? null
    for (const rule of rules) {
      if (rule.verdict === 'approved') continue
      const { cutoff, until } = instantsOf(rule, version.policy)
      const from = Math.max(cutoff, silentSince)
      const ends = [end, until].filter((e) => e !== null)
      const last = ends.length === 0 ? null : Math.min(...ends)
      if (last === null || from < last)
        windows.push({ from, until: last, kinds: [...kindsCounted(rule.counts)] })
    }
    silentSince = end ?? version.activatedAt
  }
  return windows
}

/** Rules naming the tool, up to the first that applies to everyone. */
function rulesThatMayDecide(policy: Policy, tool: ToolFacts): Rule[] {
  const naming = policy.rules.filter((rule) => names(rule, tool))
  const everyone = naming.findIndex((rule) => rule.scope === undefined)
  return everyone < 0 ? naming : naming.slice(0, everyone + 1)
}
