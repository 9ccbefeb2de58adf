// `sent`: what has left this device, record by record in plain words, or the exact bytes; and who looked at it on the server.
import { commandLine, type DeviceLook } from '#shared/device-look.ts'
import { inert } from '#shared/inert.ts'
import { WireRecord } from '#shared/protocol.ts'
import type { Language } from '#shared/words/language.ts'
import type { SentToShow } from '../account-copies.ts'
import { textOption, type Command, type Io } from './command.ts'
import { openInsight, type Insight } from './insight.ts'
import { recordInWords } from './record-words.ts'
import { nameOf } from './scan-page.ts'
import { failState, settingsFor } from './setup.ts'
import { heading, paragraph } from './table.ts'
import { timeText } from './time-text.ts'
import { lookWords } from './words/look-words.ts'
import { recordWords } from './words/record-words.ts'

export const sentCommand: Command = {
  name: 'sent',
  usage: 'sent [--raw] [--state FOLDER]',
  options: {
    raw: {
      type: 'boolean',
      about: 'the exact bytes: each request’s body before compression, or each record of yours, one per line',
    },
    state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' },
  },
  words: 0,
  async run(given, io) {
    const { settings } = await settingsFor(io, textOption(given, 'state'))
    const opened = openInsight(settings, io)
    if (!opened.ok) return failState(io, opened, settings.stateFolder)
    const { insight } = opened
    try {
      if (given.values['raw'] === true) printRaw(insight, io)
      else {
        printWords(insight.sent(), io)
        printLooks(insight.looks(), io)
      }
      return 0
    } finally {
      insight.close()
    }
  },
}

/** Whole bodies where they may be read; else the exact text of each record that concerns the account. */
function printRaw(insight: Insight, io: Io): void {
  if (insight.bodies !== null) {
    for (const body of insight.bodies()) io.out(`${body.toString('utf8')}\n`)
    return
  }
  for (const { records } of insight.sent()) for (const text of records) io.out(`${text}\n`)
}

function printWords(sent: readonly SentToShow[], io: Io): void {
  const say = recordWords[io.language]
  if (sent.length === 0) io.out(`${say.nothing}\n`)
  for (const { at, request, bytes, received, records } of sent) {
    io.out(`${timeText(at)}  ${say.request(requestText(request, io.language), bytes, received)}\n`)
    for (const text of records) {
      // Wrapped under its beginning, so that each record is one to the eye.
      io.out(`  ${paragraph(inert(lineOf(text, io.language)), io, '    ').slice(4)}`)
    }
  }
}

function printLooks(looks: readonly DeviceLook[], io: Io): void {
  const say = lookWords[io.language]
  io.out(`\n${heading(say.title, io)}`)
  if (looks.length === 0) io.out(paragraph(say.nobody, io))
  for (const { at, by, what, account, tool } of looks) {
    const who = by === commandLine ? say.commandLine : inert(by)
    const told = say.looks[what](who, account && inert(account), tool && nameOf(tool))
    io.out(`${timeText(at)}  ${told}\n`)
  }
  if (looks.length > 0) io.out(paragraph(say.note, io))
}

/** What a request was for; names of another version are shown as they are. */
function requestText(request: string, language: Language): string {
  const say = recordWords[language]
  if (request === 'enrolment') return say.enrolment
  if (request === 'key-rotation') return say.keyRotation
  const counter = /^check-in (\d+)$/.exec(request)?.[1]
  return counter === undefined ? inert(request) : say.checkIn(counter)
}

/** Records of a later version are shown as they are. */
function lineOf(text: string, language: Language): string {
  const parsed = WireRecord.safeParse(JSON.parse(text))
  return parsed.success ? recordInWords(parsed.data, language) : text
}
