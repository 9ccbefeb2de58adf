// Words for a policy on its way to the devices: where it stands, how the devices fare, and what an administrator can do. Pure.
import type { HaltReason, Rollout, RolloutChange } from '#shared/rollout.ts'
import { counted } from './next-steps.ts'
import type { Tone } from './tone.ts'

type Action = RolloutChange['action']

const haltWords: Readonly<Record<HaltReason, string>> = {
  refused: 'devices refused it, or went back from it',
  failed: 'agents were killed or failed to start under it',
  silent: 'devices that took it fell silent, out of their habit',
  'by-hand': 'an administrator halted it',
}

/** Where it stands, in a word and a sentence. */
export function standing({ state, halted, stage, before, version }: Rollout): {
  readonly tone: Tone
  readonly label: string
  readonly text: string
} {
  if (state === 'halted' && halted !== null)
    return {
      tone: 'danger',
      label: 'Halted',
      text: `No other device gets it: ${haltWords[halted.why]}. ${keepText(version, before)}`,
    }
  if (stage === null) return { tone: 'good', label: 'Complete', text: 'Every device gets it.' }
  if (stage.devices === null)
    return {
      tone: 'good',
      label: 'For all devices',
      text: 'Every device gets it with its next report. It is watched for a day, and halted for those that do not have it yet if it does harm.',
    }
  return {
    tone: 'info',
    label: `Stage ${stage.number} of ${stage.of}`,
    text: `At most ${counted(stage.devices, 'device')} for now, drawn anew for each policy. ${keepText(version, before)}`,
  }
}

function keepText(version: number, before: number | null): string {
  if (before === null) return 'The others keep what they have.'
  return before === version
    ? `The others keep version ${before} as it was before.`
    : `The others keep version ${before}.`
}

/** Devices in trouble, as `2 refused it …`; nothing where there are none. */
export function troubles({ devices }: Rollout): readonly string[] {
  const of = [
    [devices.refused, 'did not take it, or went back to the one before'],
    [devices.failed, 'saw the agent killed, or fail to start, since'],
    [devices.silent, 'fell silent since, for longer than is their habit'],
    [devices.awaited, 'fetched it and should have reported by now'],
  ] as const
  return of.filter(([count]) => count > 0).map(([count, what]) => `${counted(count, 'device')} ${what}.`)
}

/** What a device without it cannot do, by rule; null where there is no such rule. */
export function lateText(late: readonly string[]): string | null {
  if (late.length === 0) return null
  const rules = late.length === 1 ? 'the rule' : 'the rules'
  return `Until a device has it, a use that ${rules} ${late.join(', ')} would count is not witnessed there. It is told later, as found: a weaker mark, never a wrong one.`
}

export interface RolloutAction {
  readonly action: Action
  readonly label: string
  readonly tone: 'default' | 'danger'
  /** What follows, asked before it is done. */
  readonly follows: string
}

const resume: RolloutAction = {
  action: 'resume',
  label: 'Resume',
  tone: 'default',
  follows:
    'It goes on in the stage where it was halted. Trouble of before counts no more; new trouble halts it again.',
}
const halt: RolloutAction = {
  action: 'halt',
  label: 'Halt',
  tone: 'default',
  follows:
    'No other device gets it until it is resumed, released, or followed by another version. Those that have it keep it. What is judged does not change.',
}
const release = (isHalted: boolean): RolloutAction => ({
  action: 'release',
  label: 'Give it to all now',
  tone: isHalted ? 'danger' : 'default',
  follows: isHalted
    ? 'Every device gets it with its next report, although it was halted. Find out first why.'
    : 'Every device gets it with its next report. What speaks against it shows only once they have it.',
})

/** What can be done about it, the safest first. */
export function rolloutActions({ state, stage }: Rollout): readonly RolloutAction[] {
  if (state === 'complete') return []
  if (state === 'halted') return [resume, release(true)]
  return stage?.devices == null ? [halt] : [halt, release(false)]
}
