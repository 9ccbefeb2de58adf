// What to do next, from the overview's counts: the few things that need a person, most pressing first. Pure.
import type { Overview } from '#shared/api.ts'
import type { FindingStatus } from '#shared/finding.ts'
import type { Tone } from './tone.ts'

export type NextStep =
  | {
      readonly kind: 'no-policy' | 'no-devices' | 'policy-halted'
      readonly tone: Tone
      readonly title: string
      readonly text: string
    }
  | {
      readonly kind: 'findings'
      readonly status: FindingStatus
      readonly tone: Tone
      readonly title: string
      readonly text: string
    }
  | {
      readonly kind: 'quiet' | 'coverage' | 'unlisted'
      readonly tone: Tone
      readonly title: string
      readonly text: string
    }

/** `1 violation`, `3 violations` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

export function nextSteps(overview: Overview): readonly NextStep[] {
  const steps: NextStep[] = []
  if (overview.devices.total === 0) {
    steps.push({
      kind: 'no-devices',
      tone: 'info',
      title: 'Enrol the first device',
      text: 'Install the agent on a machine and enrol it; it then reports by itself.',
    })
  }
  if (overview.policy === null) {
    steps.push({
      kind: 'no-policy',
      tone: 'info',
      title: 'Apply a policy',
      text: 'Without one nothing is judged. A policy says which tools are banned, from when, and for whom.',
    })
  }
  if (overview.policy?.release === 'halted') {
    steps.push({
      kind: 'policy-halted',
      tone: 'danger',
      title: `Decide about policy version ${overview.policy.version}, which was halted`,
      text: 'Devices that took it got into trouble, or an administrator halted it. The others keep the one before.',
    })
  }
  const of = (status: FindingStatus) => overview.findings[status]
  if (of('violation') > 0) {
    steps.push({
      kind: 'findings',
      status: 'violation',
      tone: 'danger',
      title: `Read ${counted(of('violation'), 'violation')}`,
      text: 'Sure evidence of use after the ban. Read the evidence first, then talk to the person.',
    })
  }
  if (of('undetermined') > 0) {
    steps.push({
      kind: 'findings',
      status: 'undetermined',
      tone: 'notice',
      title: `Supply what is missing for ${counted(of('undetermined'), 'finding')}`,
      text: 'Which rule or waiver applies cannot be known until then.',
    })
  }
  if (of('suspected') > 0) {
    steps.push({
      kind: 'findings',
      status: 'suspected',
      tone: 'warning',
      title: `Ask about ${counted(of('suspected'), 'suspicion')}`,
      text: 'Something in the evidence is in doubt; it settles nothing by itself.',
    })
  }
  if (overview.devices.quiet > 0) {
    steps.push({
      kind: 'quiet',
      tone: 'warning',
      title: `Look at ${counted(overview.devices.quiet, 'quiet device')}`,
      text: 'They have been silent for longer than is their own habit. Silence is no evidence of anything.',
    })
  }
  if (overview.coverage.notAttested > 0) {
    steps.push({
      kind: 'coverage',
      tone: 'warning',
      title: `Close the gaps on ${counted(overview.coverage.notAttested, 'device')}`,
      text: 'Something there could not be seen, so the absence of a finding says little.',
    })
  }
  if (of('upcoming') > 0) {
    steps.push({
      kind: 'findings',
      status: 'upcoming',
      tone: 'info',
      title: `Give notice about ${counted(of('upcoming'), 'installation')}`,
      text: 'They will be banned on the date in the rule. Tell people in time.',
    })
  }
  if (of('review') > 0) {
    steps.push({
      kind: 'findings',
      status: 'review',
      tone: 'neutral',
      title: `Decide about ${counted(of('review'), 'tool')} that no rule names`,
      text: 'Name them in the policy as banned or as approved.',
    })
  }
  if (overview.unlisted > 0) {
    steps.push({
      kind: 'unlisted',
      tone: 'neutral',
      title: `Ask what ${counted(overview.unlisted, 'find')} may be that no catalogue lists`,
      text: 'They behave like AI coding agents. Nothing is held against anybody.',
    })
  }
  return steps
}
