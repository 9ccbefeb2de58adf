// What comes after a state that cannot go on as the device it was: it was copied to another machine, or was found to live on two.
// The old one is set aside as a whole, marks and all, since nobody can tell which of them were seen here.
import { z } from 'zod'
import type { MachineNumbers } from '#shared/machine.ts'
import type { OwnFolder } from '../platform/own-folder.ts'
import { checkedFile } from './checked-file.ts'
import { databaseFiles } from './database.ts'
import { Enrolment, Identity, sha256 } from './keys.ts'
import { nextKeyFiles } from './next-key.ts'

/** An identity that is enrolled and waits to take over. */
export const Successor = z.strictObject({ identity: Identity, enrolment: Enrolment, why: z.string() })
export type Successor = z.infer<typeof Successor>

/** What tells machines apart, each hashed; null where it cannot be known. */
export const Machine = z.strictObject({ hardware: z.string().nullable(), system: z.string().nullable() })
export type Machine = z.infer<typeof Machine>

const names = (name: string): readonly string[] => [`${name}.json`, `${name}-copy.json`]
const hashed = (text: string | null): string | null =>
  text === null ? null : sha256(`cutoff-machine\n${text}`)

/** Writes down who takes over; false when the disk refused. */
export function appoint(folder: OwnFolder, successor: Successor): boolean {
  return checkedFile(folder, 'successor', Successor).write(successor)
}

/**
 * Sets a state aside that is another's, before it is read: what was appointed takes over, or nobody has enrolled yet. May be cut
 * off anywhere and done again.
 * @param machine null where it is not known which it is
 * @returns why, for the first record of the new state; null when the state goes on
 */
export function succeedState(folder: OwnFolder, machine: MachineNumbers | null, now: number): string | null {
  const appointed = checkedFile(folder, 'successor', Successor)
  const successor = appointed.read()
  if (successor.is === 'value') {
    const { identity, enrolment, why } = successor.value
    setAside(folder, now, [...databaseFiles, ...nextKeyFiles])
    const written =
      checkedFile(folder, 'identity', Identity).write(identity) &&
      checkedFile(folder, 'enrolment', Enrolment).write(enrolment)
    if (written) for (const name of names('successor')) folder.remove(name)
    return why
  }
  if (machine === null) return null
  const here: Machine = { hardware: hashed(machine.hardware), system: hashed(machine.system) }
  const file = checkedFile(folder, 'machine', Machine)
  const read = file.read()
  const before = read.is === 'value' ? read.value : null
  const isOthers = before !== null && isAnother(before, here)
  // Before the new machine is written down: cut off between the two, it is done again.
  if (isOthers)
    setAside(folder, now, [...names('identity'), ...names('enrolment'), ...nextKeyFiles, ...databaseFiles])
  if (before === null || isOthers || JSON.stringify(before) !== JSON.stringify(known(before, here)))
    file.write(isOthers || before === null ? here : known(before, here))
  return isOthers ? 'the state came from another machine' : null
}

/** By the first number that both are known to have: unknown is not another. */
export function isAnother(before: Machine, here: Machine): boolean {
  if (before.hardware !== null && here.hardware !== null) return before.hardware !== here.hardware
  return before.system !== null && here.system !== null && before.system !== here.system
}

/** What is known of one machine by two looks at it. */
function known(before: Machine, here: Machine): Machine {
  return { hardware: here.hardware ?? before.hardware, system: here.system ?? before.system }
}

function setAside(folder: OwnFolder, now: number, files: readonly string[]): void {
  folder.setAside(files, `other-${now}`)
}
