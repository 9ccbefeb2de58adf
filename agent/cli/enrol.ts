// `enrol`: makes this device known to a server, once.
import { followedClock } from '../device-clock.ts'
import { hostRecord } from '../report/context.ts'
import { readSecretFile } from '../platform/own-folder.ts'
import { becomeOwnerOf } from '../platform/rights.ts'
import { thisHost } from '../platform/this-host.ts'
import { enrol } from '../sync/enrol.ts'
import { fingerprintFits } from '../sync/organisation-key.ts'
import { agentVersion } from '../version.ts'
import { fail, textOption, type Command } from './command.ts'
import { failureWords } from './words/failure-words.ts'
import {
  clientOf,
  failState,
  openStateAt,
  readServer,
  settingsFor,
  tokenFault,
  transportOf,
} from './setup.ts'

export const enrolCommand: Command = {
  name: 'enrol',
  usage: 'enrol --server URL --token-file FILE --organisation-key-fingerprint TEXT [--state FOLDER]',
  options: {
    server: { type: 'string', value: 'URL', about: 'address of the server' },
    'token-file': { type: 'string', value: 'FILE', about: 'file with the enrolment token' },
    'organisation-key-fingerprint': {
      type: 'string',
      value: 'TEXT',
      about: 'fingerprint of the organisation’s policy key, from the same source as the token',
    },
    state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' },
  },
  words: 0,
  async run(given, io) {
    const say = failureWords[io.language]
    const { settings } = await settingsFor(io, textOption(given, 'state'))
    const server = readServer(textOption(given, 'server') ?? settings.server ?? '', io.language)
    if (typeof server === 'string') return fail(io, 'server-invalid', server)
    const tokenFile = textOption(given, 'token-file') ?? settings.tokenFile
    if (tokenFile === null) return fail(io, 'token-missing', say.token.missing)
    const token = readSecretFile(tokenFile, 4096)
    if (!token.ok) {
      const { code, message } = tokenFault(token, io.language)
      return fail(io, code, message)
    }
    const fingerprint = textOption(given, 'organisation-key-fingerprint') ?? settings.organisationKey
    if (fingerprint === null) {
      return fail(io, 'fingerprint-missing', say.enrol.fingerprint)
    }
    const host = await thisHost(io.now)
    const facts = host.facts()
    becomeOwnerOf(settings.stateFolder)
    const opened = openStateAt(settings.stateFolder, io, facts)
    if (!opened.ok) return failState(io, opened, settings.stateFolder)
    const { state } = opened
    try {
      const known = state.enrolment()
      // With a key of the organisation's that is not named any more, it enrols again: the same device, under the new one.
      const isHere = known !== null && new URL(known.server).href === server.href
      if (isHere && fingerprintFits(known.organisationKey, fingerprint)) {
        io.out(`${say.enrol.already(server.host, known.device)}\n`)
        return 0
      }
      const enrolled = await enrol({
        state,
        client: clientOf(state.key, server, transportOf(settings, io), io),
        server,
        token: token.text.trim(),
        organisationKeyFingerprint: fingerprint,
        host: hostRecord(facts, agentVersion),
        machine: facts.machine,
        clock: followedClock(state, host),
        now: io.now,
      })
      if (!enrolled.ok) return fail(io, enrolled.code, say.enrol.failed(server.host, enrolled.message))
      io.out(`${say.enrol.done(server.host, enrolled.device)}\n`)
      return 0
    } finally {
      state.close()
    }
  },
}
