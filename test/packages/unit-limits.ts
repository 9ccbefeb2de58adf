// What the kernel holds the running service to, against what its unit says, and what native code in its place is refused. Needs a
// machine with control groups of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brokenPromises, escapeUnits, printEscapes } from '../helpers/escape-units.ts'
import { compileNative } from '../helpers/native-programs.ts'
import { readText } from '../helpers/repository.ts'
import type { Container } from './container.ts'
import type { Check } from './package-life.ts'

type Machine = Pick<Container, 'sh' | 'bring'>

const asWritten = (value: string): string => value
/** From mebibytes, in which the unit has all of them. */
const inBytes = (value: string): string => String(Number.parseInt(value, 10) * 1024 ** 2)

/** The unit's key, where the kernel has it, and how it writes the value. */
const limits: readonly (readonly [key: string, place: string, written: (value: string) => string])[] = [
  ['MemoryHigh', 'memory.high', inBytes],
  ['MemoryMax', 'memory.max', inBytes],
  ['MemorySwapMax', 'memory.swap.max', inBytes],
  ['TasksMax', 'pids.max', asWritten],
  // Microseconds of each tenth of a second.
  ['CPUQuota', 'cpu.max', (value) => `${Number.parseInt(value, 10) * 1000} 100000`],
  ['CPUWeight', 'cpu.weight', asWritten],
  ['IOWeight', 'io.weight', (value) => `default ${value}`],
  ['Nice', 'nice', asWritten],
  ['IOSchedulingPriority', 'ionice', (value) => `best-effort: prio ${value}`],
  ['LimitCORE', 'core', (value) => `${value} ${value}`],
  ['UMask', 'umask', asWritten],
]

/** Lines `place:value` of the service's control group and main process. */
const inForce = `cd /sys/fs/cgroup$(systemctl show -P ControlGroup cutoff-agent) && grep -H . *.* 2>/dev/null
pid=$(systemctl show -P MainPID cutoff-agent)
echo "nice:$(cut -d ' ' -f 19 /proc/$pid/stat)"
echo "ionice:$(ionice -p $pid)"
sed -n 's/^Max core file size *\\(\\S*\\) *\\(\\S*\\).*/core:\\1 \\2/p' /proc/$pid/limits
sed -n 's/^Umask:\\s*/umask:/p' /proc/$pid/status`

/** One check for each of the limits above, which the unit has to have. */
export function limitChecks({ sh }: Machine): readonly Check[] {
  const said = sh(inForce).out
  const unit = readText('installers/linux/cutoff-agent.service')
  return limits.map(([key, place, written]) => {
    const value = new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? 'nothing'
    const held = new RegExp(`^${place.replaceAll('.', '\\.')}:(.*)$`, 'm').exec(said)?.[1] ?? 'nothing'
    const ok = held === written(value)
    return { what: `the kernel holds it to ${key}=${value}`, ok, found: ok ? '' : `${place} says ${held}` }
  })
}

/** @param compilers for the machine's processor */
export function escapeCheck({ sh, bring }: Machine, compilers: readonly string[]): Check {
  const what = 'native code in its place is refused what its unit closes, by the kernel for this processor'
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-escape-'))
  try {
    const program = compileNative('escape', folder, compilers)
    if (program === undefined) return { what, ok: false, found: `none of ${compilers.join(', ')} is here` }
    const place = '/opt/check'
    const units = escapeUnits(`${place}/escape`, `${place}/escape-copy`)
    for (const [name, text] of Object.entries(units)) writeFileSync(join(folder, `${name}.service`), text)
    const brought = [program, ...Object.keys(units).map((name) => join(folder, `${name}.service`))].map(bring)
    const { out } = sh(`mkdir -p ${place} && mv ${brought.join(' ')} ${place}
cp ${place}/escape ${place}/escape-copy
ln -s ${place}/closed.service ${place}/unlisted.service /run/systemd/system
systemctl daemon-reload
systemctl start closed unlisted
${printEscapes}
rm -r ${place} /run/systemd/system/closed.service /run/systemd/system/unlisted.service
systemctl daemon-reload`)
    const broken = brokenPromises(out)
    return { what, ok: broken.length === 0, found: broken.length === 0 ? '' : `${broken.join(', ')}\n${out}` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
