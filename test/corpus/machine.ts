// Machines with what is true of them: which tool is there for whom, how it was installed, and what was done with it.
import type { State } from '#shared/detection.ts'
import { aNow } from '../helpers/fake-host.ts'
import { ann, ben, draftOf, type Draft, type Person } from './draft.ts'
import { lookAlikes, type LookAlike } from './look-alikes.ts'
import { randomOf, type Random } from './random.ts'
import { isRecorded, movers, putSession, type Session } from './sessions.ts'
import { putLeft, subjects, type Subject } from './subjects.ts'

export const stories = [
  'installed',
  'asked for its version',
  'tried, not answered',
  'used before the cutoff',
  'used after the cutoff',
  'used before and after',
  'used with its folder moved',
  'tried, then answered',
  'used while watched',
  'restored while watched',
  'dated in the future',
  'used and running',
  'running',
  'used before, removed',
  'used after, removed',
  'tried, removed',
] as const
export type Story = (typeof stories)[number]

/** 10 July 2026 in UTC; people were told a week before. */
export const cutoff = Date.UTC(2026, 6, 10)

/** What an honest look must say of a case. */
export interface Truth {
  /** States that are right; none at all is right too where `maybeSilent`. */
  readonly states: readonly State[]
  readonly maybeSilent: boolean
  readonly running: boolean
  readonly accused: 'violation' | 'suspected' | null
}

export interface Case {
  readonly subject: Subject
  readonly person: Person
  readonly story: Story
  readonly truth: Truth
  /** Files that tell of a use or a try. */
  readonly records: readonly string[]
}

export interface Machine {
  readonly draft: Draft
  readonly cases: readonly Case[]
  readonly noise: readonly string[]
  /** What is added between two looks, if there is to be a second one. */
  readonly later: Draft | null
}

const held = subjects.filter(({ tool }) => isRecorded(tool))
const day = 86_400_000
const hour = 3_600_000
/** Between the two looks. */
export const lookGapMs = hour

export function storiesOf(subject: Subject): readonly Story[] {
  const isHeld = isRecorded(subject.tool)
  return stories.filter((story) => {
    if (story === 'used with its folder moved') return isRecorded(subject.tool) && subject.tool in movers
    if (story === 'tried, then answered') return subject.tool === 'claude-code' || subject.tool === 'pi'
    if (story === 'used and running') return isHeld && subject.canRun
    if (story.startsWith('used') || story.startsWith('restored') || story.startsWith('dated')) return isHeld
    if (story === 'running') return subject.canRun
    if (story === 'asked for its version' || story === 'tried, not answered') return subject.leaves !== null
    return true
  })
}

export function truthOf(subject: Subject, story: Story): Truth {
  const truth = (states: readonly State[], more: Partial<Truth> = {}): Truth => ({
    states,
    maybeSilent: false,
    running: false,
    accused: null,
    ...more,
  })
  const isHeld = isRecorded(subject.tool)
  switch (story) {
    case 'installed':
      return truth(['installed'])
    case 'asked for its version':
      return truth(['installed', 'started'])
    case 'tried, not answered':
      return truth(isHeld ? ['started'] : ['installed', 'started'])
    case 'used before the cutoff':
      return truth(['used'])
    case 'used after the cutoff':
    case 'used before and after':
    case 'used with its folder moved':
    case 'tried, then answered':
    // Who used it, when or where is in doubt: nobody saw it.
    case 'restored while watched':
    case 'dated in the future':
      return truth(['used'], { accused: 'suspected' })
    case 'used and running':
      return truth(['used'], { running: true, accused: 'suspected' })
    case 'used while watched':
      return truth(['used'], { accused: 'violation' })
    case 'running':
      return truth(['started'], { running: true })
    case 'used before, removed':
      return truth(['leftover'])
    case 'used after, removed':
      return truth(['leftover'], { accused: 'suspected' })
    // What is left may be no more than an empty folder; it must not be taken for the tool.
    case 'tried, removed':
      return truth(['leftover'], { maybeSilent: true })
  }
}

export interface Wanted {
  /** Whether there is noise, too; the tools are the same ones without. */
  readonly noise?: boolean
  /** Who the first and the second account are. */
  readonly people?: readonly Person[]
}

/** One machine of one number: two people, a few tools, each only once, and noise among them. */
export function machineOf(seed: number, { noise: noisy = true, people = [ann, ben] }: Wanted = {}): Machine {
  const random = randomOf(seed)
  const draft = draftOf([...people])
  const later = draftOf([...people])
  const cases: Case[] = []
  const taken = new Set<string>()
  for (const person of people) {
    const count = random.int(4)
    for (let index = 0; index < count; index += 1) {
      // Of most tools no records were captured: those of which they were are drawn more often.
      const subject = random.pick(random.chance(0.4) ? held : subjects)
      const story = random.pick(storiesOf(subject))
      if (taken.has(subject.tool)) continue
      taken.add(subject.tool)
      cases.push(addCase({ draft, later }, person, subject, story, random))
    }
  }
  const noise: string[] = []
  for (const person of noisy ? people : [])
    for (const one of random.some(lookAlikes, 4)) noise.push(addNoise(draft, person, one, random))
  const watched = cases.some(({ story }) => story.endsWith('while watched'))
  return { draft, cases, noise, later: watched ? later : null }
}

/** One subject and nothing else, for comparisons and for the smallest case that shows a fault. */
export function machineWith(subject: Subject, story: Story, seed = 1): Machine {
  const draft = draftOf([ann])
  const later = draftOf([ann])
  const one = addCase({ draft, later }, ann, subject, story, randomOf(seed))
  return { draft, cases: [one], noise: [], later: story.endsWith('while watched') ? later : null }
}

export function machineOfNoise(one: LookAlike, seed: number): Machine {
  const draft = draftOf([ann, ben])
  addNoise(draft, ann, one, randomOf(seed))
  return { draft, cases: [], noise: [one.kind], later: null }
}

export function addNoise(draft: Draft, person: Person, one: LookAlike, random: Random): string {
  const before = { ...draft.files }
  one.put(draft, person, random)
  // Noise stands beside what is there, never in its place; a package list only grows.
  for (const [path, node] of Object.entries(before))
    if (path !== '/var/lib/dpkg/status') draft.files[path] = node
  return one.kind
}

function addCase(
  { draft, later }: { readonly draft: Draft; readonly later: Draft },
  person: Person,
  subject: Subject,
  story: Story,
  random: Random,
): Case {
  const truth = truthOf(subject, story)
  const removed = story.endsWith('removed')
  const before = cutoff - (1 + random.int(60)) * day + random.int(day)
  const after = cutoff + (1 + random.int(130)) * day + random.int(day)
  const { tool, leaves } = subject
  let run: ReturnType<Subject['install']> | null = null
  if (removed) subject.remove(draft, person)
  else run = subject.install(draft, person)

  const left = (paths: readonly string[] | undefined, at: number): void => {
    const plain = (paths ?? []).filter(
      (path) => !isRecorded(tool) || !/\.(jsonl|db|db-\w+|sqlite\S*)$/.test(path),
    )
    putLeft(draft, person, plain, at, random)
  }
  const records: string[] = []
  const hold = (at: number, more: Partial<Session> = {}, into = draft): void => {
    const project = `p${random.int(3)}`
    if (isRecorded(tool))
      records.push(putSession(into, person, { tool, kind: 'use', at, ...more }, random, project))
  }
  if (!removed || story !== 'tried, removed') left(leaves?.install, before)
  switch (story) {
    case 'installed':
      break
    case 'asked for its version':
      left(leaves?.version, after)
      break
    case 'tried, not answered':
    case 'tried, removed':
      left(leaves?.attempt, after)
      hold(after, { kind: 'attempt' })
      break
    case 'used before the cutoff':
    case 'used before, removed':
      hold(before)
      break
    case 'used after the cutoff':
    case 'used after, removed':
      hold(after)
      left(leaves?.interactive, after)
      break
    case 'used before and after':
      hold(before)
      hold(after)
      break
    case 'used with its folder moved': {
      const [variable] = (isRecorded(tool) ? movers[tool] : undefined) ?? ['']
      const path = `${person.home}/.zshenv`
      const lines = typeof draft.files[path] === 'string' ? draft.files[path] : ''
      draft.files[path] = `${lines}export ${variable}="$HOME/.private/${variable.toLowerCase()}"\n`
      hold(after, { movedTo: `.private/${variable.toLowerCase()}` })
      break
    }
    case 'tried, then answered':
      hold(after, { kind: 'attempt-then-use' })
      break
    case 'used while watched':
      hold(aNow + lookGapMs / 2, {}, later)
      break
    case 'restored while watched':
      hold(after, { bornAt: aNow + lookGapMs / 2 }, later)
      break
    case 'dated in the future':
      hold(aNow + 30 * day, { bornAt: aNow - hour, writtenAt: aNow - hour })
      break
    case 'used and running':
      hold(aNow - hour / 6)
      run?.(draft, person)
      break
    case 'running':
      left(leaves?.interactive, aNow - 5 * 60_000)
      run?.(draft, person)
      break
  }
  return { subject, person, story, truth, records }
}
