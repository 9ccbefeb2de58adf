// The dashboard in a real browser, for browser tests: built once into a temporary folder, opened in the system's Chromium,
// with everything that a page must not do collected as it happens.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { build } from 'vite'
import { findChromium } from './chromium.ts'
import { repositoryRoot } from './repository.ts'

export const chromiumPath = findChromium(process.env)

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface BuiltDashboard {
  readonly folder: string
  readonly remove: () => void
}

/** Builds the dashboard as it is in the sources now. */
export async function buildDashboard(): Promise<BuiltDashboard> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-web-'))
  await build({
    configFile: join(repositoryRoot, 'server/web/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  })
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Starts Chromium. As root it cannot have its own sandbox; nothing but our own pages is opened in it. */
export function launchChromium(): Promise<Browser> {
  const root = process.getuid?.() === 0
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    args: root ? [...flags, '--no-sandbox'] : flags,
  })
}

export interface Visit {
  readonly page: Page
  /** What the page did that it must not: console errors, exceptions, policy violations, requests to elsewhere. */
  readonly misdeeds: string[]
  readonly close: () => Promise<void>
}

/** A page in a fresh profile. Failing answers of the server are told by the page itself and are no misdeed. */
export async function visit(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: origin,
    timezoneId: 'Asia/Shanghai',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  })
  const misdeeds: string[] = []
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(
        `content security policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`,
      )
    })
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  page.on('console', (message) => {
    const text = message.text()
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) misdeeds.push(text)
  })
  page.on('pageerror', (error) => misdeeds.push(String(error)))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith('data:')) misdeeds.push(`request to ${url}`)
  })
  return { page, misdeeds, close: () => context.close() }
}
