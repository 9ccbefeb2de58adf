// Who the device is, as its state opens: the key that it has, or a first one.
import type { OwnFolder } from '../platform/own-folder.ts'
import type { StateOptions } from '../state.ts'
import type { StateFault } from './fault.ts'
import type { CheckedFile } from './checked-file.ts'
import { deviceKey, newIdentity, type DeviceKey, type Identity } from './keys.ts'

/** `lost`: why the one before could not be read, where a new one had to be made. */
export function openIdentity(
  file: CheckedFile<Identity>,
  options: StateOptions,
  folder: OwnFolder,
): { readonly identity: Identity; readonly key: DeviceKey; readonly lost: string | null } | StateFault {
  const read = file.read()
  const fault = (message: string): StateFault => ({ ok: false, code: 'identity-broken', message })
  if (read.is === 'broken' && options.readOnly === true) {
    const found = folder.read('identity.json')
    if (!found.ok && ['EACCES', 'EPERM'].includes(found.code))
      return {
        ok: false,
        code: 'state-denied',
        message: `What lies in the state folder ${folder.path} is its owner’s alone: run this as root, or as the agent’s account.`,
      }
    return fault(
      `Both copies of the device key in ${folder.path} are damaged: the agent makes another one at its next start and enrols again.`,
    )
  }
  // A device of its own from here on, that knows what it saw: rather that than an agent that looks at nothing.
  if (read.is === 'broken') folder.setAside(['identity.json', 'identity-copy.json'], `broken-${options.now}`)
  if (read.is === 'absent' && options.readOnly === true) {
    return {
      ok: false,
      code: 'state-absent',
      message: `There is no state in ${folder.path}: the agent has not run yet.`,
    }
  }
  const identity = read.is === 'value' ? read.value : newIdentity(options.now, options.random)
  const key = deviceKey(identity)
  if (key === null)
    return fault(`The device key in ${folder.path} cannot be read: move the folder away and enrol again.`)
  if (read.is !== 'value' && !file.write(identity)) {
    return {
      ok: false,
      code: 'state-denied',
      message: `The device key cannot be written to ${folder.path}: check its owner and free space.`,
    }
  }
  return { identity, key, lost: read.is === 'broken' ? 'the device key was damaged' : null }
}
