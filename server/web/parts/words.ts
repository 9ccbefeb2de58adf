// The words in the viewer's language, chosen once from what the browser prefers.
import { languageFor, wordsOf } from '#shared/words.ts'
import type { Words } from '#shared/words/vocabulary.ts'

const words = wordsOf(languageFor(navigator.languages))

export function useWords(): Words {
  return words
}
