// The programs of macOS and Windows that the agent starts: each by its absolute path, with an environment of the agent's own.
// Nothing that a caller sets (PATH, PATHEXT, a working folder, language) has a say in what runs or how it writes.
import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import process from 'node:process'

const windows = String.raw`C:\Windows`
const powershellHome = String.raw`${windows}\System32\WindowsPowerShell\v1.0`

const programs = {
  defaults: '/usr/bin/defaults',
  dscl: '/usr/bin/dscl',
  ioreg: '/usr/sbin/ioreg',
  lsof: '/usr/sbin/lsof',
  mount: '/sbin/mount',
  osascript: '/usr/bin/osascript',
  ps: '/bin/ps',
  scutil: '/usr/sbin/scutil',
  sw_vers: '/usr/bin/sw_vers',
  sysctl: '/usr/sbin/sysctl',
  powershell: String.raw`${powershellHome}\powershell.exe`,
  reg: String.raw`${windows}\System32\reg.exe`,
  /** The agent's own, which lies beside it (installers/windows/notice.c): a window with what it is given, until that is closed. */
  notice: join(dirname(process.execPath), 'cutoff-notice.exe'),
} as const
export type SystemProgram = keyof typeof programs

/**
 * What a program printed; null where it could not be started, ran too long, or failed without a word.
 * @param input for its standard input
 */
export type Ask = (program: SystemProgram, args: readonly string[], input?: string) => Promise<string | null>

const unixEnvironment = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' }
/** What a notice says is UTF-8; all others print the same whoever asks. */
const textEnvironment = { ...unixEnvironment, LC_ALL: 'en_US.UTF-8' }
const windowsEnvironment = {
  SystemRoot: windows,
  SystemDrive: 'C:',
  windir: windows,
  PATH: String.raw`${windows}\System32;${windows};${powershellHome}`,
  PATHEXT: '.EXE',
  PSModulePath: String.raw`${powershellHome}\Modules`,
}

const timeoutMs = 30_000
const maxOutputBytes = 64 * 1024 * 1024

export const ask: Ask = (program, args, input) => {
  const path = programs[program]
  const isWindows = process.platform === 'win32'
  // For a person to see and to close.
  const isWindow = program === 'notice'
  return new Promise((resolve) => {
    const child = execFile(
      path,
      args,
      {
        cwd: isWindows ? windows : '/',
        env: isWindows ? windowsEnvironment : program === 'osascript' ? textEnvironment : unixEnvironment,
        timeout: isWindow ? 0 : timeoutMs,
        maxBuffer: maxOutputBytes,
        windowsHide: !isWindow,
      },
      (error, stdout) => {
        // lsof ends with 1 when one of the processes is gone meanwhile, and tells of the others.
        const isTold = error === null || (typeof error.code === 'number' && stdout !== '')
        resolve(isTold ? stdout : null)
      },
    )
    // That it could not be started is told above.
    child.stdin?.on('error', () => {})
    if (input !== undefined) child.stdin?.end(input)
  })
}
