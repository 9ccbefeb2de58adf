// Enrolment from the settings alone, as managed installations have it: at first, when they name another place, and as another
// device where this state turns out to live on two machines.
import { randomBytes } from 'node:crypto'
import type { DeviceClock } from '../device-clock.ts'
import type { Host } from '../platform/host.ts'
import { openOwnFolder, readSecretFile } from '../platform/own-folder.ts'
import { hostRecord } from '../report/context.ts'
import type { Settings } from '../settings.ts'
import type { State } from '../state.ts'
import type { Enrolment } from '../state/keys.ts'
import { appoint } from '../state/successor.ts'
import { enrol, enrolSuccessor, type EnrolParts } from '../sync/enrol.ts'
import type { Transport } from '../sync/http.ts'
import { fingerprintFits, fingerprintOf, isNextKey, keysThatCount } from '../sync/organisation-key.ts'
import { createKeyRotation, type KeyRotation } from '../sync/rotate.ts'
import { createReporting, type Reporting, type ReportingParts } from '../sync/reporting.ts'
import { agentVersion } from '../version.ts'
import type { Io } from './command.ts'
import { clientOf, readServer, tokenFault, transportOf } from './setup.ts'

export interface EnrollingParts {
  readonly state: State
  readonly settings: Settings
  readonly host: Host
  readonly clock: DeviceClock
  readonly io: Io
  /** Called when another identity waits to take over: with the state opened anew it does. */
  readonly succeeded: () => void
}

type Parts = EnrollingParts & { readonly transport: Transport }

/** Reports as the settings say, of the daemon and of a command that takes its place for a moment. */
export function reportingFrom(enrolling: EnrollingParts, log: ReportingParts['log']): Reporting {
  const { state, settings, clock, io } = enrolling
  const lasting = transportOf(settings, io)
  const ending = new AbortController()
  const transport: Transport = (request) => lasting({ ...request, signal: ending.signal })
  const parts = { ...enrolling, transport }
  return createReporting({
    state,
    clock,
    now: io.now,
    random: Math.random,
    clientFor: (server) => clientOf(state.key, server, transport, io),
    lastClientFor: (server) => clientOf(state.key, server, lasting, io),
    giveUp: () => ending.abort(),
    ...enrollingFrom(parts),
    isNextKey: nextKeyBy(settings),
    keysThatCount: (believed) => keysThatCount(believed, settings.organisationKey),
    rotation: rotatingFrom(parts),
    log,
  })
}

/** What reporting needs so that the device gets another key when that is due; neither token nor settings are needed for it. */
function rotatingFrom({ state, settings, host, transport, io }: Parts): KeyRotation {
  return createKeyRotation({
    state,
    clientWith: (key, server) => clientOf(key, server, transport, io),
    host: () => hostRecord(host.facts(), agentVersion),
    machine: () => host.facts().machine,
    now: io.now,
    random: randomBytes,
    isNextKey: nextKeyBy(settings),
  })
}

function nextKeyBy({ organisationKey: named }: Settings): ReportingParts['isNextKey'] {
  return (organisationKey, believed) => named !== null && isNextKey(organisationKey, believed, named)
}

/** What reporting needs to enrol; `enrol` is null when the settings hold too little. */
function enrollingFrom(
  parts: Parts,
): Pick<ReportingParts, 'enrol' | 'enrolSuccessor' | 'isElsewhere' | 'renew'> {
  const { state, settings, transport, io } = parts
  const facts = (server: URL) => ({
    state,
    client: clientOf(state.key, server, transport, io),
    server,
    host: hostRecord(parts.host.facts(), agentVersion),
    machine: parts.host.facts().machine,
    clock: parts.clock,
    now: io.now,
  })
  const renew: ReportingParts['renew'] = (enrolment) =>
    enrol({
      ...facts(new URL(enrolment.server)),
      token: '',
      organisationKeyFingerprint: settings.organisationKey ?? fingerprintOf(enrolment.organisationKey),
    })
  const isElsewhere = (enrolment: Enrolment): boolean => namesAnother(settings, enrolment)
  const { tokenFile, organisationKey } = settings
  const server = settings.server === null ? null : readServer(settings.server, 'en')
  if (!(server instanceof URL) || tokenFile === null || organisationKey === null)
    return { enrol: null, enrolSuccessor: null, isElsewhere, renew }
  const asked = (): EnrolParts | ReturnType<typeof unreadable> => {
    const token = readSecretFile(tokenFile, 4096)
    if (!token.ok) return unreadable(token)
    return { ...facts(server), token: token.text.trim(), organisationKeyFingerprint: organisationKey }
  }
  return {
    isElsewhere,
    renew,
    async enrol() {
      const given = asked()
      if (!('ok' in given)) return enrol(given)
      if (state.enrolment() === null) return given
      // A server that knows the key of this device needs no token, which may be long gone.
      const enrolled = await enrol({
        ...facts(server),
        token: '',
        organisationKeyFingerprint: organisationKey,
      })
      return !enrolled.ok && enrolled.code === 'bad-token' ? given : enrolled
    },
    async enrolSuccessor() {
      const given = asked()
      if ('ok' in given) return given
      const enrolled = await enrolSuccessor({
        ...given,
        random: randomBytes,
        clientWith: (key) => clientOf(key, server, transport, io),
        appoint(successor) {
          const opened = openOwnFolder(settings.stateFolder, { create: false })
          return opened.ok && appoint(opened.folder, successor)
        },
      })
      if (enrolled.ok) parts.succeeded()
      return enrolled
    },
  }
}

function unreadable(token: Parameters<typeof tokenFault>[0]) {
  return { ok: false, ...tokenFault(token, 'en'), retryAfterMs: null } as const
}

/** Whether the settings name another server, or another organisation's key, than those of this enrolment. */
export function namesAnother(
  { server, organisationKey }: Pick<Settings, 'server' | 'organisationKey'>,
  enrolment: Pick<Enrolment, 'server' | 'organisationKey'>,
): boolean {
  const named = server === null ? null : readServer(server, 'en')
  if (named instanceof URL && named.href !== new URL(enrolment.server).href) return true
  return organisationKey !== null && !fingerprintFits(enrolment.organisationKey, organisationKey)
}
