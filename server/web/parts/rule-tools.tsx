// The tools that a rule names, each leading to its page, and a kind of them to the list of that kind.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Rule, ToolSelector } from '#shared/policy.ts'
import { selectorText, type RuleContext } from '../view/rule-words.ts'
import { Listed, ToolLink } from './tool-link.tsx'

interface RuleToolsProps {
  readonly rule: Rule
  readonly context: RuleContext
}

export function RuleTools({ rule, context }: RuleToolsProps) {
  const nodes = (selectors: readonly ToolSelector[]): (readonly [string, ReactNode])[] =>
    selectors.map((selector) => [
      JSON.stringify(selector),
      <Selected key={JSON.stringify(selector)} selector={selector} context={context} />,
    ])
  return (
    <>
      <Listed items={nodes(rule.tools)} />
      {rule.except.length === 0 ? null : (
        <>
          , except <Listed items={nodes(rule.except)} />
        </>
      )}
    </>
  )
}

function Selected({ selector, context }: { readonly selector: ToolSelector; readonly context: RuleContext }) {
  const text = selectorText(selector, context)
  if (typeof selector === 'string') return <ToolLink id={selector} name={text} />
  return (
    <Link to="/tools" search={searchOf(selector)}>
      {text}
    </Link>
  )
}

function searchOf(selector: Exclude<ToolSelector, string>) {
  if ('vendor' in selector) return { q: selector.vendor }
  if ('category' in selector) return { category: selector.category }
  if ('vendorCountry' in selector) return { country: selector.vendorCountry.toUpperCase() }
  return {}
}
