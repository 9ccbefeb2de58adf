// Which language the person at the terminal or desktop is spoken to in. Pure.
import { languageFor, languages, type Language } from '#shared/words/language.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * As the system's own programs choose: LC_ALL, else LC_MESSAGES, else LANG. A terminal that is not said to take UTF-8 gets
 * English, which is readable in any.
 * @param system of the operating system, where none of them is set (BCP 47)
 */
export function languageOf(env: Environment, system: () => string): Language {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  )
  if (locale === undefined) return languageFor([system()])
  const [tag = '', codeset = 'utf-8'] = (locale.split('@')[0] ?? '').split('.')
  if (!/^utf-?8$/i.test(codeset)) return 'en'
  return languageFor([tag.replaceAll('_', '-')])
}

/** The language that `--lang` names, however it is written; null for none of ours. */
export function namedLanguage(name: string): Language | null {
  const asked = name.toLowerCase().replaceAll('_', '-')
  return languages.find((one) => one.toLowerCase() === asked || one.split('-')[0] === asked) ?? null
}
