// `run`: the daemon, until it is told to stop.
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { catalogueVersion, tools } from '#shared/catalogue.ts'
import { isLogged, type LogLevel } from '#shared/settings.ts'
import { writeCopies } from '../account-copies.ts'
import { Agent, policyReader } from '../agent.ts'
import { followedClock, type DeviceClock } from '../device-clock.ts'
import { firstLookInMs } from '../first-look.ts'
import { keepSmall } from '../footprint.ts'
import { Looks } from '../looks.ts'
import { watchFolder } from '../platform/folder-watch.ts'
import { readSecretFile } from '../platform/own-folder.ts'
import { thisHost } from '../platform/this-host.ts'
import { createReporter, hostRecord } from '../report/context.ts'
import type { Host } from '../platform/host.ts'
import type { Settings } from '../settings.ts'
import type { State } from '../state.ts'
import { keyedHash } from '../state/keys.ts'
import { createSpool } from '../spool.ts'
import { takeLock } from '../state/lock.ts'
import { enrol } from '../sync/enrol.ts'
import { readPolicy } from '../sync/policy.ts'
import { createReporting } from '../sync/reporting.ts'
import { agentVersion } from '../version.ts'
import { fail, textOption, type Command, type Io } from './command.ts'
import { clientOf, openStateAt, readServer, settingsFor, tokenFault } from './setup.ts'

export const runCommand: Command = {
  name: 'run',
  usage: 'run [--state FOLDER]',
  options: { state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' } },
  words: 0,
  async run(given, io) {
    const { settings } = await settingsFor(io, textOption(given, 'state'))
    const opened = openStateAt(settings.stateFolder, io, false)
    if (!opened.ok) return fail(io, opened.code, opened.message)
    const { state, begunAnew } = opened
    const release = takeLock(join(settings.stateFolder, 'lock'))
    if (release === null) {
      state.close()
      return fail(io, 'already-running', `Another agent runs on the state in ${settings.stateFolder}.`)
    }
    if (begunAnew !== null) io.err(`The state was damaged and has been begun anew: ${begunAnew}\n`)
    const stop = new AbortController()
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
    if (await told(state, settings, stop.signal, io)) {
      const agent = await agentOf(state, settings, io)
      agent.start()
      if (!stop.signal.aborted) await once(stop.signal, 'abort')
      await agent.stop()
    } else state.close()
    release()
    return 0
  },
}

/** Waits, where the settings ask for it, so that people can be told before the first look; false when stopped meanwhile. */
async function told(state: State, settings: Settings, stop: AbortSignal, io: Io): Promise<boolean> {
  const waitMs = firstLookInMs(state.identity.createdAt, io.now(), settings.firstLookAfterHours)
  if (waitMs === 0) return true
  state.write('daemon', { pid: process.pid, startedAt: io.now(), lastScanAt: null })
  // Who is not root has only an own state, and can read that.
  if (io.root) writeCopies(settings.accountsFolder, state, await thisHost(io.now))
  if (isLogged('info', settings.logLevel))
    io.err(`The first look waits until ${new Date(io.now() + waitMs).toISOString()}: firstLookAfterHours.\n`)
  const over = await wait(waitMs, true, { signal: stop }).catch(() => false)
  if (!over) state.write('daemon', null)
  return over
}

async function agentOf(state: State, settings: Settings, io: Io): Promise<Agent> {
  const rest = keepSmall()
  const host = await thisHost(io.now)
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
  const reporting = createReporting({
    state,
    clock,
    now: io.now,
    random: Math.random,
    clientFor: (server) => clientOf(state, server, settings, io),
    enrol: enrolWith(state, settings, host, clock, io),
    log: (line, level) => log(level ?? 'warn', line),
  })
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
    processesEveryMs: settings.processSeconds * 1000,
    pid: process.pid,
    log: (line) => log('error', line),
    rest,
    // Who looks for one account alone has only an own state, and can read that.
    ...(io.root ? { copy: () => writeCopies(settings.accountsFolder, state, host) } : {}),
  })
}

/** Enrolment from the settings alone, as managed installations have it; null when they hold too little. */
function enrolWith(state: State, settings: Settings, host: Host, clock: DeviceClock, io: Io) {
  const { tokenFile, organisationKey } = settings
  if (settings.server === null || tokenFile === null || organisationKey === null) return null
  const server = readServer(settings.server)
  if (typeof server === 'string') return null
  return async () => {
    const token = readSecretFile(tokenFile, 4096)
    if (!token.ok) return { ok: false, ...tokenFault(token), retryAfterMs: null } as const
    return enrol({
      state,
      client: clientOf(state, server, settings, io),
      server,
      token: token.text.trim(),
      organisationKeyFingerprint: organisationKey,
      host: hostRecord(host.facts(), agentVersion),
      clock,
      now: io.now,
    })
  }
}
