// One sent record as one line for a person: every field that says something, in words. Pure.
import type { WireRecord } from '#shared/protocol.ts'
import { wordsOf } from '#shared/words.ts'
import { disagreementText } from '#shared/words/time-words.ts'
import { nameOf } from './scan-page.ts'
import { timeText } from './time-text.ts'

const words = wordsOf('en')

export function recordInWords(record: WireRecord): string {
  switch (record.type) {
    case 'host':
      return line(
        'This device',
        record.hostname,
        record.osVersion,
        record.arch,
        and('serial', record.serial),
        `agent ${record.agentVersion}`,
      )
    case 'account':
      return line(
        `Account ${record.account}`,
        record.gone ? 'is gone' : record.readable ? 'can be looked into' : 'cannot be looked into',
      )
    case 'detection':
      return line(
        `${nameOf(record.tool)}${of(record.account)}`,
        record.gone ? 'nothing of it is found any more' : words.state[record.state].label.toLowerCase(),
        record.running === null ? null : record.running ? 'running' : 'not running',
        and('version', record.version),
        words.strength[record.strength].label.toLowerCase(),
        record.usedBeforeCutoff ? 'used before the ban' : null,
        record.installedBeforeCutoff === true
          ? 'installed before the ban'
          : and('installed on', record.installedOn),
        record.ableToRun ? null : 'never seen able to run',
        and('by', record.evidence.map(evidenceText).join('; ') || null),
      )
    case 'mark':
      return line(
        `${nameOf(record.tool)}${of(record.account)}`,
        `${words.markKind[record.kind].label.toLowerCase()} at ${timeText(record.at)}`,
        words.basis[record.basis].label.toLowerCase(),
        words.strength[record.strength].label.toLowerCase(),
        record.withoutRecord ? 'without a session record' : null,
        ...record.doubts.map((doubt) => words.doubt[doubt]),
        disagreementText(words.times, record, timeText)?.text ?? null,
        and('session', record.session),
        `by ${evidenceText(record.evidence)}`,
      )
    case 'inventory':
      return line(
        `${record.gone ? 'No longer there' : 'There'}${of(record.account)}`,
        `${record.source} ${record.item} ${record.name}`,
        record.version,
      )
    case 'unlisted':
      return line(
        `${record.name}${of(record.account)}`,
        record.gone
          ? 'does not behave like an AI coding agent any more'
          : 'behaves like an AI coding agent and is in no catalogue',
        record.source === 'home' ? 'folder' : `${record.source} package`,
        and(
          'by',
          record.behaviours
            .map(({ behaviour, signal }) => `${words.behaviour[behaviour].label.toLowerCase()} (${signal})`)
            .join('; ') || null,
        ),
      )
    case 'gap':
      return line(
        `${record.until === null ? 'Could not look' : 'Could look again'}${of(record.account)}`,
        record.place,
        words.gap[record.reason].label.toLowerCase(),
        record.detail,
        `from ${timeText(record.from)}`,
        record.until === null ? null : `until ${timeText(record.until)}`,
      )
    case 'coverage':
      return line(
        record.account === null ? 'The machine' : `Account ${record.account}`,
        words.coverage[record.state].label.toLowerCase(),
        `${record.gaps} gaps`,
        `at ${timeText(record.at)}`,
        `catalogue ${record.catalogue}`,
      )
    case 'scan':
      return line(
        `Looked at ${timeText(record.startedAt)}`,
        `${record.cpuMs} ms of CPU`,
        ...record.collectors.map((c) => `${c.name}: ${c.observations} seen, ${c.gaps} not`),
      )
    case 'agent':
      return line(`The agent: ${record.event}`, record.detail, new Date(record.at).toISOString().slice(0, 10))
  }
}

function line(...parts: readonly (string | null)[]): string {
  const [head, ...rest] = parts.filter((part) => part !== null)
  return rest.length === 0 ? (head ?? '') : `${head ?? ''}: ${rest.join(', ')}`
}

function of(account: string | null): string {
  return account === null ? ' for all' : ` for ${account}`
}

function and(what: string, value: string | null): string | null {
  return value === null ? null : `${what} ${value}`
}

function evidenceText({
  kind,
  place,
  hash,
  signal,
}: Extract<WireRecord, { type: 'mark' }>['evidence']): string {
  const where = place === null || signal.endsWith(place) ? '' : ` in ${place}`
  return `${words.observation[kind].label.toLowerCase()} ${signal}${where}${hash === null ? '' : ` (${hash})`}`
}
