// Homes that were made to escape from, to hang or to crash the agent: each thing ends in a gap or is passed over.
import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyMemory } from '../../../../agent/memory.ts'
import { linuxHost } from '../../../../agent/platform/linux.ts'
import type { Host } from '../../../../agent/platform/host.ts'
import { homeReach } from '../../../../agent/platform/places.ts'
import { scan } from '../../../../agent/scan.ts'
import { tools } from '../../../../shared/catalogue.ts'
import type { Account, Gap } from '../../../../shared/observation.ts'

const uid = process.getuid?.() ?? 0
const isRoot = uid === 0
let folder = ''
let home = ''
let account: Account

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-hostile-'))
  home = join(folder, 'ann')
  mkdirSync(home)
  account = { name: 'ann', uid: String(uid), home, readable: true }
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** This machine, with the hostile home as its only account. */
function hostOf(): Host {
  const host = linuxHost()
  return {
    ...host,
    accounts: () => ({ accounts: [account], gaps: [] }),
    processes: () => ({ processes: [], gaps: [] }),
  }
}

function put(path: string, content = ''): string {
  const full = join(home, path)
  mkdirSync(join(full, '..'), { recursive: true })
  writeFileSync(full, content)
  return full
}

function makeFifo(path: string): void {
  mkdirSync(join(home, path, '..'), { recursive: true })
  execFileSync('mkfifo', [join(home, path)])
}

function link(path: string, target: string): void {
  mkdirSync(join(home, path, '..'), { recursive: true })
  symlinkSync(target, join(home, path))
}

async function gapsOf(): Promise<readonly string[]> {
  const { gaps, observations } = await scan(hostOf(), tools, {
    memory: emptyMemory(),
    confirmUse: true,
    inventory: 'full',
    now: Date.now(),
    budgetMs: 60_000,
    catalogue: 'test',
  })
  expect(
    observations.filter((one) => one.account === 'ann' && JSON.stringify(one).includes('shadow')),
  ).toEqual([])
  const short = (gap: Gap) => `${gap.collector} ${gap.reason} ${gap.path.replace(home, '~')}`
  return gaps.filter((gap) => gap.account === 'ann').map(short)
}

test('everything at once: the scan ends, and every trap is a gap', async () => {
  const sessions = '.claude/projects'
  makeFifo(`${sessions}/a/fifo.jsonl`)
  link(`${sessions}/a/shadow.jsonl`, '/etc/shadow')
  link(`${sessions}/a/loop.jsonl`, 'loop.jsonl')
  link(`${sessions}/root`, '/root')
  link(`${sessions}/a/dev.jsonl`, '/dev/zero')
  link(`${sessions}/a/proc.jsonl`, '/proc/self/environ')
  put(`${sessions}/a/zeros.jsonl`, '\0'.repeat(300_000))
  put(`${sessions}/a/\n\u001b[2J\u0007.jsonl`, '{"type":"assistant"}\n')
  put(`${sessions}/b/.hidden.jsonl`, `${'['.repeat(50_000)}\n`)
  link('.codex', '/')
  makeFifo('.npmrc')
  makeFifo('.bashrc')
  link('.zshrc', '/etc/shadow')
  mkdirSync(join(home, '.profile'))
  const modules = '.npm-global/lib/node_modules'
  const sparse = put(`${modules}/huge/package.json`)
  const handle = openSync(sparse, 'r+')
  ftruncateSync(handle, 1024 ** 3)
  closeSync(handle)
  put(`${modules}/deep/package.json`, `{"name":"deep","x":${'{"y":'.repeat(10_000)}1${'}'.repeat(10_000)}}`)
  put(`${modules}/broken/package.json`, '{"name":')
  link(`${modules}/out`, '/root')
  makeFifo(`${modules}/fifo/package.json`)
  put('.vscode/extensions/extensions.json', '[')
  link('.cursor/extensions', '/etc')
  makeFifo('.local/share/applications/x.desktop')
  link('.local/bin/tool', '/dev/tty')
  put('.local/share/opencode/opencode.db', 'SQLite format 3\0garbage')

  const gaps = await gapsOf()

  expect(gaps.toSorted()).toEqual(
    [
      'trace not-regular ~/.claude/projects/a/fifo.jsonl',
      'trace outside-home /etc',
      'trace outside-home /dev',
      'trace outside-home /proc',
      'trace outside-home /root',
      'trace too-deep ~/.claude/projects/a/loop.jsonl',
      // `/`, and whatever lies there, is not the account's.
      'trace outside-home /sessions',
      'trace outside-home /archived_sessions',
      'trace outside-home /history.jsonl',
      'trace outside-home /app-server-daemon',
      'trace outside-home /thread-writer-locks',
      'trace unparsable ~/.local/share/opencode/opencode.db',
      'mcp-server outside-home /config.toml',
      'package not-regular ~/.npmrc',
      'package too-large ~/.npm-global/lib/node_modules/huge/package.json',
      'package unparsable ~/.npm-global/lib/node_modules/broken/package.json',
      'package outside-home /root',
      'package not-regular ~/.npm-global/lib/node_modules/fifo/package.json',
      'command not-regular ~/.npmrc',
      'command not-regular ~/.bashrc',
      'command not-regular ~/.profile',
      'command outside-home /dev',
      'command outside-home /etc/shadow',
      'command outside-home ~/.cursor/extensions',
      'extension unparsable ~/.vscode/extensions/extensions.json',
      'extension outside-home /etc',
      'app not-regular ~/.local/share/applications/x.desktop',
      ...gaps.filter(
        (gap) =>
          /^(?:config|command) outside-home \/[a-z.-]+$/.test(gap) && gap !== 'command outside-home /dev',
      ),
    ].toSorted(),
  )
})

describe('folders', () => {
  test('of a hundred thousand entries only so many are taken, and it is a gap', () => {
    const many = join(home, 'many')
    mkdirSync(many)
    for (let n = 0; n < 100_000; n += 1) closeSync(openSync(join(many, String(n)), 'w'))

    const listing = homeReach(hostOf().files, account).list(many)

    expect(listing).toMatchObject({ ok: true, value: { gap: { reason: 'too-many', path: many } } })
    expect(listing.ok && listing.value.entries.length).toBe(10_000)
  })

  test('with names that are no UTF-8 are listed as far as they go', () => {
    const odd = join(home, 'odd')
    mkdirSync(odd)
    writeFileSync(Buffer.concat([Buffer.from(`${odd}/`), Buffer.from([0x62, 0xff, 0x64])]), '')
    writeFileSync(join(odd, 'é\n\u001b'), '')

    const listing = homeReach(hostOf().files, account).list(odd)

    expect(listing).toEqual({
      ok: true,
      value: {
        real: odd,
        entries: [{ name: 'é\n\u001b', kind: 'file' }],
        gap: { reason: 'failed', path: odd, detail: 'name-not-utf8' },
      },
    })
  })

  test('that have not changed for a while are not listed again, and a new file in them is seen at once', () => {
    const quiet = join(home, 'quiet')
    mkdirSync(quiet)
    writeFileSync(join(quiet, 'one'), '')
    const host = hostOf()
    const names = () => {
      host.files.refresh()
      const listing = homeReach(host.files, account).list(quiet)
      return listing.ok ? listing.value.entries.map(({ name }) => name).toSorted() : null
    }

    expect(names()).toEqual(['one'])
    writeFileSync(join(quiet, 'two'), '')
    expect(names()).toEqual(['one', 'two'])
    // Even when somebody sets the time of the folder back, its change time tells.
    utimesSync(quiet, 1, 1)
    expect(names()).toEqual(['one', 'two'])
    writeFileSync(join(quiet, 'three'), '')
    utimesSync(quiet, 1, 1)
    expect(names()).toEqual(['one', 'three', 'two'])
  })
})

test('a file that is swapped for a link and back all the time is read, or a gap, and never the link’s target', async () => {
  const secret = join(folder, 'secret')
  writeFileSync(secret, 'secret')
  const path = put('swapped/file', 'own text')
  const swapper = spawn(
    process.execPath,
    [
      '-e',
      `const fs = require('fs'); const [path, secret] = process.argv.slice(1); process.stdout.write('1')
       for (;;) { fs.symlinkSync(secret, path + '.l'); fs.renameSync(path + '.l', path)
                  fs.writeFileSync(path + '.f', 'own text'); fs.renameSync(path + '.f', path) }`,
      path,
      secret,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  try {
    await new Promise((resolve) => swapper.stdout.once('data', resolve))
    const host = hostOf()
    const seen = new Set<string>()
    // On a busy machine the other process may not get its turn for a while.
    const giveUpMs = performance.now() + 20_000
    for (let n = 0; n < 20_000 || (seen.size < 2 && performance.now() < giveUpMs); n += 1) {
      const result = homeReach(host.files, account).read(path, 100)
      seen.add(result.ok ? result.value.bytes.toString() : (result.gap?.reason ?? 'missing'))
    }
    for (const one of seen) {
      expect(['own text', 'outside-home', 'changed-while-read', 'missing']).toContain(one)
    }
    expect(seen.size).toBeGreaterThan(1)
  } finally {
    swapper.kill('SIGKILL')
  }
})

describe.runIf(isRoot)('with more rights than the account', () => {
  test('a file of somebody else in a home is not read', () => {
    const foreign = put('foreign', 'secret')
    chownSync(foreign, 4242, 4242)
    expect(homeReach(hostOf().files, account).read(foreign, 100)).toEqual({
      ok: false,
      gap: { reason: 'foreign-owner', path: foreign, detail: 'uid:4242' },
    })
  })
})

describe.runIf(isRoot)('with fewer rights than the account', () => {
  test('a closed home is a gap, and nothing in it is', () => {
    const closed = join(folder, 'closed')
    mkdirSync(closed)
    chmodSync(closed, 0o700)
    chmodSync(folder, 0o755)
    const host = hostOf()
    process.seteuid?.(65_534)
    try {
      const reach = homeReach(host.files, { name: 'bob', uid: '4242', home: closed, readable: true })
      expect(reach.list(closed)).toEqual({
        ok: false,
        gap: { reason: 'denied', path: closed, detail: 'EACCES' },
      })
      expect(reach.stat(join(closed, 'x'))).toMatchObject({ ok: false, gap: { reason: 'denied' } })
    } finally {
      process.seteuid?.(0)
    }
  })
})
