// Where Windows keeps what belongs to the machine, as its own record says. Never as the environment says: whoever starts the agent
// sets that, for an administrator's programs too.
import { parseRegistryQuery } from '../parsers/registry-query.ts'
import { ask, type Ask } from './system-programs.ts'

/** Only administrators can write it; the system makes `%ProgramData%` from it at each start of a program. */
const profileList = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList`

/** The machine's folder for programs' data, such as `C:\ProgramData`; that, too, where the record cannot be read. */
export async function machineData(asked: Ask = ask): Promise<string> {
  const told = await asked('reg', ['query', profileList, '/v', 'ProgramData'])
  const value = told === null ? undefined : parseRegistryQuery(told, profileList).values['ProgramData']
  const folder = value?.replace(/^%SystemDrive%/i, 'C:') ?? ''
  // `reg` prints other letters in a console's code page, and loses some.
  return /^[a-z]:\\[ -$&-~]+$/i.test(folder) ? folder : String.raw`C:\ProgramData`
}
