// The words in the viewer's language, chosen once from what the browser prefers.
import { languageFor, wordsOf } from '#shared/words.ts'
import type { Words } from '#shared/words/vocabulary.ts'

/** BCP 47, for what the browser words by itself, such as names of countries. */
export const wordsLanguage = languageFor(navigator.languages)
const words = wordsOf(wordsLanguage)

export function useWords(): Words {
  return words
}
