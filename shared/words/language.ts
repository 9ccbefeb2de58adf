// The languages that people are spoken to in, how they join sentences, and which one fits whom. No words: whoever only chooses
// loads none of them.

/** By BCP 47 tag. */
export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]

/** How sentences and lists are put together. */
export interface Speech {
  /** Between the entries of a list. */
  readonly comma: string
  /** Between two sentences. */
  readonly gap: string
  /** At the end of one. */
  readonly stop: string
}
export const speech: Readonly<Record<Language, Speech>> = {
  en: { comma: ', ', gap: ' ', stop: '.' },
  'zh-CN': { comma: '、', gap: '', stop: '。' },
}

/**
 * The language that fits best among those a person prefers (BCP 47 tags, best first); English where none does. Any Chinese
 * counts as the one that there is.
 */
export function languageFor(preferred: readonly string[]): Language {
  const base = (tag: string) => tag.toLowerCase().split('-')[0]
  for (const tag of preferred) {
    const language = languages.find((one) => base(one) === base(tag))
    if (language !== undefined) return language
  }
  return 'en'
}
