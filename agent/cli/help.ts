// The help texts, made from the commands' own descriptions.
import { languages, type Language } from '#shared/words/language.ts'
import type { Command } from './command.ts'
import { commands } from './registry.ts'
import { helpIn, helpWords } from './words/help-words.ts'

export function programHelp(language: Language): string {
  const say = helpWords[language]
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2
  const lines = Object.entries(commands).map(
    ([name, { about }]) => `  ${name.padEnd(width)}${helpIn(language, about)}`,
  )
  return [say.what, say.open, '', say.usage(say.anyCommand), '', ...lines, '', say.more, ''].join('\n')
}

export function commandHelp(command: Command, about: string, language: Language): string {
  const say = helpWords[language]
  const options = Object.entries(command.options).map(
    ([name, option]) =>
      [
        option.value === undefined ? `--${name}` : `--${name} ${option.value}`,
        helpIn(language, option.about),
      ] as const,
  )
  options.push([`--lang ${languages.join('|')}`, say.lang])
  options.push(['--help', say.help])
  const width = Math.max(...options.map(([name]) => name.length)) + 2
  return [
    say.usage(command.usage),
    '',
    helpIn(language, about),
    '',
    ...options.map(([name, does]) => `  ${name.padEnd(width)}${does}`),
    '',
  ].join('\n')
}
