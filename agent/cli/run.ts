// `run`: the daemon, until it is told to stop.
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { catalogueVersion, tools } from '#shared/catalogue.ts'
import { isLogged, type LogLevel } from '#shared/settings.ts'
import { writeCopies } from '../account-copies.ts'
import { Agent, policyReader } from '../agent.ts'
import { followedClock } from '../device-clock.ts'
import { firstLookInMs } from '../first-look.ts'
import { keepSmall } from '../footprint.ts'
import { Looks } from '../looks.ts'
import { noteSinceLastRun, tellOnceADay } from '../own-events.ts'
import { watchFolder } from '../platform/folder-watch.ts'
import { fileNumber } from '../platform/own-folder.ts'
import { patience, powerOf } from '../platform/power.ts'
import { thisHost } from '../platform/this-host.ts'
import { createReporter } from '../report/context.ts'
import type { Host } from '../platform/host.ts'
import type { Settings } from '../settings.ts'
import type { State } from '../state.ts'
import { keyedHash } from '../state/keys.ts'
import { createSpool } from '../spool.ts'
import { databaseName } from '../state/database.ts'
import { takeLock } from '../state/lock.ts'
import { beginStart } from '../state/start.ts'
import { readPolicy } from '../sync/policy.ts'
import { agentVersion } from '../version.ts'
import { fail, textOption, type Command, type Io } from './command.ts'
import { reportingFrom } from './enrolling.ts'
import { openStateAt, settingsFor } from './setup.ts'

/** How often the state is looked for. */
const stateEveryMs = 15_000

export const runCommand: Command = {
  name: 'run',
  usage: 'run [--state FOLDER]',
  options: { state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' } },
  words: 0,
  async run(given, io) {
    const { settings } = await settingsFor(io, textOption(given, 'state'))
    const stop = new AbortController()
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
    for (;;) {
      const ended = await runOn(settings, stop.signal, io)
      if (ended !== 'succeeded') return ended
    }
  },
}

/** Runs on the state as it is, to the exit status; `succeeded`: another identity has taken over, and the state is to be opened anew. */
async function runOn(settings: Settings, stop: AbortSignal, io: Io): Promise<number | 'succeeded'> {
  const host = await thisHost(io.now)
  const start = beginStart(settings.stateFolder, agentVersion, host.facts().boot)
  const opened = openStateAt(settings.stateFolder, io, host.facts())
  if (!opened.ok) {
    start.failed(opened.code)
    return fail(io, opened.code, opened.message)
  }
  const { state, begunAnew } = opened
  const release = takeLock(join(settings.stateFolder, 'lock'))
  if (release === null) {
    start.done()
    state.close()
    return fail(io, 'already-running', `Another agent runs on the state in ${settings.stateFolder}.`)
  }
  if (begunAnew !== null)
    io.err(`The state has been begun anew, and what could not go on is set aside: ${begunAnew}\n`)
  const gone = new AbortController()
  const watched = watchState(settings.stateFolder, () => gone.abort())
  noteSinceLastRun(state, host.facts().boot, settings, io.now())
  const { failedBefore } = start
  if (failedBefore !== null) state.transact(() => tellOnceADay(state, 'start-failed', io.now(), failedBefore))
  start.done()
  const succeeded = new AbortController()
  if (await told(state, settings, host, stop, io)) {
    const agent = agentOf(state, settings, host, () => succeeded.abort(), io)
    agent.start()
    const over = AbortSignal.any([stop, succeeded.signal, gone.signal])
    if (!over.aborted) await once(over, 'abort')
    if (gone.signal.aborted) {
      const message = `The state in ${settings.stateFolder} was removed or replaced while the agent ran on it: it begins anew when it is started again.`
      // Nothing can be written down any more, so that nothing is to be ended in order.
      process.exit(fail(io, 'state-gone', message))
    }
    await agent.stop()
  } else state.close()
  clearInterval(watched)
  release()
  return succeeded.signal.aborted && !stop.aborted ? 'succeeded' : 0
}

/** Calls `gone` once the database is no longer the file that was opened: what the agent sees would be kept nowhere. */
function watchState(folder: string, gone: () => void): NodeJS.Timeout {
  const database = join(folder, databaseName)
  const opened = fileNumber(database)
  const timer = setInterval(() => {
    if (fileNumber(database) !== opened) gone()
  }, stateEveryMs)
  // It keeps nobody who has nothing else to do.
  return timer.unref()
}

/** Waits, where the settings ask for it, so that people can be told before the first look; false when stopped meanwhile. */
async function told(
  state: State,
  settings: Settings,
  host: Host,
  stop: AbortSignal,
  io: Io,
): Promise<boolean> {
  const waitMs = firstLookInMs(state.identity.createdAt, io.now(), settings.firstLookAfterHours)
  if (waitMs === 0) return true
  state.write('daemon', { pid: process.pid, startedAt: io.now(), lastScanAt: null })
  // Who looks for one account alone has only an own state, and can read that.
  if (io.root) {
    await host.prepare()
    writeCopies(settings.accountsFolder, state, host)
  }
  if (isLogged('info', settings.logLevel))
    io.err(`The first look waits until ${new Date(io.now() + waitMs).toISOString()}: firstLookAfterHours.\n`)
  const over = await wait(waitMs, true, { signal: stop }).catch(() => false)
  if (!over) state.write('daemon', null)
  return over
}

function agentOf(state: State, settings: Settings, host: Host, succeeded: () => void, io: Io): Agent {
  const collectGarbage = keepSmall()
  const clock = followedClock(state, host)
  const log = (level: Exclude<LogLevel, 'silent'>, line: string): void => {
    if (isLogged(level, settings.logLevel)) io.err(`${line}\n`)
  }
  const policy = policyReader(state, readPolicy)
  const reporter = createReporter({
    tools,
    hashPlace: (text) => keyedHash(state.identity.placeKey, text),
    // Marks leave only under a policy, which comes after enrolment and its key.
    hashSession: (name) => keyedHash(state.enrolment()?.sessionKey ?? state.identity.placeKey, name),
    catalogue: catalogueVersion,
    agentVersion,
  })
  const looks = new Looks({
    state,
    host,
    clock,
    tools,
    reporter,
    policy,
    budgetMs: settings.scanBudgetMs,
    catalogue: catalogueVersion,
  })
  const enrolling = { state, settings, host, clock, io, succeeded }
  const reporting = reportingFrom(enrolling, (line, level) => log(level ?? 'warn', line))
  return new Agent({
    state,
    host,
    clock,
    tools,
    looks,
    reporting,
    spool: createSpool({
      state,
      capBytes: settings.spoolMegabytes * 2 ** 20,
      policy,
      now: io.now,
      log: (line) => log('warn', line),
    }),
    watchFolder,
    timers: {
      after(ms, run) {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
      monotonicMs: () => performance.now(),
    },
    random: Math.random,
    scanEveryMs: settings.scanSeconds * 1000,
    patience: () => patience[powerOf('/sys')],
    processesEveryMs: settings.processSeconds * 1000,
    pid: process.pid,
    log: (line) => log('error', line),
    rest() {
      host.files.endLook()
      state.shrinkMemory()
      collectGarbage()
    },
    // Who looks for one account alone has only an own state, and can read that.
    ...(io.root ? { copy: () => writeCopies(settings.accountsFolder, state, host) } : {}),
  })
}
