// The life of the package for Windows under Wine: installed with what msiexec is told, stopped, started, upgraded, removed. Wine
// keeps no rights of files and hides nothing in its logs: of those the package's tables and C source are all that is looked at.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Wine } from '../executables/wine.ts'
import type { Check } from './package-life.ts'
import { noticeChecks, noticeProgram } from './windows-notice.ts'
import { installedAgent, layTraps, processesOf, registryTool, serviceChecks } from './windows-service.ts'

/** Why the package cannot be made and tried here; undefined where it can. */
export function whyNoWindows(): string | undefined {
  const missing = ['wine', 'wixl', 'msibuild', 'x86_64-w64-mingw32-gcc', 'Xvfb'].filter(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined,
  )
  return missing.length === 0 ? undefined : `no ${missing.join(', ')}`
}

const token = 'ct_of-this-check-alone'

/** @param versions files of two versions, the older first */
export async function windowsLife(
  wine: Wine,
  versions: readonly [older: string, newer: string],
): Promise<readonly Check[]> {
  const { drive, tool } = wine
  const checks: Check[] = []
  const check = (what: string, ok: boolean, found = ''): void => {
    checks.push({ what, ok, found: ok ? '' : found.trim().slice(-600) })
  }
  const data = join(drive, 'ProgramData/Cutoff')
  const programs = join(drive, 'Program Files/Cutoff')
  const identity = join(data, 'State/identity.json')
  const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')
  const settings = (): string => textOf(join(data, 'conf.d/10-installer.yaml'))
  const state = (): string => tool('sc', 'query', 'CutoffAgent').stdout
  const agents = (): number => processesOf(installedAgent).length
  const msiexec = (what: string, ...words: readonly string[]): void => {
    const { status, stdout, stderr } = tool('msiexec', ...words, '/qn')
    check(what, status === 0, `${status} ${stdout}${stderr}`)
  }
  const comes = async (what: string, holds: () => boolean, seconds = 30): Promise<void> => {
    let ok = holds()
    for (let waited = 0; !ok && waited < seconds; waited++) {
      await sleep(1000)
      ok = holds()
    }
    check(what, ok, `${state()}${textOf(join(data, 'State/service.log'))}`)
  }
  const [older, newer] = versions

  const table = (name: string) => spawnSync('msiinfo', ['export', newer, name], { encoding: 'utf8' }).stdout
  check(
    'logs do not show the token',
    /^MsiHiddenProperties\tTOKEN;GiveSettings;Configure\r?$/m.test(table('Property')),
  )
  check(
    'and the action hides what it is given',
    /^Configure\t11265\t/m.test(table('CustomAction')),
    table('CustomAction'),
  )

  check(
    'a removal and an upgrade are told before the service is stopped, as the system, whatever comes of it',
    /^ReportRemoval\t3154\tAgent\treport-removal --state /m.test(table('CustomAction')) &&
      /^ReportUpgrade\t3154\tAgent\treport-removal --upgrade --state /m.test(table('CustomAction')) &&
      /^ReportRemoval\tREMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE\t1899\r?$/m.test(
        table('InstallExecuteSequence'),
      ) &&
      /^ReportUpgrade\tUPGRADINGPRODUCTCODE\t1899\r?$/m.test(table('InstallExecuteSequence')),
    `${table('CustomAction')}${table('InstallExecuteSequence')}`,
  )

  layTraps(wine)
  msiexec('installs', '/i', older, 'SERVER=https://cutoff.invalid', `TOKEN=${token}`)
  await comes('the service runs', () => state().includes('RUNNING'))
  await comes('the agent makes an identity', () => textOf(identity) !== '')
  check('one agent runs', agents() === 1, String(agents()))
  check(
    'what msiexec was told is a setting',
    settings().includes("\nserver: 'https://cutoff.invalid'\r\n"),
    settings(),
  )
  check('the token is in a file of its own', textOf(join(data, 'enrolment-token')) === token)
  check(
    'which the settings name',
    settings().includes("tokenFile: 'C:\\ProgramData\\Cutoff\\enrolment-token'\r\n") &&
      !settings().includes(token),
    settings(),
  )

  const first = textOf(identity)
  tool('net', 'stop', 'CutoffAgent')
  await comes('it stops', () => state().includes('STOPPED'))
  check('and no agent is left over', agents() === 0, String(agents()))
  tool('net', 'start', 'CutoffAgent')
  await comes('it starts again', () => state().includes('RUNNING') && agents() === 1)

  checks.push(...(await serviceChecks(wine, data)))
  checks.push(...(await noticeChecks(wine)))

  // Windows' msiexec waits for a service to stop; Wine's does not.
  const stopped = async (): Promise<void> => {
    tool('net', 'stop', 'CutoffAgent')
    await comes('the service stops', () => state().includes('STOPPED') && agents() === 0)
  }
  const told = settings()
  await stopped()
  check('what shows notices runs', processesOf(noticeProgram).length > 0)
  msiexec('upgrades', '/i', newer)
  check('and was ended for the upgrade', processesOf(noticeProgram).length === 0)
  await comes('the service runs again', () => state().includes('RUNNING') && agents() === 1)
  check('its identity is as before', textOf(identity) === first)
  check('its settings are as before', settings() === told, settings())
  const installed = tool(
    registryTool,
    'query',
    'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall',
    '/s',
  ).stdout
  check(
    'it is listed once, by the new version',
    installed.includes('9.9.9') && !installed.includes('0.0.1'),
    installed,
  )
  const { status: downgraded } = tool('msiexec', '/i', older, '/qn')
  check('an older version is refused', downgraded !== 0 && state().includes('RUNNING'), String(downgraded))

  await stopped()
  msiexec('is removed', '/x', newer)
  check('no program is left', !existsSync(programs))
  check('no service', !state().includes('CutoffAgent'), state())
  check('no agent', agents() === 0, String(agents()))
  check('its state is kept', textOf(identity) === first)
  msiexec('installs over kept state', '/i', newer)
  await comes('the service runs', () => state().includes('RUNNING') && agents() === 1)
  check('its identity is as before', textOf(identity) === first)
  await stopped()
  msiexec('is purged', '/x', newer, 'PURGE=1')
  check('nothing is left', !existsSync(programs) && !existsSync(data))
  return checks
}
