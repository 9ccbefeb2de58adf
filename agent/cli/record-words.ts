// One sent record as one line for a person: every field that says something, in words. Pure.
import type { WireRecord } from '#shared/protocol.ts'
import { wordsOf } from '#shared/words.ts'
import type { Language } from '#shared/words/language.ts'
import { disagreementText } from '#shared/words/time-words.ts'
import { nameOf } from './scan-page.ts'
import { timeText } from './time-text.ts'
import { recordWords } from './words/record-words.ts'

export function recordInWords(record: WireRecord, language: Language): string {
  const say = recordWords[language]
  const words = wordsOf(language)
  const line = (...parts: readonly (string | null)[]): string => {
    const [head = '', ...rest] = parts.filter((part) => part !== null)
    return rest.length === 0 ? head : say.line(head, rest.join(say.pause))
  }
  const ofTool = (tool: string, account: string | null) => say.of(nameOf(tool), account)
  switch (record.type) {
    case 'host':
      return line(
        say.device,
        record.hostname,
        record.osVersion,
        record.arch,
        told(say.serial, record.serial),
        say.agentVersion(record.agentVersion),
      )
    case 'account':
      return line(
        say.account(record.account),
        record.gone ? say.accountGone : record.readable ? say.readable : say.unreadable,
      )
    case 'detection':
      return line(
        ofTool(record.tool, record.account),
        record.gone ? say.toolGone : words.state[record.state].label.toLowerCase(),
        record.running === null ? null : record.running ? say.running : say.notRunning,
        told(say.version, record.version),
        words.strength[record.strength].label.toLowerCase(),
        record.usedBeforeCutoff ? say.usedBefore : null,
        record.installedBeforeCutoff === true
          ? say.installedBefore
          : told(say.installedOn, record.installedOn),
        record.ableToRun ? null : say.unable,
        told(say.by, record.evidence.map((one) => evidenceText(one, language)).join(say.between) || null),
      )
    case 'mark':
      return line(
        ofTool(record.tool, record.account),
        say.markAt(words.markKind[record.kind].label, timeText(record.at)),
        words.basis[record.basis].label.toLowerCase(),
        words.strength[record.strength].label.toLowerCase(),
        record.more === undefined ? null : say.more(record.more),
        record.withoutRecord ? say.withoutRecord : null,
        ...record.doubts.map((doubt) => words.doubt[doubt]),
        disagreementText(words.times, record, timeText)?.text ?? null,
        told(say.session, record.session),
        say.by(evidenceText(record.evidence, language)),
      )
    case 'inventory':
      return line(
        say.of(record.gone ? say.itemGone : say.itemThere, record.account),
        `${record.source} ${record.item} ${record.name}`,
        record.version,
      )
    case 'unlisted':
      return line(
        say.of(record.name, record.account),
        record.gone ? say.unlistedGone : say.unlistedThere,
        record.source === 'home' ? say.folder : say.package(record.source),
        told(
          say.by,
          record.behaviours
            .map(({ behaviour, signal }) => say.because(words.behaviour[behaviour].label, signal))
            .join(say.between) || null,
        ),
      )
    case 'gap':
      return line(
        say.of(record.until === null ? say.gapNow : say.gapOver, record.account),
        record.place,
        words.gap[record.reason].label.toLowerCase(),
        record.detail,
        say.from(timeText(record.from)),
        record.until === null ? null : say.until(timeText(record.until)),
      )
    case 'coverage':
      return line(
        record.account === null ? say.machine : say.account(record.account),
        words.coverage[record.state].label.toLowerCase(),
        say.gaps(record.gaps),
        say.at(timeText(record.at)),
        say.catalogue(record.catalogue),
      )
    case 'scan':
      return line(
        say.looked(timeText(record.startedAt)),
        say.cpu(record.cpuMs),
        ...record.collectors.map((c) => say.collector(c.name, c.observations, c.gaps)),
      )
    case 'agent':
      return line(
        say.agent,
        say.events[record.event],
        record.detail,
        new Date(record.at).toISOString().slice(0, 10),
      )
  }
}

function told(how: (value: string) => string, value: string | null): string | null {
  return value === null ? null : how(value)
}

function evidenceText(
  { kind, place, hash, signal }: Extract<WireRecord, { type: 'mark' }>['evidence'],
  language: Language,
): string {
  const where = place === null || signal.endsWith(place) ? null : place
  return recordWords[language].evidence(wordsOf(language).observation[kind].label, signal, where, hash)
}
