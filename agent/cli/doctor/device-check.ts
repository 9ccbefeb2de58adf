// Whether the server knows this device and takes its signature: asks for the policy as the daemon does, and keeps nothing.
import type { Client } from '../../sync/client.ts'
import { fail, ok, warn, type Check } from './check.ts'

export async function deviceCheck(client: Client, device: string): Promise<Check> {
  const answer = await client.policy(device, null)
  switch (answer.is) {
    case 'value':
    case 'unchanged':
      return ok('device', 'The server knows this device and takes its signature.')
    case 'unreachable':
      return warn('device', `The server did not answer as such (${answer.code}).`, 'See the server.')
    case 'problem':
      if (answer.code === 'not-found')
        return ok('device', 'The server knows this device; it has no policy yet.')
      return fail(
        'device',
        `The server refuses this device: ${answer.detail} [${answer.code}].`,
        adviceFor(answer.code),
      )
  }
}

function adviceFor(code: string): string {
  if (code === 'unknown-device')
    return 'Enrol again with `cutoff-agent enrol`, or check that it is the right server.'
  if (code === 'revoked')
    return 'An administrator has revoked it: ask why, and enrol again if that was a mistake.'
  if (code === 'bad-signature')
    return 'The server’s own address (CUTOFF_PUBLIC_URL) must be the one that devices use; a gateway must not change requests.'
  return 'The server’s log says more; it is asked again by itself.'
}
