// The manual page of the agent, from its commands' own descriptions. Pure: roff of the `man` macros.
import type { Command } from '../../agent/cli/command.ts'

export interface ManualEntry {
  /** One sentence. */
  readonly about: string
  readonly command: Command
}

/** @param date of the release, as `2026-07-12` */
export function manualPage(entries: readonly ManualEntry[], version: string, date: string): string {
  return [
    `.TH CUTOFF-AGENT 1 "${date}" "Cutoff ${version}" "User Commands"`,
    '.SH NAME',
    'cutoff\\-agent \\- which AI coding tools are on this machine, and what of it is reported',
    '.SH SYNOPSIS',
    '.B cutoff\\-agent',
    '.I command',
    '[\\fIoption\\fR ...]',
    '.SH DESCRIPTION',
    roff(
      'Cutoff tells an organisation which of its developer machines have AI coding tools and which were used after the date on which they were banned. It runs openly: every account of the machine can see what is looked at, what was found and what was sent of it. It never takes the text of prompts or code.',
    ),
    '.SH COMMANDS',
    ...entries.flatMap(({ about, command }) => [
      '.SS',
      `.B ${roff(`cutoff-agent ${command.usage}`)}`,
      '.PP',
      roff(about),
      ...Object.entries(command.options).flatMap(([name, { about: does, value }]) => [
        '.TP',
        value === undefined
          ? `\\fB${roff(`--${name}`)}\\fR`
          : `\\fB${roff(`--${name}`)}\\fR \\fI${value}\\fR`,
        roff(does),
      ]),
    ]),
    '.SH EXIT STATUS',
    ...statuses.flatMap(([status, meaning]) => ['.TP', `.B ${status}`, roff(meaning)]),
    '.SH FILES',
    ...files.flatMap(([path, meaning]) => ['.TP', `.I ${roff(path)}`, roff(meaning)]),
    '',
  ].join('\n')
}

const statuses: readonly (readonly [string, string])[] = [
  ['0', 'The command did its work.'],
  ['1', 'It could not; the last line of standard error says why and ends with a code in brackets.'],
  ['2', 'It was called wrongly.'],
  ['3', 'scan --fail-on: there is a finding of the given status.'],
]

const files: readonly (readonly [string, string])[] = [
  ['/etc/cutoff/settings.yaml', 'Settings of this machine.'],
  ['/etc/cutoff/conf.d/*.yaml', 'Settings from device management; they count over those of the machine.'],
  ['/var/lib/cutoff', 'The agent’s own state, for itself alone.'],
  ['/var/lib/cutoff-accounts', 'For each account, what is known and was sent of it.'],
]

/** Text with nothing in it that roff would take for its own. */
function roff(text: string): string {
  const plain = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('’', '\\(cq')
    .replaceAll('`', '\\(ga')
  return /^[.']/.test(plain) ? `\\&${plain}` : plain
}
