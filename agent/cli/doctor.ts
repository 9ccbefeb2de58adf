// `doctor`: looks at everything that the agent needs, in order, and says of each how it is and what to do.
import { inert } from '#shared/inert.ts'
import { pinsOf } from '#shared/settings.ts'
import { watchFolder } from '../platform/folder-watch.ts'
import { bytesOfFiles, freeBytes, lookAtFolder } from '../platform/folder-facts.ts'
import { thisHost } from '../platform/this-host.ts'
import { networkTransport } from '../sync/http.ts'
import { proxyRoute } from '../sync/proxy.ts'
import { probe } from '../sync/probe.ts'
import { databaseFiles } from '../state/database.ts'
import { agentVersion } from '../version.ts'
import { textOption, type Command, type Io } from './command.ts'
import { isAlive } from './daemon-life.ts'
import { fail, warn, worstOf, type Check, type CheckResult } from './doctor/check.ts'
import { deviceCheck } from './doctor/device-check.ts'
import { machineChecks } from './doctor/machine-checks.ts'
import * as own from './doctor/own-checks.ts'
import { checkInCheck, policyCheck } from './doctor/policy-checks.ts'
import { serverChecks, toldClockChecks } from './doctor/server-checks.ts'
import { openStanding, unknownOf, type Standing } from './doctor/standing.ts'
import { clientOf, knownSettings, readServer, type SettingsKnown } from './setup.ts'
import { pad, paragraph, styled, widthOf, type Paper, type Style } from './table.ts'
import { doctorWords } from './words/doctor-words.ts'

export const doctorCommand: Command = {
  name: 'doctor',
  usage: 'doctor [--json] [--state FOLDER]',
  options: {
    json: { type: 'boolean', about: 'print one JSON document' },
    state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' },
  },
  words: 0,
  async run(given, io) {
    const isDocument = given.values['json'] === true
    // What is for programs is the same whoever asks.
    const checks = await examine(isDocument ? { ...io, language: 'en' } : io, textOption(given, 'state'))
    const result = worstOf(checks)
    if (isDocument) {
      const at = new Date(io.now()).toISOString()
      io.out(`${JSON.stringify({ version: agentVersion, at, result, checks })}\n`)
    } else io.out(doctorPage(checks, io))
    return result === 'fail' ? 1 : 0
  },
}

async function examine(io: Io, folder: string | null): Promise<readonly Check[]> {
  const known = await knownSettings(io, folder)
  const { settings } = known
  const { language } = io
  const standing = openStanding(settings, io)
  try {
    const path = settings.stateFolder
    const host = await thisHost(io.now)
    await host.prepare()
    return [
      own.settingsCheck(known.faults, io.root, language),
      own.stateFolderCheck(path, lookAtFolder(path), standing, io),
      own.freeSpaceCheck(path, freeBytes(path), language),
      own.spoolCheck(standing, bytesOfFiles(path, databaseFiles), settings.spoolMegabytes, language),
      own.agentCheck(standing, io.now(), isAlive, language),
      own.enrolmentCheck(
        standing,
        settings,
        settings.tokenFile === null ? null : lookAtFolder(settings.tokenFile),
        language,
      ),
      ...(await networkChecks(known, standing, io)),
      policyCheck(standing, io.now(), language),
      checkInCheck(standing, io.now(), language),
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
  const { language } = io
  const say = doctorWords[language]
  const unknown = unknownOf(standing, language)
  if (address === null && unknown !== null) return [warn('server', unknown, say.seeState)]
  if (address === null) return [fail('server', say.noServer, say.setServer)]
  const server = readServer(address, language)
  if (typeof server === 'string') return [fail('server', server, say.enrolElsewhere)]
  const pins = pinsOf(settings.certificatePin ?? '')
  const route = await proxyRoute(settings, io.env, io.systemProxy)
  const { variables } = route
  const seen = await probe({ server, variables, pins, now: io.now, timeoutMs })
  const asked = {
    server,
    probe: seen,
    pinned: pins.length > 0,
    route,
    proxyOrigin: origins.proxy,
    now: io.now(),
    language,
  }
  const { state, enrolment } = standing
  const reached = serverChecks(asked)
  const told = reached.some(({ name }) => name === 'clock') || state === null
  const checks = told
    ? reached
    : [...reached, ...toldClockChecks(state.read('clock'), state.read('clocks') ?? [], language)]
  if (seen.failed !== null || state === null || enrolment === null) return checks
  const client = clientOf(
    state.key,
    server,
    networkTransport(async () => variables, pins),
    io,
  )
  return [...checks, await deviceCheck(client, enrolment.device, language)]
}

const styles: Readonly<Record<CheckResult, Style>> = { ok: 'green', warn: 'yellow', fail: 'red' }

export function doctorPage(checks: readonly Check[], io: Paper): string {
  const say = doctorWords[io.language]
  const widest = (texts: Readonly<Record<string, string>>) => Math.max(...Object.values(texts).map(widthOf))
  const widths = [widest(say.results), widest(say.titles)] as const
  const under = ' '.repeat(widths[0] + widths[1] + 4)
  const lines = checks.map(({ name, result, says, advice }) => {
    const text = paragraph(inert(says), io, under).slice(under.length)
    const mark = styled(pad(say.results[result], widths[0]), styles[result], io)
    const line = `${mark}  ${pad(say.titles[name], widths[1])}  ${text}`
    return advice === null ? line : `${line}${paragraph(`→ ${inert(advice)}`, io, under)}`
  })
  const bad = checks.filter(({ result }) => result === 'fail').length
  const odd = checks.filter(({ result }) => result === 'warn').length
  const end = bad + odd === 0 ? say.good : say.found(bad, odd)
  return `${lines.join('')}\n${end}\n`
}
