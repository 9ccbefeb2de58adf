// By what a machine is known again when its agent had to enrol anew: keyed hashes of its numbers, never the numbers. Pure; hashing is
// the caller's.
import { z } from 'zod'
import type { Hash } from './envelope.ts'

const NumberHash = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .nullable()

export const MachineHashes = z
  .strictObject({
    hardware: NumberHash.describe('hash of the number that its maker gave it; null where it cannot be read'),
    system: NumberHash.describe('hash of the number that its system was given when it was installed'),
  })
  .describe(
    'keyed hashes, the same at this organisation alone: a device that had to enrol anew is probably the one with the same ones',
  )
export type MachineHashes = z.infer<typeof MachineHashes>

export interface MachineNumbers {
  /** As its maker numbered it; null where that cannot be known, as below. */
  readonly hardware: string | null
  /** As its system was numbered when it was installed. */
  readonly system: string | null
}

/** @param organisation fingerprint of its key, bare hexadecimal digits: at another one the same machine has other hashes */
export function machineHashes(numbers: MachineNumbers, organisation: string, hash: Hash): MachineHashes {
  const hashed = (kind: string, number: string | null): string | null =>
    number === null ? null : hash(`cutoff-machine-at\n${organisation}\n${kind}\n${number}`)
  return { hardware: hashed('hardware', numbers.hardware), system: hashed('system', numbers.system) }
}
