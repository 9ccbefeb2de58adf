// `explain TOOL`: what a tool is and how it is recognised, whether or not it is here; then everything known on this machine
// about it: what was looked at, what was found, each sign of life, the rule, the row, the server's verdict.
import { toolFile } from '#shared/catalogue-files.ts'
import { toolIds, tools } from '#shared/catalogue.ts'
import { nearestOf } from '#shared/policy.ts'
import { chainPage } from './chain-page.ts'
import { readPolicyFile } from './chosen-policy.ts'
import { fail, textOption, type Command } from './command.ts'
import { explainDocument } from './explain-document.ts'
import { settingsFor } from './setup.ts'
import { survey } from './survey.ts'
import { judgeTool } from './tool-judgement.ts'
import { failureWords } from './words/failure-words.ts'
import { sentences } from './words/said.ts'
import { toolPage } from './tool-page.ts'

export const explainCommand: Command = {
  name: 'explain',
  usage: 'explain TOOL [--json] [--policy FILE] [--state FOLDER]',
  options: {
    json: { type: 'boolean', about: 'print one JSON document' },
    policy: {
      type: 'string',
      value: 'FILE',
      about: 'judge by this policy (YAML or JSON), not by the server’s',
    },
    state: { type: 'string', value: 'FOLDER', about: 'folder of the daemon’s state, read where it may be' },
  },
  words: 1,
  async run(given, io) {
    const { settings } = await settingsFor(io, textOption(given, 'state'))
    const id = given.positionals[0]
    const say = failureWords[io.language]
    if (id === undefined) return fail(io, 'tool-missing', say.tool.missing)
    const tool = tools.find((one) => one.id === id)
    const file = await toolFile(id)
    if (tool === undefined || file === null) {
      const near = nearestOf(id, toolIds)
      const hint = near === null ? null : say.nearest(near)
      return fail(io, 'tool-unknown', sentences(io.language, [say.tool.unknown(id), hint]))
    }
    const policyFile = textOption(given, 'policy')
    const policy = policyFile === null ? null : await readPolicyFile(policyFile, io)
    if (typeof policy === 'number') return policy

    const made = await survey(io, settings, policy?.collect.confirmUse ?? null, tool)
    const judgement = judgeTool(made, tool, policy, io.now())
    if (given.values['json'] === true) {
      io.out(`${JSON.stringify(explainDocument(file, made, judgement))}\n`)
    } else {
      io.out(`${toolPage(file, io)}\n${chainPage(tool, made, judgement, io)}`)
    }
    return 0
  },
}
