// The product as a whole, on real input: real tools, installed in throwaway accounts and really used against a stand-in
// for the model APIs in a network without any other host, while the real agent runs against the real server.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FindingDetail } from '#shared/api.ts'
import { AccountPool, canMakeAccounts, type Account } from '../helpers/lab/accounts.ts'
import { makeLookAlikes, type LookAlikes } from '../helpers/lab/lookalikes.ts'
import { canIsolateNetwork, openLoopbackNetwork, type LoopbackNetwork } from '../helpers/lab/network.ts'
import { installTool, type InstalledTool } from '../helpers/lab/tools.ts'
import { runTool, type RunKind } from '../helpers/lab/use.ts'
import { startSystem, until, type Admin, type System } from '../helpers/system.ts'

const possible = canMakeAccounts() && canIsolateNetwork()

const noClaude = {
  id: 'no-claude-code',
  tools: ['claude-code'],
  verdict: 'banned',
  from: '2026-07-10',
  announced: '2026-07-03',
}
const noCodexYet = { id: 'no-codex', tools: ['codex-cli'], verdict: 'banned', from: '2099-01-01' }

interface Span {
  readonly from: number
  readonly until: number
}

describe.skipIf(!possible)('verdicts on real use', () => {
  let accounts: AccountPool
  let network: LoopbackNetwork
  let lookAlikes: LookAlikes
  let system: System
  let admin: Admin
  const people = {} as Record<'alice' | 'bob' | 'carol' | 'erin', Account>
  const tools = {} as Record<
    'aliceClaude' | 'aliceCodex' | 'aliceGemini' | 'bobClaude' | 'carolClaude' | 'erinClaude' | 'erinCodex',
    InstalledTool
  >

  async function use(
    who: Account,
    tool: InstalledTool,
    kind: RunKind = 'use',
    extra: readonly string[] = [],
  ): Promise<Span> {
    const run = await runTool(who, network, tool, { kind, toolCallSeconds: 1, extra })
    return { from: Date.parse(run.startedAt), until: Date.parse(run.endedAt) }
  }

  async function findingOf(who: Account, tool: string): Promise<FindingDetail | undefined> {
    return (await admin.findings()).find((f) => f.account?.name === who.name && f.tool === tool)
  }

  async function findingWhen(
    who: Account,
    tool: string,
    fits: (finding: FindingDetail) => boolean,
  ): Promise<FindingDetail> {
    let found: FindingDetail | undefined
    await until(`the finding of ${tool} to be as it should, ${system.output().slice(-2000)}`, async () => {
      found = await findingOf(who, tool)
      return found !== undefined && fits(found)
    })
    if (found === undefined) throw new Error('unreachable: until() throws before')
    return found
  }

  beforeAll(async () => {
    accounts = new AccountPool()
    network = await openLoopbackNetwork()
    for (const name of ['alice', 'bob', 'carol', 'erin'] as const) people[name] = accounts.make()
    tools.aliceClaude = await installTool(people.alice, 'claude-code', 'npm-global')
    tools.aliceCodex = await installTool(people.alice, 'codex-cli', 'npm-global')
    tools.aliceGemini = await installTool(people.alice, 'gemini-cli', 'npm-global')
    tools.bobClaude = await installTool(people.bob, 'claude-code', 'npx')
    tools.carolClaude = await installTool(people.carol, 'claude-code', 'tarball')
    tools.erinClaude = await installTool(people.erin, 'claude-code', 'npm-global')
    tools.erinCodex = await installTool(people.erin, 'codex-cli', 'npm-global')
    lookAlikes = await makeLookAlikes(accounts, network)
    carolUse = await use(people.carol, tools.carolClaude)

    system = await startSystem()
    system.applyPolicy({ rules: [noClaude, noCodexYet] })
    system.startAgent()
    admin = await system.signIn()
    await findingWhen(people.carol, 'claude-code', (f) => f.marks.length > 0)
  }, 600_000)

  afterAll(async () => {
    await system?.close()
    await lookAlikes?.close()
    await network?.close()
    accounts?.close()
  })

  let carolUse: Span
  let aliceFirst: Span

  test('a use recorded before the agent was there is suspected: found, not witnessed', async () => {
    const finding = await findingWhen(people.carol, 'claude-code', (f) => f.status === 'suspected')
    expect(finding).toMatchObject({ row: 9, reasons: ['found-not-witnessed'], rule: 'no-claude-code' })
    expectWithin(finding.since, carolUse)
  })

  test('a use that the agent saw is a violation, with its time, row and evidence', async () => {
    aliceFirst = await use(people.alice, tools.aliceClaude)
    const finding = await findingWhen(people.alice, 'claude-code', (f) => f.status === 'violation')
    expect(finding).toMatchObject({
      row: 10,
      reasons: ['used-after-cutoff'],
      rule: 'no-claude-code',
      state: 'used',
    })
    expectWithin(finding.since, aliceFirst)
    expect(finding.marks.every((m) => m.basis === 'witnessed' && m.strength === 'proven')).toBe(true)
    expect(finding.evidence.map((e) => e.signal)).toEqual(
      expect.arrayContaining(['package:npm:@anthropic-ai/claude-code', 'trace:~/.claude/projects/*/*.jsonl']),
    )
  })

  test('so is one through npx', async () => {
    const span = await use(people.bob, tools.bobClaude)
    const finding = await findingWhen(people.bob, 'claude-code', (f) => f.status === 'violation')
    expectWithin(finding.since, span)
  })

  test('a waiver over one of two uses waives that one alone', async () => {
    await new Promise((resolve) => setTimeout(resolve, 3_000)) // apart by more than the clocks' uncertainty
    const second = await use(people.alice, tools.aliceClaude)
    const before = await findingWhen(people.alice, 'claude-code', (f) =>
      f.marks.some((m) => m.at >= second.from),
    )
    await admin.send('POST', '/waivers', {
      subject: { kind: 'account', device: before.device, account: people.alice.name },
      tools: ['claude-code'],
      owner: 'ciso@example.com',
      reason: 'migration of the build scripts',
      from: aliceFirst.from - 2_000,
      until: aliceFirst.until + 2_000,
    })
    const finding = await findingWhen(people.alice, 'claude-code', (f) =>
      f.marks.some((m) => m.verdict === 'waived'),
    )
    const verdict = (span: Span) =>
      new Set(finding.marks.filter((m) => m.at >= span.from && m.at <= span.until).map((m) => m.verdict))
    expect([verdict(aliceFirst), verdict(second)]).toEqual([new Set(['waived']), new Set(['violation'])])
    expect(finding.status).toBe('violation')
  })

  test('an attempt without an answer and a bare --version are no use', async () => {
    await use(people.erin, tools.erinClaude, 'refused')
    await use(people.erin, tools.erinCodex, 'version')
    const finding = await findingWhen(people.erin, 'claude-code', (f) => f.state === 'started')
    expect(finding).toMatchObject({ status: 'present', row: null })
    expect(finding.reasons).toContain('no-counted-use')
    expect(await findingOf(people.erin, 'codex-cli')).toMatchObject({
      status: 'upcoming',
      state: expect.not.stringMatching('used') as string,
    })
  })

  test('with the cutoff ahead it is upcoming, and the time of the use is nowhere on the server', async () => {
    const span = await use(people.alice, tools.aliceCodex)
    const finding = await findingWhen(people.alice, 'codex-cli', (f) => f.usedBeforeCutoff === true)
    expect(finding).toMatchObject({ status: 'upcoming', reasons: ['cutoff-ahead'], marks: [], since: null })
    expect(timesNamed(system.serverBytes(), span, 'codex')).toEqual([])
  })

  test('with the cutoff between two uses only the second counts', async () => {
    await use(people.alice, tools.aliceGemini)
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    const cutoff = Date.now() + 4_000
    const noGemini = {
      id: 'no-gemini',
      tools: ['gemini-cli'],
      verdict: 'banned',
      from: new Date(cutoff).toISOString(),
    }
    system.applyPolicy({ rules: [noClaude, noCodexYet, noGemini] })
    await until('the cutoff to pass and the agent to know of it', () => Date.now() > cutoff + 10_000)
    const second = await use(people.alice, tools.aliceGemini)
    const finding = await findingWhen(people.alice, 'gemini-cli', (f) => f.status === 'violation')
    expectWithin(finding.since, second)
    expect(finding.marks.filter((m) => m.at < cutoff)).toEqual([])
    expect(finding.usedBeforeCutoff).toBe(true)
  })

  test('nothing at all of what only looks like a tool', async () => {
    const lookers = [lookAlikes.account.name, lookAlikes.namesake?.name]
    const viewing = lookAlikes.viewPackage()
    await viewing.finished
    const all = await admin.findings()
    expect(all.filter((f) => lookers.includes(f.account?.name ?? '')).map((f) => [f.tool, f.status])).toEqual(
      [],
    )
  })

  test('where the rule counts found use, another server’s first look makes it a violation', async () => {
    const second = await startSystem()
    try {
      second.applyPolicy({ rules: [{ ...noClaude, foundUse: 'violation' }] })
      second.startAgent()
      const reader = await second.signIn()
      let carol: FindingDetail | undefined
      await until('the found use to be judged', async () => {
        carol = (await reader.findings()).find(
          (f) => f.account?.name === people.carol.name && f.tool === 'claude-code',
        )
        return carol?.status === 'violation'
      })
      expect(carol?.row).toBe(10)
      expect(carol?.marks.map((m) => m.basis)).toContain('found')
      expectWithin(carol?.since ?? null, carolUse)
    } finally {
      await second.close()
    }
  })
})

function expectWithin(at: number | null, span: Span): void {
  expect(at).toBeGreaterThanOrEqual(span.from - 1_000)
  expect(at).toBeLessThanOrEqual(span.until + 1_000)
}

/**
 * Numbers within the span that stand near the word anywhere in the server's bytes, as milliseconds or as text. Receipts and
 * logs of check-ins name times too, so only those beside the tool's name speak.
 */
function timesNamed(bytes: Buffer, span: Span, word: string): string[] {
  const text = bytes.toString('latin1')
  const found: string[] = []
  for (const match of text.matchAll(/\b(1[78]\d{11})\b|\b(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d)/g)) {
    const at = match[1] === undefined ? Date.parse(`${match[2]}Z`) : Number(match[1])
    const around = text.slice(Math.max(0, match.index - 400), match.index + 400)
    if (at >= span.from && at <= span.until && around.includes(word)) found.push(match[0])
  }
  return found
}
