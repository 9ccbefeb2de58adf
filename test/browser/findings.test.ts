// The path of a person who looks after the fleet, in Chromium against the real server with reports of a real device's form:
// in by the login link, from the overview to a finding and its reasons, to a name, to the audit log. Then all of it by keyboard.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accountLabel } from '../../server/pseudonym.ts'
import { makeLoginLink } from '../../server/session/session.ts'
import {
  buildDashboard,
  chromiumPath,
  launchChromium,
  visit,
  type BuiltDashboard,
  type Visit,
} from '../helpers/dashboard.ts'
import { auditPage } from '../helpers/page-audit.ts'
import { noon, startTestServer, type TestServer } from '../helpers/test-server.ts'
import {
  detectionRecord,
  examplePolicy,
  gapRecord,
  inventoryRecord,
  markRecord,
  unlistedRecord,
} from '../helpers/wire-records.ts'

const minute = 60_000
const hostile = 'lap\u202Etop<b>'

describe.skipIf(chromiumPath === undefined)('the dashboard over the real server', () => {
  let dashboard: BuiltDashboard
  let browser: Browser
  let server: TestServer
  let origin: string
  let visited: Visit
  let deviceId: string

  beforeAll(async () => {
    dashboard = await buildDashboard()
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    dashboard?.remove()
  })
  beforeEach(async () => {
    server = await startTestServer({ env: { CUTOFF_WEB: dashboard.folder } })
    await server.apply(examplePolicy)
    const device = await server.enrolled({ hostname: hostile })
    device.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 50 }
    deviceId = device.id
    const account = (name: string, readable: boolean) =>
      ({ type: 'account', account: name, readable, gone: false }) as const
    const report = await device.checkIn([
      device.host({ hostname: hostile }),
      account('alice', true),
      account('zbigniew', false),
      detectionRecord(),
      markRecord(noon - minute),
      detectionRecord({ tool: 'claude-code', account: 'zbigniew' }),
      markRecord(noon - 90 * minute, { account: 'zbigniew', basis: 'found', session: 'b'.repeat(22) }),
      gapRecord({ account: 'zbigniew', from: noon - 5 * minute }),
      inventoryRecord(),
      inventoryRecord({ item: 'command', source: 'path', name: 'git', version: null }),
      { type: 'coverage', account: null, state: 'not-attested', at: noon - minute, catalogue: 'c', gaps: 1 },
    ])
    if (report.statusCode !== 200) throw new Error(`check-in: ${report.body}`)
    origin = await server.server.listen({ port: 0, host: '127.0.0.1' })
    visited = await visit(browser, origin)
  })
  afterEach(async () => {
    await visited?.close()
    await server?.close()
  })

  async function logIn() {
    const link = new URL(await makeLoginLink(server.context))
    await visited.page.goto(link.pathname + link.search)
    await visited.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    return visited.page
  }

  test('leads from the login link to a finding, its row and its reasons, by pseudonym', async () => {
    const page = await logIn()
    await page.getByRole('link', { name: 'Read 1 violation' }).waitFor()
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Findings' }).click()
    await page.getByText('1–2 of 2 findings').waitFor()
    expect(await auditPage(page)).toEqual([])

    await page
      .getByRole('row')
      .filter({ hasText: 'Violation' })
      .getByRole('link', { name: 'Claude Code' })
      .click()
    const panel = page.getByRole('dialog', { name: 'Claude Code' })
    await panel
      .getByText('A session was held after the ban began and after it was announced.')
      .first()
      .waitFor()
    await panel.getByText('Row 10 of the judgement table:').waitFor()
    const mark = panel.getByRole('table', { name: 'Signs of life' }).getByRole('row').nth(1)
    expect(await mark.innerText()).toMatch(
      /22 Nov 2026, 19:59:00[\s\S]*± 51 ms[\s\S]*Session[\s\S]*witnessed, proven[\s\S]*Violation/u,
    )
    await panel
      .getByRole('table', { name: 'Evidence' })
      .getByText('~/.claude/projects/*/*.jsonl', { exact: true })
      .waitFor()
    await panel.getByText('Incomplete').waitFor()
    await panel.getByText('A waiver for that time would excuse it.').waitFor()
    expect(await page.content()).not.toMatch(/alice|zbigniew|lap\u202E/u)
    expect(await auditPage(page)).toEqual([])
    expect(visited.misdeeds).toEqual([])
  })

  test('says of a found use what is in doubt', async () => {
    const page = await logIn()
    await page.goto('/findings?status=suspected')
    await page.getByRole('link', { name: 'Claude Code' }).click()
    const panel = page.getByRole('dialog')
    await panel.getByText('Row 9 of the judgement table:').waitFor()
    await panel.getByText('Had the agent seen it happen, it would count as sure.').waitFor()
    expect(visited.misdeeds).toEqual([])
  })

  test('says by how much times disagree, above and at the sign of life', async () => {
    const device = await server.enrolled({ hostname: 'restored' })
    device.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 50 }
    const disagreement = { with: 'file-born', byMs: 26 * 60 * minute } as const
    const doubts = ['times-disagree' as const]
    await device.checkIn([
      detectionRecord(),
      markRecord(noon - 48 * 60 * minute, { session: 'c'.repeat(22), basis: 'found', doubts, disagreement }),
    ])
    const page = await logIn()
    await page.goto(`/findings?status=suspected&device=${device.id}`)
    await page.getByRole('link', { name: 'Claude Code' }).click()
    const panel = page.getByRole('dialog', { name: 'Claude Code' })
    const sentence =
      'The record says 20 Nov 2026, 20:00:00, its file came to be 21 Nov 2026, 22:00:00: they differ by 1 day 2 h.'
    await panel.getByText(`${sentence} A record that is earlier than its file may have been copied`).waitFor()
    await panel.getByRole('table', { name: 'Signs of life' }).getByText(sentence).waitFor()
    expect(await auditPage(page)).toEqual([])
    expect(visited.misdeeds).toEqual([])
  })

  test('asks what something is that no catalogue lists, apart from all verdicts', async () => {
    const other = await server.enrolled({ hostname: 'second' })
    await other.checkIn([unlistedRecord()])
    const page = await logIn()
    await page.getByText('behaves like an AI coding agent and is in no catalogue').waitFor()
    expect(await auditPage(page)).toEqual([])
    await page.getByRole('link', { name: 'Ask what 1 find may be that no catalogue lists' }).click()
    await page.getByText('1–1 of 1 findings').waitFor()
    expect(await page.getByRole('checkbox', { name: 'Not in the catalogue' }).isChecked()).toBe(true)
    await page.getByRole('link', { name: 'mystery-agent' }).click()
    const panel = page.getByRole('dialog', { name: 'mystery-agent' })
    await panel.getByText('It behaves like an AI coding agent, and the catalogue does not know it.').waitFor()
    await panel.getByText('Installed by npm').waitFor()
    const reasons = panel.getByRole('region', { name: 'What it does that AI coding agents do' })
    expect(await reasons.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringContaining('Built to talk to models (npm:openai).'),
      expect.stringContaining('Set up to use MCP servers (~/.*/mcp.json).'),
    ])
    expect(await panel.getByRole('button', { name: 'Add a waiver' }).count()).toBe(0)
    expect(await panel.getByText('Ban begins').count()).toBe(0)
    expect(await auditPage(page)).toEqual([])
    expect(visited.misdeeds).toEqual([])
  })

  test('says who else reported the same session, in the finding and in the timeline', async () => {
    const other = await server.enrolled({ hostname: 'second' })
    other.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 50 }
    await other.checkIn([detectionRecord({ account: 'mallory' }), markRecord(noon, { account: 'mallory' })])
    const who = accountLabel(server.context.keys, other.id, 'mallory')
    const page = await logIn()
    await page.goto(`/findings?status=suspected&device=${deviceId}`)
    await page
      .getByRole('row')
      .filter({ hasText: 'Row 8' })
      .getByRole('link', { name: 'Claude Code' })
      .click()
    const panel = page.getByRole('dialog', { name: 'Claude Code' })
    await panel.getByText('The same sessions were also reported by:').waitFor()
    await panel.getByText(who).waitFor()
    expect(await auditPage(page)).toEqual([])
    await page.goto(`/devices/${deviceId}?tab=timeline`)
    await page.getByText('Sessions of it were now reported by another device too').waitFor()
    await page.getByText(who).waitFor()
    expect(await page.content()).not.toMatch(/alice|zbigniew|mallory/u)
    expect(visited.misdeeds).toEqual([])
  })

  test('shows a name only after a reason, and the audit log has who, when and why', async () => {
    const page = await logIn()
    await page.goto('/findings?status=violation')
    await page.getByRole('link', { name: 'Claude Code' }).click()
    await page.getByRole('dialog', { name: 'Claude Code' }).getByRole('button', { name: 'Show name' }).click()
    const question = page.getByRole('dialog', { name: 'Show name' })
    await question.getByText('recorded in the audit log').waitFor()
    const show = question.getByRole('button', { name: 'Show and record' })
    expect(await show.isDisabled()).toBe(true)
    await question.getByLabel('Why do you need to see it?').fill('Ticket 4711, asked by works council')
    await show.click()
    await page.getByRole('dialog', { name: 'Claude Code' }).getByText('alice').first().waitFor()
    expect(await page.content()).not.toMatch(/zbigniew/u)

    await page.goto('/audit')
    const entry = page.getByRole('row').filter({ hasText: 'Looked at a name' })
    expect(await entry.innerText()).toMatch(/admin[\s\S]*Ticket 4711, asked by works council/u)
    await page.getByRole('row').filter({ hasText: 'Opened a finding' }).first().waitFor()
    expect(visited.misdeeds).toEqual([])
  })

  test('shows a hostile device name so that it can do nothing', async () => {
    const page = await logIn()
    await page.goto('/devices')
    await page.getByRole('row').nth(1).getByRole('link').click()
    await page.getByRole('button', { name: 'Show device name' }).click()
    await page.getByLabel('Why do you need to see it?').fill('Looking for the lost laptop')
    await page.getByRole('button', { name: 'Show and record' }).click()
    await page.getByRole('heading', { level: 1, name: 'lap\\u{202e}top<b>' }).waitFor()
    expect(await page.locator('h1 b').count()).toBe(0)
    expect(visited.misdeeds).toEqual([])
  })

  test('can be used by keyboard alone', async () => {
    const page = await logIn()
    const { keyboard } = page
    const focused = () => page.evaluate(() => document.activeElement?.textContent.trim() ?? '')
    await keyboard.press('Tab')
    expect(await focused()).toBe('Skip to content')
    await keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')

    await page.goto('/')
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    for (let step = 0; step < 12 && (await focused()) !== 'Findings'; step++) await keyboard.press('Tab')
    await keyboard.press('Enter')
    await page.getByText('1–2 of 2 findings').waitFor()
    for (let step = 0; step < 30 && (await focused()) !== 'Claude Code'; step++) await keyboard.press('Tab')
    const rowOf = () => page.evaluate(() => document.activeElement?.closest('tr')?.textContent ?? '')
    const first = await rowOf()
    await keyboard.press('ArrowDown')
    expect(await rowOf()).not.toBe(first)
    await keyboard.press('Home')
    expect(await rowOf()).toBe(first)
    expect(
      await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle),
    ).toBe('solid')

    await keyboard.press('Enter')
    const panel = page.getByRole('dialog', { name: 'Claude Code' })
    await panel.getByRole('heading', { name: 'Verdict' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true)
    await keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await expect.poll(rowOf).toBe(first)
  })

  test('records what was done with a finding, with the reason', async () => {
    const page = await logIn()
    await page.goto('/findings?status=violation')
    await page.getByRole('link', { name: 'Claude Code' }).click()
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    const question = page.getByRole('dialog', { name: 'Acknowledge' })
    await question.getByLabel('Reason').fill('Spoke to the person')
    await question.getByRole('button', { name: 'Acknowledge' }).click()
    const panel = page.getByRole('dialog', { name: 'Claude Code' })
    await panel.getByText('Spoke to the person').waitFor()
    await panel.getByText('Acknowledged').first().waitFor()
    await panel.getByText('Violation').first().waitFor()
    expect(visited.misdeeds).toEqual([])
  })

  test('excuses a use by a waiver that is added from the finding, without a name', async () => {
    const page = await logIn()
    await page.goto('/findings?status=violation')
    await page.getByRole('link', { name: 'Claude Code' }).click()
    await page.getByRole('button', { name: 'Add a waiver' }).click()
    const form = page.getByRole('dialog', { name: 'Add a waiver' })
    await form.getByRole('button', { name: 'Add the waiver' }).click()
    await form.getByText('Say who answers for this exception.').waitFor()
    await form.getByLabel('From').fill('2026-11-01T00:00')
    await form.getByLabel('Until').fill('2026-12-31T00:00')
    await form.getByLabel('Owner').fill('Head of Research')
    await form.getByLabel('Reason').fill('Comparison for the board')
    await form.getByRole('button', { name: 'Add the waiver' }).click()
    await form.waitFor({ state: 'detached' })
    await server.runJobs()
    await page.goto('/findings?status=waived')
    await page.getByText('1–1 of 1 findings').waitFor()
    await page.goto('/waivers')
    await page
      .getByRole('row')
      .filter({ hasText: 'Head of Research' })
      .filter({ hasText: 'backdated' })
      .waitFor()
    expect(visited.misdeeds).toEqual([])
  })

  test('lets an account be chosen for a waiver by its pseudonym, never by its name', async () => {
    const label = accountLabel(server.context.keys, deviceId, 'zbigniew')
    const page = await logIn()
    await page.goto('/waivers')
    await page.getByRole('button', { name: 'Add a waiver' }).click()
    const form = page.getByRole('dialog', { name: 'Add a waiver' })
    await form.getByText('Account', { exact: true }).click()
    await form.getByLabel('Device id').fill(deviceId)
    await form.getByPlaceholder('Choose one of the device’s accounts').click()
    await page.getByRole('option', { name: label }).click()
    await form.getByLabel('Tools').click()
    await page.getByRole('option', { name: 'Claude Code', exact: true }).click()
    await form.getByLabel('Owner').fill('Head of Research')
    await form.getByLabel('Reason').fill('Comparison for the board')
    await form.getByRole('button', { name: 'Add the waiver' }).click()
    await form.waitFor({ state: 'detached' })
    await page
      .getByRole('row')
      .filter({ hasText: `account ${label} on device` })
      .waitFor()
    expect(await page.content()).not.toMatch(/alice|zbigniew/u)
    expect(visited.misdeeds).toEqual([])
  })

  test('offers a helpdesk no timeline, and shows it nothing that was typed into a waiver', async () => {
    const admin = await server.signIn()
    await admin.send('POST', '/api/v1/waivers', {
      subject: { kind: 'person', person: 'ada@example.com' },
      tools: ['claude-code'],
      owner: 'Ada',
      reason: 'Study of Ada',
      from: noon,
      until: noon + minute,
    })
    const page = await logIn()
    await server.become('helpdesk')
    await page.goto('/waivers')
    await page
      .getByRole('row')
      .filter({ hasText: /person person-[0-9a-f]{6}/u })
      .waitFor()
    await page.getByText('not shown to your role').first().waitFor()
    expect(await page.content()).not.toMatch(/\bada\b/iu)
    await page.goto(`/devices/${deviceId}?tab=timeline`)
    await page.getByRole('tab', { name: 'Inventory' }).waitFor()
    expect(await page.getByRole('tab', { name: 'Timeline' }).count()).toBe(0)
    expect(visited.misdeeds).toEqual([])
  })

  test('tries a policy out before it is applied, and names the mistakes of a wrong one', async () => {
    const page = await logIn()
    await page.goto('/policy')
    await page.getByRole('heading', { name: 'Version 1, in force' }).waitFor()
    await page.getByText('9 Jul 2026, 16:00').or(page.getByText('10 Jul 2026, 00:00')).first().waitFor()
    const text = page.getByLabel('Policy as YAML')
    await text.fill(
      'version: 2\norganisation: Example Ltd\ntimezone: Asia/Shanghai\nrules:\n  - id: a\n    tools: [claude-cod]\n    verdict: banned\n    from: 2026-12-01\n',
    )
    await page.getByRole('button', { name: 'Try it out' }).click()
    await page.getByRole('alert').getByText('did you mean "claude-code"').waitFor()

    await text.fill(JSON.stringify({ ...examplePolicy, version: 2, rules: [] }))
    await page.getByRole('button', { name: 'Try it out' }).click()
    await page.getByText('nothing has been stored').waitFor()
    await page.getByRole('button', { name: 'Apply version 2' }).click()
    await page.getByRole('heading', { name: 'Version 2, in force' }).waitFor()
    expect(visited.misdeeds).toEqual([])
  })

  test('finds who has a program', async () => {
    const page = await logIn()
    await page.goto('/inventory')
    await page.getByLabel('Name of a package, command, app or extension').fill('claude')
    await page.getByText('1–1 of 1 items').waitFor()
    await page.getByRole('row').filter({ hasText: '@anthropic-ai/claude-code' }).getByRole('link').click()
    await page.getByRole('heading', { level: 1, name: 'Device' }).waitFor()
    await page.getByRole('tab', { name: 'Coverage and gaps' }).click()
    await page.getByText('Its home could not be looked into.').waitFor()
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page.getByText('The device was enrolled.').waitFor()
    expect(await auditPage(page)).toEqual([])
    expect(visited.misdeeds).toEqual([])
  })

  test('lets nobody in without a session, and a link in only once', async () => {
    const link = new URL(await makeLoginLink(server.context))
    const { page } = visited
    await page.goto('/findings')
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    await page.getByLabel('Login link').fill(link.href)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    await page.getByLabel('Login link').fill(link.href)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This sign-in link has been used or has expired').waitFor()
    expect(visited.misdeeds).toEqual([])
  })
})
