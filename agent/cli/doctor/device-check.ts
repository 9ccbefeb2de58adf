// Whether the server knows this device and takes its signature: asks for the policy as the daemon does, and keeps nothing.
import type { Language } from '#shared/words/language.ts'
import type { Client } from '../../sync/client.ts'
import { doctorServerWords } from '../words/doctor-server-words.ts'
import { fail, ok, warn, type Check } from './check.ts'

export async function deviceCheck(client: Client, device: string, language: Language): Promise<Check> {
  const say = doctorServerWords[language].device
  const answer = await client.policy(device, null)
  switch (answer.is) {
    case 'value':
    case 'unchanged':
      return ok('device', say.known)
    case 'unreachable':
      return warn('device', say.silent(answer.code), say.seeServer)
    case 'problem':
      if (answer.code === 'not-found') return ok('device', say.noPolicy)
      return fail('device', say.refused(answer.detail, answer.code), adviceFor(answer.code, say))
  }
}

function adviceFor(code: string, say: (typeof doctorServerWords)[Language]['device']): string {
  if (code === 'unknown-device') return say.enrolAgain
  if (code === 'revoked') return say.revoked
  return code === 'bad-signature' ? say.address : say.seeLog
}
