// What the agent needs of its own: settings, a state folder, space, a running daemon, an enrolment. Pure.
import { apartText } from '#shared/words/time-words.ts'
import { wordsOf } from '#shared/words.ts'
import type { Language } from '#shared/words/language.ts'
import type { FolderLook } from '../../platform/folder-facts.ts'
import type { Settings } from '../../settings.ts'
import { doctorOwnWords } from '../words/doctor-own-words.ts'
import { doctorWords } from '../words/doctor-words.ts'
import { listed, sentences } from '../words/said.ts'
import { stateFaultText } from '../setup.ts'
import { fail, ok, warn, type Check } from './check.ts'
import { unknownOf, type Standing } from './standing.ts'

interface Fault {
  readonly code: string
  readonly message: string
}

export function settingsCheck(faults: readonly Fault[], root: boolean, language: Language): Check {
  const say = doctorOwnWords[language].settings
  // An account that may not read what the daemon reads has done nothing wrong.
  const told = faults.filter(({ code }) => root || code !== 'source-unreadable')
  if (told.length === 0) return ok('settings', say.right)
  const says = told.map(({ message }) => message).join(' ')
  return told.some(({ code }) => code === 'source-refused' || code === 'source-unreadable')
    ? fail('settings', says, say.correct)
    : warn('settings', says, say.correct)
}

/** Numbers below are the system's own accounts, as its distributions have it. */
const firstPerson = 1000

export function stateFolderCheck(
  path: string,
  look: FolderLook,
  standing: Standing,
  runner: { readonly uid: number | null; readonly root: boolean; readonly language: Language },
): Check {
  const say = doctorOwnWords[runner.language].folder
  if (standing.from === 'copy') return ok('state-folder', say.copy)
  if (!look.ok && look.code === 'ENOENT')
    return fail('state-folder', say.absent(path), runner.root ? say.startService : say.askAsRoot)
  if (!look.ok) return fail('state-folder', say.unusable(path, look.code), say.askAsOwner)
  if (!look.isFolder) return fail('state-folder', say.noFolder(path), say.askAsOwner)
  const { owner, mode } = look
  if (runner.uid !== null && owner !== runner.uid) {
    const says = say.foreign(path, owner, runner.uid)
    if (!runner.root) return fail('state-folder', says, say.askAsOwner)
    // The service has an account of its own; a person's folder is no place for it.
    if (owner >= firstPerson) return warn('state-folder', says, say.ownFolder)
  }
  if (mode !== null && (mode & 0o077) !== 0) {
    const says = say.open(path, mode.toString(8).padStart(4, '0'))
    return fail('state-folder', says, say.close(path))
  }
  if (standing.fault !== null) {
    const { code, message } = standing.fault
    return fail(
      'state-folder',
      `${stateFaultText({ code, message }, path, runner.language)} [${code}]`,
      say.message,
    )
  }
  return ok('state-folder', say.closed(path))
}

const space = { failBelow: 20 * 2 ** 20, warnBelow: 200 * 2 ** 20 } as const

export function freeSpaceCheck(path: string, free: number | null, language: Language): Check {
  const say = doctorOwnWords[language].space
  if (free === null) return warn('free-space', say.unknown(path), say.otherMeans)
  const says = say.free((free / 2 ** 20).toFixed(0), path)
  if (free < space.failBelow) return fail('free-space', says, say.makeRoom)
  return free < space.warnBelow ? warn('free-space', says, say.makeRoom) : ok('free-space', says)
}

/** @param bytes of the database with its log; null: not known */
export function spoolCheck(
  standing: Standing,
  bytes: number | null,
  spoolMegabytes: number,
  language: Language,
): Check {
  const say = doctorOwnWords[language].spool
  const { waiting, givenUp } = standing
  if (standing.from !== 'state' || bytes === null) return ok('spool', say.waiting(waiting))
  const says = say.used(waiting, (bytes / 2 ** 20).toFixed(0), spoolMegabytes)
  const joined = (...parts: readonly string[]) => sentences(language, parts)
  if (bytes > spoolMegabytes * 2 ** 20)
    return fail('spool', joined(says, say.over), joined(say.seeServer, say.raise))
  if (givenUp === 0) return ok('spool', says)
  return warn('spool', joined(says, say.full(givenUp)), say.seeServer)
}

export function agentCheck(
  standing: Standing,
  now: number,
  alive: (pid: number) => boolean,
  language: Language,
): Check {
  const unknown = unknownOf(standing, language)
  if (unknown !== null) return warn('agent', unknown, doctorWords[language].seeState)
  const { daemon } = standing
  const say = doctorOwnWords[language].agent
  if (daemon === null) return fail('agent', say.notRunning, say.start)
  const ago = (then: number) => apartText(wordsOf(language).times, now - then)
  const since = ago(daemon.startedAt)
  if (!alive(daemon.pid)) return fail('agent', say.endedUnseen(since), say.start)
  if (daemon.lastScanAt === null) return ok('agent', say.firstLook(since))
  return ok('agent', say.runs(since, ago(daemon.lastScanAt)))
}

/** @param token the file of the enrolment token; null when none is set, or none is needed any more */
export function enrolmentCheck(
  standing: Standing,
  { server, tokenFile, organisationKey }: Settings,
  token: FolderLook | null,
  language: Language,
): Check {
  const unknown = unknownOf(standing, language)
  if (unknown !== null) return warn('enrolment', unknown, doctorWords[language].seeState)
  const { enrolment } = standing
  const say = doctorOwnWords[language].enrolment
  const joined = (...parts: readonly string[]) => sentences(language, parts)
  if (enrolment !== null) {
    const says = say.is(enrolment.device, enrolment.server)
    if (server === null || new URL(server).href === enrolment.server) return ok('enrolment', says)
    return warn('enrolment', joined(says, say.otherServer(server)), say.enrolThere)
  }
  const missing = Object.entries({ server, tokenFile, organisationKey }).flatMap(([name, value]) =>
    value === null ? [`\`${name}\``] : [],
  )
  const notEnrolled = (why: string, advice: string) => fail('enrolment', joined(say.not, why), advice)
  if (missing.length > 0) return notEnrolled(say.missing(listed(language, missing)), say.setThem)
  const path = tokenFile ?? ''
  if (token?.ok === false) return notEnrolled(say.tokenUnreadable(path, token.code), say.putToken)
  if (token?.ok === true && token.mode !== null && (token.mode & 0o077) !== 0)
    return notEnrolled(say.tokenOpen(path), say.closeToken(path))
  return notEnrolled('', say.seeServer)
}
