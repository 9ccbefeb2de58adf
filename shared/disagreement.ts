// By how much the time that a record states is at odds with another time, and with which. Pure.
// Told beside the doubt `times-disagree` and judged by nobody: however large the amount, the doubt alone weighs.
import { z } from 'zod'

/** The time that the record's does not fit. */
export const OtherTime = z.enum([
  'file-written', // when its file was last written
  'file-born', // when its file came to be
  'look', // when it was looked at, by the device's clock: the record lies ahead of that
  'look-before', // the look before, at which it was not there yet
  'clock-set', // the same instant, by the device's clock as it was set later
  'receipt', // when it was reported, by the server's clock: the record lies ahead of that
])
export type OtherTime = z.infer<typeof OtherTime>

export const Disagreement = z.strictObject({
  with: OtherTime.describe('which other time'),
  byMs: z
    .int()
    .nullable()
    .describe('the other time minus the record’s, in milliseconds; null where it may not be told'),
})
export type Disagreement = z.infer<typeof Disagreement>

/** The one that lies furthest off, whichever way; one without an amount counts as the nearest. */
export function furthest(all: readonly (Disagreement | null | undefined)[]): Disagreement | undefined {
  return all.reduce<Disagreement | undefined>((most, one) => {
    if (one == null) return most
    return most === undefined || sizeOf(one) > sizeOf(most) ? one : most
  }, undefined)
}

function sizeOf({ byMs }: Disagreement): number {
  return byMs === null ? -1 : Math.abs(byMs)
}

/** No finer than a second, which is as fine as anybody needs. */
const finestMs = 1000

/**
 * As it may be told of a record that is exact to `resolutionMs`: no finer than the record itself. Undefined where nothing
 * is left of it.
 */
export function coarsened(given: Disagreement, resolutionMs: number): Disagreement | undefined {
  if (given.byMs === null) return given
  const unit = Math.max(resolutionMs, finestMs)
  const size = Math.round(Math.abs(given.byMs) / unit) * unit
  return size === 0 ? undefined : { with: given.with, byMs: given.byMs < 0 ? -size : size }
}
