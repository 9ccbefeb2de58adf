// Asks this system for the proxy of the whole machine, which a service is not told by its environment: one function, one way per
// system. Each call asks anew; whether what it says counts is `agent/sync/proxy.ts`'s.
import { dirname } from 'node:path'
import process from 'node:process'
import { parseEnvironmentProxy } from '../parsers/environment-file.ts'
import { parseScutilProxy } from '../parsers/scutil-proxy.ts'
import { noProxyOf, type SystemProxy } from '../parsers/system-proxy.ts'
import { parseInternetSettings, parseWinHttpSettings } from '../parsers/windows-proxy.ts'
import { isBelievedFolder, readBelievedFile } from './administrator-file.ts'
import type { SourceFault } from './managed-settings.ts'
import type { Ask } from './system-programs.ts'
import type { ReadRegistry } from './windows-registry.ts'

export async function systemProxy(): Promise<SystemProxy> {
  if (process.platform === 'linux') return linuxProxy('/etc/environment', [0])
  const { ask } = await import('./system-programs.ts')
  if (process.platform !== 'win32') return darwinProxy(ask)
  const { registryBy } = await import('./windows-registry.ts')
  return windowsProxy(registryBy(ask))
}

/** @param owners uids that may name the proxy: who else could write the file could lead the agent's traffic elsewhere */
export function linuxProxy(path: string, owners: readonly number[]): SystemProxy {
  const faults: SourceFault[] = []
  const text = isBelievedFolder(dirname(path), owners, faults) ? readBelievedFile(path, owners, faults) : null
  return text === null
    ? noProxyOf('environment-file', faults[0]?.message ?? null)
    : parseEnvironmentProxy(text)
}

/** Not run on macOS yet. */
export async function darwinProxy(ask: Ask): Promise<SystemProxy> {
  const text = await ask('scutil', ['--proxy'])
  return text === null
    ? noProxyOf('network-settings', 'macOS’ network settings could not be asked (scutil --proxy).')
    : parseScutilProxy(text)
}

const machineKey = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings`
const policyKey = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\Internet Settings`

/** Not run on Windows yet. What is an account's own (WinINet without the policy) is not the machine's. */
export async function windowsProxy(registry: ReadRegistry): Promise<SystemProxy> {
  const key = async (path: string) => (await registry(path))?.get(path)
  const settings = (await key(String.raw`${machineKey}\Connections`))?.get('winhttpsettings')
  const ofWinHttp = settings?.type === 'bytes' ? parseWinHttpSettings(settings.bytes) : noProxyOf('winhttp')
  if (ofWinHttp.http !== null || ofWinHttp.https !== null) return ofWinHttp
  const perUser = (await key(policyKey))?.get('proxysettingsperuser')
  if (perUser?.type !== 'number' || perUser.number !== 0) return ofWinHttp
  const machine = await key(machineKey)
  return machine === undefined ? ofWinHttp : parseInternetSettings(machine)
}
