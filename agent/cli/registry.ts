// The commands by name. Each is loaded only when it is asked for: a daemon needs no YAML reader, a scan no network.
import type { Command } from './command.ts'

const commands = {
  scan: async () => (await import('./scan.ts')).scanCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  sent: async () => (await import('./sent.ts')).sentCommand,
  privacy: async () => (await import('./privacy.ts')).privacyCommand,
  enrol: async () => (await import('./enrol.ts')).enrolCommand,
  run: async () => (await import('./run.ts')).runCommand,
} as const satisfies Record<string, () => Promise<Command>>

export const commandNames: readonly string[] = Object.keys(commands)

export async function loadCommand(name: string): Promise<Command | null> {
  return Object.hasOwn(commands, name) ? commands[name as keyof typeof commands]() : null
}
