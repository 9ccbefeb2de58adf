// `report-removal`: what packages run before they remove the agent, or replace it. It leaves the reason in the state folder for the
// agent that runs, which tells it when it is stopped; where none runs, it tells it itself. It removes nothing.
import { join } from 'node:path'
import process from 'node:process'
import type { Leaving } from '#shared/agent-event.ts'
import { followedClock } from '../device-clock.ts'
import { noteEnd } from '../own-events.ts'
import { openOwnFolder } from '../platform/own-folder.ts'
import { becomeOwnerOf } from '../platform/rights.ts'
import { thisHost } from '../platform/this-host.ts'
import type { Host } from '../platform/host.ts'
import type { Settings } from '../settings.ts'
import type { State } from '../state.ts'
import { announceDeparture } from '../state/departure.ts'
import { takeLock } from '../state/lock.ts'
import { lastReportMs } from '../sync/reporting.ts'
import { fail, textOption, type Command, type Io } from './command.ts'
import { reportingFrom } from './enrolling.ts'
import { failureWords } from './words/failure-words.ts'
import { failState, openStateAt, readStateAt, settingsFor } from './setup.ts'

/** Nobody who removes a package is to wait longer, whatever holds this. */
const mostMs = 10_000
/** Once all is said. */
const idleMs = 500

export const reportRemovalCommand: Command = {
  name: 'report-removal',
  usage: 'report-removal [--upgrade] [--state FOLDER]',
  options: {
    upgrade: { type: 'boolean', about: 'another version is about to take its place' },
    state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' },
  },
  words: 0,
  async run(given, io) {
    endWithin(mostMs)
    const say = failureWords[io.language]
    const { settings } = await settingsFor(io, textOption(given, 'state'))
    const { stateFolder } = settings
    const host = await thisHost(io.now)
    const facts = host.facts()
    becomeOwnerOf(stateFolder)
    const known = readStateAt(stateFolder, io)
    if (!known.ok) return failState(io, known, stateFolder)
    const enrolment = known.state.enrolment()
    known.state.close()
    if (enrolment === null) return fail(io, 'not-enrolled', say.notEnrolled.removal)
    const why: Leaving = given.values['upgrade'] === true ? 'upgrading' : 'removing'
    const folder = openOwnFolder(stateFolder)
    if (!folder.ok || !announceDeparture(folder.folder, why, io.now()))
      return fail(io, 'state-denied', say.notWritten(stateFolder))
    const release = takeLock(join(stateFolder, 'lock'))
    if (release === null) {
      io.out(`${say.removal.byAgent}\n`)
      return 0
    }
    const opened = openStateAt(stateFolder, io, facts)
    if (!opened.ok) return failState(io, opened, stateFolder)
    const isTold = await tell(opened.state, settings, host, io)
    release()
    endWithin(idleMs)
    io.out(`${isTold ? say.removal.told : say.removal.kept}\n`)
    return 0
  },
}

/** Ends this process, if something still holds it then: what the system looks up for a name cannot be called off. */
function endWithin(ms: number): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ms).unref()
}

/** As the agent does when it is stopped. False: the server hears it once an agent starts on this state. */
async function tell(state: State, settings: Settings, host: Host, io: Io): Promise<boolean> {
  state.transact(() => noteEnd(state, io.now()))
  state.departure.done()
  const clock = followedClock(state, host)
  const enrolling = { state, settings, host, clock, io, succeeded: () => {} }
  const reporting = reportingFrom(enrolling, (line) => io.err(`${line}\n`))
  const isTold = await reporting.reportLast(lastReportMs)
  state.close()
  return isTold
}
