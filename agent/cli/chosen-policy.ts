// The policy of `--policy FILE`: read and checked, or told line by line what is wrong with it.
import { toolIds } from '#shared/catalogue.ts'
import type { Policy } from '#shared/policy.ts'
import { readChosenFile } from '../platform/own-folder.ts'
import { fail, type Io } from './command.ts'

const maxPolicyBytes = 1024 * 1024

/** The policy, or the exit status after saying what is wrong with it. */
export async function readPolicyFile(path: string, io: Io): Promise<Policy | number> {
  const file = readChosenFile(path, maxPolicyBytes)
  if (!file.ok) return fail(io, 'policy-unreadable', `The policy ${path} cannot be read (${file.code}).`)
  const { readPolicyText } = await import('./policy-file.ts')
  const read = readPolicyText(file.text, toolIds, io.now())
  if (read.ok) return read.policy
  for (const { line, column, field, message, code } of read.mistakes) {
    io.err(`${path}:${line}:${column}: ${field === '' ? '' : `${field}: `}${message} [${code}]\n`)
  }
  return fail(io, 'policy-invalid', `The policy ${path} has mistakes; nothing was judged.`)
}
