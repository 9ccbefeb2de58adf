// The policy an organisation writes: ordered, dated rules. Its schema, its checks, and the instants it means.
// Reading YAML is the caller's; deciding verdicts is judge.ts.
import { z } from 'zod'
import { Category, ToolId } from './tool.ts'

const Day = /^\d{4}-\d{2}-\d{2}$/
const Moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/

/** A day in the policy's time zone (meaning its first instant) or an RFC 3339 instant. */
export const PolicyDate = z
  .string()
  .refine(isDate, 'a date such as 2026-07-10, or an RFC 3339 instant such as 2026-07-10T09:00:00+08:00')

function isDate(text: string): boolean {
  try {
    if (Day.test(text)) return Temporal.PlainDate.from(text, { overflow: 'reject' }) !== null
    return Moment.test(text) && Temporal.Instant.from(text) !== null
  } catch {
    return false
  }
}

export const ToolSelector = z.union([
  ToolId,
  z.strictObject({ vendor: z.string() }),
  z.strictObject({ category: Category }),
  z.strictObject({ vendorCountry: z.string().length(2) }),
  z.strictObject({ all: z.literal(true) }),
])
export type ToolSelector = z.infer<typeof ToolSelector>

const Scope = z.strictObject({
  groups: z.array(z.string()).optional(),
  except: z
    .strictObject({
      groups: z.array(z.string()).default([]),
      accounts: z.array(z.string()).default([]),
      devices: z.array(z.string()).default([]),
    })
    .prefault({}),
})

export const Counts = z.enum(['installed', 'started', 'used'])
export type Counts = z.infer<typeof Counts>

export const Rule = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens'),
  tools: z.array(ToolSelector).min(1),
  except: z.array(ToolSelector).default([]),
  verdict: z.enum(['banned', 'approved']),
  from: PolicyDate.optional().describe('required when banned'),
  until: PolicyDate.optional(),
  announced: PolicyDate.optional().describe('required when `from` lies in the past'),
  scope: Scope.optional(),
  counts: Counts.default('used'),
  foundUse: z.enum(['suspected', 'violation']).default('suspected'),
  notice: z.string().max(2000).optional(),
  instead: z.array(ToolId).default([]),
})
export type Rule = z.infer<typeof Rule>

export const Collect = z.strictObject({
  inventory: z.enum(['full', 'catalogue-only']).default('full'),
  confirmUse: z.boolean().default(true),
  commitTrailers: z.boolean().default(false),
})
export type Collect = z.infer<typeof Collect>

export const Policy = z.strictObject({
  version: z.int().positive(),
  organisation: z.string().min(1).max(200),
  timezone: z.string().refine(isTimezone, 'an IANA time zone such as Asia/Shanghai'),
  rules: z.array(Rule).max(500),
  unlisted: z.strictObject({ verdict: z.enum(['allowed', 'review']).default('review') }).prefault({}),
  collect: Collect.prefault({}),
})
export type Policy = z.infer<typeof Policy>

function isTimezone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The instant that a policy's date means: a day's first instant in the policy's time zone. Milliseconds since 1970. */
export function instantOf(date: string, timezone: string): number {
  return Day.test(date)
    ? Temporal.PlainDate.from(date).toZonedDateTime(timezone).epochMilliseconds
    : Temporal.Instant.from(date).epochMilliseconds
}

/** One thing wrong with a policy, and where: `path` as in `rules[0].from`. */
export interface PolicyProblem {
  readonly code:
    | 'policy-field'
    | 'policy-unknown-tool'
    | 'policy-not-announced'
    | 'policy-duplicate-rule'
    | 'policy-dates'
  readonly path: readonly (string | number)[]
  readonly message: string
}

export type PolicyCheck =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

/**
 * Checks what was read from a policy file.
 * @param toolIds the catalogue's ids, to answer an unknown one with the nearest known
 * @param now instant against which "`from` lies in the past" is decided
 * @param knownRules ids of rules that an earlier version in force already had: their `from` may have passed meanwhile
 */
export function checkPolicy(
  value: unknown,
  toolIds: readonly string[],
  now: number,
  knownRules: ReadonlySet<string> = new Set(),
): PolicyCheck {
  const parsed = Policy.safeParse(value)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue): PolicyProblem => {
      const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
      return { code: 'policy-field', path, message: issue.message }
    })
    return { ok: false, problems }
  }
  const policy = parsed.data
  const problems = policy.rules.flatMap((rule, index) =>
    ruleProblems(rule, index, policy, toolIds, now, knownRules),
  )
  return problems.length > 0 ? { ok: false, problems } : { ok: true, policy }
}

function ruleProblems(
  rule: Rule,
  index: number,
  policy: Policy,
  toolIds: readonly string[],
  now: number,
  knownRules: ReadonlySet<string>,
): PolicyProblem[] {
  const at = (...path: (string | number)[]): (string | number)[] => ['rules', index, ...path]
  const problems: PolicyProblem[] = []
  const named = [
    ...rule.tools.map((tool, i) => [at('tools', i), tool] as const),
    ...rule.except.map((tool, i) => [at('except', i), tool] as const),
    ...rule.instead.map((tool, i) => [at('instead', i), tool] as const),
  ]
  for (const [path, tool] of named) {
    if (typeof tool !== 'string' || toolIds.includes(tool)) continue
    const near = nearestOf(tool, toolIds)
    const hint = near === null ? '' : `; did you mean "${near}"?`
    problems.push({ code: 'policy-unknown-tool', path, message: `no tool "${tool}" in the catalogue${hint}` })
  }
  if (policy.rules.findIndex((other) => other.id === rule.id) !== index) {
    problems.push({
      code: 'policy-duplicate-rule',
      path: at('id'),
      message: `another rule is called "${rule.id}"`,
    })
  }
  if (rule.verdict === 'approved') return problems
  if (rule.from === undefined) {
    problems.push({
      code: 'policy-field',
      path: at('from'),
      message: 'a banned tool needs the date from which it is banned',
    })
    return problems
  }
  const from = instantOf(rule.from, policy.timezone)
  if (rule.until !== undefined && instantOf(rule.until, policy.timezone) <= from) {
    problems.push({ code: 'policy-dates', path: at('until'), message: '`until` is not after `from`' })
  }
  if (rule.announced !== undefined && instantOf(rule.announced, policy.timezone) > now) {
    problems.push({
      code: 'policy-dates',
      path: at('announced'),
      message: '`announced` lies in the future: say it once it has happened',
    })
  }
  if (from < now && rule.announced === undefined && !knownRules.has(rule.id)) {
    problems.push({
      code: 'policy-not-announced',
      path: at('announced'),
      message: '`from` lies in the past: say in `announced` since when people have known of the ban',
    })
  }
  return problems
}

/** The candidate nearest to a misspelt word by edit distance, or null when none is near. */
export function nearestOf(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = candidate.includes(word) && word.length > 2 ? 1 : editDistance(word, candidate)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap))
    }
    row = next
  }
  return row[b.length] ?? 0
}
