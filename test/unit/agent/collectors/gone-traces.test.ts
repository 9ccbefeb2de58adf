import { expect, test } from 'vitest'
import { forgetGone } from '../../../../agent/collectors/gone-traces.ts'
import { emptyMemory } from '../../../../agent/memory.ts'
import { aNow, type FakeHost, fakeHost } from '../../../helpers/fake-host.ts'

const day = 86_400_000
const known = (modifiedAt: number) => ({
  bytes: 1,
  modifiedAt,
  identity: 'x',
  readTo: 0,
  heldAt: [],
  beganAt: null,
  whole: true,
})
const old = known(aNow - 61 * day)
const session = '/home/ann/.tool/sessions/a.jsonl'

test.each<[string, boolean, (host: FakeHost) => void, string?]>([
  ['there', true, () => {}],
  ['gone for good', false, (host) => host.put(session, null)],
  ['gone with its folder', false, (host) => host.put('/home/ann/.tool', null)],
  ['away with the home', true, (host) => host.put('/home/ann', null)],
  [
    'not to be looked at',
    true,
    (host) => {
      host.put('/home/ann/.tool', null)
      host.put('/home/ann/.tool', { folder: true, fails: 'EACCES' })
    },
  ],
  ['a session in a database that is there', true, () => {}, `${session}\0one`],
  ['a session in a database that is gone', false, (host) => host.put(session, null), `${session}\0one`],
  ['of somebody who is not on this machine now', true, () => {}, '/home/bob/.tool/sessions/a.jsonl'],
])('%s: %s', (_, kept, happens, path = session) => {
  const host = fakeHost({ files: { [session]: 'text' } })
  const memory = emptyMemory()
  memory.rememberTrace(path, old)

  happens(host)
  host.files.refresh()
  forgetGone(host.files, memory, host.accounts().accounts, aNow)

  expect(memory.trace(path) !== null).toBe(kept)
})

test('what was last written to not long ago is remembered: it may only have been put aside', () => {
  const host = fakeHost({ files: { '/home/ann/.tool/x': '' } })
  const memory = emptyMemory()
  memory.rememberTrace(session, known(aNow - 59 * day))
  forgetGone(host.files, memory, host.accounts().accounts, aNow)
  expect(memory.trace(session)).not.toBeNull()
})
