// `status`: what the agent on this machine is doing, and what the server makes of this device.
import type { DevicePolicy } from '#shared/protocol.ts'
import { wordsOf } from '#shared/words.ts'
import { bootAt, type ClockState } from '../clock-segments.ts'
import type { ClockMeasure } from '../report/windows.ts'
import type { DaemonStatus } from '../state.ts'
import { fail, textOption, type Command, type Io } from './command.ts'
import { isAlive } from './daemon-life.ts'
import { openInsight, type Insight } from './insight.ts'
import { nameOf } from './scan-page.ts'
import { settingsPage } from './settings-page.ts'
import { settingsFor } from './setup.ts'
import { paragraph, renderTable, type Cell } from './table.ts'
import { timeText } from './time-text.ts'

const words = wordsOf('en')

export const statusCommand: Command = {
  name: 'status',
  usage: 'status [--state FOLDER]',
  options: { state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' } },
  words: 0,
  async run(given, io) {
    const known = await settingsFor(io, textOption(given, 'state'))
    const opened = openInsight(known.settings, io)
    if (!opened.ok) {
      io.out(settingsPage(known, io))
      return fail(io, opened.code, opened.message)
    }
    try {
      io.out(`${statusPage(opened.insight, io)}\n${settingsPage(known, io)}`)
      return 0
    } finally {
      opened.insight.close()
    }
  },
}

function statusPage(insight: Insight, io: Io): string {
  const { enrolment, daemon, sync, policy, waiting, copiedAt } = insight
  const failure = sync?.lastError ?? null
  const clock = clockText(insight.clock, insight.clocks)
  const lines: readonly (readonly [string, string])[] = [
    ['Agent', agentText(daemon)],
    ...(daemon === null
      ? []
      : ([
          ['Last look', daemon.lastScanAt === null ? 'none since it started' : timeText(daemon.lastScanAt)],
        ] as const)),
    [
      'Server',
      enrolment === null ? 'not enrolled' : `${enrolment.server}, this device is ${enrolment.device}`,
    ],
    ['Last report', sync?.lastAt == null ? 'none yet' : timeText(sync.lastAt)],
    ['Waiting', `${waiting} records`],
    ...(clock === null ? [] : ([['Clock', clock]] as const)),
    ...(failure === null
      ? []
      : ([['Last failure', `${timeText(failure.at)}: ${failure.message} [${failure.code}]`]] as const)),
    ...(copiedAt === null ? [] : ([['As of', timeText(copiedAt)]] as const)),
  ]
  const rows = lines.map(([name, text]): Cell[] => [{ text: name, style: 'bold' }, { text }])
  const head = renderTable([{ title: 'Cutoff' }, { title: '', wraps: true }], rows, io)
  return [head, policyPart(policy, io), verdictsPart(insight, io)].join('\n')
}

/** How the device's clock stands to the server's: until it is compared, uses are dated to within a day. Null: not known. */
export function clockText(clock: ClockState | null, measures: readonly ClockMeasure[]): string | null {
  if (clock === null) return null
  const { id } = bootAt(clock)
  const measure = measures.findLast(({ boot }) => boot === id)
  if (measure === undefined) {
    return `not compared with the server’s since ${clock.number === 0 ? 'the machine was started' : 'it was set'}`
  }
  const { offsetMs } = measure
  const apart = Math.abs(offsetMs)
  if (apart < 1000) return 'as the server’s'
  return `${spanText(apart)} ${offsetMs > 0 ? 'behind' : 'ahead of'} the server’s`
}

function spanText(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}

function agentText(daemon: DaemonStatus | null): string {
  if (daemon === null) return 'not running'
  const since = timeText(daemon.startedAt)
  return isAlive(daemon.pid)
    ? `running since ${since}`
    : `not running: the one started ${since} ended without a word`
}

function policyPart(policy: DevicePolicy | null, io: Io): string {
  if (policy === null) return 'No policy has been received.\n'
  const rows = policy.rules.map((rule): Cell[] => [
    { text: rule.id },
    { text: rule.verdict },
    { text: rule.from === null ? '' : timeText(rule.from) },
    { text: rule.tools.map(nameOf).join(', ') },
  ])
  const title = `Policy ${policy.version} of ${policy.organisation}, in force since ${timeText(policy.activatedAt)}`
  const columns = ['Rule', 'Verdict', 'From'].map((text) => ({ title: text }))
  return `${paragraph(title, io)}${renderTable([...columns, { title: 'Tools', wraps: true }], rows, io)}`
}

function verdictsPart({ verdicts: known }: Insight, io: Io): string {
  if (known === null) return 'The server has not judged anything on this device yet.\n'
  const own = known.verdicts
  if (own.length === 0)
    return `The server had nothing to say about this device at ${timeText(known.judgedAt)}.\n`
  const rows = own.map((v): Cell[] => [
    { text: words.status[v.status].label },
    { text: nameOf(v.tool) },
    { text: v.account ?? '(all)' },
    { text: v.reasons.map((reason) => words.reason[reason]).join(' ') },
  ])
  const columns = ['Verdict', 'Tool', 'Account'].map((text) => ({ title: text }))
  const title = `The server’s verdicts as of ${timeText(known.judgedAt)}`
  return `${paragraph(title, io)}${renderTable([...columns, { title: 'Why', wraps: true }], rows, io)}`
}
