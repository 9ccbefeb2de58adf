// `status`: what the agent on this machine is doing, and what the server makes of this device.
import { inert } from '#shared/inert.ts'
import type { DevicePolicy } from '#shared/protocol.ts'
import { wordsOf } from '#shared/words.ts'
import type { Language } from '#shared/words/language.ts'
import { apartText } from '#shared/words/time-words.ts'
import { bootAt, type ClockState } from '../clock-segments.ts'
import { bytesOfFiles } from '../platform/folder-facts.ts'
import type { ClockMeasure } from '../report/windows.ts'
import type { Settings } from '../settings.ts'
import type { DaemonStatus } from '../state.ts'
import { databaseFiles } from '../state/database.ts'
import { textOption, type Command, type Io } from './command.ts'
import { isAlive } from './daemon-life.ts'
import { openInsight, type Insight } from './insight.ts'
import { nameOf } from './scan-page.ts'
import { settingsPage } from './settings-page.ts'
import { failState, settingsFor } from './setup.ts'
import { paragraph, renderTable, type Cell } from './table.ts'
import { statusDocument } from './status-document.ts'
import { timeText } from './time-text.ts'
import { isDealtWith } from './verdict-page.ts'
import { listed, sentences } from './words/said.ts'
import { statusWords } from './words/status-words.ts'

export const statusCommand: Command = {
  name: 'status',
  usage: 'status [--json] [--state FOLDER]',
  options: {
    json: { type: 'boolean', about: 'print one JSON document' },
    state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' },
  },
  words: 0,
  async run(given, io) {
    const known = await settingsFor(io, textOption(given, 'state'))
    const opened = openInsight(known.settings, io)
    if (!opened.ok) {
      if (given.values['json'] !== true) io.out(settingsPage(known, io))
      return failState(io, opened, known.settings.stateFolder)
    }
    try {
      if (given.values['json'] === true)
        io.out(`${JSON.stringify(statusDocument(opened.insight, isAlive))}\n`)
      else io.out(`${statusPage(opened.insight, known.settings, io)}\n${settingsPage(known, io)}`)
      return 0
    } finally {
      opened.insight.close()
    }
  },
}

function statusPage(insight: Insight, settings: Settings, io: Io): string {
  const say = statusWords[io.language]
  const { enrolment, daemon, sync, policy, waiting, copiedAt } = insight
  const failure = sync?.lastError ?? null
  const clock = clockText(insight.clock, insight.clocks, io.language)
  const lines: readonly (readonly [string, string])[] = [
    [say.agent, agentText(daemon, io.language)],
    ...(daemon === null
      ? []
      : ([[say.lastLook, daemon.lastScanAt === null ? say.noLook : timeText(daemon.lastScanAt)]] as const)),
    ...shortfall(daemon, io.language),
    [say.server, enrolment === null ? say.notEnrolled : say.enrolled(enrolment.server, enrolment.device)],
    [say.lastReport, sync?.lastAt == null ? say.noReport : timeText(sync.lastAt)],
    ...(sync?.nextAt === undefined ? [] : ([[say.nextReport, timeText(sync.nextAt)]] as const)),
    [say.waiting, say.records(waiting)],
    ...spoolLine(insight, settings, io.language),
    ...(clock === null ? [] : ([[say.clock, clock]] as const)),
    ...(failure === null
      ? []
      : ([[say.lastFailure, `${timeText(failure.at)}: ${failure.message} [${failure.code}]`]] as const)),
    ...(copiedAt === null ? [] : ([[say.asOf, timeText(copiedAt)]] as const)),
  ]
  const rows = lines.map(([name, text]): Cell[] => [{ text: name, style: 'bold' }, { text }])
  const head = renderTable([{ title: 'Cutoff' }, { title: '', wraps: true }], rows, io)
  return [head, policyPart(policy, io), verdictsPart(insight, io)].join('\n')
}

/** How the device's clock stands to the server's: until it is compared, uses are dated to within a day. Null: not known. */
export function clockText(
  clock: ClockState | null,
  measures: readonly ClockMeasure[],
  language: Language,
): string | null {
  const say = statusWords[language]
  if (clock === null) return null
  const { id } = bootAt(clock)
  const measure = measures.findLast(({ boot }) => boot === id)
  if (measure === undefined) return clock.number === 0 ? say.notComparedSinceStart : say.notComparedSinceSet
  const { offsetMs } = measure
  const apart = Math.abs(offsetMs)
  if (apart < 1000) return say.asServer
  const span = apartText(wordsOf(language).times, apart)
  return offsetMs > 0 ? say.behind(span) : say.ahead(span)
}

function spoolLine(insight: Insight, settings: Settings, language: Language): (readonly [string, string])[] {
  const bytes = insight.copiedAt === null ? bytesOfFiles(settings.stateFolder, databaseFiles) : null
  if (bytes === null) return []
  const say = statusWords[language]
  const used = Math.ceil(bytes / 2 ** 20)
  const cap = settings.spoolMegabytes
  const { givenUp } = insight
  return [[say.spool, givenUp === 0 ? say.spoolUsed(used, cap) : say.spoolFull(used, cap, givenUp)]]
}

function shortfall(daemon: DaemonStatus | null, language: Language): (readonly [string, string])[] {
  const say = statusWords[language]
  const { gaps = 0, waiting = [] } = daemon ?? {}
  return [
    ...(gaps === 0 ? [] : ([[say.notSeen, say.places(gaps)]] as const)),
    ...(waiting.length === 0 ? [] : ([[say.waits, say.tookTooLong(listed(language, waiting))]] as const)),
  ]
}

function agentText(daemon: DaemonStatus | null, language: Language): string {
  const say = statusWords[language]
  if (daemon === null) return say.notRunning
  const since = timeText(daemon.startedAt)
  return isAlive(daemon.pid) ? say.runningSince(since) : say.endedUnseen(since)
}

function policyPart(policy: DevicePolicy | null, io: Io): string {
  const say = statusWords[io.language]
  if (policy === null) return `${say.noPolicy}\n`
  const rows = policy.rules.map((rule): Cell[] => [
    { text: rule.id },
    { text: say.rulings[rule.verdict] },
    { text: rule.from === null ? '' : timeText(rule.from) },
    { text: listed(io.language, rule.tools.map(nameOf)) },
  ])
  const title = say.policy(policy.version, inert(policy.organisation), timeText(policy.activatedAt))
  const columns = [say.rule, say.ruling, say.from].map((text) => ({ title: text }))
  return `${paragraph(title, io)}${renderTable([...columns, { title: say.tools, wraps: true }], rows, io)}`
}

/** As the server's, with its time: this device knows too little to judge anybody. */
function verdictsPart({ verdicts: known }: Insight, io: Io): string {
  const say = statusWords[io.language]
  const words = wordsOf(io.language)
  if (known === null) return `${say.notJudged}\n`
  const own = known.verdicts
  if (own.length === 0) return `${say.nothingJudged(timeText(known.judgedAt))}\n`
  const rows = own.map((v): Cell[] => [
    {
      text: listed(io.language, [
        words.status[v.status].label,
        ...(isDealtWith(v) ? [words.lifecycle[v.lifecycle].label.toLowerCase()] : []),
      ]),
    },
    { text: nameOf(v.tool) },
    { text: v.account ?? say.allAccounts },
    {
      text: sentences(
        io.language,
        v.reasons.map((reason) => words.reason[reason]),
      ),
    },
  ])
  const columns = [say.verdict, say.tool, say.account].map((text) => ({ title: text }))
  const title = say.verdicts(timeText(known.judgedAt))
  return `${paragraph(title, io)}${renderTable([...columns, { title: say.why, wraps: true }], rows, io)}`
}
