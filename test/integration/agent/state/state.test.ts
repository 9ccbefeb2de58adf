// The agent's state on a real disk: what survives a restart, damage and a reader beside it.
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { collectors } from '../../../../agent/collectors/registry.ts'
import { createRepeats } from '../../../../agent/repeats.ts'
import { openState, type State } from '../../../../agent/state.ts'
import { takeLock } from '../../../../agent/state/lock.ts'
import { sessionMarks, type DatedMark } from '../../../../agent/marks.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'
import { scanContext } from '../../../helpers/scan-context.ts'
import { openTestState, temporaryFolder } from '../../../helpers/test-agent.ts'
import { hour, lookOver, minute, noon, packageSeen, sessionSeen } from '../../../helpers/observations.ts'

let folder: string
let state: State
beforeEach(() => {
  folder = temporaryFolder()
  state = openTestState(folder, noon)
})
afterEach(() => {
  try {
    state.close()
  } catch {
    // The test closed it.
  }
  rmSync(folder, { recursive: true, force: true })
})

function reopen(): void {
  state.close()
  state = openTestState(folder, noon)
}

const known = {
  bytes: 10,
  modifiedAt: noon,
  identity: '1:2',
  readTo: 10,
  heldAt: [noon],
  beganAt: noon,
  whole: true,
}

function mark(at: number): DatedMark {
  const [made] = sessionMarks(lookOver([packageSeen(), sessionSeen([at])]))
  if (made === undefined) throw new Error('no mark')
  return made
}

test('nobody but its owner can read it', () => {
  for (const name of readdirSync(folder))
    expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0])
  expect(statSync(folder).mode & 0o077).toBe(0)
})

test('what collectors gave is there for a command of the same program, and for no other', async () => {
  state.close()
  const opened = (program: string, readOnly: boolean): State => {
    const made = openState({ folder, now: noon, random: randomBytes, readOnly, program })
    if (!made.ok) throw new Error(made.message)
    return made.state
  }
  state = opened('this program', false)
  const host = fakeHost({ files: { '/home/ann/.claude/settings.json': '{}' } })
  const repeats = createRepeats(state.repeats.of)
  const collected = await repeats.collect(collectors.config, scanContext(host))
  state.transact(() => {
    for (const [kind, repeat] of repeats.due(noon)) state.repeats.keep(kind, repeat)
  })

  const [same, other] = [opened('this program', true), opened('another program', true)]

  expect(same.repeats.of('config')?.collected).toEqual(collected)
  expect(other.repeats.of('config')).toBeNull()
  same.close()
  other.close()
})

test('the key is made once, and kept', () => {
  const { publicKey } = state.key
  reopen()
  expect(state.key.publicKey).toBe(publicKey)
})

describe('memory', () => {
  test('survives a restart once it was written', () => {
    state.memory.looked('ann', '~/x', noon)
    state.memory.rememberTrace('/a', known)
    state.memory.rememberTrace('/b', known)
    state.memory.forgetTrace('/b')
    state.memory.rememberRoot('ann', '/r')
    state.transact(() => state.memory.flush())
    state.memory.flushed()
    expect(state.memory.pending()).toBe(0)
    reopen()
    expect(state.memory.lastLookAt('ann', '~/x')).toBe(noon)
    expect(state.memory.trace('/a')).toEqual(known)
    expect(state.memory.trace('/b')).toBeNull()
    expect(state.memory.roots('ann')).toEqual(['/r'])
  })

  test('is as before when nothing was written', () => {
    state.memory.rememberTrace('/a', known)
    reopen()
    expect(state.memory.trace('/a')).toBeNull()
  })

  test('waits for the next try when writing failed', () => {
    state.memory.rememberTrace('/a', known)
    const work = () =>
      state.transact(() => {
        state.memory.flush()
        throw new Error('disk full')
      })
    expect(work).toThrow('disk full')
    expect(state.memory.pending()).toBe(1)
    state.transact(() => state.memory.flush())
    reopen()
    expect(state.memory.trace('/a')).toEqual(known)
  })

  test('that did not change costs no write', () => {
    state.memory.rememberTrace('/a', known)
    state.transact(() => state.memory.flush())
    state.memory.flushed()
    state.memory.rememberTrace('/a', { ...known, heldAt: [noon] })
    expect(state.memory.pending()).toBe(0)
  })
})

describe('marks', () => {
  test('keep what was known of them first', () => {
    const witnessed = mark(noon - minute)
    expect(witnessed.basis).toBe('witnessed')
    expect(state.marks.add([witnessed], 'new')).toBe(1)
    expect(state.marks.add([{ ...witnessed, basis: 'found' }], 'new')).toBe(0)
    reopen()
    expect(state.marks.of('claude-code', 'ann')).toEqual([witnessed])
  })

  test('are listed by whether they have left', () => {
    const marks = [mark(noon - 3 * hour), mark(noon - 2 * hour), mark(noon - hour)]
    state.marks.add(marks, 'new')
    const [first, second, third] = state.marks.kept(true)
    state.marks.set(first?.key ?? '', 'released')
    state.marks.set(second?.key ?? '', 'shut')
    expect(state.marks.kept(false).map(({ key }) => key)).toEqual([third?.key])
    expect(new Set(state.marks.kept(true).map(({ key }) => key))).toEqual(new Set([second?.key, third?.key]))
    expect(state.marks.session(marks[0]!).map(({ state: s }) => s)).toEqual(['released', 'shut', 'new'])
  })
})

describe('a damaged database', () => {
  test.each([
    [
      'overwritten in the middle',
      (path: string) => {
        const bytes = readFileSync(path)
        bytes.fill(0x5a, 2000, 9000)
        writeFileSync(path, bytes)
      },
    ],
    ['that is none', (path: string) => writeFileSync(path, 'hello'.repeat(2000))],
    ['cut off', (path: string) => truncateSync(path, 5000)],
  ])('%s is set aside, the identity stays, and the reason is kept to be told', (_, damage) => {
    const { publicKey } = state.key
    const { epoch } = state.outbox.chain()
    state.transact(() => state.outbox.append([{ type: 'agent', event: 'started', detail: null, at: noon }]))
    state.close()
    damage(join(folder, 'state.sqlite'))
    for (const beside of ['-wal', '-shm']) rmSync(join(folder, `state.sqlite${beside}`), { force: true })
    const opened = openState({ folder, now: noon, random: randomBytes })
    expect(opened).toMatchObject({ ok: true, begunAnew: expect.any(String) as unknown })
    if (!opened.ok) return
    state = opened.state
    expect(state.key.publicKey).toBe(publicKey)
    expect(state.outbox.chain().epoch).not.toBe(epoch)
    expect(state.read('newEpoch')).toBe(opened.begunAnew)
    expect(readdirSync(folder)).toContain(`state.sqlite.broken-${noon}`)
  })
})

describe('the key', () => {
  const copies = ['identity.json', 'identity-copy.json']
  test.each(copies)('survives when %s is damaged', (name) => {
    const { publicKey } = state.key
    const path = join(folder, name)
    writeFileSync(path, readFileSync(path, 'utf8').replace('privateKey', 'privateJey'))
    reopen()
    expect(state.key.publicKey).toBe(publicKey)
  })

  test('is not silently replaced when both copies are damaged: a reader finds it broken, the agent tells of another', () => {
    const { publicKey } = state.key
    state.close()
    for (const name of copies) writeFileSync(join(folder, name), '{}')
    const opened = (readOnly: boolean) => openState({ folder, now: noon, random: randomBytes, readOnly })
    expect(opened(true)).toMatchObject({ ok: false, code: 'identity-broken' })
    const anew = opened(false)
    expect(anew).toMatchObject({ ok: true, begunAnew: 'the device key was damaged' })
    if (anew.ok) anew.state.close()
    state = openTestState(folder, noon)
    expect(state.key.publicKey).not.toBe(publicKey)
    expect(state.read('newEpoch')).toBe('the device key was damaged')
  })
})

test('only one daemon holds the lock, and it is let go with its holder', () => {
  const path = join(folder, 'lock')
  const release = takeLock(path)
  expect(release).not.toBeNull()
  expect(takeLock(path)).toBeNull()
  release?.()
  const again = takeLock(path)
  expect(again).not.toBeNull()
  again?.()
})

describe('a reader beside the daemon', () => {
  test('sees what was written, and writes nothing', () => {
    state.transact(() => state.outbox.append([{ type: 'agent', event: 'started', detail: null, at: noon }]))
    const reader = openTestState(folder, noon, true)
    expect(reader.outbox.waiting()).toBe(1)
    expect(() => reader.transact(() => reader.outbox.append([]))).not.toThrow()
    expect(() => reader.write('newEpoch', 'x')).toThrow(/readonly|read-only/)
    reader.close()
  })

  test('is told when there is no state', () => {
    const opened = openState({ folder: join(folder, 'none'), now: noon, random: randomBytes, readOnly: true })
    expect(opened).toMatchObject({ ok: false, code: 'state-absent' })
  })

  test('is told so for as long as one is being made', async () => {
    const made = join(folder, 'made')
    const source = new URL('../../../../agent/state.ts', import.meta.url).href
    const script = `import { openState } from '${source}'
import { randomBytes } from 'node:crypto'
openState({ folder: '${made}', now: 0, random: randomBytes })`
    const maker = spawn(process.execPath, ['--input-type=module', '--eval', script])
    const told = new Set<string>()
    while (!told.has('ok')) {
      const opened = openState({ folder: made, now: noon, random: randomBytes, readOnly: true })
      if (opened.ok) opened.state.close()
      told.add(opened.ok ? 'ok' : opened.code)
      await nextTurn()
    }
    await once(maker, 'close')
    expect([...told].toSorted()).toEqual(['ok', 'state-absent'])
  })
})
