// What the agent needs of its own: settings, a state folder, space, a running daemon, an enrolment. Pure.
import type { FolderLook } from '../../platform/folder-facts.ts'
import type { Settings } from '../../settings.ts'
import { fail, ok, roughly, warn, type Check } from './check.ts'
import { unknownOf, type Standing } from './standing.ts'

interface Fault {
  readonly code: string
  readonly message: string
}

export function settingsCheck(faults: readonly Fault[], root: boolean): Check {
  // An account that may not read what the daemon reads has done nothing wrong.
  const told = faults.filter(({ code }) => root || code !== 'source-unreadable')
  if (told.length === 0) return ok('settings', 'All that is set is right.')
  const says = told.map(({ message }) => message).join(' ')
  const advice = 'Correct it where it is set; `cutoff-agent status` shows what is in force and from where.'
  return told.some(({ code }) => code === 'source-refused' || code === 'source-unreadable')
    ? fail('settings', says, advice)
    : warn('settings', says, advice)
}

/** Numbers below are the system's own accounts, as its distributions have it. */
const firstPerson = 1000

export function stateFolderCheck(
  path: string,
  look: FolderLook,
  standing: Standing,
  runner: { readonly uid: number | null; readonly root: boolean },
): Check {
  if (standing.from === 'copy')
    return ok(
      'state-folder',
      'The agent of this machine keeps its state for itself; you have a copy of what concerns you.',
    )
  if (!look.ok && look.code === 'ENOENT') {
    const advice = runner.root
      ? 'Start the agent’s service, or name the folder with --state.'
      : 'Where the agent runs as a service, ask again as root; or name the folder with --state.'
    return fail('state-folder', `There is no state in ${path}.`, advice)
  }
  if (!look.ok || !look.isFolder) {
    const why = look.ok ? 'it is no folder' : look.code
    return fail(
      'state-folder',
      `${path} cannot be used (${why}).`,
      'Ask again as root, or as who runs the agent.',
    )
  }
  const { owner, mode } = look
  if (runner.uid !== null && owner !== runner.uid) {
    const says = `${path} belongs to uid ${owner}, you are uid ${runner.uid}.`
    if (!runner.root) return fail('state-folder', says, 'Ask again as root, or as who runs the agent.')
    // The service has an account of its own; a person's folder is no place for it.
    if (owner >= firstPerson)
      return warn('state-folder', says, 'Let the agent’s service keep its state in a folder of its own.')
  }
  if (mode !== null && (mode & 0o077) !== 0) {
    const says = `${path} can be entered by others (mode ${mode.toString(8).padStart(4, '0')}).`
    return fail(
      'state-folder',
      says,
      `It holds the device’s key: chmod 700 ${path}, and enrol anew if somebody may have read it.`,
    )
  }
  if (standing.fault !== null) {
    const { code, message } = standing.fault
    return fail(
      'state-folder',
      `${message} [${code}]`,
      'What to do is in the message; the daemon’s log says more.',
    )
  }
  return ok('state-folder', `${path} is its owner’s alone.`)
}

const space = { failBelow: 20 * 2 ** 20, warnBelow: 200 * 2 ** 20 } as const

export function freeSpaceCheck(path: string, free: number | null): Check {
  if (free === null)
    return warn(
      'free-space',
      `It is not known how much is free for ${path}.`,
      'Check the disk by other means.',
    )
  const says = `${(free / 2 ** 20).toFixed(0)} MB are free for ${path}.`
  const advice = 'Make room: without it, reports are kept shorter and then not at all.'
  if (free < space.failBelow) return fail('free-space', says, advice)
  return free < space.warnBelow ? warn('free-space', says, advice) : ok('free-space', says)
}

/** @param bytes of the database with its log; null: not known */
export function spoolCheck(standing: Standing, bytes: number | null, spoolMegabytes: number): Check {
  const { waiting, givenUp } = standing
  if (standing.from !== 'state' || bytes === null)
    return ok('spool', `${waiting} records wait for the server.`)
  const says = `${waiting} records wait for the server; the state takes ${(bytes / 2 ** 20).toFixed(0)} MB of ${spoolMegabytes}.`
  const seeServer = 'See why nothing reaches the server: Server and Last report.'
  if (bytes > spoolMegabytes * 2 ** 20)
    return fail('spool', `${says} All that may be given up was.`, `${seeServer} Or raise \`spoolMegabytes\`.`)
  if (givenUp === 0) return ok('spool', says)
  return warn(
    'spool',
    `${says} It was full: ${givenUp} records were given up; of uses the first, the last and their number stay.`,
    seeServer,
  )
}

const seeState = 'See the state folder.'

export function agentCheck(standing: Standing, now: number, alive: (pid: number) => boolean): Check {
  const unknown = unknownOf(standing)
  if (unknown !== null) return warn('agent', unknown, seeState)
  const { daemon } = standing
  const advice = 'Start its service, or run `cutoff-agent run`; if it ends again, its log says why.'
  if (daemon === null) return fail('agent', 'The agent is not running.', advice)
  const since = roughly(now - daemon.startedAt)
  if (!alive(daemon.pid))
    return fail('agent', `The agent that was started ${since} ago ended without a word.`, advice)
  if (daemon.lastScanAt === null)
    return ok('agent', `The agent was started ${since} ago and takes its first look.`)
  return ok(
    'agent',
    `The agent runs since ${since}; its last full look was ${roughly(now - daemon.lastScanAt)} ago.`,
  )
}

/** @param token the file of the enrolment token; null when none is set, or none is needed any more */
export function enrolmentCheck(
  standing: Standing,
  { server, tokenFile, organisationKey }: Settings,
  token: FolderLook | null,
): Check {
  const unknown = unknownOf(standing)
  if (unknown !== null) return warn('enrolment', unknown, seeState)
  const { enrolment } = standing
  if (enrolment !== null) {
    const says = `This device is ${enrolment.device} at ${enrolment.server}.`
    if (server === null || new URL(server).href === enrolment.server) return ok('enrolment', says)
    const advice = 'Enrol there with `cutoff-agent enrol`, or correct the setting.'
    return warn('enrolment', `${says} The settings name ${server}.`, advice)
  }
  const says = 'This device is not enrolled: nothing is reported.'
  const missing = Object.entries({ server, tokenFile, organisationKey }).flatMap(([name, value]) =>
    value === null ? [`\`${name}\``] : [],
  )
  if (missing.length > 0) {
    const advice = 'Set them on the managed side, or run `cutoff-agent enrol`.'
    return fail('enrolment', `${says} Not set: ${missing.join(', ')}.`, advice)
  }
  if (token?.ok === false)
    return fail(
      'enrolment',
      `${says} The token file ${tokenFile} cannot be read (${token.code}).`,
      'Put it there, for the agent alone.',
    )
  if (token?.ok === true && token.mode !== null && (token.mode & 0o077) !== 0) {
    const advice = `Whoever reads it can enrol devices: chmod 600 ${tokenFile}, and use a new token.`
    return fail('enrolment', `${says} The token file ${tokenFile} can be read by others.`, advice)
  }
  return fail('enrolment', says, 'See the server; the agent’s log says why enrolling failed.')
}
