// Live processes on Windows: one question to its CIM for path, command line, owner and start of all of them.
import type { WindowsProcessRow, WindowsSnapshot } from '../parsers/windows-snapshot.ts'
import { parseSnapshot, splitCommandLine } from '../parsers/windows-snapshot.ts'
import type { Process } from './host.ts'
import type { Ask } from './system-programs.ts'
import { inHomes, portablePath } from '../parsers/windows-paths.ts'

const modules = String.raw`$PSHOME\Modules`
/** Modules by their place, so that none of the same name is found elsewhere; the answer in Base64, which no code page changes. */
const prelude = [
  `$ErrorActionPreference = 'Stop'`,
  `Import-Module "${modules}\\CimCmdlets", "${modules}\\Microsoft.PowerShell.Utility"`,
].join('; ')
const answer = `[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -Compress -Depth 4 -InputObject $all)))`
const milliseconds = (date: string): string => `([DateTimeOffset]${date}).ToUnixTimeMilliseconds()`

/** The owner is asked for only of programs outside the system's folder: that is one more call for each. */
const processScript = `${prelude}; $all = @{
  processes = @(Get-CimInstance Win32_Process -Property Handle,ProcessId,ParentProcessId,Name,ExecutablePath,CommandLine,CreationDate | ForEach-Object {
    $owner = $null
    if (-not ($_.ExecutablePath -like 'C:\\Windows\\*')) { try { $owner = (Invoke-CimMethod -InputObject $_ -MethodName GetOwnerSid).Sid } catch { } }
    @{ pid = $_.ProcessId; parentPid = $_.ParentProcessId; name = $_.Name; path = $_.ExecutablePath; line = $_.CommandLine; owner = $owner
       startedAt = $(if ($_.CreationDate) { ${milliseconds('$_.CreationDate')} } else { $null }) }
  })
  drives = @(Get-CimInstance Win32_LogicalDisk -Property DeviceID,DriveType,FileSystem | ForEach-Object { @{ id = $_.DeviceID; type = $_.DriveType; fileSystem = $_.FileSystem } })
}; ${answer}`

export const factsScript = `${prelude}; $os = Get-CimInstance Win32_OperatingSystem; $all = @{
  system = $os.Caption; version = $os.Version; bootedAt = ${milliseconds('$os.LastBootUpTime')}
  serial = (Get-CimInstance Win32_BIOS).SerialNumber; hardware = (Get-CimInstance Win32_ComputerSystemProduct).UUID
}; ${answer}`

export function powershell(script: string): readonly string[] {
  return ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script]
}

/** Null where CIM did not answer. */
export async function windowsSnapshot(ask: Ask): Promise<WindowsSnapshot | null> {
  const text = await ask('powershell', powershell(processScript))
  return text === null ? null : parseSnapshot(text)
}

export interface WindowsProcesses {
  /** A process that was there before is the same object. @param homes of accounts, by which a path is known to be in one */
  take(rows: readonly WindowsProcessRow[], homes: readonly string[]): readonly Process[]
}

export function windowsProcesses(): WindowsProcesses {
  let known = new Map<string, Process>()
  return {
    take(rows, homes) {
      const starts = new Map(rows.map(({ pid, startedAt }) => [pid, startedAt]))
      const next = new Map<string, Process>()
      for (const row of rows) {
        if (row.pid === 0) continue
        const key = `${row.pid} ${row.startedAt} ${row.path}`
        next.set(key, known.get(key) ?? processOf(row, starts, homes))
      }
      known = next
      return [...next.values()]
    },
  }
}

function processOf(
  row: WindowsProcessRow,
  starts: ReadonlyMap<number, number | null>,
  homes: readonly string[],
): Process {
  const executable = row.path === null ? null : portablePath(row.path)
  return {
    pid: row.pid,
    parentPid: parentOf(row, starts),
    uid: row.owner,
    name: row.name.replace(/\.exe$/i, ''),
    startedAt: row.startedAt,
    executable: executable === null ? null : inHomes(executable, homes),
    argv: row.line === null ? null : splitCommandLine(row.line).map((word) => portableWord(word, homes)),
    cwd: null,
    contained: false,
    variables: () => null,
  }
}

/** Windows keeps the number of a parent that is gone, and gives it to another: one that began later is no parent. */
function parentOf(row: WindowsProcessRow, starts: ReadonlyMap<number, number | null>): number | null {
  const began = row.parentPid === null ? undefined : starts.get(row.parentPid)
  if (row.parentPid === null || row.parentPid === 0 || began === undefined) return null
  return began === null || row.startedAt === null || began <= row.startedAt ? row.parentPid : null
}

/** Paths among the arguments as the rest of the agent writes them. */
function portableWord(word: string, homes: readonly string[]): string {
  const path = /^[A-Za-z]:[\\/]/.test(word) ? portablePath(word) : null
  return path === null ? word : inHomes(path, homes)
}
