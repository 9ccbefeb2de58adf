// R6: the disk of the state is full, again and again, and once it can only be read. The agent stays up while it is full, starts again
// after it could only be read, and loses nothing of what it saw.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../helpers/system.ts'
import { killed, openMachine, type Machine } from './machine.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'

export async function fillDisk(runs: number, chance: Chance): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-full-'))
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=0700', 'none', disk])
  let machine: Machine | null = null
  const failures: string[] = []
  try {
    machine = await openMachine({ stateFolder: disk })
    failures.push(...(await fillWhileItRuns(machine, join(disk, 'ballast'), runs, chance)))
    failures.push(...(await startReadOnly(machine, disk)))
  } finally {
    await machine?.close()
    execFileSync('umount', ['--lazy', disk])
    rmSync(folder, { recursive: true, force: true })
  }
  return { name: 'R6: a full disk, and one that can only be read', runs, failures, notes: [] }
}

async function fillWhileItRuns(
  machine: Machine,
  ballast: string,
  runs: number,
  chance: Chance,
): Promise<string[]> {
  const failures: string[] = []
  const agent = machine.start()
  const sessions: number[] = []
  try {
    await until('a first report', () => machine.proxy.counts.received > 1)
    for (let run = 0; run < runs && agent.exitCode === null; run++) {
      fill(ballast, chance.below(20) * 4096)
      for (let n = 0; n < 3; n++) {
        sessions.push(machine.plant())
        await sleep(chance.next() * 1200)
      }
      rmSync(ballast)
      sessions.push(machine.plant())
      await sleep(chance.next() * 1500)
    }
    if (agent.exitCode !== null) failures.push(`it ended with ${agent.exitCode}`)
    const last = machine.plant()
    sessions.push(last)
    await until('the last session', () => has(machine, [last]), 90_000)
    await until('all sessions', () => has(machine, sessions), 20_000)
    if (!machine.output().includes('full')) failures.push('the disk was never full to it')
  } catch (error) {
    failures.push(error instanceof Error ? `${error.message}\n${machine.output().slice(-1500)}` : 'it threw')
  } finally {
    await killed(agent)
  }
  return failures
}

async function startReadOnly(machine: Machine, disk: string): Promise<string[]> {
  const remount = (how: string): void => void execFileSync('mount', ['-o', `remount,${how}`, disk])
  try {
    remount('ro')
    const refused = machine.start()
    const session = machine.plant()
    await sleep(4000)
    await killed(refused)
    remount('rw')
    const agent = machine.start()
    await until('the session', () => has(machine, [session]), 60_000)
    await killed(agent)
    const alarms = machine.atServer().events.filter((summary) => /^(missing|state-div|clone)/.test(summary))
    return alarms.map((summary) => `the server shows: ${summary}`)
  } catch (error) {
    return [error instanceof Error ? `${error.message}\n${machine.output().slice(-1500)}` : 'it threw']
  }
}

/** Takes all of the disk but about this many bytes. */
function fill(path: string, leave: number): void {
  const parts = [65_536, 4096]
  for (const bytes of parts) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(bytes, 1), { flag: 'a' })
    } catch {
      // Full for this size; smaller ones may still fit.
    }
  }
  if (leave > 0) execFileSync('truncate', ['--size', `-${leave}`, path])
}

function has(machine: Machine, sessions: readonly number[]): boolean {
  const there = new Set(machine.atServer().marks.map(({ at }) => at))
  return sessions.every((at) => there.has(at))
}
