// `doctor`: looks at everything that the agent needs, in order, and says of each how it is and what to do.
import { inert } from '#shared/inert.ts'
import { pinsOf } from '#shared/settings.ts'
import { watchFolder } from '../platform/folder-watch.ts'
import { bytesOfFiles, freeBytes, lookAtFolder } from '../platform/folder-facts.ts'
import { thisHost } from '../platform/this-host.ts'
import { proxyVariables } from '../sync/proxy.ts'
import { probe } from '../sync/probe.ts'
import { databaseFiles } from '../state/database.ts'
import { agentVersion } from '../version.ts'
import { textOption, type Command, type Io } from './command.ts'
import { isAlive } from './daemon-life.ts'
import { checkTitles, fail, warn, worstOf, type Check } from './doctor/check.ts'
import { deviceCheck } from './doctor/device-check.ts'
import { machineChecks } from './doctor/machine-checks.ts'
import * as own from './doctor/own-checks.ts'
import { checkInCheck, policyCheck } from './doctor/policy-checks.ts'
import { serverChecks, toldClockChecks } from './doctor/server-checks.ts'
import { openStanding, unknownOf, type Standing } from './doctor/standing.ts'
import { clientOf, knownSettings, readServer, type SettingsKnown } from './setup.ts'
import { paragraph, styled, type Paper, type Style } from './table.ts'

export const doctorCommand: Command = {
  name: 'doctor',
  usage: 'doctor [--json] [--state FOLDER]',
  options: {
    json: { type: 'boolean', about: 'print one JSON document' },
    state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' },
  },
  words: 0,
  async run(given, io) {
    const checks = await examine(io, textOption(given, 'state'))
    const result = worstOf(checks)
    if (given.values['json'] === true) {
      const at = new Date(io.now()).toISOString()
      io.out(`${JSON.stringify({ version: agentVersion, at, result, checks })}\n`)
    } else io.out(doctorPage(checks, io))
    return result === 'fail' ? 1 : 0
  },
}

async function examine(io: Io, folder: string | null): Promise<readonly Check[]> {
  const known = await knownSettings(io, folder)
  const { settings } = known
  const standing = openStanding(settings, io)
  try {
    const path = settings.stateFolder
    const host = await thisHost(io.now)
    await host.prepare()
    return [
      own.settingsCheck(known.faults, io.root),
      own.stateFolderCheck(path, lookAtFolder(path), standing, io),
      own.freeSpaceCheck(path, freeBytes(path)),
      own.spoolCheck(standing, bytesOfFiles(path, databaseFiles), settings.spoolMegabytes),
      own.agentCheck(standing, io.now(), isAlive),
      own.enrolmentCheck(
        standing,
        settings,
        settings.tokenFile === null ? null : lookAtFolder(settings.tokenFile),
      ),
      ...(await networkChecks(known, standing, io)),
      policyCheck(standing, io.now()),
      checkInCheck(standing, io.now()),
      ...machineChecks(host, standing.memory, watchFolder, io),
    ]
  } finally {
    standing.close()
  }
}

const timeoutMs = 10_000

async function networkChecks(
  { settings, origins }: SettingsKnown,
  standing: Standing,
  io: Io,
): Promise<readonly Check[]> {
  const address = standing.enrolment?.server ?? settings.server
  const unknown = unknownOf(standing)
  if (address === null && unknown !== null) return [warn('server', unknown, 'See the state folder.')]
  if (address === null)
    return [
      fail(
        'server',
        'No server is set.',
        'Set `server` on the managed side, or enrol with `cutoff-agent enrol`.',
      ),
    ]
  const server = readServer(address)
  if (typeof server === 'string') return [fail('server', `${server}.`, 'Enrol again with such an address.')]
  const pins = pinsOf(settings.certificatePin ?? '')
  const variables = proxyVariables(settings, io.env)
  const seen = await probe({ server, variables, pins, now: io.now, timeoutMs })
  const asked = { server, probe: seen, pinned: pins.length > 0, proxyOrigin: origins.proxy, now: io.now() }
  const { state, enrolment } = standing
  const reached = serverChecks(asked)
  const told = reached.some(({ name }) => name === 'clock') || state === null
  const checks = told
    ? reached
    : [...reached, ...toldClockChecks(state.read('clock'), state.read('clocks') ?? [])]
  if (seen.failed !== null || state === null || enrolment === null) return checks
  return [...checks, await deviceCheck(clientOf(state.key, server, settings, io), enrolment.device)]
}

const styles: Readonly<Record<Check['result'], Style>> = { ok: 'green', warn: 'yellow', fail: 'red' }

export function doctorPage(checks: readonly Check[], io: Paper): string {
  const lines = checks.map(({ name, result, says, advice }) => {
    const lead = `${result.padEnd(4)}  ${checkTitles[name].padEnd(13)} `
    const under = ' '.repeat(lead.length)
    const text = paragraph(inert(says), io, under).slice(under.length)
    const line = `${styled(result.padEnd(4), styles[result], io)}${lead.slice(4)}${text}`
    return advice === null ? line : `${line}${paragraph(`→ ${inert(advice)}`, io, under)}`
  })
  const bad = checks.filter(({ result }) => result === 'fail').length
  const odd = checks.filter(({ result }) => result === 'warn').length
  const end = bad + odd === 0 ? 'All is as it should be.' : `${bad} failed, ${odd} to look at.`
  return `${lines.join('')}\n${end}\n`
}
