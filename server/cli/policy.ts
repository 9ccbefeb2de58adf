// `policy plan FILE` and `policy apply FILE`; what is on its way to the devices is rollout.ts's.
import { commandLine } from '#shared/device-look.ts'
import { applyPolicy, checkCandidate, readPolicyText, type PolicyResult } from '../policy/activate.ts'
import { planPolicy, type Plan } from '../policy/plan.ts'
import { policyRows, versionOf } from '../store/rulebook.ts'
import { CommandError, type Command, type Terminal } from './command.ts'
import { changeRollout, isReleaseAction, planLines, printRollout } from './rollout.ts'

export const policyCommand: Command = async (context, [what, file], terminal) => {
  if (what === 'status') return printRollout(context, terminal)
  if (isReleaseAction(what)) return changeRollout(context, what, terminal)
  if ((what !== 'plan' && what !== 'apply') || file === undefined) {
    throw new CommandError(
      'usage',
      'Say what to do: policy plan FILE, policy apply FILE, policy status, policy release, policy resume or policy halt.',
    )
  }
  const read = readPolicyText(terminal.readFile(file))
  if ('problem' in read) throw refusal(file, { ok: false, code: 'policy-invalid', problems: [read.problem] })
  if (what === 'apply') {
    const result = await applyPolicy(context, read.value, commandLine)
    if (!result.ok) throw refusal(file, result)
    terminal.out(`Policy version ${result.version.policy.version} is in force.`)
    if (result.rollout !== null) for (const line of planLines(result.rollout)) terminal.out(line)
    return
  }
  const versions = (await policyRows(context.store.read)).map(versionOf)
  const toolIds = context.catalogue.tools.map((tool) => tool.id)
  const checked = checkCandidate(read.value, versions, toolIds, context.now())
  if (!checked.ok) throw refusal(file, checked)
  const plan = await planPolicy(context, checked.policy)
  printPlan(plan, terminal)
  if (plan.rollout !== null) for (const line of planLines(plan.rollout)) terminal.out(line)
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
