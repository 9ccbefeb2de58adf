// The policy of `--policy FILE`: read and checked, or told line by line what is wrong with it.
import { toolIds } from '#shared/catalogue.ts'
import type { Policy } from '#shared/policy.ts'
import { readChosenFile } from '../platform/own-folder.ts'
import { fail, type Io } from './command.ts'
import { failureWords } from './words/failure-words.ts'

const maxPolicyBytes = 1024 * 1024

/** The policy, or the exit status after saying what is wrong with it. */
export async function readPolicyFile(path: string, io: Io): Promise<Policy | number> {
  const say = failureWords[io.language].policy
  const file = readChosenFile(path, maxPolicyBytes)
  if (!file.ok) return fail(io, 'policy-unreadable', say.unreadable(path, file.code))
  const { readPolicyText } = await import('./policy-file.ts')
  const read = readPolicyText(file.text, toolIds, io.now())
  if (read.ok) return read.policy
  for (const { line, column, field, message, code } of read.mistakes) {
    io.err(`${path}:${line}:${column}: ${field === '' ? '' : `${field}: `}${message} [${code}]\n`)
  }
  return fail(io, 'policy-invalid', say.invalid(path))
}
