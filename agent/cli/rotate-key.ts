// `rotate-key`: asks the agent of this machine for another key. It leaves a word in the state folder and makes no key itself: the
// daemon alone writes what it signs with.
import { openOwnFolder } from '../platform/own-folder.ts'
import { becomeOwnerOf } from '../platform/rights.ts'
import { wishNextKey } from '../state/next-key.ts'
import { takesNewKeys } from '../sync/rotate.ts'
import { fail, textOption, type Command } from './command.ts'
import { readStateAt, settingsFor } from './setup.ts'

export const rotateKeyCommand: Command = {
  name: 'rotate-key',
  usage: 'rotate-key [--state FOLDER]',
  options: { state: { type: 'string', value: 'FOLDER', about: 'folder of the agent’s state' } },
  words: 0,
  async run(given, io) {
    const { settings } = await settingsFor(io, textOption(given, 'state'))
    becomeOwnerOf(settings.stateFolder)
    const opened = readStateAt(settings.stateFolder, io)
    if (!opened.ok) return fail(io, opened.code, opened.message)
    const { state } = opened
    const enrolment = state.enrolment()
    const known = takesNewKeys(state)
    state.close()
    if (enrolment === null)
      return fail(io, 'not-enrolled', 'This device is not enrolled: no server knows its key.')
    const folder = openOwnFolder(settings.stateFolder, { create: false })
    if (!folder.ok || !wishNextKey(folder.folder))
      return fail(
        io,
        'state-denied',
        `Nothing could be written to the state folder ${settings.stateFolder}: run this as root, or as the agent’s account.`,
      )
    const { host } = new URL(enrolment.server)
    io.out(
      known
        ? `This device, ${enrolment.device}, gets another key with its next report; restart the agent to have it now. ${host} then refuses the key before.\n`
        : `This device, ${enrolment.device}, gets another key once ${host} is of a version that takes one: update the server.\n`,
    )
    return 0
  },
}
