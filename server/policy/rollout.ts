// How a signed policy goes out: to how many devices at a time, when to the next, and when no further. Pure: the clock and what is
// known of the devices are arguments.

import type { HaltReason } from '#shared/rollout.ts'

/** How far a release has come. */
export interface Progress {
  /** How many devices have it at most in each stage; after the last of them all may have it. */
  readonly stages: readonly number[]
  /** Which stage, from 0; `stages.length`: all. */
  readonly stage: number
  readonly stageAt: number
}

/** The devices that have fetched a release, each counted once apart from `fetched`. */
export interface Tally {
  readonly fetched: number
  /** Reported since that they act on it; each has looked at everything under it by then. */
  readonly well: number
  /** Did not take it, or went back to the one before because they could not live with it. */
  readonly refused: number
  /** Were killed, crashed, or failed to start since they took it. */
  readonly failed: number
  /** Are silent for longer than is their habit: a laptop that is closed is none. */
  readonly silent: number
  /** Should have reported by now, and have not; nothing follows from it but that nobody else gets it yet. */
  readonly awaited: number
}

export type Step =
  | { readonly is: 'hold' | 'advance' | 'complete' }
  | { readonly is: 'halt'; readonly why: HaltReason }

/** With fewer devices than these nobody is tried first: a stage would be one or two people, and says nothing. */
const smallFleet = 20
/** Part of the fleet, and so many at least, since one or two prove nothing. */
const shares = [
  { share: 0.01, least: 3 },
  { share: 0.1, least: 10 },
] as const
/** More are drawn than a stage has room for: some are closed before they ask. The first to ask get it. */
const drawnTimes = 3
/** A few unlucky laptops are no reason: as many as these have to be in trouble, and such a part of those that fetched it. */
const unlucky = { devices: 2, part: 0.05 } as const
/** After so many times the usual hold one device that is well is enough: at night nobody else is there to be protected. */
const patience = 4
/** How long a release is watched once all may have it. */
export const watchMs = 24 * 3_600_000

/** The stages before all, for a fleet of so many devices. @param holdMs for how long each is held; 0: no stages */
export function stagesFor(fleet: number, holdMs: number): readonly number[] {
  if (holdMs === 0 || fleet < smallFleet) return []
  return shares
    .map(({ share, least }) => Math.max(least, Math.ceil(share * fleet)))
    .filter((size) => size < fleet / 2)
}

/** Which part of all devices is drawn for a stage, 0 to 1. @param awake devices that report at the moment */
export function reachOf({ stages, stage }: Pick<Progress, 'stages' | 'stage'>, awake: number): number {
  const size = stages[stage]
  return size === undefined ? 1 : Math.min(1, (drawnTimes * size) / Math.max(1, awake))
}

/** Whether a device is drawn. @param hash keyed, of release and device: other releases draw other devices */
export function isDrawn(hash: string, reach: number): boolean {
  return Buffer.from(hash, 'base64url').readUIntBE(0, 6) / 2 ** 48 < reach
}

/** What to do now. */
export function nextStep(
  { stages, stage, stageAt }: Progress,
  tally: Tally,
  holdMs: number,
  now: number,
): Step {
  const troubled = tally.refused + tally.failed + tally.silent
  if (isTooMany(troubled, tally.fetched)) return { is: 'halt', why: mainReason(tally) }
  const sinceMs = now - stageAt
  const size = stages[stage]
  if (size === undefined) return { is: sinceMs >= watchMs ? 'complete' : 'hold' }
  if (sinceMs < holdMs || isTooMany(troubled + tally.awaited, tally.fetched)) return { is: 'hold' }
  const wanted = sinceMs < patience * holdMs ? Math.ceil(size / 2) : 1
  return { is: tally.well >= wanted ? 'advance' : 'hold' }
}

/** By when all may have it if nothing holds it up. */
export function allBy({ stages, stage, stageAt }: Progress, holdMs: number): number {
  return stageAt + (stages.length - stage) * holdMs
}

function isTooMany(troubled: number, of: number): boolean {
  return troubled >= unlucky.devices && troubled >= unlucky.part * of
}

function mainReason({ refused, failed, silent }: Tally): HaltReason {
  if (refused >= failed && refused >= silent) return 'refused'
  return failed >= silent ? 'failed' : 'silent'
}
