// A rule of the policy in sentences, so that it can be read by somebody who does not read YAML. Pure.
import type { Rule, ToolSelector } from '#shared/policy.ts'
import type { Words } from '#shared/words/vocabulary.ts'

/** What the sentences need to know besides the rule. */
export interface RuleContext {
  readonly words: Words
  readonly toolName: (id: string) => string
}

export interface RuleSentence {
  readonly topic: 'tools' | 'scope' | 'counts' | 'found' | 'instead'
  readonly text: string
}

/** Joins as in speech: `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], word = 'and'): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`
}

export function selectorText(selector: ToolSelector, context: RuleContext): string {
  if (typeof selector === 'string') return context.toolName(selector)
  if ('vendor' in selector) return `every tool by ${selector.vendor}`
  if ('category' in selector) return `every ${context.words.category[selector.category]}`
  if ('vendorCountry' in selector) return `every tool whose vendor sits in ${selector.vendorCountry}`
  return 'every tool in the catalogue'
}

function scopeText(rule: Rule): string {
  const scope = rule.scope
  const who =
    scope?.groups === undefined
      ? 'everyone'
      : `${listed(
          scope.groups.map((group) => `group ${group}`),
          'or',
        )}`
  const { groups = [], accounts = [], devices = [] } = scope?.except ?? {}
  const except = [
    ...groups.map((group) => `group ${group}`),
    ...(accounts.length > 0 ? [`${accounts.length} account${accounts.length === 1 ? '' : 's'}`] : []),
    ...(devices.length > 0 ? [`${devices.length} device${devices.length === 1 ? '' : 's'}`] : []),
  ]
  return except.length === 0 ? `Applies to ${who}.` : `Applies to ${who}, except ${listed(except)}.`
}

/** The rule in sentences; its dates are the page's to show, since they need the viewer's zone. */
export function ruleSentences(rule: Rule, context: RuleContext): readonly RuleSentence[] {
  const sentences: RuleSentence[] = [{ topic: 'scope', text: scopeText(rule) }]
  if (rule.verdict === 'banned') {
    sentences.push({ topic: 'counts', text: `Counts ${context.words.counts[rule.counts]}.` })
    sentences.push({
      topic: 'found',
      text:
        rule.foundUse === 'suspected'
          ? 'Use that the agent did not see, but only found in files, is suspected, not a violation.'
          : 'Use that the agent did not see, but only found in files, is a violation: the organisation’s own choice.',
    })
  }
  if (rule.instead.length > 0) {
    sentences.push({
      topic: 'instead',
      text: `Instead: ${listed(rule.instead.map(context.toolName), 'or')}.`,
    })
  }
  return sentences
}
