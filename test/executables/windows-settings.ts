// Where the Windows executable takes its settings from, under Wine: the machine's folder and the policy key, whatever the
// environment of who starts it says.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from './targets-checked.ts'
import type { Wine } from './wine.ts'

const policyKey = String.raw`HKLM\SOFTWARE\Policies\Cutoff`
const otherFolder = String.raw`ProgramData=C:\hostile`
const ofTheAgent = ['CUTOFF_SCAN_SECONDS=61', String.raw`CUTOFF_SETTINGS=C:\hostile\Cutoff`]

/** @param executable as the copy that Wine can run, which `wine.run` has left there */
export function settingsFromTheMachine({ drive, tool }: Wine, executable: string): readonly Check[] {
  for (const [folder, text] of [
    ['ProgramData/Cutoff', 'processSeconds: 90\n'],
    ['hostile/Cutoff', 'processSeconds: 91\n'],
  ] as const) {
    mkdirSync(join(drive, folder), { recursive: true })
    writeFileSync(join(drive, folder, 'settings.yaml'), text)
  }
  tool('reg', 'add', policyKey, '/v', 'scanSeconds', '/t', 'REG_DWORD', '/d', '7200', '/f')
  // Wine shows the whole of this machine as Z:.
  const program = `Z:${executable.replaceAll('/', '\\')}`
  const statusWith = (environment: readonly string[]): string => {
    const command = [...environment.map((one) => `set ${one}`), `${program} status`].join('&& ')
    const { stdout, stderr } = tool('cmd', '/c', command)
    return `${stdout}${stderr}`
  }
  // Nor a path with slashes of both kinds, nor a setting that Windows has no use for.
  const foreign = /\\\S*\/|accountsFolder/
  const check = (what: string, told: string, lines: readonly RegExp[]): Check => {
    const ok = lines.every((line) => line.test(told)) && !foreign.test(told)
    return { what, ok, found: ok ? '' : told.slice(0, 1500) }
  }
  const machines = [
    /^scanSeconds +HKEY_LOCAL_MACHINE\S+ +7200\r?$/m,
    /^processSeconds +C:\\ProgramData\\Cutoff\\settings\.yaml +90\r?$/m,
  ]
  const account = check(
    'takes settings from the registry and the machine’s folder, wherever the environment says that is',
    statusWith([otherFolder]),
    machines,
  )
  // Who may list it is an administrator; Wine has no such folder.
  mkdirSync(join(drive, 'windows/system32/config'))
  const administrator = check(
    'an administrator’s run takes none from the environment, and says so',
    statusWith([otherFolder, ...ofTheAgent]),
    [
      ...machines,
      /^stateFolder +default +C:\\ProgramData\\Cutoff\r?$/m,
      /CUTOFF_SETTINGS is passed over/,
      /CUTOFF_SCAN_SECONDS is passed over/,
    ],
  )
  return [account, administrator]
}
