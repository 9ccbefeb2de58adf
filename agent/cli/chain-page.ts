// The chain of a verdict on one tool, for a terminal: what was looked at, what was found, which signs of life; which rule, which
// row of the judgement table and what the server says is verdict-page.ts. Pure.
import type { Evidence, Mark } from '#shared/detection.ts'
import type { Finding, JudgedMark } from '#shared/finding.ts'
import { inert } from '#shared/inert.ts'
import { CoverageState } from '#shared/observation.ts'
import type { Tool } from '#shared/tool.ts'
import { wordsOf } from '#shared/words.ts'
import { phraseText } from '#shared/words/phrase.ts'
import { evidenceWords } from '#shared/words/signal-words.ts'
import { disagreementText } from '#shared/words/time-words.ts'
import type { Access } from './access-times.ts'
import { notedPart } from './noted-page.ts'
import { gapTable } from './scan-page.ts'
import type { Survey, SurveyedDetection } from './survey.ts'
import { bullet, heading, paragraph, renderTable, unbroken, type Cell, type Paper } from './table.ts'
import { timeText } from './time-text.ts'
import { collectorsFor, mayHide } from './tool-concern.ts'
import type { ToolJudgement } from './tool-judgement.ts'
import { judgedPart, rulesPart, serverPart, verdictText } from './verdict-page.ts'
import { accessWords } from './words/access-words.ts'
import { chainWords } from './words/chain-words.ts'
import { listed, sentences } from './words/said.ts'

/** More would bury the rest of the page; `--json` has them all. */
const maxMarks = 20
const maxPlaces = 3

export function chainPage(tool: Tool, made: Survey, judgement: ToolJudgement | null, paper: Paper): string {
  const say = chainWords[paper.language]
  const own = made.detections.filter(({ detection }) => detection.tool === tool.id)
  const findingOf = (account: string | null) =>
    judgement?.findings.find((finding) => finding.account === account) ?? null
  return [
    lookedPart(tool, made, paper),
    ...(own.length === 0
      ? [`${heading(say.found, paper)}${say.nothingFound}\n`]
      : own.map((one) => foundPart(tool, one, findingOf(one.detection.account), paper))),
    notedPart(made.noted, paper),
    rulesPart(judgement, paper),
    ...(judgement === null ? [] : [judgedPart(judgement, own, paper)]),
    serverPart(tool, made, paper),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function lookedPart(tool: Tool, { result }: Survey, paper: Paper): string {
  const say = chainWords[paper.language]
  const words = wordsOf(paper.language)
  const kinds = collectorsFor(tool)
  const rows = result.collectors
    .filter(({ name }) => kinds.has(name))
    .map(({ name, observations, gaps }): Cell[] => [
      { text: name },
      { text: String(observations) },
      { text: String(gaps) },
    ])
  const homes = new Map(result.accounts.map(({ name, home }) => [name, home]))
  const gaps = result.gaps.filter((gap) => mayHide(gap, tool, homes))
  const looks = [say.lookedFor, say.seen, say.notSeen].map((title) => ({ title }))
  const coverage = CoverageState.options.flatMap((state) => {
    const who = result.coverage.filter((one) => one.state === state).map((one) => one.account ?? say.machine)
    const { label, about } = words.coverage[state]
    return who.length === 0 ? [] : [bullet(say.coverage(label, listed(paper.language, who), about), paper)]
  })
  return [
    heading(say.lookedHere(timeText(result.startedAt)), paper),
    renderTable(looks, rows, paper),
    `${say.howWell}\n`,
    ...coverage,
    gaps.length === 0 ? `${say.noGap}\n` : paragraph(say.gaps, paper) + gapTable(gaps, paper),
  ].join('')
}

function foundPart(
  tool: Tool,
  { detection: d, ableToRun, accesses }: SurveyedDetection,
  finding: Finding | null,
  paper: Paper,
): string {
  const say = chainWords[paper.language]
  const words = wordsOf(paper.language)
  const said = [
    say.labelled(words.state[d.state].label, words.state[d.state].about),
    d.version === null ? null : say.version(inert(d.version)),
    d.running ? say.running : null,
    ableToRun ? null : say.unable,
    say.labelled(words.strength[d.strength].label, words.strength[d.strength].about),
  ]
  return [
    heading(d.account === null ? say.foundForAll : say.foundFor(inert(d.account)), paper),
    paragraph(sentences(paper.language, said), paper),
    ...bySignal(d.evidence).map((alike) => evidenceText(tool, alike, paper)),
    accessPart(accesses, paper),
    marksPart(finding?.marks ?? d.marks, finding !== null, paper),
  ].join('')
}

/** Evidence that differs in nothing but its place, together. */
function bySignal(evidence: readonly Evidence[]): readonly (readonly [Evidence, ...Evidence[]])[] {
  const groups = new Map<string, [Evidence, ...Evidence[]]>()
  for (const one of evidence) {
    const key = [one.kind, one.signal, one.means, one.strength].join('\0')
    const known = groups.get(key)
    if (known) known.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()]
}

function evidenceText(tool: Tool, alike: readonly [Evidence, ...Evidence[]], paper: Paper): string {
  const say = chainWords[paper.language]
  const words = wordsOf(paper.language)
  const [{ kind, signal, means, strength }] = alike
  const said = evidenceWords(words, tool.signals, signal)
  const what = said === null ? signal : phraseText(said)
  const shown = alike.slice(0, maxPlaces)
  const left = alike.length - shown.length
  const text = say.evidence(
    words.observation[kind].label,
    what,
    words.means[means].about,
    words.strength[strength].label,
  )
  return [
    bullet(text, paper),
    ...shown.map(({ path, pid }) => unbroken([pid === null ? '' : `${pid} `, path ?? ''].join(''))),
    ...(left === 0 ? [] : [unbroken(say.more(left))]),
  ].join('')
}

function accessPart(accesses: readonly Access[], paper: Paper): string {
  if (accesses.length === 0) return ''
  const say = accessWords[paper.language]
  const lines = accesses.slice(0, maxPlaces).flatMap(({ path, readAt, keeps, perhapsByThisLook }) => {
    const when = keeps === 'never' ? null : readAt === null ? say.unread : say.read(timeText(readAt))
    const said = [when, say.keeps[keeps], perhapsByThisLook ? say.perhapsByThisLook : null]
    return [bullet(sentences(paper.language, said), paper), unbroken(path)]
  })
  return [paragraph(say.about, paper), ...lines].join('')
}

function marksPart(marks: readonly (Mark | JudgedMark)[], judged: boolean, paper: Paper): string {
  const { language } = paper
  const say = chainWords[language]
  const words = wordsOf(language)
  if (marks.length === 0) return `${say.noMark}\n`
  const shown = marks.slice(-maxMarks)
  const doubts = [...new Set(shown.flatMap((mark) => mark.doubts))]
  const rows = shown.map((mark): Cell[] => [
    { text: timeText(mark.at) },
    { text: `±${spanText(mark.uncertaintyMs)}` },
    { text: words.markKind[mark.kind].label },
    {
      text: listed(language, [
        words.basis[mark.basis].label.toLowerCase(),
        words.strength[mark.strength].label.toLowerCase(),
      ]),
    },
    {
      text: [
        ...('verdict' in mark ? [verdictText(mark, language)] : []),
        ...(mark.doubts.length === 0
          ? []
          : [`[${mark.doubts.map((doubt) => doubts.indexOf(doubt) + 1).join(',')}]`]),
      ].join(' '),
    },
  ])
  const titles = [say.when, '±', say.what, say.howKnown].map((title) => ({ title }))
  const left = marks.length - shown.length
  const bases = [...new Set(shown.map((mark) => mark.basis))]
  return [
    renderTable([...titles, { title: judged ? say.judgedByRow : say.doubts, wraps: true }], rows, paper),
    ...(left === 0 ? [] : [`${say.earlierLeft(left)}\n`]),
    ...bases.map((basis) =>
      paragraph(say.labelled(words.basis[basis].label, words.basis[basis].about), paper),
    ),
    ...doubts.map((doubt, index) => paragraph(`[${index + 1}] ${words.doubt[doubt]}`, paper)),
    disagreementsPart(shown, paper),
  ].join('')
}

/** By how much times disagree, of the newest marks of which that is known, and once for all what may lie behind it. */
function disagreementsPart(marks: readonly Mark[], paper: Paper): string {
  const { times } = wordsOf(paper.language)
  const told = marks.flatMap((mark) => disagreementText(times, mark, timeText) ?? [])
  const shown = told.slice(-maxPlaces)
  const left = told.length - shown.length
  const behind = [...new Set(shown.flatMap((one) => one.behind ?? []))]
  return [
    ...shown.map(({ text }) => bullet(text, paper)),
    ...(left === 0 ? [] : [bullet(chainWords[paper.language].earlierDisagreements(left), paper)]),
    ...behind.map((text) => paragraph(text, paper)),
  ].join('')
}

/** How exactly a time is known: `1 s`, `20 min`, `1 d`; never less than it is. */
export function spanText(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const
  const [unit, size] = units.find(([, one]) => ms >= one) ?? units[3]
  return `${Math.ceil(ms / size)} ${unit}`
}
