// `npm run bench:latency`: seconds from a real use of Claude Code to its finding being readable through the REST API: from
// the time that the tool itself wrote into the first answered record, until a poll sees a violation with a mark of that use.
// Server and agent run with their usual intervals, so that only watching the session's record can be quick.
//
//   --uses N   (10)
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FindingDetail } from '#shared/api.ts'
import { residentEnvironment } from '../../installers/resident-environment.ts'
import type { Account } from '../helpers/lab/accounts.ts'
import { openLab, whyNoLab, type Lab } from '../helpers/lab/lab.ts'
import { installTool, type InstalledTool } from '../helpers/lab/tools.ts'
import { startTool } from '../helpers/lab/use.ts'
import { startSystem, until, type Admin } from '../helpers/system.ts'
import { circumstances, numberOption } from './circumstances.ts'
import { markdownTable } from './markdown-table.ts'
import { percentile } from './statistics.ts'

const uses = numberOption('uses', 10)
const pollMs = 50
const giveUpMs = 60_000
/** So that a mark can be told from that of the use before. */
const betweenUsesMs = 3000
const usual = { CUTOFF_PROCESS_SECONDS: '60', CUTOFF_SCAN_SECONDS: '3600', ...residentEnvironment }
const policy = {
  rules: [
    {
      id: 'no-claude-code',
      tools: ['claude-code'],
      verdict: 'banned',
      from: '2026-07-10',
      announced: '2026-07-03',
    },
  ],
}

interface Use {
  /** Of the first answered record, ms since 1970. */
  readonly answeredAt: number
  /** Null: not within a minute. */
  readonly readableAt: number | null
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
    const claude = await installTool(account, 'claude-code', 'npm-global')
    const system = await startSystem({ checkInSeconds: 900, env: usual })
    try {
      system.applyPolicy(policy)
      system.startAgent()
      const admin = await system.signIn()
      const id = await findingOf(admin, account)
      console.log(
        `${circumstances()}; ${uses} uses of ${claude.package.packageName} ${claude.package.version}`,
      )
      console.log(
        `a look at processes every ${usual.CUTOFF_PROCESS_SECONDS} s, check-ins every 900 s, polled every ${pollMs} ms\n`,
      )
      const measured: Use[] = []
      for (let n = 0; n < uses; n++) {
        measured.push(await measureUse(lab, account, claude, admin, id))
        await sleep(betweenUsesMs)
      }
      print(measured)
    } finally {
      await system.close()
    }
  } finally {
    await lab.close()
  }
}

/** The account's finding of Claude Code, once the first look has been reported. */
async function findingOf(admin: Admin, account: Account): Promise<string> {
  let found: FindingDetail | undefined
  await until('the first report', async () => {
    found = (await admin.findings()).find((f) => f.tool === 'claude-code' && f.account?.name === account.name)
    return found !== undefined
  })
  if (found === undefined) throw new Error('unreachable: until() throws before')
  return found.id
}

async function measureUse(
  lab: Lab,
  account: Account,
  claude: InstalledTool,
  admin: Admin,
  id: string,
): Promise<Use> {
  const before = new Set(recordsOf(account))
  const begun = Date.now()
  const running = await startTool(account, lab.network, claude, { kind: 'use', toolCallSeconds: 1 })
  const ended = running.finished
  let readableAt: number | null = null
  while (Date.now() - begun < giveUpMs) {
    const finding = await admin.get(`/findings/${id}`, FindingDetail)
    if (finding.status === 'violation' && finding.marks.some((m) => m.kind === 'session' && m.at >= begun)) {
      readableAt = Date.now()
      break
    }
    await sleep(pollMs)
  }
  const { exitCode } = await ended
  const record = recordsOf(account).find((path) => !before.has(path))
  if (exitCode !== 0 || record === undefined)
    throw new Error(`a use was not answered (exit status ${exitCode})`)
  return { answeredAt: firstAnswer(record), readableAt }
}

function recordsOf(account: Account): string[] {
  return globSync(join(account.home, '.claude/projects/*/*.jsonl'))
}

/** When the tool says that the first answer of a model came. */
function firstAnswer(path: string): number {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  const records = lines.map((line) => JSON.parse(line) as { type?: string; timestamp?: string }) // Claude Code's own format
  return Date.parse(records.find((record) => record.type === 'assistant')?.timestamp ?? '')
}

function print(measured: readonly Use[]): void {
  const seconds = measured.flatMap(({ answeredAt, readableAt }) =>
    readableAt === null ? [] : [(readableAt - answeredAt) / 1000],
  )
  const show = (value: number) => `${value.toFixed(2)} s`
  console.log(
    markdownTable(
      ['from a use to its finding', 'measured', 'goal (C6)'],
      [
        ['p50', show(percentile(seconds, 50)), ''],
        ['p95', show(percentile(seconds, 95)), '≤ 10 s'],
        ['longest', show(Math.max(...seconds)), ''],
        [`not within ${giveUpMs / 1000} s`, `${measured.length - seconds.length} of ${measured.length}`, '0'],
      ],
    ),
  )
  console.log(`\neach: ${seconds.map((s) => s.toFixed(2)).join(', ')}`)
}

await main()
