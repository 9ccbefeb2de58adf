// The commands by name. Each is loaded only when it is asked for: a daemon needs no YAML reader, a scan no network.
import type { Command } from './command.ts'

interface Entry {
  /** One sentence. */
  readonly about: string
  readonly load: () => Promise<Command>
}

export const commands = {
  scan: {
    about: 'Looks once and shows what was found: tools, their use, and what could not be looked at.',
    load: async () => (await import('./scan.ts')).scanCommand,
  },
  explain: {
    about:
      'Tells what a tool is, how it is recognised and what counts as its use; then what was found of it here, and each step to the verdict.',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  status: {
    about:
      'Shows whether the agent runs and reports, which rules hold here, and the server’s verdicts on this device.',
    load: async () => (await import('./status.ts')).statusCommand,
  },
  sent: {
    about: 'Shows what has been sent from this device, newest last, and who looked at it on the server.',
    load: async () => (await import('./sent.ts')).sentCommand,
  },
  notice: {
    about:
      'Tells you what is new to you: that this device is looked at, a ban ahead, evidence of use after one. Run for you at login.',
    load: async () => (await import('./notice.ts')).noticeCommand,
  },
  privacy: {
    about: 'Shows what is looked at and every field that can leave this device, with its meaning.',
    load: async () => (await import('./privacy.ts')).privacyCommand,
  },
  doctor: {
    about:
      'Looks at everything that the agent needs (settings, state, server, certificate, clock, rights) and says what is wrong and what to do.',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  enrol: {
    about: 'Makes this device known to a server, with a token from your administrator.',
    load: async () => (await import('./enrol.ts')).enrolCommand,
  },
  'rotate-key': {
    about:
      'Has the agent replace this device’s key, as when somebody may have read it; the device and its history stay.',
    load: async () => (await import('./rotate-key.ts')).rotateKeyCommand,
  },
  'report-removal': {
    about:
      'Tells the server that the agent is being removed from this device, or replaced; what its packages run.',
    load: async () => (await import('./report-removal.ts')).reportRemovalCommand,
  },
  run: {
    about: 'Looks and reports until it is stopped; what the service starts.',
    load: async () => (await import('./run.ts')).runCommand,
  },
} as const satisfies Record<string, Entry>

export const commandNames: readonly string[] = Object.keys(commands)

export function entryOf(name: string): Entry | null {
  return Object.hasOwn(commands, name) ? commands[name as keyof typeof commands] : null
}
