// Promise S9, as root: whatever lies in a home, a scan ends within the time it was given, sees the tool beside it, reads nothing
// outside, and says what it could not see.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { linkSync, mkdirSync, mkdtempSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyMemory } from '../../../agent/memory.ts'
import { linuxHost } from '../../../agent/platform/linux.ts'
import { Observation } from '../../../shared/observation.ts'
import {
  budgetMs,
  gapsIn,
  giveTo,
  hostWith,
  makeHostileHome,
  plantedIn,
  plantedTool,
  scanOf,
  type HostileHome,
} from '../../helpers/hostile-home.ts'
import { compileNative } from '../../helpers/native-programs.ts'
import { transcript } from '../../helpers/test-agent.ts'

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
const sessions = '.claude/projects/-hostile'
const modules = '.npm-global/lib/node_modules'
const manifest = (name: string) => JSON.stringify({ name, version: '1.0.0', bin: { x: 'x.js' } })
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
/** A session outside of the home, at a time that must show nowhere. */
const outsideAt = Date.UTC(2001, 1, 3, 4, 5, 6)

let folder = ''
let outside = ''
let count = 0

beforeAll(() => {
  if (!isRoot) return
  folder = mkdtempSync(join(tmpdir(), 'cutoff-hostile-homes-'))
  outside = join(folder, 'outside')
  mkdirSync(join(outside, 'projects/-src'), { recursive: true })
  writeFileSync(join(outside, 'projects/-src/0b.jsonl'), transcript(outsideAt))
  writeFileSync(join(outside, 'package.json'), manifest('kept-from-you'))
  execFileSync('chmod', ['755', folder])
})

// Trees deeper than a path may be long are beyond Node's own removal.
afterAll(() => {
  if (folder !== '') execFileSync('rm', ['-rf', folder])
})

const newHome = () => makeHostileHome(join(folder, `home-${(count += 1)}`))

/** What holds of every scan of a hostile home. */
async function scanned(home: HostileHome, host = hostWith(home), memory = emptyMemory()) {
  const result = await scanOf(host, memory)
  expect(result.finishedAt - result.startedAt).toBeLessThanOrEqual(budgetMs)
  expect(plantedIn(result, home)).toEqual(plantedTool)
  // A collector that threw, and so saw nothing else either.
  expect(result.gaps.filter(({ reason, path }) => reason === 'failed' && path === '/')).toEqual([])
  for (const observation of result.observations) Observation.parse(observation)
  const own = JSON.stringify(result.observations.filter(({ account }) => account === home.account.name))
  expect(own).not.toContain('kept-from-you')
  expect(own).not.toContain(String(outsideAt))
  return gapsIn(result, home)
}

interface Case {
  readonly name: string
  readonly make: (home: HostileHome) => void
  /** None: what was made is passed over. */
  readonly gaps: readonly string[]
  /** After everything was given to the home's owner. */
  readonly after?: (home: HostileHome) => void
}

const links: readonly Case[] = [
  {
    name: 'a link to a file outside',
    make: (home) => home.link(`${sessions}/out.jsonl`, join(outside, 'projects/-src/0b.jsonl')),
    gaps: ['trace outside-home OUTSIDE'],
  },
  {
    name: 'a link to a file that only root may read',
    make: (home) => home.link(`${sessions}/shadow.jsonl`, '/etc/shadow'),
    gaps: ['trace outside-home /etc'],
  },
  {
    name: 'links to folders outside, of sessions, packages and settings',
    make(home) {
      home.link('.codex', outside)
      home.link('.config', outside)
      home.link('.claude/projects/-out', join(outside, 'projects/-src'))
      home.link(`${modules}/out`, outside)
    },
    gaps: ['trace outside-home OUTSIDE', 'package outside-home OUTSIDE', 'config outside-home OUTSIDE'],
  },
  {
    name: 'a chain of links, longer than the system follows',
    make(home) {
      home.file(`${sessions}/end.jsonl`, transcript(outsideAt - 1))
      for (let n = 0; n < 60; n += 1)
        home.link(`links/${n}`, n === 0 ? `../${sessions}/end.jsonl` : `${n - 1}`)
      home.link(`${sessions}/chain.jsonl`, '../../../links/59')
    },
    gaps: ['trace too-deep'],
  },
  {
    name: 'links that lead to themselves and to each other',
    make(home) {
      home.link(`${sessions}/self.jsonl`, 'self.jsonl')
      home.link('.gemini', '.qwen')
      home.link('.qwen', '.gemini')
      home.link(`${modules}/loop`, 'loop/loop')
    },
    gaps: [`trace too-deep ~/${sessions}/self.jsonl`, 'trace too-deep ~/.', 'package too-deep'],
  },
  {
    name: 'a link up to the folder that it is in',
    make(home) {
      home.link(`.claude/projects/-up`, '..')
      home.link(`${modules}/up`, '../..')
    },
    gaps: [],
  },
]

const kinds: readonly Case[] = [
  {
    name: 'a FIFO as session, manifest and start-up file',
    make(home) {
      for (const path of [`${sessions}/fifo.jsonl`, `${modules}/fifo/package.json`, '.bashrc']) {
        home.folder(join(path, '..'))
        execFileSync('mkfifo', [join(home.path, path)])
      }
    },
    gaps: [
      `trace not-regular ~/${sessions}/fifo.jsonl`,
      `package not-regular ~/${modules}/fifo/package.json`,
      'command not-regular ~/.bashrc',
    ],
  },
  {
    name: 'folders where files are expected, and files where folders are',
    make(home) {
      home.folder(`${sessions}/folder.jsonl`)
      home.folder(`${modules}/folder/package.json`)
      home.folder('.zshrc')
      home.file('.codex', 'no folder')
      home.file('.config', 'no folder')
    },
    gaps: [`package not-regular ~/${modules}/folder/package.json`, 'command not-regular ~/.zshrc'],
  },
]

const sizes: readonly Case[] = [
  {
    name: 'a manifest of 1 GB',
    make: (home) => home.sparse(`${modules}/huge/package.json`, 1024 ** 3),
    gaps: [`package too-large ~/${modules}/huge/package.json`],
  },
  {
    name: 'a start-up file of 100 MB',
    make: (home) => home.sparse('.bashrc', 100 * 1024 ** 2),
    gaps: ['command too-large ~/.bashrc'],
  },
  {
    name: 'settings, lists of extensions and records of packages of 1 GB',
    make(home) {
      home.sparse('.openclaude.json', 1024 ** 3)
      home.sparse('.vscode/extensions/extensions.json', 1024 ** 3)
      home.sparse('.local/share/applications/x.desktop', 1024 ** 3)
      home.sparse('.local/lib/python3.12/site-packages/x-1.0.dist-info/RECORD', 1024 ** 3)
      home.file('.local/bin/x', '#!/usr/bin/python3\n')
      execFileSync('chmod', ['755', join(home.path, '.local/bin/x')])
    },
    gaps: [
      'mcp-server too-large ~/.openclaude.json',
      'extension too-large ~/.vscode/extensions/extensions.json',
      'app too-large ~/.local/share/applications/x.desktop',
      'command too-large ~/.local/lib/python3.12/site-packages/x-1.0.dist-info/RECORD',
    ],
  },
  {
    name: 'a session of 8 GB without one line',
    make: (home) => home.sparse(`${sessions}/zeros.jsonl`, 8 * 1024 ** 3),
    gaps: [],
  },
]

const contents: readonly Case[] = [
  {
    name: 'manifests, lists and settings that are no JSON',
    make(home) {
      home.file(`${modules}/broken/package.json`, '{"name":')
      home.file(`${modules}/binary/package.json`, Uint8Array.from([0xff, 0xfe, 0, 0x7b]))
      home.file('.vscode/extensions/extensions.json', '[')
      home.file('.openclaude.json', 'mcpServers')
      home.file('.config/goose/config.yaml', 'a: b: c\n')
    },
    gaps: [
      `package unparsable ~/${modules}/broken/package.json`,
      `package unparsable ~/${modules}/binary/package.json`,
      'extension unparsable ~/.vscode/extensions/extensions.json',
      'mcp-server unparsable ~/.openclaude.json',
      'mcp-server unparsable ~/.config/goose/config.yaml',
    ],
  },
  {
    name: 'documents 10,000 levels deep',
    make(home) {
      home.file(`${modules}/deep/package.json`, `{"name":"deep","version":"1.0.0","x":${nested(10_000)}}`)
      home.file('.vscode/extensions/extensions.json', '['.repeat(10_000) + ']'.repeat(10_000))
      home.file('.openclaude.json', nested(10_000))
      home.file('.config/goose/config.yaml', `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`)
      home.file('.grok/config.toml', `a = ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`)
      home.file(`${sessions}/deep.jsonl`, `${nested(10_000)}\n`)
    },
    gaps: [],
  },
  {
    name: 'what takes parsers longest',
    make(home) {
      home.file('.config/goose/config.yaml', '? '.repeat(128 * 1024))
      home.file('.grok/config.toml', `a${'.a'.repeat(127 * 1024)} = 1\n`)
      home.file('.openclaude.json', `{${':,'.repeat(2_000_000)}`)
      for (let n = 0; n < 10; n += 1) {
        home.file(`.config/systemd/user/x${n}.service`, '\n'.repeat(256 * 1024))
        home.file(`.local/share/applications/x${n}.desktop`, '[Desktop Entry]\n'.repeat(15_000))
      }
      home.file('.bashrc', 'export PATH=$PATH:$(x ${y'.repeat(20_000))
      home.file('.zshrc', "alias x='\\\n".repeat(40_000))
      home.file('.npmrc', 'prefix='.repeat(9_000))
    },
    gaps: ['mcp-server unparsable ~/.config/goose/config.yaml'],
  },
  {
    name: 'YAML that grows a billionfold',
    make(home) {
      const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
      for (let n = 1; n < 12; n += 1) lines.push(`a${n}: &a${n} [${`*a${n - 1},`.repeat(10).slice(0, -1)}]`)
      home.file('.config/goose/config.yaml', `${lines.join('\n')}\n`)
    },
    gaps: ['mcp-server unparsable ~/.config/goose/config.yaml'],
  },
  {
    name: 'manifests that lie about who they are',
    make(home) {
      home.file(`${modules}/climbs/package.json`, manifest('../../../../../etc/passwd'))
      home.file(`${modules}/nul/package.json`, manifest('a\0b'))
      home.file(`${modules}/long/package.json`, manifest('x'.repeat(1024 * 1024)))
      home.file(`${modules}/words/package.json`, '{"name":{"a":1},"version":[],"bin":7,"dependencies":[]}')
      home.file(
        `${modules}/proto/package.json`,
        '{"__proto__":{"name":"x"},"name":"constructor","bin":{"__proto__":"x"}}',
      )
      home.file(
        '.npm/_npx/0/package.json',
        JSON.stringify({
          dependencies: { '../../../../outside': '1', '..': '1', 'a\0b': '1', '@x/../../..': '1' },
        }),
      )
      home.folder('.npm/_npx/0/node_modules')
    },
    gaps: [],
  },
  {
    name: 'databases that are none, broken off, or lie about their pages',
    make(home) {
      const header = Buffer.alloc(4096)
      header.write('SQLite format 3\0')
      home.file('.local/share/opencode/opencode.db', header)
      home.file('.local/share/opencode/opencode.db-wal', 'no log')
      const real = spawnSync(
        process.execPath,
        [
          '-e',
          `const { DatabaseSync } = require('node:sqlite'); const db = new DatabaseSync(process.argv[1])
           db.exec('create table message (id text, data text); create table session (id text)')
           for (let n = 0; n < 500; n++) db.prepare('insert into message values (?, ?)').run(String(n), '{}'.repeat(100))`,
          join(home.path, 'whole.db'),
        ],
        { encoding: 'utf8' },
      )
      expect(real.stderr).toBe('')
      execFileSync('sh', ['-c', 'head -c 20000 whole.db > .local/share/opencode/opencode.db'], {
        cwd: home.path,
      })
      home.file('.cursor/chats/a/b/store.db', 'SQLite format 3')
    },
    gaps: ['trace unparsable ~/.local/share/opencode/opencode.db'],
  },
  {
    name: 'plug-ins and applications in broken archives',
    make(home) {
      home.file(
        '.local/share/JetBrains/IntelliJIdea2026.1/x/lib/x.jar',
        'PK\u0005\u0006' + '\u00ff'.repeat(100),
      )
      home.file('Applications/x.AppImage', '\u007fELF' + '\0'.repeat(64))
      home.file(
        '.local/share/applications/x.desktop',
        '[Desktop Entry]\nExec=/bin/sh -c "rm -rf ~"\nName=\u001b[2J\n',
      )
    },
    gaps: [],
  },
]

const names: readonly Case[] = [
  {
    name: 'names with control characters, line ends, and letters that run the other way',
    make(home) {
      for (const name of [
        '\u001b[2J\u0007',
        'a\nb',
        '\u202egnp.exe',
        '\u2066x\u2069',
        '%s%n',
        '..\\..',
        '$(id)',
        '-rf',
        '*',
      ]) {
        home.file(`${sessions}/${name}.jsonl`, transcript(Date.UTC(2026, 9, 1)))
        home.file(`${modules}/${name}/package.json`, manifest(name))
        home.file(`.local/bin/${name}`, '#!/bin/sh\n')
        execFileSync('chmod', ['755', join(home.path, '.local/bin', name)])
      }
    },
    gaps: [],
  },
  {
    name: 'names that are no UTF-8',
    make(home) {
      const path = (name: string) =>
        Buffer.concat([Buffer.from(`${home.folder(name)}/`), Buffer.from([0x62, 0xff])])
      writeFileSync(path(sessions), transcript(outsideAt))
      writeFileSync(path('.local/bin'), '#!/bin/sh\n')
      mkdirSync(path(modules))
    },
    gaps: [`trace failed ~/${sessions}`, 'command failed ~/.local/bin', `package failed ~/${modules}`],
  },
  {
    name: 'folders in folders, deeper than a path may be long',
    make(home) {
      home.folder(sessions)
      const down = 'mkdir("a" x 200), chdir("a" x 200) or die for 1 .. 10_000'
      execFileSync('perl', ['-e', `chdir shift or die; ${down}`, join(home.path, sessions)])
      execFileSync('perl', ['-e', `chdir shift or die; ${down}`, home.folder(modules)])
    },
    gaps: [],
  },
]

const owners: readonly Case[] = [
  {
    name: 'files of somebody else, and of root',
    make(home) {
      home.file(`${sessions}/foreign.jsonl`, transcript(outsideAt))
      home.file(`${sessions}/root.jsonl`, transcript(outsideAt))
      home.file(`${modules}/foreign/package.json`, manifest('kept-from-you'))
      home.file('.npmrc', 'prefix=/kept-from-you')
    },
    after(home) {
      giveTo(join(home.path, sessions, 'foreign.jsonl'), 4242)
      giveTo(join(home.path, sessions, 'root.jsonl'), 0)
      giveTo(join(home.path, modules, 'foreign/package.json'), 4242)
      giveTo(join(home.path, '.npmrc'), 4242)
    },
    gaps: [
      `trace foreign-owner ~/${sessions}/foreign.jsonl`,
      `trace foreign-owner ~/${sessions}/root.jsonl`,
      `package foreign-owner ~/${modules}/foreign/package.json`,
      'package foreign-owner ~/.npmrc',
    ],
  },
  {
    name: 'start-up files that move a tool’s home to folders of others',
    make: (home) =>
      home.file(
        '.bashrc',
        'export CLAUDE_CONFIG_DIR=/etc\nexport CODEX_HOME=/root\nexport GEMINI_CLI_HOME=/proc/self\n',
      ),
    gaps: ['trace foreign-owner /etc', 'trace foreign-owner /root'],
  },
]

describe.runIf(isRoot)('a hostile home', () => {
  describe.each([
    ['links', links],
    ['kinds', kinds],
    ['sizes', sizes],
    ['contents', contents],
    ['names', names],
    ['owners', owners],
  ] as const)('%s', (_, cases) => {
    test.each(cases)('$name', async ({ make, after, gaps }) => {
      const home = newHome()
      make(home)
      home.own()
      after?.(home)
      const memory = emptyMemory()
      const host = hostWith(home)

      const first = await scanned(home, host, memory)
      const second = await scanned(home, host, memory)

      for (const found of [first, second]) {
        const missing = gaps.filter(
          (gap) => !found.some((one) => one.startsWith(gap.replace('OUTSIDE', folder))),
        )
        expect(missing).toEqual([])
        const others = gaps.length > 0 ? [] : found.filter((gap) => !gap.includes(' unparsable '))
        expect(others).toEqual([])
      }
    })
  })

  test('a socket, as a session and as a manifest', async () => {
    const home = newHome()
    const server = createServer()
    // The name of a socket may be 107 bytes long, and those of homes are longer.
    const short = mkdtempSync('/tmp/cutoff-s-')
    server.listen(join(short, 's'))
    await once(server, 'listening')
    try {
      home.folder(sessions)
      home.folder(`${modules}/socket`)
      linkSync(join(short, 's'), join(home.path, sessions, 'socket.jsonl'))
      linkSync(join(short, 's'), join(home.path, modules, 'socket/package.json'))
      home.own()

      const gaps = await scanned(home)

      expect(gaps).toContain(`trace not-regular ~/${sessions}/socket.jsonl`)
      expect(gaps).toContain(`package not-regular ~/${modules}/socket/package.json`)
    } finally {
      server.close()
      execFileSync('rm', ['-rf', short])
    }
  })

  test('devices, as a session, a manifest and a start-up file', async ({ skip }) => {
    const home = newHome()
    const device = (path: string, minor: string): boolean => {
      home.folder(join(path, '..'))
      return spawnSync('mknod', [join(home.path, path), 'c', '1', minor]).status === 0
    }
    if (!device(`${sessions}/zero.jsonl`, '5')) skip('no device may be made here')
    device(`${modules}/random/package.json`, '8')
    device('.bashrc', '5')
    home.own()

    const gaps = await scanned(home)

    expect(gaps).toContain(`trace not-regular ~/${sessions}/zero.jsonl`)
    expect(gaps).toContain(`package not-regular ~/${modules}/random/package.json`)
    expect(gaps).toContain('command not-regular ~/.bashrc')
  })

  test('a million names in one folder, under the names of several', { timeout: 180_000 }, async () => {
    const home = newHome()
    home.folder(sessions)
    // Names cost a tenth of files; a file may have 65,000 of them.
    const begun = performance.now()
    let made = 0
    for (let file = 0; made < 1_000_000 && performance.now() - begun < 30_000; file += 1) {
      const content = home.file(`content-${file}`, transcript(outsideAt))
      giveTo(content, 4242)
      for (let n = 0; n < 50_000; n += 1, made += 1) {
        linkSync(content, join(home.path, sessions, `${made}.jsonl`))
      }
    }
    for (const path of [
      `.local/bin`,
      `.vscode/extensions`,
      `${modules}/@scope`,
      '.codex/sessions',
      '.config',
    ]) {
      home.folder(join(path, '..'))
      symlinkSync(join(home.path, sessions), join(home.path, path))
    }
    console.log(`${made} names in ${Math.round(performance.now() - begun)} ms`)

    const gaps = await scanned(home)

    expect(made).toBeGreaterThanOrEqual(200_000)
    for (const collector of ['trace', 'command', 'extension', 'package']) {
      expect(gaps).toContain(`${collector} too-many ~/${sessions}`)
    }
  })

  test('a session that is swapped for a link to a file outside, all the time', async () => {
    const home = newHome()
    const path = home.file(`${sessions}/swapped.jsonl`, transcript(Date.UTC(2026, 9, 2)))
    home.own()
    const secret = join(outside, 'projects/-src/0b.jsonl')
    const swapper = spawn(
      process.execPath,
      [
        '-e',
        `const fs = require('fs'); const [path, secret, text, uid] = process.argv.slice(1); process.stdout.write('1')
         for (;;) { fs.symlinkSync(secret, path + '.l'); fs.lchownSync(path + '.l', +uid, +uid); fs.renameSync(path + '.l', path)
                    fs.writeFileSync(path + '.f', text); fs.chownSync(path + '.f', +uid, +uid); fs.renameSync(path + '.f', path) }`,
        path,
        secret,
        transcript(Date.UTC(2026, 9, 2)),
        home.account.uid,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    try {
      await once(swapper.stdout, 'data')
      const host = hostWith(home)
      const seen = new Set<string>()
      for (let n = 0; n < 25; n += 1) {
        for (const gap of await scanned(home, host)) seen.add(gap.split(' ').slice(0, 2).join(' '))
      }
      for (const gap of seen) {
        expect(['trace outside-home', 'trace changed-while-read', 'trace foreign-owner']).toContain(gap)
      }
    } finally {
      swapper.kill('SIGKILL')
      await once(swapper, 'exit')
      unlinkSync(path)
    }
  })

  test('closed to the agent: a gap of its account, and the others are looked at', async () => {
    const closed = newHome()
    const open = newHome()
    execFileSync('chmod', ['-R', 'a+rX', open.path])
    const host = linuxHost()
    const accounts = () => ({ accounts: [closed.account, open.account], gaps: [] })
    process.seteuid?.(65_534)
    try {
      const result = await scanOf({ ...host, accounts, processes: () => ({ processes: [], gaps: [] }) })

      expect(gapsIn(result, closed)).toContain('trace denied ~')
      expect(result.coverage.find(({ account }) => account === closed.account.name)?.state).toBe(
        'not-attested',
      )
      expect(plantedIn(result, closed)).toBeNull()
      expect(plantedIn(result, open)).toEqual(plantedTool)
    } finally {
      process.seteuid?.(0)
    }
  })
})

describe.runIf(isRoot)('a mount that does not answer', () => {
  let program: string | undefined
  const mounts: { readonly server: ChildProcess; readonly folder: string }[] = []

  beforeAll(() => {
    program = compileNative('slow-mount', folder)
  })

  afterAll(() => {
    for (const mount of mounts) {
      mount.server.kill('SIGKILL')
      spawnSync('umount', ['--lazy', mount.folder])
    }
  })

  /** Mounts it; null where that cannot be done. `requests`: what the kernel asked it since. */
  async function mount(home: HostileHome, path: string, delayMs: number) {
    if (program === undefined) return null
    const at = home.folder(path)
    const server = spawn(program, [at, String(delayMs)], { stdio: ['pipe', 'pipe', 'ignore'] })
    const requests: string[] = []
    const begun = await Promise.race([once(server.stdout, 'data'), once(server, 'exit')])
    if (!String(begun[0]).startsWith('ready')) return null
    mounts.push({ server, folder: at })
    server.stdout.on('data', (text: Buffer) => requests.push(...text.toString().trim().split('\n')))
    return { server, requests }
  }

  const states = [
    { name: 'slow', delayMs: 2000, signal: null },
    { name: 'stopped', delayMs: 0, signal: 'SIGSTOP' },
    { name: 'gone', delayMs: 0, signal: 'SIGKILL' },
  ] as const

  test.for(states)('$name: it is left alone, and is a gap', async ({ delayMs, signal }, { skip }) => {
    const home = newHome()
    for (const path of ['.config', '.codex/sessions', '.local/bin', `${modules}/mounted`]) home.folder(path)
    home.own()
    const places = ['.config', '.codex/sessions', '.local/bin', `${modules}/mounted`]
    const made = []
    for (const path of places) made.push(await mount(home, path, delayMs))
    if (made.includes(null)) skip('no FUSE or no C compiler here')
    if (signal !== null) for (const one of made) one?.server.kill(signal)
    await sleep(100)

    const gaps = await scanned(home)

    expect(gaps).toContain('config remote-mount ~/.config')
    expect(gaps).toContain('trace remote-mount ~/.codex/sessions')
    expect(gaps).toContain('command remote-mount ~/.local/bin')
    expect(gaps).toContain(`package remote-mount ~/${modules}/mounted`)
    expect(made.flatMap((one) => one?.requests)).toEqual([])
  })
})
