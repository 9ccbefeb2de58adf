// What `scan` shows to a person: tools, findings with their reasons, and what could not be looked at. Pure.
import { tools } from '#shared/catalogue.ts'
import type { Finding, FindingStatus } from '#shared/finding.ts'
import type { Gap } from '#shared/observation.ts'
import { inert } from '#shared/inert.ts'
import type { Behaving } from '#shared/unlisted.ts'
import { wordsOf } from '#shared/words.ts'
import type { Survey, SurveyedDetection } from './survey.ts'
import { paragraph, renderTable, styled, type Cell, type Paper, type Style } from './table.ts'
import { timeText } from './time-text.ts'

const words = wordsOf('en')

export function scanPage(survey: Survey, findings: readonly Finding[] | null, paper: Paper): string {
  return [
    headOf(survey, paper),
    toolsPart(survey.detections, paper),
    findings === null ? '' : findingsPart(findings, paper),
    unlistedPart(survey.unlisted, paper),
    gapsPart(survey.result.gaps, paper),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function headOf({ facts, result }: Survey, paper: Paper): string {
  const unread = result.accounts.filter((account) => !account.readable).length
  const accounts = `${count(result.accounts.length, 'account')}${unread === 0 ? '' : `, ${unread} of them not readable`}`
  return paragraph(inert(`${facts.hostname}, ${facts.osVersion}, ${accounts}`), paper)
}

function toolsPart(detections: readonly SurveyedDetection[], paper: Paper): string {
  if (detections.length === 0) return 'No AI coding tool was found.\n'
  const rows = detections.map(({ detection: d }): Cell[] => [
    { text: nameOf(d.tool), style: 'bold' },
    { text: d.account ?? '(all)' },
    { text: d.running ? `${words.state[d.state].label}, running` : words.state[d.state].label },
    { text: d.version ?? '' },
    { text: d.lastUsedAt === null ? '' : timeText(d.lastUsedAt) },
    { text: sureness(d) },
  ])
  const columns = ['Tool', 'Account', 'State', 'Version', 'Last used'].map((title) => ({ title }))
  return renderTable([...columns, { title: 'How sure', wraps: true }], rows, paper)
}

function sureness({ strength, marks, lastUsedAt }: SurveyedDetection['detection']): string {
  const last = marks.findLast((mark) => mark.kind === 'session' && mark.at === lastUsedAt)
  const basis = last === undefined ? [] : [words.basis[last.basis].label.toLowerCase()]
  const doubts = (last?.doubts ?? []).map((doubt) => words.doubt[doubt])
  return [[words.strength[strength].label.toLowerCase(), ...basis].join(', '), ...doubts].join('. ')
}

const styles: Partial<Record<FindingStatus, Style>> = {
  violation: 'red',
  suspected: 'yellow',
  undetermined: 'yellow',
}

function findingsPart(findings: readonly Finding[], paper: Paper): string {
  if (findings.length === 0) return 'By this policy there is nothing to report.\n'
  const rows = findings.map((f): Cell[] => {
    const style = styles[f.status]
    return [
      { text: words.status[f.status].label, ...(style === undefined ? {} : { style }) },
      { text: nameOf(f.tool) },
      { text: f.account ?? '(all)' },
      { text: f.since === null ? '' : timeText(f.since) },
      { text: f.reasons.map((reason) => words.reason[reason]).join(' ') },
    ]
  })
  const columns = ['By the policy', 'Tool', 'Account', 'Since'].map((title) => ({ title }))
  return renderTable([...columns, { title: 'Why', wraps: true }], rows, paper)
}

/** A question, not a finding: what it is has to be asked. */
function unlistedPart(unlisted: readonly Behaving[], paper: Paper): string {
  if (unlisted.length === 0) return ''
  const rows = unlisted.map(({ name, source, account, behaviours }): Cell[] => [
    { text: source === 'home' ? name : `${name} (${source})`, style: 'bold' },
    { text: account ?? '(all)' },
    {
      text: behaviours
        .map(({ behaviour, signal }) => `${words.behaviour[behaviour].label.toLowerCase()} (${signal})`)
        .join('; '),
    },
  ])
  const title = styled('Behaves like an AI coding agent and is not in the catalogue:', 'bold', paper)
  const columns = ['What', 'Account'].map((text) => ({ title: text }))
  return `${title}\n${renderTable([...columns, { title: 'Why', wraps: true }], rows, paper)}`
}

/** Gaps are told as loudly as finds: what could not be seen may be there. */
function gapsPart(gaps: readonly Gap[], paper: Paper): string {
  if (gaps.length === 0) return 'Everything that was to be looked at could be looked at.\n'
  const title = styled('Not looked at; what is not reported may still be there:', 'bold', paper)
  return `${title}\n${gapTable(gaps, paper)}`
}

/** Gaps as rows, those of one account, reason and collector as one. */
export function gapTable(gaps: readonly Gap[], paper: Paper): string {
  const groups = new Map<string, { readonly gap: Gap; count: number }>()
  for (const gap of gaps) {
    const key = `${gap.account ?? ''}\0${gap.reason}\0${gap.collector}`
    const known = groups.get(key)
    if (known) known.count++
    else groups.set(key, { gap, count: 1 })
  }
  const rows = [...groups.values()].map(({ gap, count: n }): Cell[] => [
    { text: gap.account ?? '(all)' },
    { text: words.gap[gap.reason].label, style: 'yellow' },
    { text: n === 1 ? gap.path : `${gap.path} and ${n - 1} more` },
  ])
  const columns = ['Account', 'Why'].map((text) => ({ title: text }))
  return renderTable([...columns, { title: 'Place', wraps: true }], rows, paper)
}

export function nameOf(tool: string): string {
  return tools.find(({ id }) => id === tool)?.name ?? tool
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}
