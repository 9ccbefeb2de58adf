// The help texts, made from the commands' own descriptions.
import type { Command } from './command.ts'
import { commands } from './registry.ts'

export function programHelp(): string {
  const lines = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(10)}${about}`)
  return [
    'Cutoff tells which AI coding tools are on this machine and which were used after the date on which they were banned.',
    'It reads no prompts, no code and no file contents, and shows everything it sends: see `privacy` and `sent`.',
    '',
    'Usage: cutoff-agent COMMAND [options]',
    '',
    ...lines,
    '',
    'cutoff-agent COMMAND --help tells more about one of them.',
    '',
  ].join('\n')
}

export function commandHelp(command: Command, about: string): string {
  const options = Object.entries(command.options).map(
    ([name, option]) =>
      [option.value === undefined ? `--${name}` : `--${name} ${option.value}`, option.about] as const,
  )
  options.push(['--lang en|zh-CN', 'language of what is said to people; otherwise that of the environment'])
  options.push(['--help', 'this text'])
  const width = Math.max(...options.map(([name]) => name.length)) + 2
  return [
    `Usage: cutoff-agent ${command.usage}`,
    '',
    about,
    '',
    ...options.map(([name, about]) => `  ${name.padEnd(width)}${about}`),
    '',
  ].join('\n')
}
