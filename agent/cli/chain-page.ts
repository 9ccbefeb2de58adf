// The chain of a verdict on one tool, for a terminal: what was looked at, what was found, which signs of life, which rule, which
// row of the judgement table, what the server says. Pure.
import type { Evidence, Mark } from '#shared/detection.ts'
import type { Finding, JudgedMark } from '#shared/finding.ts'
import { inert } from '#shared/inert.ts'
import { CoverageState } from '#shared/observation.ts'
import type { Tool } from '#shared/tool.ts'
import { rowWords, wordsOf } from '#shared/words.ts'
import { phraseText } from '#shared/words/phrase.ts'
import { evidenceWords } from '#shared/words/signal-words.ts'
import { disagreementText, mostAtOdds } from '#shared/words/time-words.ts'
import { gapTable } from './scan-page.ts'
import type { Survey, SurveyedDetection } from './survey.ts'
import { bullet, heading, paragraph, renderTable, unbroken, type Cell, type Paper } from './table.ts'
import { timeText } from './time-text.ts'
import { collectorsFor, mayHide } from './tool-concern.ts'
import type { RuleHere, ToolJudgement } from './tool-judgement.ts'

const words = wordsOf('en')
/** More would bury the rest of the page; `--json` has them all. */
const maxMarks = 20
const maxPlaces = 3

export function chainPage(tool: Tool, made: Survey, judgement: ToolJudgement | null, paper: Paper): string {
  const own = made.detections.filter(({ detection }) => detection.tool === tool.id)
  const findingOf = (account: string | null) =>
    judgement?.findings.find((finding) => finding.account === account) ?? null
  return [
    lookedPart(tool, made, paper),
    ...(own.length === 0
      ? [`${heading('What was found here', paper)}Nothing of it was found.\n`]
      : own.map((one) => foundPart(tool, one, findingOf(one.detection.account), paper))),
    rulesPart(judgement, paper),
    ...(judgement === null ? [] : [judgedPart(judgement, own, paper)]),
    serverPart(tool, made, paper),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function lookedPart(tool: Tool, { result }: Survey, paper: Paper): string {
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
  const looks = ['Looked for', 'Seen of any tool', 'Not seen'].map((title) => ({ title }))
  const coverage = CoverageState.options.flatMap((state) => {
    const who = result.coverage
      .filter((one) => one.state === state)
      .map((one) => one.account ?? 'the machine')
    const { label, about } = words.coverage[state]
    return who.length === 0 ? [] : [bullet(`${label}: ${who.join(', ')}. ${about}`, paper)]
  })
  return [
    heading(`What was looked at here, ${timeText(result.startedAt)}`, paper),
    renderTable(looks, rows, paper),
    'How well:\n',
    ...coverage,
    gaps.length === 0
      ? 'No gap lies where something of it could be.\n'
      : paragraph('Not looked at; something of it may be there:', paper) + gapTable(gaps, paper),
  ].join('')
}

function foundPart(
  tool: Tool,
  { detection: d, ableToRun }: SurveyedDetection,
  finding: Finding | null,
  paper: Paper,
): string {
  const who = d.account === null ? 'for the whole machine' : `for account ${inert(d.account)}`
  const said = [
    `${words.state[d.state].label}: ${lowered(words.state[d.state].about)}`,
    ...(d.version === null ? [] : [`Version ${inert(d.version)}.`]),
    ...(d.running ? ['It is running now.'] : []),
    ...(ableToRun ? [] : ['It was never seen able to run here.']),
    `${words.strength[d.strength].label}: ${lowered(words.strength[d.strength].about)}`,
  ]
  return [
    heading(`What was found here ${who}`, paper),
    paragraph(said.join(' '), paper),
    ...bySignal(d.evidence).map((alike) => evidenceText(tool, alike, paper)),
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
  const [{ kind, signal, means, strength }] = alike
  const said = evidenceWords(words, tool.signals, signal)
  const what = said === null ? signal : phraseText(said)
  const sure = lowered(words.strength[strength].label)
  const shown = alike.slice(0, maxPlaces)
  const left = alike.length - shown.length
  return [
    bullet(
      `${words.observation[kind].label}: ${what}. ${words.means[means].about.slice(0, -1)}: ${sure}.`,
      paper,
    ),
    ...shown.map(({ path, pid }) => unbroken([pid === null ? '' : `${pid} `, path ?? ''].join(''))),
    ...(left === 0 ? [] : [unbroken(`and ${left} more; --json has them all`)]),
  ].join('')
}

function marksPart(marks: readonly (Mark | JudgedMark)[], judged: boolean, paper: Paper): string {
  if (marks.length === 0) return 'No dated sign of life.\n'
  const shown = marks.slice(-maxMarks)
  const doubts = [...new Set(shown.flatMap((mark) => mark.doubts))]
  const rows = shown.map((mark): Cell[] => [
    { text: timeText(mark.at) },
    { text: `±${spanText(mark.uncertaintyMs)}` },
    { text: words.markKind[mark.kind].label },
    { text: `${lowered(words.basis[mark.basis].label)}, ${lowered(words.strength[mark.strength].label)}` },
    {
      text: [
        ...('verdict' in mark ? [verdictText(mark)] : []),
        ...(mark.doubts.length === 0
          ? []
          : [`[${mark.doubts.map((doubt) => doubts.indexOf(doubt) + 1).join(',')}]`]),
      ].join(' '),
    },
  ])
  const titles = ['When', '±', 'What', 'How known'].map((title) => ({ title }))
  const left = marks.length - shown.length
  const bases = [...new Set(shown.map((mark) => mark.basis))]
  return [
    renderTable([...titles, { title: judged ? 'Judged, by row' : 'Doubts', wraps: true }], rows, paper),
    ...(left === 0 ? [] : [`${left} earlier ones are left out; --json has them all.\n`]),
    ...bases.map((basis) =>
      paragraph(`${words.basis[basis].label}: ${lowered(words.basis[basis].about)}`, paper),
    ),
    ...doubts.map((doubt, index) => paragraph(`[${index + 1}] ${words.doubt[doubt]}`, paper)),
    disagreementsPart(shown, paper),
  ].join('')
}

/** By how much times disagree, of the newest marks of which that is known, and once for all what may lie behind it. */
function disagreementsPart(marks: readonly Mark[], paper: Paper): string {
  const told = marks.flatMap((mark) => disagreementText(words.times, mark, timeText) ?? [])
  const shown = told.slice(-maxPlaces)
  const left = told.length - shown.length
  const behind = [...new Set(shown.flatMap((one) => one.behind ?? []))]
  return [
    ...shown.map(({ text }) => bullet(text, paper)),
    ...(left === 0 ? [] : [bullet(`and ${left} earlier; --json has them all`, paper)]),
    ...behind.map((text) => paragraph(text, paper)),
  ].join('')
}

function verdictText({ verdict, row }: JudgedMark): string {
  return `${lowered(words.markVerdict[verdict].label)}${row === null ? '' : `, ${row}`}`
}

function rulesPart(judgement: ToolJudgement | null, paper: Paper): string {
  const head = heading('Which rule', paper)
  if (judgement === null) return `${head}No policy is known on this machine.\n`
  const { by, version, organisation, rules } = judgement
  const policy =
    by === 'file' ? `the policy file, version ${version}` : `policy ${version} of ${inert(organisation)}`
  if (rules.length === 0) return head + paragraph(`No rule of ${policy} names it.`, paper)
  return (
    head +
    paragraph(`Of ${policy}, in its order; the first that applies to the account decides:`, paper) +
    rules.map((rule) => bullet(ruleText(rule), paper)).join('')
  )
}

function ruleText({ id, verdict, from, until, announced, counts, instead, notice }: RuleHere): string {
  return [
    `${id}: ${verdict}${from === null ? '' : ` from ${timeText(from)}`}${until === null ? '' : ` until ${timeText(until)}`}.`,
    ...(announced === null ? [] : [`Announced ${timeText(announced)}.`]),
    ...(verdict === 'banned' ? [`It counts ${words.counts[counts]}.`] : []),
    ...(instead.length === 0 ? [] : [`Instead: ${instead.join(', ')}.`]),
    ...(notice === null ? [] : [notice]),
  ].join(' ')
}

function judgedPart(judgement: ToolJudgement, own: readonly SurveyedDetection[], paper: Paper): string {
  if (own.length === 0 || judgement.rules.length === 0) return ''
  const limits =
    judgement.by === 'file'
      ? 'By the policy file, as if it were in force from now on. Waivers, and who an account belongs to, are not known here.'
      : 'By the rules that the server sent to this device. Waivers, exceptions, who an account belongs to, earlier versions of the policy and whether found use counts as a violation are known to the server: its verdict is the one that holds.'
  return [
    heading('How it would be judged here', paper),
    paragraph(limits, paper),
    ...own.map(({ detection }) => {
      const finding = judgement.findings.find((one) => one.account === detection.account)
      const who = detection.account === null ? 'The whole machine' : `Account ${inert(detection.account)}`
      return finding === undefined
        ? paragraph(`${who}: nothing follows from it.`, paper)
        : findingText(who, finding, paper)
    }),
  ].join('')
}

function findingText(who: string, finding: Finding, paper: Paper): string {
  const { status, reasons, marks, wouldChange, missing, notice } = finding
  const decided = Map.groupBy(marks, (mark) => `${mark.row ?? ''} ${mark.reason}`)
  return [
    paragraph(`${who}: ${words.status[status].label}. ${words.status[status].about}`, paper),
    ...(marks.length === 0 ? reasons.map((reason) => bullet(words.reason[reason], paper)) : []),
    ...[...decided.values()].map((alike) => bullet(decisionText(alike), paper)),
    ...(notice === null ? [] : [paragraph(`The ban counts as known since ${timeText(notice)}.`, paper)]),
    ...missing.map((entry) => paragraph(`Not known here: ${inert(entry)}.`, paper)),
    ...(wouldChange.length === 0
      ? []
      : [
          paragraph('What would have changed it:', paper),
          ...wouldChange.map((code) => bullet(words.wouldChange[code], paper)),
        ]),
  ].join('')
}

/** Of marks that were judged alike; where their times disagree, by how much at the most. */
function decisionText(alike: readonly JudgedMark[]): string {
  const [mark] = alike
  if (mark === undefined) return ''
  const signs = alike.length === 1 ? '1 sign of life' : `${alike.length} signs of life`
  const by = mark.row === null ? '' : `, by row ${mark.row} of the judgement table`
  const most = mark.reason === 'times-disagree' ? mostAtOdds(alike) : undefined
  const apart = most && disagreementText(words.times, most, timeText)?.text
  const said = `${signs}: ${lowered(words.markVerdict[mark.verdict].label)}${by}. ${words.reason[mark.reason]}`
  return apart === undefined ? said : `${said} ${apart}`
}

function serverPart(tool: Tool, { daemon }: Survey, paper: Paper): string {
  const head = heading('What the server says', paper)
  const known = daemon?.verdicts
  if (known == null)
    return `${head}The server has said nothing to this device yet, or it may not be read here.\n`
  const own = known.verdicts.filter((v) => v.tool === tool.id)
  if (own.length === 0) return head + paragraph(`At ${timeText(known.judgedAt)}: nothing about it.`, paper)
  return (
    head +
    own
      .map((v) => {
        const row = rowWords(words, v.row)
        const because = row === null ? '' : ` Row ${row.row} of the judgement table: ${lowered(row.when)}.`
        const rule = v.rule === null ? '' : ` Rule ${v.rule}.`
        const reasons = v.reasons.map((reason) => words.reason[reason]).join(' ')
        const who = v.account === null ? '' : `, account ${inert(v.account)}`
        const at = `At ${timeText(known.judgedAt)}${who}`
        return paragraph(`${at}: ${words.status[v.status].label}.${rule} ${reasons}${because}`, paper)
      })
      .join('')
  )
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
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
