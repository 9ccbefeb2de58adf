// The agent's unit with native code in the agent's place (native/escape.c), as the unit is and without its list of system calls, and
// what is to be read in what they print. Runs nothing.
import { dirname } from 'node:path'
import { unitRunning } from './systemd-machine.ts'

/** @param program escape.c, compiled, under two names on the machine that runs the units */
export function escapeUnits(program: string, copy: string): Readonly<Record<'closed' | 'unlisted', string>> {
  const unit = (run: string, printed: string, more = ''): string =>
    unitRunning(`${run} 1`, `ExecPaths=${dirname(run)}\nStandardOutput=append:/var/log/${printed}\n${more}`)
  return {
    closed: unit(program, 'closed'),
    unlisted: unit(copy, 'unlisted', 'SystemCallFilter=\n'),
  }
}

/** Prints what both have printed. */
export const printEscapes = 'cat /var/log/closed; sed "s/^/unlisted-/" /var/log/unlisted'

/** Lines `name outcome` by name. */
export function outcomes(printed: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    printed.split('\n').flatMap((line) => {
      const at = line.lastIndexOf(' ')
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]]
    }),
  )
}

const refusals = ['EPERM', 'EACCES', 'EAFNOSUPPORT']
/** With them open, the same unit lets these through: so it is the list that stops them. */
const withoutList = {
  'unlisted-write-memory': 'EFAULT',
  'unlisted-read-memory': 'EFAULT',
  'unlisted-trace': 'ok',
  'unlisted-take-descriptor': 'ok',
  'unlisted-listen': 'ok',
} as const

/** What came out otherwise than the unit promises; nothing where it holds. @param printed by `printEscapes` */
export function brokenPromises(printed: string): readonly string[] {
  const all = outcomes(printed)
  const closed = Object.entries(all).filter(([name]) => !name.startsWith('unlisted-'))
  return [
    ...(closed.length > 15 ? [] : [`only ${closed.length} attempts`]),
    ...closed
      .filter(([, outcome]) => !refusals.includes(outcome))
      .map(([name, outcome]) => `${name} ${outcome}`),
    ...Object.entries(withoutList)
      .filter(([name, outcome]) => all[name] !== outcome)
      .map(([name, outcome]) => `${name} ${all[name]}, not ${outcome}`),
  ]
}
