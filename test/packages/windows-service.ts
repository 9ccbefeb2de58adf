// The Windows service under Wine: what it logs and how much, that an agent that was killed is started again, that it is stopped in
// order, and that nothing which the machine's variables say decides what runs or where it writes.
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
} from 'node:fs'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Wine } from '../executables/wine.ts'
import type { Check } from './package-life.ts'

/** The processes of this machine that were started as the program: Wine's are the system's own. */
export function processesOf(program: string): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const started = /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').startsWith(program)
      return started ? [Number(name)] : []
    } catch {
      return [] // ended meanwhile
    }
  })
}

export const installedAgent = 'C:\\Program Files\\Cutoff\\cutoff-agent.exe'
/** By its path, past the traps. */
export const registryTool = String.raw`C:\windows\system32\reg.exe`
const machineVariables = String.raw`HKLM\System\CurrentControlSet\Control\Session Manager\Environment`
/** The first keeps Node from starting, the second has it write; the others redirect whoever believes them. */
const hostile = {
  NODE_REPL_EXTERNAL_MODULE: String.raw`C:\hostile\replaced.js`,
  NODE_COMPILE_CACHE: String.raw`C:\hostile\compiled`,
  NODE_OPTIONS: String.raw`--require=C:\hostile\required.cjs`,
  CUTOFF_SETTINGS: String.raw`C:\hostile`,
  PATH: String.raw`C:\hostile;C:\windows\system32;C:\windows`,
  TEMP: String.raw`C:\hostile`,
  TMP: String.raw`C:\hostile`,
} as const
const traps = ['reg.exe', 'powershell.exe', 'cutoff-agent.exe'] as const

/** Sets the variables of the machine and lays programs where they lead; whatever starts in the prefix from now on has them. */
export function layTraps({ drive, tool, restart }: Wine): void {
  const folder = join(drive, 'hostile')
  mkdirSync(folder)
  const source = join(folder, 'trap.c')
  writeFileSync(
    source,
    String.raw`#include <windows.h>
int main(void) { CreateFileW(L"C:\\hostile\\sprung", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL); return 1; }
`,
  )
  const trap = join(folder, 'trap.exe')
  execFileSync('x86_64-w64-mingw32-gcc', ['-Os', '-s', source, '-o', trap])
  for (const name of traps) copyFileSync(trap, join(folder, name))
  writeFileSync(join(folder, 'settings.yaml'), "server: 'https://hostile.invalid'\n")
  for (const [name, value] of Object.entries(hostile))
    tool(registryTool, 'add', machineVariables, '/v', name, '/d', value, '/f')
  restart()
}

/** @param data `%ProgramData%\Cutoff`, as this machine sees it; the service is installed and runs */
export async function serviceChecks({ drive, tool }: Wine, data: string): Promise<readonly Check[]> {
  const checks: Check[] = []
  const log = join(data, 'State/service.log')
  const older = join(data, 'State/service.old.log')
  const said = () => (existsSync(log) ? readFileSync(log, 'utf8') : '')
  const check = (what: string, ok: boolean, found = said()): void => {
    checks.push({ what, ok, found: ok ? '' : found.trim().slice(-600) })
  }
  const comes = async (what: string, holds: () => boolean, seconds: number): Promise<void> => {
    for (let waited = 0; !holds() && waited < seconds; waited++) await sleep(1000)
    check(what, holds())
  }
  const agents = () => processesOf(installedAgent)
  const state = () => tool('sc', 'query', 'CutoffAgent').stdout
  const ordered = () => (said().match(/has ended in order/g) ?? []).length

  const direct = tool(installedAgent, '--version')
  check(
    'the surroundings keep a program that believes them from starting',
    direct.status !== 0,
    direct.stdout,
  )
  check(
    'but not the service’s agent',
    agents().length === 1 && /the agent is started as process \d/.test(said()),
  )

  const before = ordered()
  // A mistake of an administrator's, of which the agent says a line at its start.
  writeFileSync(join(data, 'settings.yaml'), 'serverr: x\r\n')
  tool('net', 'stop', 'CutoffAgent')
  await comes('it is stopped within the 15 s that it asks for', () => state().includes('STOPPED'), 15)
  await comes('the agent has ended in order', () => agents().length === 0 && ordered() === before + 1, 5)
  tool('net', 'start', 'CutoffAgent')
  await comes('what the agent says is in the log', () => said().includes('`serverr`'), 20)

  appendFileSync(log, `${'x'.repeat(99)}\n`.repeat(15_000))
  await comes('a log of more than 1 MiB is set aside', () => statSync(log).size < 2 ** 20, 90)
  check('and is kept once', existsSync(older) && readFileSync(older, 'utf8').includes('`serverr`'))

  const [killed] = agents()
  if (killed !== undefined) process.kill(killed, 'SIGKILL')
  await comes('a killed agent is told in the log', () => said().includes('started again in two minutes'), 20)
  await comes('and runs again', () => agents().length === 1 && !agents().includes(killed ?? 0), 150)
  await comes('the new one writes to the same log', () => said().includes('`serverr`'), 20)
  check('which begins anew', statSync(log).size < 10_000)

  const laid = ['settings.yaml', 'trap.c', 'trap.exe', ...traps].toSorted()
  const left = readdirSync(join(drive, 'hostile')).toSorted()
  check('no trap was sprung, and nothing was written among them', left.join() === laid.join(), left.join(' '))
  tool('reg')
  check('though a program that is started by its name springs one', existsSync(join(drive, 'hostile/sprung')))
  return checks
}
