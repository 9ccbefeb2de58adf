// What `scan` shows to a person: tools, findings with their reasons, and what could not be looked at. Pure.
import { tools } from '#shared/catalogue.ts'
import type { Finding, FindingStatus } from '#shared/finding.ts'
import type { Gap } from '#shared/observation.ts'
import { inert } from '#shared/inert.ts'
import type { Behaving } from '#shared/unlisted.ts'
import { wordsOf } from '#shared/words.ts'
import { speech, type Language } from '#shared/words/language.ts'
import type { Survey, SurveyedDetection } from './survey.ts'
import { paragraph, renderTable, styled, type Cell, type Paper, type Style } from './table.ts'
import { timeText } from './time-text.ts'
import { listed, sentences } from './words/said.ts'
import { scanWords } from './words/scan-words.ts'

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
  const accounts = scanWords[paper.language].accounts(result.accounts.length, unread)
  return paragraph(inert(`${facts.hostname}, ${facts.osVersion}, ${accounts}`), paper)
}

function toolsPart(detections: readonly SurveyedDetection[], paper: Paper): string {
  const say = scanWords[paper.language]
  const words = wordsOf(paper.language)
  if (detections.length === 0) return `${say.noTool}\n`
  const rows = detections.map(({ detection: d }): Cell[] => [
    { text: nameOf(d.tool), style: 'bold' },
    { text: d.account ?? say.allAccounts },
    {
      text: listed(paper.language, [words.state[d.state].label, ...(d.running ? [say.running] : [])]),
    },
    { text: d.version ?? '' },
    { text: d.lastUsedAt === null ? '' : timeText(d.lastUsedAt) },
    { text: sureness(d, paper.language) },
  ])
  const columns = [say.tool, say.account, say.state, say.version, say.lastUsed].map((title) => ({ title }))
  return renderTable([...columns, { title: say.howSure, wraps: true }], rows, paper)
}

function sureness(
  { strength, marks, lastUsedAt }: SurveyedDetection['detection'],
  language: Language,
): string {
  const words = wordsOf(language)
  const last = marks.findLast((mark) => mark.kind === 'session' && mark.at === lastUsedAt)
  const basis = last === undefined ? [] : [words.basis[last.basis].label.toLowerCase()]
  const doubts = (last?.doubts ?? []).map((doubt) => words.doubt[doubt])
  const sure = listed(language, [words.strength[strength].label.toLowerCase(), ...basis])
  return doubts.length === 0 ? sure : sentences(language, [`${sure}${speech[language].stop}`, ...doubts])
}

const styles: Partial<Record<FindingStatus, Style>> = {
  violation: 'red',
  suspected: 'yellow',
  undetermined: 'yellow',
}

function findingsPart(findings: readonly Finding[], paper: Paper): string {
  const say = scanWords[paper.language]
  const words = wordsOf(paper.language)
  if (findings.length === 0) return `${say.nothingToReport}\n`
  const rows = findings.map((f): Cell[] => {
    const style = styles[f.status]
    return [
      { text: words.status[f.status].label, ...(style === undefined ? {} : { style }) },
      { text: nameOf(f.tool) },
      { text: f.account ?? say.allAccounts },
      { text: f.since === null ? '' : timeText(f.since) },
      {
        text: sentences(
          paper.language,
          f.reasons.map((reason) => words.reason[reason]),
        ),
      },
    ]
  })
  const columns = [say.byPolicy, say.tool, say.account, say.since].map((title) => ({ title }))
  return renderTable([...columns, { title: say.why, wraps: true }], rows, paper)
}

/** A question, not a finding: what it is has to be asked. */
function unlistedPart(unlisted: readonly Behaving[], paper: Paper): string {
  if (unlisted.length === 0) return ''
  const say = scanWords[paper.language]
  const words = wordsOf(paper.language)
  const rows = unlisted.map(({ name, source, account, behaviours }): Cell[] => [
    { text: source === 'home' ? name : `${name} (${source})`, style: 'bold' },
    { text: account ?? say.allAccounts },
    {
      text: behaviours
        .map(({ behaviour, signal }) => `${words.behaviour[behaviour].label.toLowerCase()} (${signal})`)
        .join('; '),
    },
  ])
  const title = styled(say.unlisted, 'bold', paper)
  const columns = [say.what, say.account].map((text) => ({ title: text }))
  return `${title}\n${renderTable([...columns, { title: say.why, wraps: true }], rows, paper)}`
}

/** Gaps are told as loudly as finds: what could not be seen may be there. */
function gapsPart(gaps: readonly Gap[], paper: Paper): string {
  const say = scanWords[paper.language]
  if (gaps.length === 0) return `${say.noGap}\n`
  const title = styled(say.gaps, 'bold', paper)
  return `${title}\n${gapTable(gaps, paper)}`
}

/** Gaps as rows, those of one account, reason and collector as one. */
export function gapTable(gaps: readonly Gap[], paper: Paper): string {
  const say = scanWords[paper.language]
  const words = wordsOf(paper.language)
  const groups = new Map<string, { readonly gap: Gap; count: number }>()
  for (const gap of gaps) {
    const key = `${gap.account ?? ''}\0${gap.reason}\0${gap.collector}`
    const known = groups.get(key)
    if (known) known.count++
    else groups.set(key, { gap, count: 1 })
  }
  const rows = [...groups.values()].map(({ gap, count: n }): Cell[] => [
    { text: gap.account ?? say.allAccounts },
    { text: words.gap[gap.reason].label, style: 'yellow' },
    { text: n === 1 ? gap.path : say.more(gap.path, n - 1) },
  ])
  const columns = [say.account, say.why].map((text) => ({ title: text }))
  return renderTable([...columns, { title: say.place, wraps: true }], rows, paper)
}

export function nameOf(tool: string): string {
  return tools.find(({ id }) => id === tool)?.name ?? tool
}
