// `notice`: tells the person what is new to them, through the desktop at login or in the terminal. Runs with the account's own
// rights and reads what the agent left for that account alone.
import { setTimeout } from 'node:timers/promises'
import { languageFor } from '#shared/words/language.ts'
import { noticesFor, type Notice } from '../notices.ts'
import type { Shown } from '../platform/session-bus.ts'
import type { Settings } from '../settings.ts'
import { thisDesktop, type Desktop } from '../platform/this-desktop.ts'
import { fail, textOption, type Command, type Given, type Io } from './command.ts'
import { openInsight, type Insight, type InsightOpened } from './insight.ts'
import type { WordedNotice } from './notice-page.ts'
import { failState, settingsFor } from './setup.ts'
import { openShownNotices, type ShownNotices } from './shown-notices.ts'
import { heading, paragraph } from './table.ts'
import { failureWords } from './words/failure-words.ts'
import { noticeWords } from './words/notice-words.ts'
import { sentences } from './words/said.ts'

const tryAgainMs = 5000
const timeoutMs = 5000
const longestWaitSeconds = 600

export const noticeCommand: Command = {
  name: 'notice',
  usage: 'notice [--print] [--wait SECONDS] [--state FOLDER]',
  options: {
    print: { type: 'boolean', about: 'print every notice here, those that were shown before too' },
    wait: {
      type: 'string',
      value: 'SECONDS',
      about: 'how long to wait for a desktop that is still starting, at most 600',
    },
    state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' },
  },
  words: 0,
  async run(given, io) {
    const say = failureWords[io.language].notice
    const wait = textOption(given, 'wait') ?? '0'
    if (!/^\d{1,3}$/.test(wait) || Number(wait) > longestWaitSeconds)
      return fail(io, 'option-invalid', say.wait)
    const { settings } = await settingsFor(io, textOption(given, 'state'))
    const until = performance.now() + Number(wait) * 1000
    const opened = await insightBy(until, settings, io)
    if (!opened.ok) return failState(io, opened, settings.stateFolder)
    const { insight } = opened
    const all = given.values['print'] === true
    const shown = openShownNotices(io)
    const notices = noticesOf(insight, io.account, all ? new Set() : shown.keys)
    insight.close()
    if (notices.length === 0) {
      if (io.columns !== null) io.out(`${noticeWords[io.language].none}\n`)
      return 0
    }
    if (all) {
      await printNotices(notices, shown, io)
      return 0
    }
    const desktop = await thisDesktop({ env: io.env, uid: io.uid ?? 0, timeoutMs })
    const language = await languageOn(desktop, given, io)
    const told = await onDesktop(desktop, notices, shown, until, { ...io, language })
    if (told.ok) return 0
    // Whoever typed it reads it here.
    if (io.columns !== null) {
      const left = noticesOf(insight, io.account, shown.keys)
      await printNotices(left, shown, io)
      return 0
    }
    return fail(io, told.code, say.desktop(told.detail))
  },
}

/** What is known by then: a copy may be on its way to its account still, or the agent about to look for the first time. */
async function insightBy(until: number, settings: Settings, io: Io): Promise<InsightOpened> {
  for (;;) {
    const opened = openInsight(settings, io)
    if (opened.ok || performance.now() + tryAgainMs > until) return opened
    await setTimeout(tryAgainMs)
  }
}

function noticesOf({ policy, verdicts }: Insight, account: string, shown: ReadonlySet<string>) {
  return noticesFor({ account, policy, verdicts, shown })
}

/** A session of macOS starts programs without a word of its language. */
async function languageOn(desktop: Desktop, given: Given, io: Io): Promise<Io['language']> {
  const isSaid = ['LC_ALL', 'LC_MESSAGES', 'LANG'].some((name) => (io.env[name] ?? '') !== '')
  if (isSaid || given.values['lang'] !== undefined) return io.language
  const preferred = await desktop.languages()
  return preferred.length === 0 ? io.language : languageFor(preferred)
}

async function onDesktop(
  desktop: Desktop,
  notices: readonly Notice[],
  shown: ShownNotices,
  until: number,
  io: Io,
): Promise<Shown> {
  for (;;) {
    const left = notices.filter(({ keys }) => !keys.every((key) => shown.keys.has(key)))
    const words = await worded(left, io)
    const told = await desktop.show(
      desktop.cutsShort ? words.map((one) => withWhole(one, io)) : words,
      (index) => shown.add(left[index]?.keys ?? []),
    )
    const mayCome = !told.ok && (told.code === 'no-notifications' || told.code === 'no-session-bus')
    if (!mayCome || performance.now() + tryAgainMs > until) return told
    await setTimeout(tryAgainMs)
  }
}

/** Says first where all of it is to be read. */
function withWhole({ title, text }: WordedNotice, { language }: Io): WordedNotice {
  return { title, text: sentences(language, [noticeWords[language].whole, text]) }
}

async function printNotices(notices: readonly Notice[], shown: ShownNotices, io: Io): Promise<void> {
  const pages = (await worded(notices, io)).map(
    ({ title, text }) => `${heading(title, io)}${paragraph(text, io)}`,
  )
  io.out(pages.join('\n'))
  shown.add(notices.flatMap(({ keys }) => keys))
}

/** Words need the catalogue, which a login without news does without. */
async function worded(notices: readonly Notice[], io: Io): Promise<readonly WordedNotice[]> {
  const { wordedNotice } = await import('./notice-page.ts')
  return notices.map((notice) => wordedNotice(notice, io.account, io.language))
}
