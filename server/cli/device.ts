// `device ID`: what is held of one device, as JSON. Names only for a recorded reason, as everywhere.
import { commandLine } from '#shared/device-look.ts'
import type { FindingStatus, ReasonCode } from '#shared/finding.ts'
import { toolName } from '../api/rows.ts'
import { bodyOf } from '../judging/verdict.ts'
import { accountLabel } from '../pseudonym.ts'
import { addAudit } from '../store/audit.ts'
import { deviceById } from '../store/devices.ts'
import { coverageOf, detectionsOf, scanFact } from '../store/facts.ts'
import { findingsOfDevice } from '../store/findings.ts'
import { listGaps } from '../store/lists/fact-list.ts'
import { policyRows } from '../store/rulebook.ts'
import { CommandError, optionOf, type Command } from './command.ts'

/** What the command prints; `npm start` reads it. */
export interface DeviceReport {
  readonly device: string
  /** The pseudonym, unless a reason was given. */
  readonly host: string
  /** Of the policy in force; null while there is none. */
  readonly policyVersion: number | null
  readonly lastSeenAt: number | null
  readonly scan: { readonly policyVersion: number | null; readonly finishedAt: number } | null
  readonly tools: readonly {
    readonly tool: string
    readonly name: string
    readonly account: string | null
    readonly state: string
    readonly running: boolean
    readonly finding: {
      readonly status: FindingStatus
      readonly row: number | null
      readonly reasons: readonly ReasonCode[]
      readonly rule: string | null
      readonly since: number | null
    } | null
  }[]
  readonly coverage: string | null
  readonly gaps: number
}

export const deviceCommand: Command = async (context, args, { out }) => {
  const { store, keys, now } = context
  const [id] = args
  const device = id === undefined ? undefined : await deviceById(store.read, id)
  if (device === undefined) {
    throw new CommandError('not-found', `There is no device "${id ?? ''}": name one by its id.`)
  }
  const reason = optionOf(args, '--reason') ?? null
  if (reason !== null) {
    const note = { at: now(), by: commandLine, action: 'look-name', subject: device.id, reason }
    await store.write((db) => addAudit(db, note))
  }
  const nameOf = (account: string): string | null => {
    if (account === '') return null
    return reason === null ? accountLabel(keys, device.id, account) : account
  }
  const findings = await findingsOfDevice(store.read, device.id)
  const facts = await detectionsOf(store.read, device.id)
  const scan = await scanFact(store.read, device.id)
  const gaps = await listGaps(store.read, { device: device.id, past: false, after: null, limit: 1 })
  const coverage = (await coverageOf(store.read, device.id)).find((row) => row.account === '')
  const report: DeviceReport = {
    device: device.id,
    host: reason === null ? device.label : device.hostname,
    policyVersion: (await policyRows(store.read)).at(-1)?.version ?? null,
    lastSeenAt: device.last_seen_at,
    scan: scan === undefined ? null : { policyVersion: scan.policy_version, finishedAt: scan.finished_at },
    tools: facts
      .filter((fact) => fact.gone === 0)
      .map((fact) => {
        const finding = findings.find((row) => row.account === fact.account && row.tool === fact.tool)
        return {
          tool: fact.tool,
          name: toolName(context, fact.tool),
          account: nameOf(fact.account),
          state: fact.state,
          running: fact.running === 1,
          finding:
            finding === undefined
              ? null
              : {
                  // The column holds nothing but statuses.
                  status: finding.status as FindingStatus,
                  row: finding.row,
                  reasons: bodyOf(finding).reasons,
                  rule: finding.rule,
                  since: finding.since,
                },
        }
      }),
    coverage: coverage?.state ?? null,
    gaps: gaps.total,
  }
  out(JSON.stringify(report))
}
