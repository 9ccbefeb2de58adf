import { expect, test } from 'vitest'
import { accountReach, homeReach } from '../../../../agent/platform/places.ts'
import { fakeMac, type FakeMac } from '../../../helpers/fake-systems.ts'
import { inShort } from '../../../helpers/scan-context.ts'

async function accountsOf(options: FakeMac) {
  const { host } = await fakeMac(options)
  const { accounts, gaps } = host.accounts()
  return {
    accounts: accounts.map(
      ({ name, uid, home, readable }) => `${name} ${uid} ${home}${readable ? '' : ' closed'}`,
    ),
    gaps: gaps.map(inShort),
  }
}

test('people and root are accounts, the system’s own are not', async () => {
  const users = ['_spotlight 89 /var/empty', 'root 0 /var/root', 'ann 501 /Users/ann', 'nobody -2 /var/empty']
  expect(await accountsOf({ users })).toEqual({
    accounts: ['root 0 /var/root', 'ann 501 /Users/ann'],
    gaps: [],
  })
})

test('a home that privacy protection closes is a gap of its account', async () => {
  expect(await accountsOf({ files: { '/Users/ann': { folder: true, fails: 'EPERM' } } })).toEqual({
    accounts: ['root 0 /var/root', 'ann 501 /Users/ann closed'],
    gaps: ['ann denied /Users/ann (EPERM)'],
  })
})

test('a home without an account is looked at as its owner’s, and said', async () => {
  const files = {
    '/Users/gone': { folder: true, owner: 502 },
    '/Users/Shared': { folder: true, owner: 0 },
  } as const
  expect(await accountsOf({ files })).toEqual({
    accounts: ['root 0 /var/root', 'ann 501 /Users/ann', 'uid:502 502 /Users/gone'],
    gaps: ['uid:502 no-account /Users/gone (uid:502)'],
  })
})

test.each(['dscl', 'mount'] as const)('a %s that does not answer is a gap', async (program) => {
  const { host } = await fakeMac({ printed: { [program]: undefined } })
  expect(host.accounts().gaps).toMatchObject([{ reason: 'failed', detail: program }])
})

test('a network disk is never touched', async () => {
  const mount =
    '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)\n//ann@nas/team on /Users/ann/team (smbfs, nodev, nosuid, mounted by ann)\n'
  const { host, touched } = await fakeMac({ files: { '/Users/ann/team/x': 'x' }, printed: { mount } })
  const [, ann] = host.accounts().accounts
  if (ann === undefined) throw new Error('no ann')
  expect(homeReach(host.files, ann).stat('/Users/ann/team/x')).toMatchObject({
    gap: { reason: 'remote-mount' },
  })
  expect(touched.filter((path) => path.startsWith('/Users/ann/team'))).toEqual([])
})

test('a file that is in the cloud alone is not fetched: a gap', async () => {
  const { host } = await fakeMac({
    files: {
      '/Users/ann/here.json': { content: '{}', blocks: 8 },
      '/Users/ann/away.json': { content: '{}', blocks: 0 },
      '/Users/ann/empty.json': { content: '', blocks: 0 },
    },
  })
  const [, ann] = host.accounts().accounts
  if (ann === undefined) throw new Error('no ann')
  const reach = accountReach(host.files, ann)
  expect(reach.read('/Users/ann/here.json', 10).ok).toBe(true)
  expect(reach.read('/Users/ann/empty.json', 10).ok).toBe(true)
  expect(reach.read('/Users/ann/away.json', 10)).toMatchObject({
    gap: { reason: 'remote-mount', detail: 'not-on-disk' },
  })
  expect(reach.stat('/Users/ann/away.json').ok).toBe(true)
})

const ps = [
  '    1     0     0 Mon Nov 16 08:00:01 2026     /sbin/launchd',
  '  700     1   501 Mon Nov 23 09:12:44 2026     claude',
  '  701   700   501 Mon Nov 23 09:12:50 2026     -zsh',
].join('\n')
const lsof = [
  'p1',
  'fcwd',
  'n/',
  'ftxt',
  'n/sbin/launchd',
  'p700',
  'fcwd',
  'n/Users/ann/src/a b',
  'ftxt',
].join('\n')

test('a process is what lsof says that it is, not what it calls itself', async () => {
  const program = '/Users/ann/.local/share/claude/versions/2.1.330'
  const { host } = await fakeMac({ printed: { ps, lsof: `${lsof}\nn${program}\nftxt\nn/usr/lib/dyld\n` } })
  host.accounts()
  const { processes, gaps } = host.processes()
  expect(
    processes.map(({ pid, parentPid, uid, name, executable, cwd }) => [
      pid,
      parentPid,
      uid,
      name,
      executable,
      cwd,
    ]),
  ).toEqual([
    [1, null, '0', 'launchd', '/sbin/launchd', '/'],
    [700, 1, '501', 'claude', program, '/Users/ann/src/a b'],
    [701, 700, '501', '-zsh', null, null],
  ])
  expect(processes[1]?.startedAt).toBe(Date.UTC(2026, 10, 23, 9, 12, 44))
  expect(gaps.map(inShort)).toEqual(['ann denied / (programs of 1 processes)', '- unsupported / (arguments)'])
})

test('what runs on is not asked for again', async () => {
  const { host, asked } = await fakeMac({ printed: { ps, lsof: `${lsof}\nn/x\n` } })
  const before = host.processes().processes
  await host.prepare()
  expect(host.processes().processes[1]).toBe(before[1])
  expect(asked.filter((line) => line.startsWith('lsof'))).toHaveLength(1)
})

test('where lsof failed it is asked again, and what it did not tell is a gap', async () => {
  const printed: { ps: string; lsof?: string } = { ps }
  const { host } = await fakeMac({ printed })
  expect(host.processes().gaps[0]).toMatchObject({ reason: 'denied', detail: 'programs of 1 processes' })
  printed.lsof = `${lsof}\nn/x\n`
  await host.prepare()
  expect(host.processes().processes[1]?.executable).toBe('/x')
})
