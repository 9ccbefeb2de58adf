// One line on where figures were made: enough to judge them, nothing that names the machine.
import { cpus, loadavg, totalmem, type as systemType } from 'node:os'

export function circumstances(): string {
  const day = new Date().toISOString().slice(0, 10)
  const memory = Math.round(totalmem() / 2 ** 30)
  const load = loadavg()[0]?.toFixed(1) ?? '?'
  return `${day}, ${systemType()} ${process.arch}, ${cpus().length} cores, ${memory} GiB, Node ${process.versions.node}, load ${load}`
}

/** A whole number after `--name`, or what holds without it. */
export function numberOption(name: string, usual: number): number {
  const at = process.argv.indexOf(`--${name}`)
  if (at === -1) return usual
  const value = Number(process.argv[at + 1])
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number of 1 or more`)
  return value
}
