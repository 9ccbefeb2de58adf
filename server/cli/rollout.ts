// `policy status`, `policy release`, `policy resume` and `policy halt`: a policy on its way to the devices.
import { commandLine } from '#shared/device-look.ts'
import type { Rollout, RolloutPlan } from '#shared/rollout.ts'
import type { Context } from '../context.ts'
import { hearing } from '../hearing.ts'
import { changeNewest, type ReleaseAction } from '../policy/release.ts'
import { rolloutStatus } from '../policy/rollout-status.ts'
import { CommandError, type Terminal } from './command.ts'

const done = {
  release: 'All devices get it with their next report.',
  resume: 'It goes on where it was halted. Trouble of before counts no more.',
  halt: 'No other device gets it until it is resumed, released, or followed by another version.',
} as const satisfies Record<ReleaseAction, string>

export function isReleaseAction(word: string | undefined): word is ReleaseAction {
  return word !== undefined && Object.hasOwn(done, word)
}

export async function changeRollout(
  context: Context,
  action: ReleaseAction,
  { out }: Terminal,
): Promise<void> {
  const changed = await changeNewest(context, action, null, commandLine)
  if (changed.ok) return out(`Policy version ${changed.release.version}: ${done[action]}`)
  const why = {
    none: 'No policy is on its way: all devices get the one in force.',
    other: action === 'resume' ? 'It is not halted.' : 'It is halted already.',
  }
  throw new CommandError('not-on-its-way', `${why[changed.code]} See cutoff-server policy status.`)
}

export async function printRollout(context: Context, { out }: Terminal): Promise<void> {
  const heardAsOf = await hearing(context)
  const rollout = await rolloutStatus(context.store.read, context, heardAsOf())
  for (const line of rollout === null ? ['No policy is in force.'] : statusLines(rollout)) out(line)
}

function statusLines(rollout: Rollout): readonly string[] {
  const { version, devices, halted, before } = rollout
  const trouble = [
    [devices.refused, 'did not take it, or went back to the one before'],
    [devices.failed, 'were killed, or failed to start, since they took it'],
    [devices.silent, 'are silent since, longer than is their habit'],
    [devices.awaited, 'have fetched it and should have reported since'],
  ] as const
  return [
    `Policy version ${version} (${rollout.name}): ${stageText(rollout)}`,
    `${devices.acting} of ${devices.fleet} devices act on it.`,
    ...trouble.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}.`),
    ...(halted === null
      ? []
      : [
          `The others keep ${before === null ? 'what they have' : `version ${before}`}. Apply a corrected version, or: policy resume, policy release.`,
        ]),
    ...lateLines(rollout.late),
  ]
}

function stageText({ state, halted, stage, allBy }: Rollout): string {
  if (halted !== null) return `halted ${textOf(halted.at)}: ${haltWords[halted.why]}.`
  if (state === 'complete' || stage === null) return 'all devices may have it.'
  if (allBy === null) return `all devices may have it since ${textOf(stage.since)}; it is still watched.`
  return `stage ${stage.number} of ${stage.of}, ${stage.devices} devices at most, since ${textOf(stage.since)}; all by ${textOf(allBy)} if nothing holds it up.`
}

const haltWords = {
  refused: 'devices refused it',
  failed: 'agents were killed or failed to start under it',
  silent: 'devices fell silent after they took it',
  'by-hand': 'an administrator halted it',
} as const

/** How a policy goes out that is applied, or is to be. */
export function planLines({ stages, allBy, late }: RolloutPlan): readonly string[] {
  return [
    `Devices get it in stages: ${stages.join(', then ')}, then all, by ${textOf(allBy)} if nothing holds it up (policy status; policy release gives it to all at once).`,
    ...lateLines(late),
  ]
}

function lateLines(late: readonly string[]): readonly string[] {
  if (late.length === 0) return []
  return [
    `Until a device has it, a use that these rules ban is not dated by it; it is told later as found, not as witnessed: ${late.join(', ')}.`,
  ]
}

function textOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
