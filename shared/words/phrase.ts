// Sentences with names of the catalogue in them, kept apart so that each reader can show them in its own way. Pure.
export interface PhrasePart {
  readonly text: string
  /** A name, place or key of the catalogue, to be shown as it is. */
  readonly code: boolean
}
export type Phrase = readonly PhrasePart[]

const hole = /\{(\w+)\}/u

/**
 * A template with its holes filled: `The command {name}`. A hole without a value stays as it is.
 * @param values strings are shown as code, phrases as what they are
 */
export function phrase(template: string, values: Readonly<Record<string, string | Phrase>> = {}): Phrase {
  return template.split(hole).flatMap((part, index): Phrase => {
    if (index % 2 === 0) return plain(part)
    const value = Object.hasOwn(values, part) ? values[part] : undefined
    if (value === undefined) return plain(`{${part}}`)
    return typeof value === 'string' ? [{ text: value, code: true }] : value
  })
}

/** Text of our own, as a phrase. */
export function plain(text: string): Phrase {
  return text === '' ? [] : [{ text, code: false }]
}

/** A note of the catalogue, in which names stand between backticks. */
export function noted(text: string): Phrase {
  const parts = text.split('`')
  // A lone backtick sets nothing off.
  if (parts.length % 2 === 0) return plain(text)
  return parts.flatMap((part, index) => (part === '' ? [] : [{ text: part, code: index % 2 === 1 }]))
}

/** Phrases one after the other. @param gap what stands between them */
export function together(gap: string, phrases: readonly Phrase[]): Phrase {
  return phrases
    .filter((one) => one.length > 0)
    .flatMap((one, index) => (index === 0 ? one : [...plain(gap), ...one]))
}

/** Joined as in speech: `a, b and c`. @param last what stands before the last one; `comma` before the others */
export function listedPhrases(phrases: readonly Phrase[], last: string, comma: string): Phrase {
  return phrases.flatMap((one, index) => {
    if (index === 0) return one
    return [...plain(index === phrases.length - 1 ? last : comma), ...one]
  })
}

/** As one text, names set off by backticks. */
export function phraseText(given: Phrase): string {
  return given.map(({ text, code }) => (code ? `\`${text}\`` : text)).join('')
}
