import { describe, expect, test } from 'vitest'
import { processCollector } from '../../../../agent/collectors/process.ts'
import { emptyMemory } from '../../../../agent/memory.ts'
import type { Process } from '../../../../agent/platform/host.ts'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { aNow, fakeHost } from '../../../helpers/fake-host.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'

const nvm = '/home/ann/.nvm/versions/node/v26.10.0'
const modules = `${nvm}/lib/node_modules`
const manifest = (name: string, rest: object = {}) => JSON.stringify({ name, version: '1.2.3', ...rest })

const files: FakeTree = {
  '/usr/bin/node': 'ELF',
  '/usr/bin/dash': 'ELF',
  [`${nvm}/bin/node`]: 'ELF',
  [`${modules}/@v/native/package.json`]: manifest('@v/native', { bin: { native: 'bin/native.exe' } }),
  [`${modules}/@v/native/bin/native.exe`]: 'ELF',
  [`${modules}/@v/native/node_modules/@v/native-linux-x64/package.json`]: manifest('@v/native-linux-x64'),
  [`${modules}/@v/native/node_modules/@v/native-linux-x64/native`]: 'ELF',
  [`${modules}/script/package.json`]: manifest('script', { bin: 'dist/cli.js' }),
  [`${modules}/script/dist/package.json`]: '{"type":"module"}',
  [`${modules}/script/dist/cli.js`]: '#!/usr/bin/env node',
  [`${nvm}/bin/script`]: { link: '../lib/node_modules/script/dist/cli.js' },
  '/home/ann/bin/claude': '#!/bin/sh\nsleep 1\n',
  '/home/ann/src/app/package.json': manifest('app'),
  '/home/ann/src/app/server.js': '',
  '/home/ann/unpacked/package/package.json': manifest('unpacked', { bin: { unpacked: 'cli.js' } }),
  '/home/ann/unpacked/package/cli.js': '',
  '/home/ann/.local/share/pnpm/global/v11/abc/node_modules/pn/package.json': manifest('pn'),
  '/home/ann/.local/share/pnpm/global/v11/abc/node_modules/pn/cli.js': '',
  '/home/ann/.local/share/pnpm/bin/pn': '#!/bin/sh\n',
  '/home/ann/.local/share/uv/tools/aider-chat/bin/aider': '#!/usr/bin/python3',
  '/home/ann/.local/share/uv/tools/aider-chat/lib/python3.12/site-packages/aider_chat-0.86.1.dist-info/RECORD':
    '',
  '/home/ann/venv/bin/python': { link: '/usr/bin/python3.12' },
  '/home/ann/venv/lib/python3.12/site-packages/py_tool-2.0.dist-info/RECORD':
    '../../../bin/py-tool,,\npytool/__main__.py,,\n',
  '/home/ann/venv/lib/python3.12/site-packages/pytool/__main__.py': '',
  '/home/ann/venv/bin/py-tool': '#!/home/ann/venv/bin/python',
  '/home/ann/.local/lib/python3.12/site-packages/mine-1.0.dist-info/RECORD': 'mine/cli.py,,\n',
  '/home/ann/.local/lib/python3.12/site-packages/mine/cli.py': '',
  '/home/ann/src/clone/pytool/__main__.py': '',
  '/opt/editor/editor': 'ELF',
  '/usr/share/code/resources/app/package.json': manifest('code'),
  '/opt/editor/resources/app/package.json': manifest('editor'),
  '/home/ann/x/package/package.json': manifest('outer', {
    bin: 'x',
    optionalDependencies: { '@v/outer-linux': 'npm:outer@1' },
  }),
  '/home/ann/x/package/node_modules/@v/outer-linux/package.json': manifest('outer', {
    version: '1.2.3-linux',
  }),
  '/home/ann/x/package/node_modules/@v/outer-linux/run': 'ELF',
  '/home/ann/.editor/extensions/v.tool-1.0.0/package.json': manifest('tool-extension', { bin: { x: 'y' } }),
  '/home/ann/.editor/extensions/v.tool-1.0.0/cli.js': '',
  '/tmp/x/package.json': { content: manifest('theirs', { bin: 'a' }), owner: 1001 },
  '/tmp/x/a.js': { content: '', owner: 1001 },
}

type Seen = readonly [executable: string | null, script: string | null, name: string | null]

async function seen(process: Partial<Process>): Promise<Seen | null> {
  const host = fakeHost({ files, processes: [{ pid: 7, ...process }] })
  const { observations } = await look(processCollector, host)
  const [one] = observations
  return one === undefined ? null : [one.executable, one.script, one.package?.name ?? null]
}

const node = `${nvm}/bin/node`

describe('what a process runs', () => {
  test.each<[string, Partial<Process>, Seen | null]>([
    [
      'a native program in a package, whatever it calls itself',
      { executable: `${modules}/@v/native/bin/native.exe`, name: 'x', argv: ['rg', '--files'] },
      [`${modules}/@v/native/bin/native.exe`, null, '@v/native'],
    ],
    [
      'a native program in a platform package has that package’s name',
      { executable: `${modules}/@v/native/node_modules/@v/native-linux-x64/native` },
      [`${modules}/@v/native/node_modules/@v/native-linux-x64/native`, null, '@v/native-linux-x64'],
    ],
    [
      'a script by the link in a bin folder; nested manifests without a name are passed over',
      { executable: node, argv: ['node', `${nvm}/bin/script`, '-p', 'hi'] },
      [node, `${modules}/script/dist/cli.js`, 'script'],
    ],
    [
      'a script after options, relative to the working folder',
      { executable: node, argv: ['node', '--expose-gc', 'dist/cli.js'], cwd: `${modules}/script` },
      [node, `${modules}/script/dist/cli.js`, 'script'],
    ],
    [
      'a script with .. behind a folder, as pnpm’s shims write it',
      {
        executable: '/usr/bin/node',
        argv: ['node', '/home/ann/.local/share/pnpm/bin/../global/v11/abc/node_modules/pn/cli.js'],
      },
      ['/usr/bin/node', '/home/ann/.local/share/pnpm/global/v11/abc/node_modules/pn/cli.js', 'pn'],
    ],
    [
      'a shell script called like a tool: the program is the shell, and there is no package',
      { executable: '/usr/bin/dash', name: 'claude', argv: ['/bin/sh', '/home/ann/bin/claude'] },
      ['/usr/bin/dash', '/home/ann/bin/claude', null],
    ],
    [
      'an unpacked archive with a command of its own',
      { executable: '/usr/bin/node', argv: ['node', '/home/ann/unpacked/package/cli.js'] },
      ['/usr/bin/node', '/home/ann/unpacked/package/cli.js', 'unpacked'],
    ],
    [
      'a project without a command is no package',
      { executable: '/usr/bin/node', argv: ['node', 'server.js'], cwd: '/home/ann/src/app' },
      ['/usr/bin/node', '/home/ann/src/app/server.js', null],
    ],
    [
      'a program that was replaced by an update keeps its package',
      { executable: `${modules}/@v/.native-AbCdEf12/bin/native.exe` },
      [`${modules}/@v/.native-AbCdEf12/bin/native.exe`, null, '@v/native'],
    ],
    [
      'a script that is gone keeps its path',
      { executable: '/usr/bin/node', argv: ['node', '/home/ann/gone/../gone/cli.js'] },
      ['/usr/bin/node', '/home/ann/gone/cli.js', null],
    ],
    [
      'an editor’s own program runs a script in place of node',
      {
        executable: '/opt/editor/editor',
        argv: ['editor', '--flag', '/home/ann/.editor/extensions/v.tool-1.0.0/cli.js'],
      },
      ['/opt/editor/editor', '/home/ann/.editor/extensions/v.tool-1.0.0/cli.js', 'tool-extension'],
    ],
    [
      'also one that the distribution’s manager installed',
      {
        executable: '/usr/share/code/code',
        argv: ['code', '/home/ann/.editor/extensions/v.tool-1.0.0/cli.js'],
      },
      ['/usr/share/code/code', '/home/ann/.editor/extensions/v.tool-1.0.0/cli.js', 'tool-extension'],
    ],
    [
      'a script that is opened in an editor does not run',
      { executable: '/opt/editor/editor', argv: ['editor', `${modules}/script/dist/cli.js`] },
      ['/opt/editor/editor', null, null],
    ],
    [
      'nor does one in an editor of the terminal',
      { executable: '/usr/bin/vim', argv: ['vim', `${modules}/script/dist/cli.js`] },
      null,
    ],
    [
      'a command of a Python tool’s own environment',
      {
        executable: '/usr/bin/python3.12',
        argv: ['python3', '/home/ann/.local/share/uv/tools/aider-chat/bin/aider'],
      },
      ['/usr/bin/python3.12', '/home/ann/.local/share/uv/tools/aider-chat/bin/aider', 'aider-chat'],
    ],
    [
      'a script of an environment, by what the environment records',
      {
        executable: '/usr/bin/python3.12',
        argv: ['/home/ann/venv/bin/python', '/home/ann/venv/bin/py-tool'],
      },
      ['/usr/bin/python3.12', '/home/ann/venv/bin/py-tool', 'py-tool'],
    ],
    [
      'a module of an environment',
      { executable: '/usr/bin/python3.12', argv: ['/home/ann/venv/bin/python', '-m', 'pytool'] },
      ['/usr/bin/python3.12', '/home/ann/venv/lib/python3.12/site-packages/pytool/__main__.py', 'py-tool'],
    ],
    [
      'a module of pip --user, started with a relative program',
      { executable: '/usr/bin/python3.12', argv: ['venv/bin/python', '-Im', 'mine.cli'] },
      ['/usr/bin/python3.12', '/home/ann/.local/lib/python3.12/site-packages/mine/cli.py', 'mine'],
    ],
    [
      'a module of the working folder is somebody’s source',
      {
        executable: '/usr/bin/python3.12',
        argv: ['/home/ann/venv/bin/python', '-m', 'pytool'],
        cwd: '/home/ann/src/clone',
      },
      ['/usr/bin/python3.12', '/home/ann/src/clone/pytool/__main__.py', null],
    ],
    [
      'a module of Python itself is nothing',
      { executable: '/usr/bin/python3.12', argv: ['python3', '-m', 'http.server'] },
      null,
    ],
    [
      'words in the arguments are nothing',
      { executable: '/usr/bin/node', argv: ['node', '-e', 'x', 'script'] },
      null,
    ],
    ['a daemon of the system is nobody’s tool', { executable: '/usr/sbin/sshd', argv: ['sshd: ann'] }, null],
    ['a shell that waits for its user', { executable: '/usr/bin/bash', argv: ['-bash'] }, null],
    ['a script from a pipe', { executable: '/usr/bin/bash', argv: ['bash', '/dev/fd/63'] }, null],
    ['a process without a program', { executable: null, name: 'hidden', argv: [] }, null],
  ])('%s', async (_title, process, expected) => {
    expect(await seen(process)).toEqual(expected)
  })
})

describe('which processes are told', () => {
  const wanted = {
    command: [{ name: 'pi', ...observed }],
    package: [{ manager: 'npm', name: 'script', ...observed }],
  } as const

  test('a wanted name is told even if nothing else is known', async () => {
    const host = fakeHost({
      files,
      processes: [{ pid: 7, executable: '/usr/bin/node', name: 'pi', argv: ['pi'] }],
    })
    const { observations } = await look(processCollector, host, { wanted })
    expect(observations).toEqual([
      {
        kind: 'process',
        account: 'ann',
        at: aNow,
        pid: 7,
        parentPid: 1,
        startedAt: aNow - 60_000,
        name: 'pi',
        executable: '/usr/bin/node',
        script: null,
        package: null,
        title: null,
        sets: [],
      },
    ])
  })

  test('with the catalogue alone, other people’s programs are not told', async () => {
    const processes = [
      { pid: 1, executable: '/opt/editor/editor' },
      { pid: 2, executable: node, argv: ['node', `${nvm}/bin/script`] },
      { pid: 3, executable: '/home/ann/.local/share/tool/versions/9' },
    ]
    const executable = [{ place: '~/.local/share/tool/versions/*', ...observed }]
    const { observations } = await look(processCollector, fakeHost({ files, processes }), {
      wanted: { ...wanted, executable },
      inventory: 'catalogue-only',
    })
    expect(observations.map(({ pid }) => pid)).toEqual([2, 3])
  })

  test.each([
    ['0', 'root'],
    ['1000', 'ann'],
    ['4242', 'uid:4242'],
  ])('a process of uid %s belongs to %s', async (uid, account) => {
    const processes = [{ pid: 1, uid, executable: '/opt/editor/editor' }]
    const { observations } = await look(processCollector, fakeHost({ files, processes }))
    expect(observations.map((one) => one.account)).toEqual([account])
  })

  test('the package of a wanted tool that runs is remembered, so that it is looked for again', async () => {
    const memory = emptyMemory()
    const processes = [{ pid: 2, executable: node, argv: ['node', `${nvm}/bin/script`] }]
    await look(processCollector, fakeHost({ files, processes }), { wanted, memory })
    expect(memory.roots('ann')).toEqual([`${modules}/script`])
  })
})

test('of a part for a platform the whole that brought it along is remembered', async () => {
  const memory = emptyMemory()
  const processes = [{ pid: 2, executable: '/home/ann/x/package/node_modules/@v/outer-linux/run' }]
  const wanted = { package: [{ manager: 'npm', name: 'outer', ...observed }] } as const
  const { observations } = await look(processCollector, fakeHost({ files, processes }), { wanted, memory })
  expect(observations[0]?.package).toMatchObject({ name: 'outer', version: '1.2.3-linux' })
  expect(memory.roots('ann')).toEqual(['/home/ann/x/package'])
})

describe('what is in the way', () => {
  test('a manifest outside of every home counts only when it is the runner’s own or root’s', async () => {
    const run = (uid: string) => [{ pid: 1, uid, executable: '/usr/bin/node', argv: ['node', '/tmp/x/a.js'] }]
    const own = await look(processCollector, fakeHost({ files, processes: run('1001') }))
    const other = await look(processCollector, fakeHost({ files, processes: run('1000') }))

    expect(own.observations[0]?.package?.name).toBe('theirs')
    expect(other.observations[0]?.package).toBe(null)
    expect(other.gaps.map(inShort)).toEqual(['ann foreign-owner /tmp/x/package.json (uid:1001)'])
  })

  test.each<[string, FakeTree[string], string]>([
    ['no JSON', '{', 'unparsable'],
    ['1 GB', { bytes: 1_000_000_000 }, 'too-large'],
    ['a FIFO', { fifo: true }, 'not-regular'],
    ['a link to a secret', { link: '/etc/shadow' }, 'outside-home'],
  ])('a manifest that is %s is a gap', async (_title, node, reason) => {
    const path = '/home/ann/t/node_modules/evil/package.json'
    const processes = [{ pid: 1, executable: '/home/ann/t/node_modules/evil/run' }]
    const host = fakeHost({
      files: { ...files, '/home/ann/t/node_modules/evil/run': '', '/etc/shadow': 'x', [path]: node },
      processes,
    })
    // A link out of an account’s own home and the system’s places: /etc is one of them, /root is not.
    if (reason === 'outside-home') host.put(path, { link: '/root/.ssh/id' })
    const { gaps } = await look(processCollector, host)
    expect(gaps.map((gap) => gap.reason)).toEqual([reason])
  })
})

describe('blind spots', () => {
  test('a virtual machine is seen, what is in it is not', async () => {
    const processes = [{ pid: 1, executable: '/usr/bin/qemu-system-x86_64', argv: ['qemu-system-x86_64'] }]
    const { gaps } = await look(processCollector, fakeHost({ processes }))
    expect(gaps.map(inShort)).toEqual(['ann blind-spot /usr/bin/qemu-system-x86_64 (virtual-machine)'])
  })

  test('the disks of running containers are seen in the mount table', async () => {
    const merged = '/var/lib/docker/overlay2/abc/merged'
    const { gaps } = await look(processCollector, fakeHost({ mounts: ['/ ext4', `${merged} overlay`] }))
    expect(gaps.map(inShort)).toEqual([`- blind-spot ${merged} (container)`])
  })

  test('a program in a container is resolved on the container’s own disk', async () => {
    const inside = '/proc/9/root'
    const host = fakeHost({
      files: {
        [`${inside}/usr/lib/node_modules/tool/package.json`]: manifest('tool'),
        [`${inside}/usr/lib/node_modules/tool/cli.js`]: '',
        [`${inside}/usr/local/bin/tool`]: { link: '/usr/lib/node_modules/tool/cli.js' },
        '/proc/9/mountinfo': '1 0 8:1 / / rw - overlay overlay rw\n',
        '/usr/lib/node_modules/tool/package.json': manifest('the-machine’s-own'),
      },
      processes: [
        { pid: 9, executable: '/usr/bin/node', argv: ['node', '/usr/local/bin/tool'], contained: true },
      ],
    })
    const { observations, gaps } = await look(processCollector, host)
    expect(observations.map((one) => [one.script, one.package?.name])).toEqual([
      ['/usr/lib/node_modules/tool/cli.js', 'tool'],
    ])
    // Whoever is 1000 in an image need not be the machine's own 1000.
    expect(observations.map((one) => one.account)).toEqual(['container:1000'])
    expect(gaps.map(inShort)).toEqual(['ann blind-spot / (container)'])
  })

  test.each([
    ['an engine of root’s started it', '0', 'container:1000'],
    ['the account’s own sandbox started it', '1000', 'ann'],
  ])('what runs on another disk is the account’s when its starter was: %s', async (_title, uid, account) => {
    const host = fakeHost({
      files: {
        '/proc/9/root/opt/node_modules/tool/package.json': manifest('tool'),
        '/proc/9/root/opt/node_modules/tool/bin': '',
        '/proc/9/mountinfo': '1 0 8:1 / / rw - overlay overlay rw\n',
      },
      processes: [
        { pid: 7, parentPid: 1, executable: '/usr/bin/starter', uid },
        { pid: 8, parentPid: 7, executable: '/bin/sh', contained: true },
        { pid: 9, parentPid: 8, executable: '/opt/node_modules/tool/bin', contained: true },
      ],
    })
    const { observations } = await look(processCollector, host)
    expect(observations.map((one) => [one.pid, one.account])).toEqual([[9, account]])
  })
})

describe('what a process says of itself', () => {
  const wanted = {
    title: [{ name: 'pi', ...observed }],
    environment: [{ name: 'AGENT_MARK', ...observed }],
    movedHomes: [{ variable: 'AGENT_HOME', place: '~/.agent', ...observed }],
  } as const
  const titled = { executable: '/usr/bin/node', argv: ['pi', '', ''] }

  test.each<[string, Partial<Process>, string | null]>([
    ['an interpreter whose arguments are overwritten by a known title', titled, 'pi'],
    ['the same title on a program that is no interpreter', { ...titled, executable: '/opt/pi/pi' }, null],
    [
      'an interpreter that runs a script under that name',
      { ...titled, argv: ['pi', '/home/ann/src/app/server.js'] },
      null,
    ],
    ['another title', { ...titled, argv: ['my notes'] }, null],
  ])('the title of %s', async (_title, process, expected) => {
    const host = fakeHost({ files, processes: [{ pid: 7, ...process }] })
    const { observations } = await look(processCollector, host, { wanted })
    expect(observations[0]?.title ?? null).toBe(expected)
  })

  test('a variable’s folder moves a home, and having a mark says nothing', async () => {
    const variables: Process['variables'] = (names, folders) => ({
      names: ['AGENT_MARK', 'SECRET'].filter((name) => names.has(name)),
      folders: folders.has('AGENT_HOME') ? [['AGENT_HOME', '/data/ann/agent/']] : [],
    })
    const memory = emptyMemory()
    const processes = [{ pid: 7, executable: '/usr/bin/bash', argv: ['bash'], variables }]
    const { observations } = await look(processCollector, fakeHost({ files, processes }), { wanted, memory })

    expect(observations).toEqual([])
    expect(memory.movedHomes('ann')).toEqual([{ place: '~/.agent', folder: '/data/ann/agent' }])
  })

  test('daemons of the system are not asked', async () => {
    const variables = () => {
      throw new Error('asked')
    }
    const processes = [
      { pid: 7, uid: '0', executable: '/usr/sbin/cron', argv: ['cron'], variables },
      { pid: 8, uid: '33', executable: '/usr/sbin/apache2', argv: ['apache2'], variables },
    ]
    const { observations } = await look(processCollector, fakeHost({ files, processes }), { wanted })
    expect(observations).toEqual([])
  })
})

describe('who sets the catalogue’s variables', () => {
  const wanted = { environment: [{ name: 'AGENT_MARK', ...observed }] } as const
  const withMark: Process['variables'] = () => ({ names: ['AGENT_MARK'], folders: [] })
  const without: Process['variables'] = () => ({ names: [], folders: [] })
  const child = { pid: 8, parentPid: 7, executable: '/usr/bin/bash', argv: ['bash'], variables: withMark }

  test.each<[string, Partial<Process>, readonly string[]]>([
    ['a program under whatever name', { executable: '/home/ann/bin/x', variables: without }, ['AGENT_MARK']],
    ['one that was started with them itself', { executable: '/home/ann/bin/x', variables: withMark }, []],
    ['a shell that was told to', { executable: '/usr/bin/bash', argv: ['bash'], variables: without }, []],
    ['another account’s program', { executable: '/home/bob/x', uid: '1001', variables: without }, []],
  ])('%s', async (_title, starter, expected) => {
    const host = fakeHost({ files, processes: [{ pid: 7, ...starter }, child] })
    const { observations } = await look(processCollector, host, { wanted })
    expect(observations.find(({ pid }) => pid === 7)?.sets ?? []).toEqual(expected)
  })

  test('what goes on to whatever is started is not told again', async () => {
    const starter = { pid: 7, executable: '/home/ann/bin/x', variables: without }
    const grandchild = { ...child, pid: 9, parentPid: 8 }
    const host = fakeHost({ files, processes: [starter, child, grandchild] })
    const { observations } = await look(processCollector, host, { wanted })
    expect(observations.map(({ pid, sets }) => [pid, sets.length])).toEqual([[7, 1]])
  })
})
