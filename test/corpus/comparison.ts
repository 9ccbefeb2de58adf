// Who says yes on each kind of case: Cutoff beside the public rules of others, on machines that hold one thing alone.
import { lookAlikes } from './look-alikes.ts'
import { ann, hostOf } from './draft.ts'
import { machineOfNoise, machineWith, storiesOf, type Machine, type Story } from './machine.ts'
import { peers } from './peers.ts'
import { outcomeOf } from './pipeline.ts'
import { subjects } from './subjects.ts'

export interface ComparisonRow {
  readonly kind: string
  /** What is true: the tool is there to be started, was used after the cutoff, or neither. */
  readonly truth: 'there' | 'gone' | 'not there'
  /** By name: how often it said yes, of how often it was asked. */
  readonly answers: ReadonlyMap<string, { yes: number; asked: number; tools: Set<string> }>
}

export const ours = 'Cutoff'

/** Tools that at least one of the others has a rule for. */
const compared = new Set(peers.flatMap(({ knows }) => knows))

/** The others have rules for these, too, which were not read: to compare would be unfair. */
const otherRules = new Set([
  'editor extension',
  'JetBrains plug-in',
  'browser extension',
  'built into the editor',
  'deb',
  'AppImage in ~/Applications',
])

export async function comparison(lookAlikeSeeds: number): Promise<ComparisonRow[]> {
  const own = subjects.filter(({ tool, surface }) => compared.has(tool) && !otherRules.has(surface))
  const surfaces = [...new Set(own.map(({ surface }) => surface))]
  const rows: ComparisonRow[] = []
  for (const surface of surfaces) {
    const answers: ComparisonRow['answers'] = new Map()
    for (const subject of own.filter((one) => one.surface === surface))
      await ask(answers, machineWith(subject, 'installed'), [subject.tool])
    rows.push({ kind: surface, truth: 'there', answers })
  }
  const states: readonly (readonly [Story, ComparisonRow['truth']])[] = [
    ['running', 'there'],
    ['used after the cutoff', 'there'],
    ['used after, removed', 'gone'],
    ['tried, removed', 'gone'],
  ]
  for (const [story, truth] of states) {
    const answers: ComparisonRow['answers'] = new Map()
    for (const subject of own.filter((one) => one.surface === 'fnm' || one.surface === 'npm, /usr/local'))
      if (storiesOf(subject).includes(story)) await ask(answers, machineWith(subject, story), [subject.tool])
    rows.push({ kind: story, truth, answers })
  }
  for (const one of lookAlikes) {
    const answers: ComparisonRow['answers'] = new Map()
    for (let seed = 0; seed < lookAlikeSeeds; seed += 1)
      await ask(answers, machineOfNoise(one, seed), [...compared])
    rows.push({ kind: one.kind, truth: 'not there', answers })
  }
  return rows
}

/** Each is asked once a machine and tool that it knows; of look-alikes, whether it says any of them. */
async function ask(
  answers: ComparisonRow['answers'],
  machine: Machine,
  tools: readonly string[],
): Promise<void> {
  const table = answers as Map<string, { yes: number; asked: number; tools: Set<string> }>
  const outcome = await outcomeOf(machine)
  const host = hostOf(machine.draft)
  const answer = (name: string, said: readonly string[]): void => {
    const known = table.get(name) ?? { yes: 0, asked: 0, tools: new Set<string>() }
    table.set(name, known)
    known.asked += 1
    if (said.length > 0) known.yes += 1
    for (const tool of said) known.tools.add(tool)
  }
  answer(
    ours,
    tools.filter((tool) =>
      outcome.detected.some((d) => d.tool === tool && (machine.cases.length === 0 || d.state !== 'leftover')),
    ),
  )
  for (const peer of peers) {
    const asked = tools.filter((tool) => peer.knows.includes(tool))
    if (asked.length > 0)
      answer(
        peer.name,
        asked.filter((tool) => peer.says(tool, { draft: machine.draft, host, person: ann })),
      )
  }
}

export const comparisonHead = ['', 'true', ours, ...peers.map(({ name }) => name)]

export function comparisonRows(rows: readonly ComparisonRow[]): string[][] {
  return rows.map(({ kind, truth, answers }) => [
    kind,
    truth,
    ...[ours, ...peers.map(({ name }) => name)].map((name) => {
      const known = answers.get(name)
      return known === undefined ? '–' : `${known.yes} of ${known.asked}`
    }),
  ])
}
