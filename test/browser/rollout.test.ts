// A policy on its way to the devices, in Chromium: its stage, halted, resumed and given to all, in light and dark, wide and narrow.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildDashboard,
  chromiumPath,
  launchChromium,
  visit,
  type BuiltDashboard,
} from '../helpers/dashboard.ts'
import { auditPage } from '../helpers/page-audit.ts'
import { startWebFixture } from '../helpers/web-fixture/server.ts'

const now = Date.UTC(2026, 10, 22, 12)

describe.skipIf(chromiumPath === undefined)('a policy on its way', () => {
  let dashboard: BuiltDashboard
  let browser: Browser
  beforeAll(async () => {
    dashboard = await buildDashboard()
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    dashboard?.remove()
  })

  test.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)('is halted, resumed and given to all (%s, %d wide)', async (colorScheme, width) => {
    const fixture = await startWebFixture(dashboard.folder, now)
    const { page, misdeeds, close } = await visit(browser, fixture.url, {
      colorScheme,
      viewport: { width, height: 900 },
    })
    const panel = page.getByRole('region', { name: 'On the devices' })
    const act = async (name: string) => {
      await panel.getByRole('button', { name }).click()
      const dialog = page.getByRole('dialog')
      expect(await auditPage(page)).toEqual([])
      await dialog.getByRole('button', { name }).click()
      await dialog.waitFor({ state: 'detached' })
    }

    await page.goto('/policy')
    await panel.getByText('Stage 2 of 3').waitFor()
    await panel.getByText('9 of 63 devices act on it.').waitFor()
    await panel.getByText('1 device did not take it').waitFor()
    await panel.getByText('the rule no-us-cli would count is not witnessed there').waitFor()
    expect(await auditPage(page)).toEqual([])

    await act('Halt')
    await panel.getByText('an administrator halted it. The others keep version 1.').waitFor()
    expect(await auditPage(page)).toEqual([])
    await page.goto('/')
    await page.getByRole('link', { name: 'Decide about policy version 2, which was halted' }).click()

    await act('Resume')
    await panel.getByText('Stage 2 of 3').waitFor()
    await act('Give it to all now')
    await panel.getByText('For all devices', { exact: true }).waitFor()
    expect(await panel.getByRole('button').allTextContents()).toEqual(['Halt'])
    expect(await auditPage(page)).toEqual([])
    expect(misdeeds).toEqual([])
    await close()
    await fixture.close()
  })
})
