// Runs a Windows executable under Wine, in a prefix of its own. Debian's Wine lacks what Node 26 asks of Windows 10 for its
// memory, and Node does without where two functions are not found: so a copy that does not find them is run. Everything else in
// it is the executable.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  /** SIGINT reaches the program as Ctrl+C in its console, which is how the service stops the agent. */
  readonly process: ChildProcess
  /** What it has said so far, on both outputs. */
  readonly said: () => string
}

export interface Wine {
  /** The drive `C:` in the prefix. */
  readonly drive: string
  /** The account's home in the prefix. */
  readonly home: string
  /** Runs the executable, as the copy that Wine can run. */
  readonly run: (executable: string, ...words: readonly string[]) => Ran
  /** That copy, once there is one. */
  readonly copy: string
  /** Starts it in the same way and does not wait; one at a time. */
  readonly start: (executable: string, ...words: readonly string[]) => Started
  /** Runs a program by the name that Wine knows it by. */
  readonly tool: (...words: readonly string[]) => Ran
  /**
   * Ends all that runs in the prefix; from then on services run until they are closed. Otherwise Wine ends them when nothing
   * else runs any more, which is the case when a service's own program has ended.
   */
  readonly restart: () => void
  /** Ends all that runs in the prefix. */
  readonly close: () => void
}

const unknownToWine = ['VirtualAlloc2', 'MapViewOfFile3']

/** Makes the prefix in an empty folder. */
export function openWine(wine: string, folder: string): Wine {
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: folder,
    WINEPREFIX: join(folder, 'prefix'),
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'mscoree=;mshtml=',
  }
  const limits = { env, timeout: 180_000 }
  const server = (option: string) => void spawnSync('wineserver', [option], { ...limits, stdio: 'ignore' })
  spawnSync(wine, ['wineboot', '-i'], { ...limits, stdio: 'ignore' })
  spawnSync(wine, ['winecfg', '-v', 'win10'], { ...limits, stdio: 'ignore' })
  // Services that are made while the ones of the set-up end are lost.
  server('-w')
  const user = process.env['USER'] ?? process.env['LOGNAME'] ?? 'root'
  const tool = (...words: readonly string[]): Ran => {
    // Standard output goes through a file: Node gets no pipe from Wine.
    const [out, err] = [join(folder, 'stdout'), join(folder, 'stderr')]
    const files = [openSync(out, 'w'), openSync(err, 'w')] as const
    const { status } = spawnSync(wine, words, { ...limits, stdio: ['ignore', ...files] })
    for (const file of files) closeSync(file)
    return { status, stdout: readFileSync(out, 'utf8'), stderr: readFileSync(err, 'utf8') }
  }
  const drive = join(folder, 'prefix/drive_c')
  const copy = join(folder, 'tried.exe')
  const makeCopy = (executable: string) => writeFileSync(copy, withoutNames(readFileSync(executable)))
  return {
    drive,
    copy,
    home: join(drive, 'users', user),
    run(executable, ...words) {
      makeCopy(executable)
      return tool(copy, ...words)
    },
    start(executable, ...words) {
      makeCopy(executable)
      const path = join(folder, 'said')
      const said = openSync(path, 'w')
      const started = spawn(wine, [copy, ...words], { env, stdio: ['ignore', said, said] })
      closeSync(said)
      return { process: started, said: () => readFileSync(path, 'utf8') }
    },
    tool,
    restart() {
      server('-k')
      server('-w')
      server('-p')
    },
    close: () => server('-k'),
  }
}

/** The copy that Wine can run. */
export function withoutNames(executable: Buffer): Buffer {
  for (const name of unknownToWine) {
    const at = executable.indexOf(`\0${name}\0`)
    if (at === -1)
      throw new Error(`the executable does not name ${name}: this way of running it needs another look`)
    executable.write('X', at + 1)
  }
  return executable
}
