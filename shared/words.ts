// Plain words for every code, for the dashboard and for the agent's command line. One file per language in words/.
// A language is added by its tag in words/language.ts; the compiler then asks for all the rest.
import { chinese } from './words/chinese.ts'
import { english } from './words/english.ts'
import type { Language } from './words/language.ts'
import { tableRows, type MissingCode, type TableRow, type Words } from './words/vocabulary.ts'

const wordsBy: Readonly<Record<Language, Words>> = { en: english, 'zh-CN': chinese }

/** The words of a language. */
export function wordsOf(language: Language): Words {
  return wordsBy[language]
}

/** The words of a row of the judgement table; null for what is not a row. */
export function rowWords(
  words: Words,
  row: number | null,
): { readonly row: TableRow; readonly when: string; readonly result: string } | null {
  const known = tableRows.find((candidate) => candidate === row)
  return known === undefined ? null : { row: known, ...words.row[known] }
}

export interface Missing {
  readonly code: MissingCode
  /** The group's name, or the entry as it is where its code is not known. */
  readonly name: string | null
  readonly text: string
}

/** Reads one entry of a finding's `missing`: `group ai-research` is the code `group` and the name `ai-research`. */
export function readMissing(words: Words, entry: string): Missing {
  if (entry === 'owner') return { code: 'owner', name: null, text: words.missing.owner }
  const group = /^group (.+)$/u.exec(entry)?.[1]
  if (group !== undefined) return { code: 'group', name: group, text: words.missing.group }
  return { code: 'other', name: entry, text: words.missing.other }
}
