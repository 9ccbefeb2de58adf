// Which rule decides on one tool, which row of the judgement table, and what the server says, for a terminal. Only the server's
// verdict holds, and it is shown with its time. Pure.
import type { Finding, JudgedMark } from '#shared/finding.ts'
import { inert } from '#shared/inert.ts'
import type { DeviceVerdict } from '#shared/protocol.ts'
import type { Tool } from '#shared/tool.ts'
import { readMissing, rowWords, wordsOf } from '#shared/words.ts'
import type { Language } from '#shared/words/language.ts'
import { disagreementText, mostAtOdds } from '#shared/words/time-words.ts'
import type { Survey, SurveyedDetection } from './survey.ts'
import { bullet, heading, paragraph, type Paper } from './table.ts'
import { timeText } from './time-text.ts'
import type { RuleHere, ToolJudgement } from './tool-judgement.ts'
import { chainWords } from './words/chain-words.ts'
import { listed, sentences } from './words/said.ts'
import { statusWords } from './words/status-words.ts'

/** `violation, 10`: a mark's verdict and row. */
export function verdictText({ verdict, row }: JudgedMark, language: Language): string {
  const label = wordsOf(language).markVerdict[verdict].label.toLowerCase()
  return row === null ? label : listed(language, [label, String(row)])
}

export function rulesPart(judgement: ToolJudgement | null, paper: Paper): string {
  const say = chainWords[paper.language]
  const head = heading(say.whichRule, paper)
  if (judgement === null) return `${head}${say.noPolicy}\n`
  const { by, version, organisation, rules } = judgement
  const policy = by === 'file' ? say.policyFile(version) : say.policy(version, inert(organisation))
  if (rules.length === 0) return head + paragraph(say.noRule(policy), paper)
  return (
    head +
    paragraph(say.rules(policy), paper) +
    rules.map((rule) => bullet(ruleText(rule, paper.language), paper)).join('')
  )
}

function ruleText(
  { id, verdict, from, until, announced, counts, instead, notice }: RuleHere,
  language: Language,
): string {
  const say = chainWords[language]
  const time = (at: number | null) => (at === null ? null : timeText(at))
  return sentences(language, [
    say.rule(id, statusWords[language].rulings[verdict], time(from), time(until)),
    announced === null ? null : say.announced(timeText(announced)),
    verdict === 'banned' ? say.counts(wordsOf(language).counts[counts]) : null,
    instead.length === 0 ? null : say.instead(listed(language, instead)),
    notice,
  ])
}

export function judgedPart(
  judgement: ToolJudgement,
  own: readonly SurveyedDetection[],
  paper: Paper,
): string {
  const say = chainWords[paper.language]
  if (own.length === 0 || judgement.rules.length === 0) return ''
  return [
    heading(say.judgedHere, paper),
    paragraph(judgement.by === 'file' ? say.byFile : say.byDevice, paper),
    ...own.map(({ detection }) => {
      const finding = judgement.findings.find((one) => one.account === detection.account)
      const who = detection.account === null ? say.wholeMachine : say.account(inert(detection.account))
      return finding === undefined
        ? paragraph(say.nothingFollows(who), paper)
        : findingText(who, finding, paper)
    }),
  ].join('')
}

function findingText(who: string, finding: Finding, paper: Paper): string {
  const say = chainWords[paper.language]
  const words = wordsOf(paper.language)
  const { status, reasons, marks, wouldChange, missing, notice } = finding
  const decided = Map.groupBy(marks, (mark) => `${mark.row ?? ''} ${mark.reason}`)
  return [
    paragraph(say.status(who, words.status[status].label, words.status[status].about), paper),
    ...(marks.length === 0 ? reasons.map((reason) => bullet(words.reason[reason], paper)) : []),
    ...[...decided.values()].map((alike) => bullet(decisionText(alike, paper.language), paper)),
    ...(notice === null ? [] : [paragraph(say.knownSince(timeText(notice)), paper)]),
    ...missing.map((entry) => {
      const { text, name } = readMissing(words, entry)
      return paragraph(say.notKnown(name === null ? text : `${text} (${inert(name)})`), paper)
    }),
    ...(wouldChange.length === 0
      ? []
      : [
          paragraph(say.wouldChange, paper),
          ...wouldChange.map((code) => bullet(words.wouldChange[code], paper)),
        ]),
  ].join('')
}

/** Of marks that were judged alike; where their times disagree, by how much at the most. */
function decisionText(alike: readonly JudgedMark[], language: Language): string {
  const words = wordsOf(language)
  const [mark] = alike
  if (mark === undefined) return ''
  const most = mark.reason === 'times-disagree' ? mostAtOdds(alike) : undefined
  const apart = most && disagreementText(words.times, most, timeText)?.text
  return sentences(language, [
    chainWords[language].decision(alike.length, words.markVerdict[mark.verdict].label, mark.row),
    words.reason[mark.reason],
    apart ?? null,
  ])
}

export function serverPart(tool: Tool, { daemon }: Survey, paper: Paper): string {
  const { language } = paper
  const say = chainWords[language]
  const words = wordsOf(language)
  const head = heading(say.server, paper)
  const known = daemon?.verdicts
  if (known == null) return head + paragraph(say.serverSilent, paper)
  const own = known.verdicts.filter((v) => v.tool === tool.id)
  const at = timeText(known.judgedAt)
  if (own.length === 0) return head + paragraph(say.serverNothing(at), paper)
  return (
    head +
    own
      .map((v) => {
        const row = rowWords(words, v.row)
        const said = sentences(language, [
          say.serverSays(at, v.account === null ? null : inert(v.account), words.status[v.status].label),
          v.rule === null ? null : say.serverRule(inert(v.rule)),
          ...v.reasons.map((reason) => words.reason[reason]),
          row === null ? null : say.serverRow(row.row, row.when),
          isDealtWith(v) ? words.lifecycle[v.lifecycle].about : null,
        ])
        return paragraph(said, paper)
      })
      .join('')
  )
}

/** Whether people have begun or ended to deal with what a verdict is about. */
export function isDealtWith(verdict: DeviceVerdict): verdict is DeviceVerdict & {
  lifecycle: Exclude<DeviceVerdict['lifecycle'], undefined>
} {
  return verdict.lifecycle !== undefined && verdict.lifecycle !== 'open'
}
