// `scan`: one look at this machine, as a table for people or one JSON document for programs. Needs no server.
import type { Finding } from '#shared/finding.ts'
import type { Policy } from '#shared/policy.ts'
import { readPolicyFile } from './chosen-policy.ts'
import { fail, textOption, type Command, type Given, type Io } from './command.ts'
import { scanDocument } from './scan-document.ts'
import { scanPage } from './scan-page.ts'
import { failureWords } from './words/failure-words.ts'
import { settingsFor } from './setup.ts'
import { survey, type Survey } from './survey.ts'

const thresholds = { violation: ['violation'], suspected: ['violation', 'suspected'] } as const

export const scanCommand: Command = {
  name: 'scan',
  usage: 'scan [--json] [--policy FILE] [--fail-on violation|suspected] [--state FOLDER]',
  options: {
    json: { type: 'boolean', about: 'print one JSON document' },
    policy: { type: 'string', value: 'FILE', about: 'judge by this policy (YAML or JSON)' },
    'fail-on': {
      type: 'string',
      value: 'STATUS',
      about:
        'with --policy: end with status 3 if there is a violation, or with `suspected` if there is either',
    },
    state: { type: 'string', value: 'FOLDER', about: 'folder of the daemon’s state, read where it may be' },
  },
  words: 0,
  async run(given, io) {
    const { settings } = await settingsFor(io, textOption(given, 'state'))
    const failOn = readThreshold(given)
    const say = failureWords[io.language].failOn
    if (failOn === undefined) return fail(io, 'option-invalid', say.threshold)
    const policyFile = textOption(given, 'policy')
    if (failOn !== null && policyFile === null) {
      return fail(io, 'option-invalid', say.policy)
    }
    const policy = policyFile === null ? null : await readPolicyFile(policyFile, io)
    if (typeof policy === 'number') return policy

    const made = await survey(io, settings, policy?.collect.confirmUse ?? null)
    const findings = policy === null ? null : await judged(made, policy, io)
    if (given.values['json'] === true) io.out(`${JSON.stringify(scanDocument(made, findings))}\n`)
    else io.out(scanPage(made, findings, io))
    return failOn !== null && findings?.some((f) => includes(failOn, f.status)) === true ? 3 : 0
  },
}

function includes(statuses: readonly string[], status: string): boolean {
  return statuses.includes(status)
}

/** Undefined for a word that is no threshold. */
function readThreshold(given: Given): readonly string[] | null | undefined {
  const word = textOption(given, 'fail-on')
  if (word === null) return null
  return Object.hasOwn(thresholds, word) ? thresholds[word as keyof typeof thresholds] : undefined
}

async function judged(made: Survey, policy: Policy, io: Io): Promise<Finding[]> {
  const { judgeLocally } = await import('./local-judgement.ts')
  return judgeLocally(made, policy, io.now())
}
