// `policy plan FILE` and `policy apply FILE`.
import { applyPolicy, checkCandidate, readPolicyText, type PolicyResult } from '../policy/activate.ts'
import { planPolicy, type Plan } from '../policy/plan.ts'
import { policyRows, versionOf } from '../store/rulebook.ts'
import { CommandError, type Command, type Terminal } from './command.ts'

export const policyCommand: Command = async (context, [what, file], terminal) => {
  if ((what !== 'plan' && what !== 'apply') || file === undefined) {
    throw new CommandError('usage', 'Name what to do and the file: policy plan FILE, or policy apply FILE.')
  }
  const read = readPolicyText(terminal.readFile(file))
  if ('problem' in read) throw refusal(file, { ok: false, code: 'policy-invalid', problems: [read.problem] })
  if (what === 'apply') {
    const result = await applyPolicy(context, read.value, 'command line')
    if (!result.ok) throw refusal(file, result)
    terminal.out(`Policy version ${result.version.policy.version} is in force.`)
    return
  }
  const versions = (await policyRows(context.store.read)).map(versionOf)
  const toolIds = context.catalogue.tools.map((tool) => tool.id)
  const checked = checkCandidate(read.value, versions, toolIds, context.now())
  if (!checked.ok) throw refusal(file, checked)
  printPlan(await planPolicy(context, checked.policy), terminal)
}

function printPlan({ version, changes, unchanged, accounts, subjects }: Plan, { out }: Terminal): void {
  if (changes.length === 0) {
    out(`Policy version ${version} would change no finding.`)
    return
  }
  out(
    `Policy version ${version} would change the findings of ${accounts} accounts and leave ${unchanged} findings.`,
  )
  for (const { from, to, count } of changes) out(`${count} × ${from ?? 'nothing'} → ${to ?? 'nothing'}`)
  for (const { host, account, tool, from, to } of subjects) {
    out(`  ${host} ${account ?? '(machine)'} ${tool}: ${from ?? 'nothing'} → ${to ?? 'nothing'}`)
  }
}

function refusal(file: string, result: Extract<PolicyResult, { ok: false }>): CommandError {
  if (result.code === 'policy-version') {
    return new CommandError(
      'policy-version',
      `Version ${result.current} is in force: give ${file} a higher one.`,
    )
  }
  const lines = result.problems.map(({ path, message }) => `  ${path.join('.') || '(file)'}: ${message}`)
  return new CommandError('policy-invalid', `The policy ${file} has mistakes:\n${lines.join('\n')}`)
}
