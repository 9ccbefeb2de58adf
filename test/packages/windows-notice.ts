// Notices on Windows, under Wine on a screen without a monitor: what the package starts at login shows a window, counts a notice once
// that is closed, shows each once, stays, and shows what is new when the service says so; surroundings have no say in it.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Wine } from '../executables/wine.ts'
import type { Check } from './package-life.ts'
import { processesOf, registryTool } from './windows-service.ts'

export const noticeProgram = String.raw`C:\Program Files\Cutoff\cutoff-notice.exe`
const loginPrograms = String.raw`HKLM\Software\Microsoft\Windows\CurrentVersion\Run`

/** Bytes of the screen that are not black. */
function litBytes(screen: string): number {
  // Its head and colours are of no interest.
  const pixels = existsSync(screen) ? readFileSync(screen).subarray(4096) : Buffer.alloc(0)
  return pixels.reduce((lit, byte) => (byte === 0 ? lit : lit + 1), 0)
}

/** The package is installed, and its service runs with a state of its own. */
export async function noticeChecks({ drive, home, tool }: Wine): Promise<readonly Check[]> {
  const checks: Check[] = []
  const check = (what: string, ok: boolean, found = ''): void => {
    checks.push({ what, ok, found: ok ? '' : found.trim().slice(-600) })
  }
  const comes = async (what: string, holds: () => boolean, found: () => string = () => ''): Promise<void> => {
    let ok = holds()
    for (let waited = 0; !ok && waited < 60; waited++) {
      await sleep(500)
      ok = holds()
    }
    check(what, ok, ok ? '' : found())
  }
  const folder = join(drive, 'screen')
  mkdirSync(folder)
  const screen = join(folder, 'Xvfb_screen0')
  const xvfb = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '800x600x24', '-fbdir', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const display = await new Promise<string>((resolve) => {
    xvfb.stdout.once('data', (text: Buffer) => resolve(`:${text.toString().trim()}`))
  })
  const windows = () => processesOf(`${noticeProgram}\0--show`)
  const shown = join(home, 'AppData/Local/Cutoff-notices/shown.json')
  const shownKeys = (): readonly string[] =>
    existsSync(shown) ? (JSON.parse(readFileSync(shown, 'utf8')) as string[]) : []
  const config = join(drive, 'windows/system32/config')
  const stopped = async (): Promise<void> => {
    tool('net', 'stop', 'CutoffAgent')
    await comes('the service stops', () => tool('sc', 'query', 'CutoffAgent').stdout.includes('STOPPED'))
  }
  let login: ChildProcess | null = null
  try {
    const started = tool(registryTool, 'query', loginPrograms, '/v', 'CutoffNotice').stdout
    check('Windows is told to start it at login', started.includes(`"${noticeProgram}"`), started)
    // By this folder the agent knows that it may read all accounts' data; Wine has none.
    mkdirSync(config)
    await stopped()
    tool('net', 'start', 'CutoffAgent')
    const copies = () => readdirSync(join(drive, 'ProgramData/Cutoff/State-accounts'))
    await comes(
      'the service has made the folder of copies, and the agent copies in it',
      () => ['news', /^S-1-5-21-/].every((name) => copies().some((one) => one.search(name) === 0)),
      () => copies().join(' '),
    )

    // A desktop of its own, since what was started before has no screen.
    const onDesktop = ['explorer', '/desktop=login,800x600']
    const env = {
      PATH: process.env['PATH'],
      HOME: dirname(dirname(drive)),
      WINEPREFIX: dirname(drive),
      WINEDEBUG: '-all',
      DISPLAY: display,
      // Whoever believes these shows nothing.
      NODE_REPL_EXTERNAL_MODULE: String.raw`C:\hostile\replaced.js`,
      CUTOFF_STATE: String.raw`C:\hostile`,
    }
    login = spawn('wine', [...onDesktop, noticeProgram], { env, stdio: 'ignore' })
    await comes('a window is opened at login', () => windows().length === 1)
    await comes(
      'and drawn',
      () => litBytes(screen) > 50_000,
      () => String(litBytes(screen)),
    )
    check('an open window is not counted as shown', shownKeys().length === 0, shownKeys().join())
    // As somebody closes it; what waits for news has no window.
    const closeAll = () =>
      spawnSync('wine', [...onDesktop, 'taskkill', '/im', 'cutoff-notice.exe'], {
        env,
        timeout: 30_000,
        stdio: 'ignore',
      })
    closeAll()
    await comes(
      'once closed it is',
      () => shownKeys().join() === 'collection full',
      () => shownKeys().join(),
    )
    check('no window is left', windows().length === 0)
    check(
      'what waits for news stays',
      processesOf(noticeProgram).length === 1,
      String(processesOf(noticeProgram).length),
    )

    // As if it had not been shown; the service then says that there is news.
    rmSync(shown, { force: true })
    await stopped()
    rmSync(join(drive, 'ProgramData/Cutoff/State-accounts/news'), { force: true })
    tool('net', 'start', 'CutoffAgent')
    await comes('what is new is shown while somebody is logged in', () => windows().length === 1)
    closeAll()
    await comes('and counts once closed', () => shownKeys().length === 1)
  } finally {
    login?.kill()
    xvfb.kill()
    rmSync(config, { recursive: true, force: true })
  }
  return checks
}
