// Counts what the pipeline said against what is true, by surface, by story and by look-alike. Every wrong answer is kept.
import type { Detected } from '#shared/detect.ts'
import type { Case, Machine } from './machine.ts'
import { stories, type Story } from './machine.ts'
import type { Outcome } from './pipeline.ts'

export interface Wrong {
  readonly what: 'missed' | 'wrong state' | 'wrong verdict' | 'false detection' | 'failed collector'
  /** The smallest case that is likely to show it again. */
  readonly where: string
  readonly said: string
}

export interface Tally {
  cases: number
  /** Cases in which there is something to be found, and those of them that were. */
  toFind: number
  found: number
  rightState: number
  /** Said to be there to be started, and truly there. */
  saidPresent: number
  trulyPresent: number
  toAccuse: number
  accused: number
  /** Accused with no use after the cutoff, or more gravely than it should be. */
  wronglyAccused: number
}

export interface Score {
  readonly surfaces: Map<string, Tally>
  readonly stories: Map<string, Tally>
  /** Machines with a look-alike, and false detections on them. */
  readonly lookAlikes: Map<string, { machines: number; falseDetections: number }>
  /** By what was said, a state or a verdict: how often, and how often it was true. */
  readonly said: Map<string, { said: number; right: number }>
  machines: number
  readonly wrongs: Wrong[]
}

export function emptyScore(): Score {
  const ordered = stories.map((story) => [story, emptyTally()] as const)
  return {
    surfaces: new Map(),
    stories: new Map(ordered),
    lookAlikes: new Map(),
    said: new Map(),
    machines: 0,
    wrongs: [],
  }
}

function emptyTally(): Tally {
  return {
    cases: 0,
    toFind: 0,
    found: 0,
    rightState: 0,
    saidPresent: 0,
    trulyPresent: 0,
    toAccuse: 0,
    accused: 0,
    wronglyAccused: 0,
  }
}

/** @param label how to make the machine again */
export function count(score: Score, machine: Machine, outcome: Outcome, label: string): void {
  score.machines += 1
  for (const one of machine.cases) countCase(score, one, outcome, label)
  const falseOnes = falseDetectionsOf(machine, outcome)
  for (const said of falseOnes)
    score.wrongs.push({ what: 'false detection', where: `${label}: ${machine.noise.join(', ')}`, said })
  for (const kind of new Set(machine.noise)) {
    const known = tallyIn(score.lookAlikes, kind, { machines: 0, falseDetections: 0 })
    known.machines += 1
    known.falseDetections += falseOnes.length
  }
  countSaid(score, machine, outcome)
  // A collector that threw saw nothing: what it missed would be blamed on the layouts.
  for (const gap of outcome.gaps)
    if (gap.reason === 'failed' && gap.path === '/')
      score.wrongs.push({ what: 'failed collector', where: label, said: `${gap.collector}: ${gap.detail}` })
}

function countCase(score: Score, one: Case, outcome: Outcome, label: string): void {
  const { subject, person, story, truth } = one
  const own = outcome.detected.filter(({ tool }) => tool === subject.tool)
  const said =
    own.find(({ account }) => account === person.name) ??
    (subject.machineWide ? own.find(({ account }) => account === null) : undefined)
  const finding = outcome.findings.find(
    (f) =>
      f.tool === subject.tool &&
      f.account === person.name &&
      (f.status === 'violation' || f.status === 'suspected'),
  )
  const verdict = finding?.status ?? null
  const where = `${label}: ${subject.tool}, ${subject.surface}, ${story}`
  const isPresent = said !== undefined && said.state !== 'leftover'
  const rightState =
    said === undefined
      ? truth.maybeSilent
      : truth.states.includes(said.state) && said.running === truth.running
  for (const tally of [
    tallyIn(score.surfaces, subject.surface, emptyTally()),
    tallyIn(score.stories, story, emptyTally()),
  ]) {
    tally.cases += 1
    if (!truth.maybeSilent) tally.toFind += 1
    if (!truth.maybeSilent && said !== undefined) tally.found += 1
    if (rightState) tally.rightState += 1
    if (isPresent) tally.saidPresent += 1
    if (isPresent && !story.endsWith('removed')) tally.trulyPresent += 1
    if (truth.accused !== null) tally.toAccuse += 1
    if (truth.accused !== null && verdict === truth.accused) tally.accused += 1
    if (verdict !== null && verdict !== truth.accused && !(truth.accused === 'violation'))
      tally.wronglyAccused += 1
  }
  if (said === undefined && !truth.maybeSilent) score.wrongs.push({ what: 'missed', where, said: 'nothing' })
  else if (!rightState)
    score.wrongs.push({
      what: 'wrong state',
      where,
      said: `${said?.state}, ${said?.running === true ? '' : 'not '}running`,
    })
  if (verdict !== truth.accused)
    score.wrongs.push({
      what: 'wrong verdict',
      where,
      said: `${verdict ?? 'nothing'} (${finding?.reasons.join(', ') ?? ''}), not ${truth.accused ?? 'nothing'}`,
    })
}

/** Detections, at least likely, of tools that are not there or for people who have nothing of them. */
function falseDetectionsOf(machine: Machine, outcome: Outcome): string[] {
  return outcome.detected
    .filter((one) => caseOf(machine, one) === undefined)
    .map(
      ({ tool, account, state, strength, evidence }) =>
        `${tool} for ${account}: ${state}, ${strength} (${evidence.map((e) => e.signal).join(', ')})`,
    )
}

function caseOf(machine: Machine, { tool, account }: Pick<Detected, 'tool' | 'account'>): Case | undefined {
  return machine.cases.find(
    ({ subject, person }) =>
      subject.tool === tool && (account === person.name || (account === null && subject.machineWide)),
  )
}

/** Of every state and every accusation that was said, whether it is true. */
function countSaid(score: Score, machine: Machine, outcome: Outcome): void {
  for (const one of outcome.detected) {
    const truth = caseOf(machine, one)?.truth
    // What a machine-wide install says of no one in particular is that it is there.
    const right =
      truth !== undefined &&
      (truth.states.includes(one.state) || (one.account === null && one.state === 'installed'))
    note(score, one.state, right)
    if (one.running) note(score, 'running', truth?.running === true)
  }
  for (const finding of outcome.findings)
    if (finding.status === 'violation' || finding.status === 'suspected')
      note(score, finding.status, caseOf(machine, finding)?.truth.accused === finding.status)
}

function note(score: Score, what: string, right: boolean): void {
  const known = tallyIn(score.said, what, { said: 0, right: 0 })
  known.said += 1
  if (right) known.right += 1
}

function tallyIn<T>(tallies: Map<string, T>, key: string, empty: T): T {
  const known = tallies.get(key)
  if (known !== undefined) return known
  tallies.set(key, empty)
  return empty
}

/** A part of a whole as people read it; a dash where there is no whole. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '–'
  return part === whole ? '100 %' : `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)} %`
}

export const tallyHead = [
  '',
  'cases',
  'recall',
  'right state',
  'wrongly said to be there',
  'precision of that',
  'accused rightly',
  'wrongly',
]

export function tallyRows(tallies: ReadonlyMap<string, Tally>): string[][] {
  return [...tallies].map(([name, t]) => [
    name,
    String(t.cases),
    share(t.found, t.toFind),
    share(t.rightState, t.cases),
    String(t.saidPresent - t.trulyPresent),
    t.trulyPresent === 0 ? '–' : share(t.trulyPresent, t.saidPresent),
    t.toAccuse === 0 ? '–' : `${t.accused} of ${t.toAccuse}`,
    String(t.wronglyAccused),
  ])
}

/** For a reader in a hurry: stories put together. */
const groups: readonly (readonly [name: string, stories: readonly Story[]])[] = [
  ['there, and not used', ['installed', 'asked for its version', 'tried, not answered']],
  ['running', ['running']],
  ['used before the cutoff', ['used before the cutoff']],
  [
    'used after it',
    [
      'used after the cutoff',
      'used before and after',
      'used with its folder moved',
      'tried, then answered',
      'used while watched',
      'restored while watched',
      'dated in the future',
      'used and running',
    ],
  ],
  ['used, then removed', ['used before, removed', 'used after, removed']],
  ['tried, then removed', ['tried, removed']],
]

export const summaryHead = ['', 'cases', 'found', 'right state', 'accused as should be', 'accused wrongly']

export function summaryRows(score: Score): string[][] {
  return groups.map(([name, own]) => {
    const tallies = own.flatMap((story) => score.stories.get(story) ?? [])
    const sum = (pick: (tally: Tally) => number): number =>
      tallies.reduce((total, tally) => total + pick(tally), 0)
    const toAccuse = sum((t) => t.toAccuse)
    return [
      name,
      String(sum((t) => t.cases)),
      share(
        sum((t) => t.found),
        sum((t) => t.toFind),
      ),
      share(
        sum((t) => t.rightState),
        sum((t) => t.cases),
      ),
      toAccuse === 0 ? '–' : `${sum((t) => t.accused)} of ${toAccuse}`,
      String(sum((t) => t.wronglyAccused)),
    ]
  })
}
