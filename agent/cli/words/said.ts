// What the command line says, in every language that there is: one file per page, its languages side by side, so that none is
// forgotten and a command loads no more than it says. Texts with something in them are functions: the compiler keeps what
// goes in. What the server says too is in shared/words.
import { speech, type Language } from '#shared/words/language.ts'

/** The first language is written down, the others are asked for by its type. */
export type Said<T> = Readonly<Record<Language, T>>

/** Sentences one after the other; those that are null are left out. */
export function sentences(language: Language, parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(speech[language].gap)
}

/** In Chinese: a name that may begin or end with a Latin letter or a digit, set off from the text around it where it does. */
export function setOff(name: string): string {
  return name.replace(/^(?=[\w<(])/u, ' ').replace(/(?<=[\w>).])$/u, ' ')
}

/** In English: `1 record`, `2 records`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}

export function listed(language: Language, items: readonly string[]): string {
  return items.join(speech[language].comma)
}
