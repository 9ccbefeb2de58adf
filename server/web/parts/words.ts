// The words of the dashboard. English for everybody: its own headings and buttons are, and half of a page in another language
// reads worse than none.
import { english } from '#shared/words/english.ts'
import type { Language } from '#shared/words/language.ts'
import type { Words } from '#shared/words/vocabulary.ts'

/** BCP 47, for what the browser words by itself, such as names of countries. */
export const wordsLanguage: Language = 'en'

export function useWords(): Words {
  return english
}
