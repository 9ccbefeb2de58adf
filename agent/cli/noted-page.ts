// What `explain` shows of the starts that Windows itself notes, for a terminal. Pure.
import { inert } from '#shared/inert.ts'
import type { Noted } from './noted-starts.ts'
import { bullet, heading, paragraph, unbroken, type Paper } from './table.ts'
import { timeText } from './time-text.ts'
import { notedWords } from './words/noted-words.ts'
import { sentences } from './words/said.ts'

/** More would bury the rest of the page; `--json` has them all. */
const maxPrograms = 6

export function notedPart(noted: Noted | null, paper: Paper): string {
  if (noted === null) return ''
  const say = notedWords[paper.language]
  const { programs, unread } = noted
  const lists = [...new Set(programs.map(({ list }) => list))]
  const shown = programs.slice(0, maxPrograms)
  return [
    heading(say.title, paper),
    paragraph(sentences(paper.language, [say.about, ...lists.map((list) => say.lists[list])]), paper),
    ...shown.flatMap(({ list, account, program, at }) => [
      bullet(say.noted(list, account && inert(account), timeText(at)), paper),
      unbroken(program),
    ]),
    programs.length === 0 ? `${say.none}\n` : '',
    programs.length > shown.length ? unbroken(say.more(programs.length - shown.length)) : '',
    ...unread.map(({ list, account }) => bullet(say.unread(list, account && inert(account)), paper)),
  ].join('')
}
