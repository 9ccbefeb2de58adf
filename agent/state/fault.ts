// Why a state cannot be opened, and what to do about it. Opens nothing.
import { agentVersion } from '../version.ts'
import { schemaVersion } from './database.ts'

export interface StateFault {
  readonly ok: false
  readonly code:
    | 'state-absent'
    | 'state-denied'
    | 'state-foreign'
    | 'state-open'
    | 'state-newer'
    | 'state-unusable'
    | 'identity-broken'
  readonly message: string
}

/** @param path the state's folder @param schema of what lies there */
export function newerFault(path: string, schema: number): StateFault {
  return {
    ok: false,
    code: 'state-newer',
    message: `The state in ${path} was made by a later version of the agent than this one, ${agentVersion} (schema ${schema}; this one knows ${schemaVersion}): install that version again, or a later one. Nothing in the state was changed, and nothing is looked at until then.`,
  }
}

/** @param code the system's, or of `openOwnFolder` */
export function folderFault(path: string, code: string): StateFault {
  if (code === 'ENOENT')
    return {
      ok: false,
      code: 'state-absent',
      message: `There is no state in ${path}: the agent has not run yet.`,
    }
  if (code === 'FOREIGN')
    return {
      ok: false,
      code: 'state-foreign',
      message: `The state folder ${path}, or the link that stands for it, belongs to another account: start the agent as its owner (its service does), or give the folder to this account.`,
    }
  if (code === 'OPEN')
    return {
      ok: false,
      code: 'state-open',
      message: `Others can write in the state folder ${path}, so that what lies in it may be anybody's: remove it, or take that right away (chmod 700) if you know who did.`,
    }
  return {
    ok: false,
    code: 'state-denied',
    message: `The state folder ${path} cannot be used (${code}): check its owner, or name another in CUTOFF_STATE.`,
  }
}
