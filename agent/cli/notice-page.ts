// A notice in words, for the desktop or the terminal. Everything that a server or device says is made harmless. Pure.
import { inert } from '#shared/inert.ts'
import type { Language } from '#shared/words/language.ts'
import type { CollectionNotice, Notice, ToolNotice } from '../notices.ts'
import { nameOf } from './scan-page.ts'
import { timeText } from './time-text.ts'
import { noticeWords } from './words/notice-words.ts'
import { listed, sentences } from './words/said.ts'

export interface WordedNotice {
  readonly title: string
  readonly text: string
}

/** @param account name of the account that is told */
export function wordedNotice(notice: Notice, account: string, language: Language): WordedNotice {
  return notice.kind === 'collection' ? collection(notice, language) : ofTools(notice, account, language)
}

function collection({ organisation, inventory }: CollectionNotice, language: Language): WordedNotice {
  const say = noticeWords[language].collection
  return {
    title: say.title,
    text: sentences(language, [
      organisation === null ? null : say.who(inert(organisation)),
      say.what[inventory],
      say.use,
      say.not,
      say.see,
    ]),
  }
}

function ofTools(notice: ToolNotice, account: string, language: Language): WordedNotice {
  const say = noticeWords[language]
  const organisation = inert(notice.organisation)
  const tools = listed(
    language,
    notice.tools.map((tool) => inert(nameOf(tool))),
  )
  const from = notice.from === null ? null : timeText(notice.from)
  const title = notice.kind === 'upcoming' ? say.title.upcoming(tools, from) : say.title[notice.kind](tools)
  const [first] = notice.tools
  return {
    title,
    text: sentences(language, [
      say.says[notice.kind](inert(account), timeText(notice.judgedAt)),
      from === null ? say.bannedSometime(organisation) : say.banned(organisation, from),
      notice.instead.length === 0 ? null : say.instead(listed(language, notice.instead.map(nameOf))),
      notice.message === null
        ? null
        : say.message(organisation, inert(notice.message.replaceAll(/\s+/gu, ' '))),
      say.exception,
      first === undefined ? null : say.explain(first),
    ]),
  }
}
