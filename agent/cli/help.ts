// The help texts, made from the commands' own descriptions.
import type { Command } from './command.ts'
import { commandNames, loadCommand } from './registry.ts'

export async function programHelp(): Promise<string> {
  const lines: string[] = []
  for (const name of commandNames) {
    const command = await loadCommand(name)
    if (command !== null) lines.push(`  ${name.padEnd(10)}${command.about}`)
  }
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

export function commandHelp(command: Command): string {
  const options = Object.entries(command.options).map(
    ([name, { about, value }]) => [value === undefined ? `--${name}` : `--${name} ${value}`, about] as const,
  )
  options.push(['--help', 'this text'])
  const width = Math.max(...options.map(([name]) => name.length)) + 2
  return [
    `Usage: cutoff-agent ${command.usage}`,
    '',
    command.about,
    '',
    ...options.map(([name, about]) => `  ${name.padEnd(width)}${about}`),
    '',
  ].join('\n')
}
