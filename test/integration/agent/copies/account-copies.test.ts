// The copies of the state that accounts can read: whose they are, and that they do not outlive their account.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AccountCopy, copyFor, copyPaths, writeCopies } from '../../../../agent/account-copies.ts'
import type { State } from '../../../../agent/state.ts'
import { fakeHost, type FakeHost } from '../../../helpers/fake-host.ts'
import { policyFrom } from '../../../helpers/report-context.ts'
import { fakeWindows } from '../../../helpers/fake-systems.ts'
import { openTestState, temporaryFolder } from '../../../helpers/test-agent.ts'

const { uid } = userInfo()
let folder: string
let copies: string
let state: State
let host: FakeHost

beforeEach(() => {
  folder = temporaryFolder()
  copies = join(folder, 'accounts')
  mkdirSync(copies)
  host = fakeHost({ passwd: passwd('ann') })
  state = openTestState(join(folder, 'state'), host.now())
})
afterEach(() => {
  state.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A machine with one person, whose files this process may write. */
function passwd(name: string): string {
  return `${name}:x:${uid}:${uid}::/home/${name}:/bin/sh\n`
}

function become(name: string): void {
  host.put('/etc/passwd', passwd(name))
  host.put(`/home/${name}`, { folder: true, owner: uid })
}

const ownCopy = () => AccountCopy.parse(JSON.parse(readFileSync(join(copies, `${uid}.json`), 'utf8'))).account

test('each account has one that it alone can read', () => {
  writeCopies(copies, state, host)
  expect(readdirSync(copies).toSorted()).toEqual([`${uid}.json`, 'news'])
  expect(statSync(join(copies, `${uid}.json`))).toMatchObject({ uid, mode: 0o100400 })
  expect(ownCopy()).toBe('ann')
})

test('what was an account’s goes with it, and what was never a copy stays', () => {
  for (const name of ['4711.json', '4711.json.0a1b2c3d.new', `${uid}.json.0a1b2c3d.new`, 'notes.txt'])
    writeFileSync(join(copies, name), '{}')
  writeCopies(copies, state, host)
  expect(readdirSync(copies).toSorted()).toEqual([`${uid}.json`, 'news', 'notes.txt'].toSorted())
})

test('an account that has taken over a number since the last full look gets its own', () => {
  writeCopies(copies, state, host)
  become('bob')
  writeCopies(copies, state, host)
  expect(ownCopy()).toBe('bob')
})

test('where it cannot be renewed there is none: what is there may be of another', () => {
  // A number that no system has: refused by the system call, as a full disk would refuse it.
  const bob = { name: 'bob', uid: '60000000000', home: '/home/bob', readable: true }
  writeFileSync(join(copies, `${bob.uid}.json`), JSON.stringify(copyFor(state, 'ann', host.now())))
  writeCopies(copies, state, { ...host, accounts: () => ({ accounts: [bob], gaps: [] }) })
  expect(readdirSync(copies)).toEqual(['news'])
})

test('the news changes when somebody is to be told something else, and everybody may wait for it', () => {
  const news = join(copies, 'news')
  const judged = (status: 'upcoming' | 'violation') => {
    state.write('verdicts', {
      judgedAt: host.now(),
      verdicts: [{ tool: 'codex', account: 'ann', status, row: null, reasons: [], rule: 'ban' }],
    })
    writeCopies(copies, state, host)
    return readFileSync(news, 'utf8')
  }
  const text = JSON.stringify(policyFrom(0))
  state.write('policy', { signed: { text, signature: '', key: '' }, etag: null })
  const first = judged('upcoming')
  expect(statSync(news).mode & 0o777).toBe(0o644)
  expect(first).not.toMatch(/codex|ann/)
  const { ino } = statSync(news)
  expect(judged('upcoming')).toBe(first)
  expect(statSync(news).ino).toBe(ino)
  expect(judged('violation')).not.toBe(first)
})

describe('on Windows', () => {
  const windows = async () => {
    const made = await fakeWindows()
    const [ann] = made.host.accounts().accounts
    if (ann === undefined) throw new Error('nobody is there')
    return { host: made.host, own: join(copies, ann.uid), another: join(copies, 'S-1-5-21-4711') }
  }

  test('each account’s lies in the folder that the service has made for it, and nowhere else', async () => {
    const { host, own, another } = await windows()
    mkdirSync(own)
    mkdirSync(another)
    writeFileSync(join(another, 'copy.json'), '{}')
    writeCopies(copies, state, host)
    expect(AccountCopy.parse(JSON.parse(readFileSync(join(own, 'copy.json'), 'utf8'))).account).toBe('ann')
    // Of an account that is gone.
    expect(readdirSync(another)).toEqual([])
    expect(copyPaths(copies, null).toSorted()).toEqual(
      [another, own].map((one) => join(one, 'copy.json')).toSorted(),
    )
  })

  test('without the service there are none, and no folder for them', async () => {
    const none = join(folder, 'none')
    writeCopies(none, state, (await windows()).host)
    expect(existsSync(none)).toBe(false)
    expect(copyPaths(none, null)).toEqual([])
  })
})
