// Which proxy the Windows executable takes from the machine, under Wine: what `doctor` says where nothing but the registry names one.
import type { Check } from './targets-checked.ts'
import type { Wine } from './wine.ts'

const settingsKey = String.raw`HKLM\SOFTWARE\Policies\Cutoff`
const machineKey = String.raw`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings`
const policyKey = String.raw`HKLM\SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\Internet Settings`

/** @param executable as the copy that Wine can run, which `wine.run` has left there */
export function proxyOfTheMachine({ tool }: Wine, executable: string): readonly Check[] {
  // Wine shows the whole of this machine as Z:.
  const program = `Z:${executable.replaceAll('/', '\\')}`
  const add = (key: string, name: string, type: string, value: string) =>
    tool('reg', 'add', key, '/v', name, '/t', type, '/d', value, '/f')
  const check = (what: string, address: string, place: string): Check => {
    const { stdout } = tool('cmd', '/c', `${program} doctor`)
    return {
      what: `goes through ${what}`,
      ok: stdout.includes(`Requests go through ${address}, from ${place}.`),
      found: /^\S+ +Proxy.*$/m.exec(stdout)?.[0] ?? stdout.slice(0, 500),
    }
  }
  // An administrator's run takes no server from the environment.
  add(settingsKey, 'server', 'REG_SZ', 'https://cutoff.invalid')
  add(`${machineKey}\\Connections`, 'WinHttpSettings', 'REG_BINARY', winHttpSettings(3, 'win.invalid:3128'))
  const winHttp = check('WinHTTP’s proxy', 'http://win.invalid:3128', 'the machine’s WinHTTP settings')
  add(`${machineKey}\\Connections`, 'WinHttpSettings', 'REG_BINARY', winHttpSettings(1, ''))
  add(policyKey, 'ProxySettingsPerUser', 'REG_DWORD', '0')
  add(machineKey, 'ProxyEnable', 'REG_DWORD', '1')
  add(machineKey, 'ProxyServer', 'REG_SZ', 'https=all.invalid:3128')
  const forAll = check(
    'the one of the Internet Options for all accounts',
    'http://all.invalid:3128',
    'the machine’s Internet Options',
  )
  return [winHttp, forAll]
}

/** In hexadecimal, as Windows writes them (agent/parsers/windows-proxy.ts). */
function winHttpSettings(flags: number, proxy: string): string {
  const bytes = Buffer.alloc(20 + proxy.length)
  bytes.writeUInt32LE(0x28, 0)
  bytes.writeUInt32LE(flags, 8)
  bytes.writeUInt32LE(proxy.length, 12)
  bytes.write(proxy, 16, 'latin1')
  return bytes.toString('hex')
}
