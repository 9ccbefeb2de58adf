// `rotate-key`: asks the agent of this machine for another key. It leaves a word in the state folder and makes no key itself: the
// daemon alone writes what it signs with.
import { openOwnFolder } from '../platform/own-folder.ts'
import { becomeOwnerOf } from '../platform/rights.ts'
import { wishNextKey } from '../state/next-key.ts'
import { takesNewKeys } from '../sync/rotate.ts'
import { fail, textOption, type Command } from './command.ts'
import { failureWords } from './words/failure-words.ts'
import { failState, readStateAt, settingsFor } from './setup.ts'

export const rotateKeyCommand: Command = {
  name: 'rotate-key',
  usage: 'rotate-key [--state FOLDER]',
  options: { state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' } },
  words: 0,
  async run(given, io) {
    const say = failureWords[io.language]
    const { settings } = await settingsFor(io, textOption(given, 'state'))
    becomeOwnerOf(settings.stateFolder)
    const opened = readStateAt(settings.stateFolder, io)
    if (!opened.ok) return failState(io, opened, settings.stateFolder)
    const { state } = opened
    const enrolment = state.enrolment()
    const known = takesNewKeys(state)
    state.close()
    if (enrolment === null) return fail(io, 'not-enrolled', say.notEnrolled.key)
    const folder = openOwnFolder(settings.stateFolder, { create: false })
    if (!folder.ok || !wishNextKey(folder.folder))
      return fail(io, 'state-denied', say.notWritten(settings.stateFolder))
    const { host } = new URL(enrolment.server)
    const told = known ? say.rotation.next : say.rotation.later
    io.out(`${told(enrolment.device, host)}\n`)
    return 0
  },
}
