// A state that a later version of the agent made, under this one: a downgrade. Refused in a sentence, with nothing touched, and
// told once a version that can read it starts again.
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { copyFor } from '../../../../agent/account-copies.ts'
import type { Io } from '../../../../agent/cli/command.ts'
import { openInsight } from '../../../../agent/cli/insight.ts'
import { openOwnFolder } from '../../../../agent/platform/own-folder.ts'
import type { Settings } from '../../../../agent/settings.ts'
import { openState } from '../../../../agent/state.ts'
import { checkedFile } from '../../../../agent/state/checked-file.ts'
import { databaseName, schemaVersion } from '../../../../agent/state/database.ts'
import { beginStart } from '../../../../agent/state/start.ts'
import { agentVersion } from '../../../../agent/version.ts'
import { until } from '../../../helpers/system.ts'
import { openTestState, temporaryFolder, waitingRecords } from '../../../helpers/test-agent.ts'
import { noon } from '../../../helpers/observations.ts'

const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))
let folder: string
beforeEach(() => (folder = temporaryFolder()))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Gives the file another schema’s number, as a version that knows that schema writes it. */
function number(schema: number): void {
  const database = new DatabaseSync(join(folder, databaseName))
  database.exec(`PRAGMA user_version = ${schema}; PRAGMA application_id = ${0x43750000 + schema}`)
  database.close()
}

/** What lies in the state but for the note of the start itself. */
function content(): string[] {
  const kept = readdirSync(folder).filter((name) => !/^start\.json$|-(wal|shm)$/.test(name))
  return kept.map(
    (name) =>
      `${name} ${createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex')}`,
  )
}

function start(command: string, ...words: readonly string[]) {
  const env = { PATH: process.env['PATH'], HOME: folder }
  const child = spawn(process.execPath, [main, command, '--state', folder, ...words], { env })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text))
  return { child, ended: once(child, 'close').then(([status]) => ({ status: Number(status), said })) }
}

const open = (readOnly: boolean) => openState({ folder, now: noon, random: randomBytes, readOnly })

describe('a state of a later version', () => {
  test.each([false, true])('is refused with what to do (to read it alone: %s), untouched', (readOnly) => {
    const state = openTestState(folder, noon)
    // A field that this version does not know would make the key look damaged to it.
    const own = openOwnFolder(folder)
    if (own.ok) checkedFile(own.folder, 'identity', z.unknown()).write({ ...state.identity, later: true })
    state.close()
    number(schemaVersion + 1)
    const before = content()
    expect(open(readOnly)).toMatchObject({
      ok: false,
      code: 'state-newer',
      message: expect.stringMatching(/later version.*than this one.*install that version again/) as unknown,
    })
    expect(content()).toEqual(before)
  })

  test('is what who may read the state is told, whatever an earlier copy says', () => {
    const state = openTestState(folder, noon)
    writeFileSync(join(folder, '7.json'), JSON.stringify(copyFor(state, 'ann', noon)))
    state.close()
    number(schemaVersion + 1)
    const insight = (root: boolean) => {
      const settings = { stateFolder: folder, accountsFolder: folder } as Settings
      return openInsight(settings, { uid: 7, root, now: () => noon } as Io)
    }
    expect(insight(true)).toMatchObject({ ok: false, code: 'state-newer' })
    expect(insight(false)).toMatchObject({ ok: true, insight: { copiedAt: noon } })
  })

  test('is said by the agent, by status and by doctor; and told by the next start that works, with all that was kept', async () => {
    const state = openTestState(folder, Date.now())
    const { publicKey } = state.key
    const kept = { type: 'agent', event: 'dropped', detail: 'before the downgrade', at: 0 } as const
    state.transact(() => state.outbox.append([kept]))
    state.close()
    number(schemaVersion + 1)
    for (const command of ['run', 'status', 'doctor']) {
      const { status, said } = await start(command).ended
      expect([command, status]).toEqual([command, 1])
      expect(said.replaceAll(/\s+/g, ' ')).toMatch(
        /later version of the agent than this one.*\[state-newer\]/,
      )
    }
    number(schemaVersion)
    const again = start('run')
    const told = () => {
      const opened = open(true)
      if (!opened.ok) return []
      const records = waitingRecords(opened.state).filter(({ type }) => type === 'agent')
      expect(opened.state.key.publicKey).toBe(publicKey)
      opened.state.close()
      return records
    }
    await until('the start is told', () => told().length >= 3, 20_000)
    again.child.kill('SIGTERM')
    await again.ended
    expect(told()).toMatchObject([
      kept,
      { event: 'start-failed', detail: `${agentVersion}: state-newer` },
      { event: 'started' },
      { event: 'stopping' },
    ])
    expect(readdirSync(folder)).not.toContain('start.json')
  }, 60_000)
})

describe('a start', () => {
  test.each<[string, (start: ReturnType<typeof beginStart>) => void, string, string | null]>([
    ['that failed is known to the next', (s) => s.failed('state-open'), 'boot', '1.0: state-open'],
    ['that failed is known after the machine was started again', (s) => s.failed('bug'), 'other', '1.0: bug'],
    ['that ended without a word is known to the next', () => {}, 'boot', '1.0: ended without a word'],
    ['that went down with the machine is nobody’s failure', () => {}, 'other', null],
    ['that worked is none', (s) => s.done(), 'boot', null],
  ])('%s', (_, ends, boot, expected) => {
    ends(beginStart(folder, '1.0', 'boot'))
    expect(beginStart(folder, '2.0', boot).failedBefore).toBe(expected)
  })
})
