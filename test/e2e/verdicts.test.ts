// The product as a whole, on real input: real tools, installed in throwaway accounts and really used against a stand-in
// for the model APIs in a network without any other host, while the real agent runs against the real server.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FindingDetail } from '#shared/api.ts'
import { AccountPool, canMakeAccounts, type Account } from '../helpers/lab/accounts.ts'
import { mustRunAs } from '../helpers/lab/commands.ts'
import { makeLookAlikes, type LookAlikes } from '../helpers/lab/lookalikes.ts'
import { canIsolateNetwork, openLoopbackNetwork, type LoopbackNetwork } from '../helpers/lab/network.ts'
import { installTool, type InstalledTool } from '../helpers/lab/tools.ts'
import { runTool, type RunKind } from '../helpers/lab/use.ts'
import { buildDashboard, chromiumPath, launchChromium, type BuiltDashboard } from '../helpers/dashboard.ts'
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
  let dashboard: BuiltDashboard | undefined
  let admin: Admin
  const people = {} as Record<'alice' | 'bob' | 'carol' | 'dan' | 'erin', Account>
  const tools = {} as Record<
    | 'aliceClaude'
    | 'aliceCodex'
    | 'aliceGemini'
    | 'bobClaude'
    | 'carolClaude'
    | 'danClaude'
    | 'erinClaude'
    | 'erinCodex',
    InstalledTool
  >

  async function use(
    who: Account,
    tool: InstalledTool,
    kind: RunKind = 'use',
    extra: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Span> {
    const run = await runTool(who, network, tool, { kind, toolCallSeconds: 1, extra, env })
    return { from: Date.parse(run.startedAt), until: Date.parse(run.endedAt) }
  }

  async function findingOf(who: Account, tool: string): Promise<FindingDetail | undefined> {
    return (await admin.findings()).find((f) => f.account?.name === who.name && f.tool === tool)
  }

  async function findingWhen(
    who: Account,
    tool: string,
    fits: (finding: FindingDetail) => boolean,
    timeoutMs = 30_000,
  ): Promise<FindingDetail> {
    let found: FindingDetail | undefined
    await until(
      `the finding of ${tool} to be as it should, ${system.output().slice(-2000)}`,
      async () => {
        found = await findingOf(who, tool)
        return found !== undefined && fits(found)
      },
      timeoutMs,
    )
    if (found === undefined) throw new Error('unreachable: until() throws before')
    return found
  }

  beforeAll(async () => {
    accounts = new AccountPool()
    network = await openLoopbackNetwork()
    for (const name of ['alice', 'bob', 'carol', 'dan', 'erin'] as const) people[name] = accounts.make()
    tools.aliceClaude = await installTool(people.alice, 'claude-code', 'npm-global')
    tools.aliceCodex = await installTool(people.alice, 'codex-cli', 'npm-global')
    tools.aliceGemini = await installTool(people.alice, 'gemini-cli', 'npm-global')
    tools.bobClaude = await installTool(people.bob, 'claude-code', 'npx')
    tools.carolClaude = await installTool(people.carol, 'claude-code', 'tarball')
    tools.danClaude = await installTool(people.dan, 'claude-code', 'npm-global')
    const moved = join(people.dan.home, 'elsewhere')
    await mustRunAs(people.dan, [
      'sh',
      '-c',
      `mkdir ${moved}; echo export CLAUDE_CONFIG_DIR=${moved} >> ~/.bashrc`,
    ])
    tools.erinClaude = await installTool(people.erin, 'claude-code', 'npm-global')
    tools.erinCodex = await installTool(people.erin, 'codex-cli', 'npm-global')
    lookAlikes = await makeLookAlikes(accounts, network)
    bobFirst = await use(people.bob, tools.bobClaude)

    dashboard = chromiumPath === undefined ? undefined : await buildDashboard()
    system = await startSystem(dashboard === undefined ? {} : { env: { CUTOFF_WEB: dashboard.folder } })
    system.applyPolicy({ rules: [noClaude, noCodexYet] })
    system.startAgent()
    admin = await system.signIn()
    await findingWhen(people.bob, 'claude-code', (f) => f.marks.length > 0)
  }, 600_000)

  afterAll(async () => {
    await system?.close()
    dashboard?.remove()
    await lookAlikes?.close()
    await network?.close()
    accounts?.close()
  })

  let bobFirst: Span
  let aliceFirst: Span
  let codexUse: Span

  test('a use recorded before the agent was there is suspected: found, not witnessed', async () => {
    const finding = await findingWhen(people.bob, 'claude-code', (f) => f.status === 'suspected')
    expect(new Set(finding.marks.flatMap((m) => m.doubts))).toEqual(new Set())
    expect(finding).toMatchObject({ row: 9, reasons: ['found-not-witnessed'], rule: 'no-claude-code' })
    expectWithin(finding.since, bobFirst)
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
    codexUse = await use(people.alice, tools.aliceCodex) // before its cutoff: told of later, and not when
  })

  test.each(['bob', 'carol'] as const)(
    'so is one through npx (bob), or from an unpacked tarball that no place tells of until it runs (carol): %s',
    async (name) => {
      const span = await use(people[name], name === 'bob' ? tools.bobClaude : tools.carolClaude)
      const finding = await findingWhen(people[name], 'claude-code', (f) => f.status === 'violation')
      expectWithin(finding.since, span)
    },
  )

  test('so is one in a home that a variable of the shell moved', async () => {
    const env = { CLAUDE_CONFIG_DIR: join(people.dan.home, 'elsewhere') }
    const span = await use(people.dan, tools.danClaude, 'use', [], env)
    expect(readdirSync(people.dan.home)).not.toContain('.claude')
    const finding = await findingWhen(people.dan, 'claude-code', (f) => f.status === 'violation')
    expectWithin(finding.since, span)
  })

  test.skipIf(chromiumPath === undefined)('the pages say the same as the API', async () => {
    const finding = await findingWhen(people.alice, 'claude-code', (f) => f.status === 'violation')
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.goto(system.loginLink())
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
      await page.goto(`${system.url}/findings?status=violation`)
      const row = page
        .getByRole('row')
        .filter({ hasText: finding.account?.label ?? '' })
        .filter({ hasText: 'Claude Code' })
      await row.waitFor()
      expect(await row.innerText()).toMatch(/Violation[\s\S]*Row 10/)
      // Pseudonyms first: this administrator has opened no name in this session.
      expect(await page.locator('body').innerText()).not.toContain(people.alice.name)
    } finally {
      await browser.close()
    }
  })

  test('a waiver over one of two uses waives that one alone', async () => {
    await new Promise((resolve) => setTimeout(resolve, 3_000)) // apart by more than the clocks' uncertainty
    const second = await use(people.alice, tools.aliceClaude)
    const before = await findingWhen(people.alice, 'claude-code', (f) =>
      f.marks.some((m) => m.at >= second.from),
    )
    await admin.send('POST', '/waivers', {
      subject: { kind: 'account', device: before.device, account: before.account?.key },
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
    // Such news waits for the next full look and a regular check-in.
    const finding = await findingWhen(people.alice, 'codex-cli', (f) => f.usedBeforeCutoff === true, 120_000)
    expect(finding).toMatchObject({ status: 'upcoming', reasons: ['cutoff-ahead'], marks: [], since: null })
    const kept = system.serverBytes()
    const isKept = (at: number) => formsOf(at).some((form) => kept.includes(form))
    const [mark] = (await findingOf(people.alice, 'claude-code'))?.marks ?? []
    // Kept by the device's clock, shown by the server's: some milliseconds apart.
    const near = Array.from({ length: 201 }, (_, n) => (mark?.at ?? 0) + n - 100)
    expect(near.some(isKept), 'the search finds a time that is there').toBe(true)
    const times = recordTimes(people.alice.home, '.codex/sessions').filter((at) => at >= codexUse.from)
    expect(times.length).toBeGreaterThan(5)
    expect(times.filter(isKept)).toEqual([])
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
    lookAlikes.viewPackage()
    await new Promise((resolve) => setTimeout(resolve, 12_000)) // two looks at the processes and a check-in
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
      let bob: FindingDetail | undefined
      await until('the found use to be judged', async () => {
        bob = (await reader.findings()).find((f) => f.account?.name === people.bob.name)
        return bob?.status === 'violation'
      })
      expect(bob).toMatchObject({ tool: 'claude-code', row: 10 })
      expect(new Set(bob?.marks.map((m) => m.basis))).toEqual(new Set(['found']))
      expectWithin(bob?.since ?? null, bobFirst)
    } finally {
      await second.close()
    }
  })
})

function expectWithin(at: number | null, span: Span): void {
  expect(at).toBeGreaterThanOrEqual(span.from - 1_000)
  expect(at).toBeLessThanOrEqual(span.until + 1_000)
}

/** Every time that the session records below a folder name. */
function recordTimes(home: string, folder: string): number[] {
  const files = readdirSync(join(home, folder), { recursive: true, withFileTypes: true }).filter((f) =>
    f.isFile(),
  )
  const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'))
  const stamps = texts.flatMap((text) =>
    [...text.matchAll(/"timestamp":"([^"]+)"/g)].map((match) => match[1] ?? ''),
  )
  return [...new Set(stamps.map((stamp) => Date.parse(stamp)))]
}

/** How an instant can stand in a database or log: as text, as a decimal number, as SQLite's six-byte integer. */
function formsOf(at: number): Buffer[] {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(at, 0, 6)
  const iso = new Date(at).toISOString()
  return [
    Buffer.from(iso),
    Buffer.from(iso.replace('T', ' ').replace('Z', '')),
    Buffer.from(String(at)),
    bytes,
  ]
}
