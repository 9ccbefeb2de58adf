// A sentence with names of the catalogue in it: these stand apart, and can neither hide nor reorder anything.
import { inert } from '#shared/inert.ts'
import type { Phrase } from '#shared/words/phrase.ts'
import { Inert } from './inert-text.tsx'

export function PhraseText({ phrase }: { readonly phrase: Phrase }) {
  return (
    <>
      {phrase.map(({ text, code }, index) =>
        // A sentence is made once and never reordered: its parts' places are their keys.
        code ? <Inert key={index} text={text} mono /> : <span key={index}>{inert(text)}</span>,
      )}
    </>
  )
}
