// What every package says of itself.

export interface Release {
  readonly version: string
  /** Seconds since 1970 of the commit that it is made of. */
  readonly at: number
}

export const product = {
  name: 'cutoff-agent',
  summary: 'tells which AI coding tools are on a machine and when they were used',
  description:
    'Inventories AI coding tools on a machine that an organisation owns, openly: processes, installed commands, packages, editor extensions and settings. Reports them to the organisation’s own server, which compares their use with the date on which they were banned. Never takes the text of prompts or code, runs nothing that it is told to, and shows every account what it sent of it.',
  maintainer: 'Cutoff <cutoff@example.com>',
  licence: 'Apache-2.0',
} as const

/** `2026-07-12` */
export function dayOf({ at }: Release): string {
  return new Date(at * 1000).toISOString().slice(0, 10)
}

/** The description in lines of so many letters at most. */
export function descriptionLines(width: number): readonly string[] {
  const lines: string[] = []
  for (const word of product.description.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
