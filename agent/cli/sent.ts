// `sent`: what has left this device, record by record in plain words, or the exact bytes.
import { inert } from '#shared/inert.ts'
import { Envelope } from '#shared/protocol.ts'
import type { SentRequest } from '../outbox.ts'
import { fail, textOption, type Command, type Io } from './command.ts'
import { openStateAt, settingsOr } from './setup.ts'
import { timeText } from './time-text.ts'

export const sentCommand: Command = {
  name: 'sent',
  usage: 'sent [--raw] [--state FOLDER]',
  options: {
    raw: {
      type: 'boolean',
      about: 'the exact bytes of each request’s body, before compression, one per line',
    },
    state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' },
  },
  words: 0,
  async run(given, io) {
    const settings = settingsOr(io, textOption(given, 'state'))
    if (typeof settings === 'number') return settings
    const opened = openStateAt(settings.CUTOFF_STATE, io, true)
    if (!opened.ok) return fail(io, opened.code, opened.message)
    try {
      const sent = opened.state.outbox.sent()
      if (sent.length === 0) io.out('Nothing has been sent.\n')
      for (const request of sent) {
        if (given.values['raw'] !== true) io.out(inWords(request, io))
        // A whole request holds every account's records: its bytes are shown to root alone.
        else if (io.root) io.out(`${request.body.toString('utf8')}\n`)
      }
      if (given.values['raw'] === true && !io.root && sent.length > 0) {
        return fail(
          io,
          'raw-denied',
          'The exact bytes hold every account’s data: run as root, or without --raw.',
        )
      }
      return 0
    } finally {
      opened.state.close()
    }
  },
}

function inWords({ at, request, body, answer }: SentRequest, io: Io): string {
  const head = `${timeText(at)}  ${request}, ${body.length} bytes${answer === null ? ', not confirmed yet' : ''}\n`
  const lines = recordsOf(body).filter((record) => io.root || isFor(record, io.account))
  return head + lines.map((record) => `  ${inert(lineOf(record))}\n`).join('')
}

function recordsOf(body: Buffer): Record<string, unknown>[] {
  try {
    const envelope = Envelope.safeParse(JSON.parse(body.toString('utf8')))
    if (!envelope.success) return []
    return envelope.data.records.map(({ text }) => JSON.parse(text) as Record<string, unknown>)
  } catch {
    return [] // an enrolment: it has no records
  }
}

function isFor(record: Record<string, unknown>, account: string): boolean {
  const named = record['account']
  return named === undefined || named === null || named === account
}

/** `detection  tool=claude-code account=alice state=used …`: every field, in the order of the schema. */
function lineOf({ type, ...fields }: Record<string, unknown>): string {
  const parts = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${String(type)}  ${parts.join(' ')}`
}
