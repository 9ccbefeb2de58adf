import { expect, test } from 'vitest'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'

function accountsOf(passwd: string, files: FakeTree = {}, mounts?: readonly string[]) {
  const { accounts, gaps } = fakeHost({
    passwd,
    files,
    ...(mounts === undefined ? {} : { mounts }),
  }).accounts()
  return {
    accounts: accounts.map(
      (account) => `${account.name} ${account.uid} ${account.home}${account.readable ? '' : ' unreadable'}`,
    ),
    gaps: gaps.map((gap) => `${gap.account ?? '-'} ${gap.reason} ${gap.path} ${gap.detail ?? ''}`.trim()),
  }
}

const root = 'root:x:0:0:root:/root:/bin/bash\n'

test.each<[string, string, string[], string[]]>([
  [
    'root and people count, daemons and nobody do not',
    `${root}daemon:x:1:1::/usr/sbin:/usr/sbin/nologin\nann:x:1000:1000::/home/ann:/bin/bash\nnobody:x:65534:65534::/nonexistent:/bin/false\n`,
    ['root 0 /root', 'ann 1000 /home/ann'],
    [],
  ],
  [
    'an account without a log-in shell may still run things',
    `${root}bob:x:1001:1001::/home/bob:/usr/sbin/nologin\n`,
    ['root 0 /root', 'bob 1001 /home/bob'],
    [],
  ],
  [
    'of two entries with one uid the first counts, as for the system',
    `${root}ann:x:1000:1000::/home/ann:/bin/bash\nanne:x:1000:1000::/home/anne:/bin/bash\n`,
    ['root 0 /root', 'ann 1000 /home/ann'],
    ['anne no-account /home/anne uid-shared'],
  ],
  [
    'of two entries with one home the first counts',
    `${root}ann:x:1000:1000::/home/ann:/bin/bash\nbob:x:1001:1001::/home/ann/:/bin/bash\n`,
    ['root 0 /root', 'ann 1000 /home/ann'],
    ['bob no-account /home/ann home-shared'],
  ],
  [
    'an account whose home is the whole disk is not looked into',
    `${root}odd:x:1000:1000::/:/bin/bash\n`,
    ['root 0 /root', 'odd 1000 / unreadable'],
    ['odd unsupported / home-is-the-root'],
  ],
  [
    'broken lines are passed over',
    `${root}broken\n:x:5:\nann:x:ten:1::/home/ann:\n#x:x:1000:1::/h:\n`,
    ['root 0 /root'],
    [],
  ],
])('%s', (_title, passwd, accounts, gaps) => {
  expect(accountsOf(passwd)).toEqual({ accounts, gaps })
})

test('an account without a home is none that can have used anything', () => {
  const host = fakeHost({ passwd: `${root}gone:x:1005:1005::/home/gone:/bin/bash\n` })
  host.put('/home/gone', null)
  expect(host.accounts().accounts.map((account) => account.name)).toEqual(['root'])
})

test('UID_MIN of login.defs is heeded', () => {
  const files = { '/etc/login.defs': '# comment\nUID_MIN\t\t  500\nUID_MAX 60000\n' }
  expect(accountsOf(`${root}old:x:501:501::/home/old:/bin/bash\n`, files).accounts).toEqual([
    'root 0 /root',
    'old 501 /home/old',
  ])
})

test('a home that belongs to no account of this machine is looked at under its owner’s number', () => {
  const files = { '/home/left': { folder: true, owner: 1234 }, '/home/lost+found': { folder: true } } as const
  expect(accountsOf(root, files)).toEqual({
    accounts: ['root 0 /root', 'uid:1234 1234 /home/left'],
    gaps: ['uid:1234 no-account /home/left uid:1234'],
  })
})

test('a refused home is in the list and a gap', () => {
  const files = { '/home/ann': { folder: true, fails: 'EACCES', owner: 1000 } } as const
  expect(accountsOf(`${root}ann:x:1000:1000::/home/ann:/bin/bash\n`, files)).toEqual({
    accounts: ['root 0 /root', 'ann 1000 /home/ann unreadable'],
    gaps: ['ann denied /home/ann EACCES'],
  })
})

test('a home on a network is in the list and a gap', () => {
  const passwd = `${root}ann:x:1000:1000::/home/ann:/bin/bash\n`
  expect(accountsOf(passwd, {}, ['/ ext4', '/home/ann nfs4'])).toEqual({
    accounts: ['root 0 /root', 'ann 1000 /home/ann unreadable'],
    gaps: ['ann remote-mount /home/ann nfs4'],
  })
})
