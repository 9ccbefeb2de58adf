// `explain TOOL`: everything known on this machine about one tool: what proves it, each sign of life, the rule, the verdict.
import { toolIds, tools } from '#shared/catalogue.ts'
import { nearestOf } from '#shared/policy.ts'
import type { DevicePolicy } from '#shared/protocol.ts'
import type { Tool } from '#shared/tool.ts'
import { rowWords, wordsOf } from '#shared/words.ts'
import { fail, textOption, type Command, type Io } from './command.ts'
import { settingsOr } from './setup.ts'
import { survey, type Survey, type SurveyedDetection } from './survey.ts'
import { paragraph, renderTable, styled, type Cell } from './table.ts'
import { timeText } from './time-text.ts'

const words = wordsOf('en')

export const explainCommand: Command = {
  name: 'explain',
  usage: 'explain TOOL [--state FOLDER]',
  options: {
    state: { type: 'string', value: 'FOLDER', about: 'folder of the daemon’s state, read where it may be' },
  },
  words: 1,
  async run(given, io) {
    const settings = settingsOr(io, textOption(given, 'state'))
    if (typeof settings === 'number') return settings
    const id = given.positionals[0]
    if (id === undefined) return fail(io, 'tool-missing', 'Say which tool: cutoff-agent explain TOOL.')
    const tool = tools.find((one) => one.id === id)
    if (tool === undefined) {
      const near = nearestOf(id, toolIds)
      return fail(
        io,
        'tool-unknown',
        `No tool "${id}" in the catalogue${near === null ? '' : `; did you mean "${near}"?`}`,
      )
    }
    io.out(explainPage(tool, await survey(io, settings, null), io))
    return 0
  },
}

function explainPage(tool: Tool, made: Survey, io: Io): string {
  const own = made.detections.filter(({ detection }) => detection.tool === tool.id)
  const parts = [
    styled(tool.name, 'bold', io) + '\n',
    paragraph(`${tool.about} (${tool.vendor}, ${words.category[tool.category]}, ${tool.homepage})`, io),
    ...(own.length === 0 ? ['Nothing of it was found here.\n'] : own.map((one) => detectionPart(one, io))),
    rulesPart(tool, made.daemon?.policy ?? null, io),
    verdictPart(tool, made, io),
  ]
  return parts.join('\n')
}

function detectionPart({ detection: d, ableToRun }: SurveyedDetection, io: Io): string {
  const who = d.account === null ? 'For the whole machine' : `For account ${d.account}`
  const able = ableToRun ? '' : ' It was never seen able to run here.'
  const head = paragraph(
    `${who}: ${words.state[d.state].about}${d.running ? ' It is running now.' : ''}${able}`,
    io,
  )
  const evidence = d.evidence.map((e): Cell[] => [
    { text: words.observation[e.kind].label },
    { text: words.means[e.means].label },
    { text: words.strength[e.strength].label },
    { text: e.path ?? '' },
  ])
  const marks = d.marks.map((m): Cell[] => [
    { text: timeText(m.at) },
    { text: words.markKind[m.kind].label },
    { text: words.basis[m.basis].label },
    { text: words.strength[m.strength].label },
    { text: m.doubts.map((doubt) => words.doubt[doubt]).join(' ') },
  ])
  const titles = (...names: string[]) =>
    names.map((title, index) => ({ title, wraps: index === names.length - 1 }))
  return [
    head,
    renderTable(titles('Evidence', 'Says', 'How sure', 'Where'), evidence, io),
    marks.length === 0
      ? 'No dated sign of life.\n'
      : renderTable(titles('When', 'What', 'How known', 'How sure', 'What speaks against it'), marks, io),
  ].join('')
}

function rulesPart(tool: Tool, policy: DevicePolicy | null, io: Io): string {
  if (policy === null) return 'No policy is known on this machine.\n'
  const rules = policy.rules.filter((rule) => rule.tools.includes(tool.id))
  if (rules.length === 0) return `No rule of policy ${policy.version} names it.\n`
  return rules
    .map((rule) => {
      const from = rule.from === null ? '' : ` from ${timeText(rule.from)}`
      const counted = rule.verdict === 'banned' ? ` It counts ${words.counts[rule.counts]}.` : ''
      const instead = rule.instead.length === 0 ? '' : ` Instead: ${rule.instead.join(', ')}.`
      const notice = rule.notice === null ? '' : ` ${rule.notice}`
      return paragraph(`Rule ${rule.id}: ${rule.verdict}${from}.${counted}${instead}${notice}`, io)
    })
    .join('')
}

function verdictPart(tool: Tool, made: Survey, io: Io): string {
  const known = made.daemon?.verdicts
  const own = (known?.verdicts ?? []).filter((v) => v.tool === tool.id)
  if (known == null || own.length === 0) return 'The server has said nothing about it.\n'
  return own
    .map((v) => {
      const row = rowWords(words, v.row)
      const because = row === null ? '' : ` Row ${row.row} of the judgement table: ${row.when}.`
      const reasons = v.reasons.map((reason) => words.reason[reason]).join(' ')
      const head = `The server at ${timeText(known.judgedAt)}${v.account === null ? '' : ` for account ${v.account}`}`
      return paragraph(`${head}: ${words.status[v.status].label}. ${reasons}${because}`, io)
    })
    .join('')
}
