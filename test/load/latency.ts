// `npm run bench:latency`: seconds from a real use of a real tool to its finding being readable through the REST API: from the
// time that the tool itself wrote into its first answered record, until a poll sees a violation with the mark of it. Server
// and agent run with their usual intervals, so that only watching the sessions' records can be quick.
//
//   --rounds N   of one use of each of five tools, at the same time (6)
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { FindingDetail } from '#shared/api.ts'
import { residentEnvironment } from '../../installers/resident-environment.ts'
import type { Account } from '../helpers/lab/accounts.ts'
import { openLab, whyNoLab, type Lab } from '../helpers/lab/lab.ts'
import { installTool, type InstalledTool, type ToolId } from '../helpers/lab/tools.ts'
import { startTool } from '../helpers/lab/use.ts'
import { startSystem, until, type Admin } from '../helpers/system.ts'
import { circumstances, numberOption } from './circumstances.ts'
import { markdownTable } from './markdown-table.ts'
import { percentile } from './statistics.ts'

const rounds = numberOption('rounds', 6)
const used: readonly ToolId[] = ['claude-code', 'codex-cli', 'gemini-cli', 'opencode', 'pi']
const pollMs = 100
const giveUpMs = 60_000
/** So that a mark can be told from those of the round before. */
const betweenRoundsMs = 2000
const usual = { CUTOFF_PROCESS_SECONDS: '60', CUTOFF_SCAN_SECONDS: '3600', ...residentEnvironment }
const policy = {
  rules: [
    {
      id: 'no-agents',
      tools: [...used],
      verdict: 'banned',
      from: '2026-07-10',
      announced: '2026-07-03',
    },
  ],
}

interface Use {
  readonly tool: ToolId
  /** From the first answered record to the finding; null: not within a minute. */
  readonly seconds: number | null
}

async function main(): Promise<void> {
  const reason = whyNoLab()
  if (reason !== undefined) {
    console.log(`Not measured: ${reason}.`)
    return
  }
  const lab = await openLab()
  try {
    const account = lab.accounts.make()
    const installed: InstalledTool[] = []
    for (const tool of used) installed.push(await installTool(account, tool, 'npm-global'))
    const system = await startSystem({ checkInSeconds: 900, env: usual })
    try {
      system.applyPolicy(policy)
      system.startAgent()
      const admin = await system.signIn()
      const ids = await findingsOf(admin, account)
      const names = installed.map((tool) => `${tool.package.packageName} ${tool.package.version}`)
      console.log(`${circumstances()}; ${rounds} rounds of ${names.join(', ')}, all at once`)
      console.log(
        `a look at processes every ${usual.CUTOFF_PROCESS_SECONDS} s, check-ins every 900 s, polled every ${pollMs} ms\n`,
      )
      const measured: Use[] = []
      for (let round = 0; round < rounds; round++) {
        const uses = installed.map((tool) =>
          measureUse(lab, account, tool, admin, ids.get(tool.package.tool) ?? ''),
        )
        measured.push(...(await Promise.all(uses)))
        await sleep(betweenRoundsMs)
      }
      print(measured)
    } finally {
      await system.close()
    }
  } finally {
    await lab.close()
  }
}

/** The account's finding of each tool, once the first look has been reported. */
async function findingsOf(admin: Admin, account: Account): Promise<ReadonlyMap<string, string>> {
  let ids = new Map<string, string>()
  await until('the first report', async () => {
    const own = (await admin.findings()).filter((finding) => finding.account?.name === account.name)
    ids = new Map(own.map(({ tool, id }) => [tool, id]))
    return used.every((tool) => ids.has(tool))
  })
  return ids
}

async function measureUse(
  lab: Lab,
  account: Account,
  installed: InstalledTool,
  admin: Admin,
  id: string,
): Promise<Use> {
  const { tool } = installed.package
  const begun = Date.now()
  const running = await startTool(account, lab.network, installed, { kind: 'use', toolCallSeconds: 1 })
  let answeredAt = Infinity
  let readableAt: number | null = null
  while (readableAt === null && Date.now() - begun < giveUpMs) {
    const { status, marks } = await admin.get(`/findings/${id}`, FindingDetail)
    const times = marks.flatMap(({ kind, at }) => (kind === 'session' && at >= begun ? [at] : []))
    answeredAt = Math.min(...times)
    if (status === 'violation' && times.length > 0) readableAt = Date.now()
    else await sleep(pollMs)
  }
  const { exitCode } = await running.finished
  if (exitCode !== 0) throw new Error(`a use of ${tool} was not answered (exit status ${exitCode})`)
  // Its mark is dated by when the answer was asked for, long before there is one.
  if (tool === 'opencode') answeredAt = firstAnswerOfOpencode(account, begun)
  return { tool, seconds: readableAt === null ? null : (readableAt - answeredAt) / 1000 }
}

function firstAnswerOfOpencode({ home }: Account, since: number): number {
  const database = new DatabaseSync(join(home, '.local/share/opencode/opencode.db'), { readOnly: true })
  try {
    const first = database
      .prepare(
        "SELECT min(json_extract(data, '$.time.completed')) AS at FROM message WHERE time_created >= ? AND json_extract(data, '$.finish') IS NOT NULL",
      )
      .get(since)
    return Number(first?.['at'])
  } finally {
    database.close()
  }
}

function print(measured: readonly Use[]): void {
  const known = measured.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]))
  const show = (value: number) => `${value.toFixed(2)} s`
  console.log(
    markdownTable(
      ['from a use to its finding', 'measured', 'goal (C6)'],
      [
        ['p50', show(percentile(known, 50)), ''],
        ['p95', show(percentile(known, 95)), '≤ 10 s'],
        ['longest', show(Math.max(...known)), ''],
        [`not within ${giveUpMs / 1000} s`, `${measured.length - known.length} of ${measured.length}`, '0'],
      ],
    ),
  )
  for (const tool of used) {
    const each = measured
      .filter((use) => use.tool === tool)
      .map(({ seconds }) => seconds?.toFixed(2) ?? 'never')
    console.log(`${tool}: ${each.join(', ')}`)
  }
}

await main()
