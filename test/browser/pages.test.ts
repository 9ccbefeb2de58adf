// Every page over an invented fleet, in Chromium: light and dark, wide and narrow, full, empty and failing, under a content
// security policy stricter than the server's.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildDashboard,
  chromiumPath,
  launchChromium,
  visit,
  type BuiltDashboard,
  type Visit,
} from '../helpers/dashboard.ts'
import { auditPage } from '../helpers/page-audit.ts'
import { fixtureToken, startWebFixture, type WebFixture } from '../helpers/web-fixture/server.ts'

const now = Date.UTC(2026, 10, 22, 12)
const pages = [
  ['/', 'Overview', 'What to do next'],
  ['/findings', 'Findings', 'account-5445'],
  ['/findings?tool=claude-code&lifecycle=open', 'Findings', 'account-5445'],
  ['/findings?status=violation&sort=-tool', 'Findings', 'account-5445'],
  ['/devices', 'Devices', 'device-5445'],
  ['/devices?contact=quiet', 'Devices', 'device-'],
  ['/devices/d1', 'Device', 'no finding and no use was moved'],
  ['/devices/d3', 'Device', 'Tools of the catalogue'],
  ['/devices/d8', 'Device', 'silence is no evidence'],
  ['/devices/d3?tab=inventory', 'Device', 'ripgrep'],
  ['/devices/d3?tab=coverage', 'Device', 'It stands beside every verdict'],
  ['/devices/d3?tab=timeline', 'Device', 'Reports are missing'],
  ['/inventory', 'Inventory', 'typescript'],
  ['/inventory?item=package', 'Inventory', 'typescript'],
  ['/tools', 'Tools', 'Claude Code'],
  ['/tools?category=ide&country=CN', 'Tools', 'Qoder'],
  ['/tools/claude-code', 'Claude Code', 'Who has it'],
  ['/tools/aider', 'Aider', 'A session leaves no record that can be dated.'],
  ['/gaps', 'Gaps', 'Blind spot'],
  ['/policy', 'Policy', 'Version 2, in force'],
  ['/waivers', 'Waivers', 'In force'],
  ['/audit', 'Audit log', 'Looked at a name'],
] as const

describe.skipIf(chromiumPath === undefined)('the pages', () => {
  let dashboard: BuiltDashboard
  let fixture: WebFixture
  let browser: Browser
  beforeAll(async () => {
    dashboard = await buildDashboard()
    fixture = await startWebFixture(dashboard.folder, now)
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await fixture?.close()
    dashboard?.remove()
  })

  const looks = [
    ['light and wide', 'light', 1440],
    ['dark and narrow', 'dark', 390],
  ] as const
  describe.each(looks)('%s', (_name, colorScheme, width) => {
    let visited: Visit
    beforeAll(async () => {
      fixture.setMode('full')
      visited = await visit(browser, fixture.url, { colorScheme, viewport: { width, height: 900 } })
    })
    afterAll(() => visited?.close())

    test.each(pages)(
      '%s is named, readable, within the window and does nothing forbidden',
      async (path, title, text) => {
        const { page, misdeeds } = visited
        await page.goto(path)
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
        await page.getByText(text).first().waitFor()
        expect(await auditPage(page)).toEqual([])
        expect(misdeeds).toEqual([])
        expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(colorScheme)
      },
    )

    test('a finding is named, readable and within the window', async () => {
      const { page, misdeeds } = visited
      await page.goto('/findings/f0')
      const panel = page.getByRole('dialog', { name: 'Claude Code' })
      await panel.getByRole('heading', { name: 'Verdict' }).waitFor()
      await panel.getByText('How every sign of life is judged').click()
      await panel.getByText('This row decided').waitFor()
      expect(await auditPage(page)).toEqual([])
      expect(misdeeds).toEqual([])
    })
  })

  const empties = [
    ['/', 'Nothing has been looked at yet'],
    ['/findings', 'No finding'],
    ['/devices', 'No device is enrolled yet'],
    ['/inventory', 'No inventory yet'],
    ['/tools?q=no-such-tool', 'No tool fits this filter'],
    ['/tools/claude-code', 'No device reports it'],
    ['/gaps', 'No open gap'],
    ['/policy', 'No policy is in force'],
    ['/waivers', 'No waiver'],
    ['/audit', 'Nothing has been recorded yet'],
  ] as const
  describe('without data', () => {
    let visited: Visit
    beforeAll(async () => {
      fixture.setMode('empty')
      visited = await visit(browser, fixture.url)
    })
    afterAll(() => visited?.close())

    test.each(empties)('%s says so and what to do', async (path, text) => {
      const { page, misdeeds } = visited
      await page.goto(path)
      await page.getByText(text, { exact: true }).first().waitFor()
      expect(await auditPage(page)).toEqual([])
      expect(misdeeds).toEqual([])
    })
  })

  const failing = [
    '/',
    '/findings',
    '/devices',
    '/devices/d3',
    '/inventory',
    '/tools',
    '/tools/claude-code',
    '/gaps',
    '/policy',
    '/waivers',
    '/audit',
  ]
  describe('when the server fails', () => {
    let visited: Visit
    beforeAll(async () => {
      visited = await visit(browser, fixture.url)
    })
    afterAll(() => visited?.close())

    test.each(failing)('%s tells it and tries again when asked', async (path) => {
      const { page, misdeeds } = visited
      fixture.setMode('failing')
      await page.goto(path)
      const alert = page.getByRole('alert').first()
      await alert.getByText('The database did not answer within 5 seconds.').waitFor()
      expect(misdeeds).toEqual([])
      fixture.setMode('full')
      await alert.getByRole('button', { name: 'Try again' }).click()
      await page.getByRole('alert').first().waitFor({ state: 'detached' })
    })
  })

  test('a page that waits shows where its rows will be', async () => {
    fixture.setMode('slow')
    const { page, close } = await visit(browser, fixture.url)
    await page.goto('/findings')
    await page.locator('table[aria-busy=true]').waitFor()
    expect(await page.getByRole('table', { name: 'Findings' }).getByRole('columnheader').count()).toBe(7)
    fixture.setMode('full')
    await close()
  })

  test('text from a device can neither reorder nor become markup', async () => {
    fixture.setMode('full')
    const { page, misdeeds, close } = await visit(browser, fixture.url)
    await page.goto('/devices/d4')
    await page.getByRole('button', { name: 'Show device name' }).click()
    await page.getByLabel('Why do you need to see it?').fill('Checking how names are shown')
    await page.getByRole('button', { name: 'Show and record' }).click()
    await page.getByRole('heading', { level: 1, name: 'lap\\u{202e}top-4<b>' }).waitFor()
    expect(await page.locator('h1 b').count()).toBe(0)
    expect(misdeeds).toEqual([])
    await close()
  })

  test('the pages of a list lead on and back, and stand in the address', async () => {
    const { page, close } = await visit(browser, fixture.url)
    await page.goto('/findings')
    await page.getByText('1–50 of 63 findings').waitFor()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('51–63 of 63 findings').waitFor()
    await page.reload()
    await page.getByText('51–63 of 63 findings').waitFor()
    await page.getByRole('button', { name: 'Previous' }).click()
    await page.getByText('1–50 of 63 findings').waitFor()
    expect(new URL(page.url()).search).toBe('')
    await close()
  })

  test('a tool is found in the catalogue, and leads to its findings, its devices and its sources', async () => {
    const { page, misdeeds, close } = await visit(browser, fixture.url)
    await page.goto('/tools')
    await page.getByRole('searchbox', { name: 'Name of a tool or vendor' }).fill('anthropic')
    await page.getByText(/^\d+ of \d+ tools$/u).waitFor()
    await page.getByRole('link', { name: 'Claude Code', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Claude Code' }).waitFor()
    await page.getByText('The npm package @anthropic-ai/claude-code', { exact: true }).waitFor()
    await page.getByText('Installed and started by the project on').waitFor()
    const source = page.getByRole('link', { name: /npmjs\.com/u }).first()
    expect(await source.getAttribute('rel')).toBe('noopener noreferrer')
    await page.getByRole('link', { name: /^Who has it ?: @anthropic-ai\/claude-code$/u }).click()
    await page.getByRole('heading', { level: 1, name: 'Inventory' }).waitFor()
    expect(await page.getByRole('searchbox').inputValue()).toBe('@anthropic-ai/claude-code')
    await page.goBack()
    await page.getByRole('link', { name: 'All findings about it' }).click()
    await page.getByRole('heading', { level: 1, name: 'Findings' }).waitFor()
    expect(new URL(page.url()).search).toBe('?tool=claude-code')
    expect(misdeeds).toEqual([])
    await close()
  })

  test('a quiet device is found from the overview, and its page says what follows from it and what does not', async () => {
    const { page, misdeeds, close } = await visit(browser, fixture.url)
    await page.goto('/')
    await page.getByRole('link', { name: /^Look at 7 quiet devices$/u }).click()
    await page.getByRole('heading', { level: 1, name: 'Devices' }).waitFor()
    const quiet = page.getByRole('button', { name: 'Quiet', exact: true })
    expect(await quiet.getAttribute('aria-pressed')).toBe('true')
    await page.getByText('7 of 7 devices').or(page.getByText('1–7 of 7 devices')).waitFor()
    await page.locator('a[href="/devices/d8"]').click()
    await page.getByText('longer than its habit of at most 6 hours.').waitFor()
    await page.getByText('the agent was stopped or uninstalled').waitFor()
    await page.goBack()
    await page.locator('a[href="/devices/d17"]').click()
    await page.getByText('It said nothing of being stopped').waitFor()
    await page.goto('/devices/d20')
    await page.getByText('its package was being uninstalled').waitFor()
    await page.goto('/devices/d3')
    await page.getByText('Tools of the catalogue').waitFor()
    expect(await page.getByRole('heading', { name: 'Quiet' }).count()).toBe(0)
    expect(misdeeds).toEqual([])
    await close()
  })

  test.each([
    ['/policy', 'Claude Code'],
    ['/devices/d0', 'Claude Code'],
    ['/findings/f0', 'Claude Code'],
  ])('the name of a tool on %s leads to its page', async (path, name) => {
    const { page, misdeeds, close } = await visit(browser, fixture.url)
    await page.goto(path)
    await page.locator('a[href="/tools/claude-code"]').filter({ hasText: name }).first().click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    expect(misdeeds).toEqual([])
    await close()
  })

  test('a tool that is in no catalogue is told as missing', async () => {
    const { page, misdeeds, close } = await visit(browser, fixture.url)
    await page.goto('/tools/no-such-tool')
    await page.getByRole('alert').getByText('It may have been removed. Go back to the list.').waitFor()
    expect(misdeeds).toEqual([])
    await close()
  })

  test('the colour scheme can be chosen and is kept', async () => {
    const { page, close } = await visit(browser, fixture.url, { colorScheme: 'light' })
    await page.goto('/')
    await page.getByRole('complementary').getByText('Dark').locator('..').click()
    await expect.poll(() => page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
    await page.reload()
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
    await close()
  })

  test('an address that leads nowhere says so', async () => {
    const { page, misdeeds, close } = await visit(browser, fixture.url)
    await page.goto('/nowhere')
    await page.getByText('There is no page at this address').waitFor()
    expect(misdeeds).toEqual([])
    await close()
  })

  test('whoever is not signed in is led to the sign-in page, and in by a pasted link', async () => {
    fixture.signOut()
    const { page, misdeeds, close } = await visit(browser, fixture.url)
    await page.goto('/findings')
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    expect(await auditPage(page)).toEqual([])
    await page.getByLabel('Login link').fill('https://example.com/')
    await page.getByText('This is not a login link.').waitFor()
    await page.getByLabel('Login link').fill('http://127.0.0.1/login?token=used-up-token-0000')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This sign-in link has been used or has expired').waitFor()
    await page.getByLabel('Login link').fill(`http://127.0.0.1/login?token=${fixtureToken}`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    expect(misdeeds).toEqual([])
    await close()
  })
})
