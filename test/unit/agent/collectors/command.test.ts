import { describe, expect, test } from 'vitest'
import { commandCollector } from '../../../../agent/collectors/command.ts'
import { emptyMemory } from '../../../../agent/memory.ts'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { aNow, fakeHost } from '../../../helpers/fake-host.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'

const elf = { content: '\u007fELF\u0002', mode: 0o755 }
const script = (content: string) => ({ content, mode: 0o755 })
const modules = '/home/ann/.nvm/versions/node/v26.10.0/lib/node_modules'
const wanted = { command: [{ name: 'tool', ...observed }] }

async function commands(files: FakeTree, inventory: 'full' | 'catalogue-only' = 'full') {
  const { observations, gaps } = await look(commandCollector, fakeHost({ files }), { wanted, inventory })
  return {
    commands: observations.map(
      (one) =>
        `${one.account ?? '-'} ${one.name} ${one.path} -> ${one.target} ${one.format} ${one.package?.name ?? '-'}`,
    ),
    gaps: gaps.map(inShort),
  }
}

describe('commands', () => {
  test.each<[string, FakeTree, string[]]>([
    [
      'a link of npm, with its package',
      {
        '/home/ann/.nvm/versions/node/v26.10.0/bin/tool': { link: '../lib/node_modules/@v/tool/cli.js' },
        [`${modules}/@v/tool/cli.js`]: script('#!/usr/bin/env node\n'),
        [`${modules}/@v/tool/package.json`]: '{"name":"@v/tool","version":"1.0.0"}',
      },
      [`ann tool /home/ann/.nvm/versions/node/v26.10.0/bin/tool -> ${modules}/@v/tool/cli.js script @v/tool`],
    ],
    [
      'a shim of pnpm, followed to the package that it starts',
      {
        '/home/ann/.local/share/pnpm/bin/tool': script(
          '#!/bin/sh\nexec node  "$basedir/../global/v11/abc/node_modules/tool/cli.js" "$@"\n',
        ),
        '/home/ann/.local/share/pnpm/global/v11/abc/node_modules/tool/cli.js':
          script('#!/usr/bin/env node\n'),
        '/home/ann/.local/share/pnpm/global/v11/abc/node_modules/tool/package.json': '{"name":"tool"}',
      },
      [
        'ann tool /home/ann/.local/share/pnpm/bin/tool -> ' +
          '/home/ann/.local/share/pnpm/global/v11/abc/node_modules/tool/cli.js script tool',
      ],
    ],
    [
      'a cask of Homebrew, by its own folder',
      {
        '/home/linuxbrew/.linuxbrew/bin/tool': { link: '../Caskroom/tool-app/3.1/bin/tool' },
        '/home/linuxbrew/.linuxbrew/Caskroom/tool-app/3.1/bin/tool': elf,
      },
      [
        '- tool /home/linuxbrew/.linuxbrew/bin/tool -> ' +
          '/home/linuxbrew/.linuxbrew/Caskroom/tool-app/3.1/bin/tool elf tool-app',
      ],
    ],
    [
      'a native installation: the target is a version’s file',
      {
        '/home/ann/.local/bin/tool': { link: '/home/ann/.local/share/tool/versions/1.0' },
        '/home/ann/.local/share/tool/versions/1.0': elf,
      },
      ['ann tool /home/ann/.local/bin/tool -> /home/ann/.local/share/tool/versions/1.0 elf -'],
    ],
    [
      'a folder that a start-up file adds',
      { '/home/ann/.bashrc': 'export PATH="$HOME/odd/place:$PATH"\n', '/home/ann/odd/place/tool': elf },
      ['ann tool /home/ann/odd/place/tool -> /home/ann/odd/place/tool elf -'],
    ],
    [
      'a prefix of npm',
      { '/home/ann/.npmrc': 'prefix=~/np\n', '/home/ann/np/bin/x': elf },
      ['ann x /home/ann/np/bin/x -> /home/ann/np/bin/x elf -'],
    ],
    [
      'a system-wide command is everybody’s, once',
      { '/usr/local/bin/tool': elf, '/home/ann/.profile': 'PATH=/usr/local/bin:$PATH' },
      ['- tool /usr/local/bin/tool -> /usr/local/bin/tool elf -'],
    ],
    [
      'of the distribution’s own folders only wanted names',
      { '/usr/bin/tool': elf, '/usr/bin/ls': elf },
      ['- tool /usr/bin/tool -> /usr/bin/tool elf -'],
    ],
    [
      'an alias is a command, too',
      { '/home/ann/.zshrc': "alias ai='tool --fast'\n", '/home/ann/bin/tool': elf },
      [
        'ann tool /home/ann/bin/tool -> /home/ann/bin/tool elf -',
        'ann ai /home/ann/.zshrc -> /home/ann/bin/tool elf -',
      ],
    ],
    [
      'a shell function that starts a program by its path is a command, too',
      { '/home/ann/.bashrc': 'ai() {\n  /home/ann/.hidden/tool "$@"\n}\n', '/home/ann/.hidden/tool': elf },
      ['ann ai /home/ann/.bashrc -> /home/ann/.hidden/tool elf -'],
    ],
    [
      'a wrapper leads to what it hands its arguments to',
      {
        '/home/ann/bin/ai': script('#!/bin/sh\nDEBUG=1 "/home/ann/.hidden/tool" --fast "$@"\n'),
        '/home/ann/.hidden/tool': elf,
      },
      ['ann ai /home/ann/bin/ai -> /home/ann/.hidden/tool elf -'],
    ],
    [
      'what starts by itself: units, the desktop’s entries, the account’s own crontab',
      {
        '/home/ann/.config/systemd/user/a.service': '[Service]\nExecStart=%h/.hidden/unit\n',
        '/home/ann/.config/autostart/b.desktop':
          '[Desktop Entry]\nType=Application\nExec=/home/ann/.hidden/entry\n',
        '/var/spool/cron/crontabs/ann': { content: '@daily /home/ann/.hidden/line\n', owner: 1000 },
        '/var/spool/cron/crontabs/bob': { content: '@daily /home/ann/.hidden/bobs\n', owner: 1001 },
        '/home/ann/.hidden/unit': elf,
        '/home/ann/.hidden/entry': elf,
        '/home/ann/.hidden/line': elf,
        '/home/ann/.hidden/bobs': elf,
      },
      [
        'ann unit /home/ann/.config/systemd/user/a.service -> /home/ann/.hidden/unit elf -',
        'ann entry /home/ann/.config/autostart/b.desktop -> /home/ann/.hidden/entry elf -',
        'ann line /var/spool/cron/crontabs/ann -> /home/ann/.hidden/line elf -',
      ],
    ],
    ['what may not be executed is no command', { '/home/ann/bin/notes': { content: 'x', mode: 0o644 } }, []],
    ['a link that leads nowhere is no command', { '/home/ann/bin/tool': { link: '/home/ann/gone' } }, []],
  ])('%s', async (_title, files, expected) => {
    expect(await commands(files)).toEqual({ commands: expected, gaps: [] })
  })

  test('with the catalogue alone only its names are told', async () => {
    const files = { '/home/ann/bin/tool': elf, '/home/ann/bin/other': elf, '/usr/local/bin/third': elf }
    expect((await commands(files, 'catalogue-only')).commands).toEqual([
      'ann tool /home/ann/bin/tool -> /home/ann/bin/tool elf -',
    ])
  })

  test('a program in a known place counts though it is on no PATH', async () => {
    const files = { '/home/ann/.tool/bin/tool-x': elf }
    const host = fakeHost({ files })
    const { observations } = await look(commandCollector, host, {
      wanted: { executable: [{ place: '~/.tool/bin/tool*', ...observed }] },
      inventory: 'catalogue-only',
    })
    expect(observations).toEqual([
      {
        kind: 'command',
        account: 'ann',
        at: aNow,
        name: 'tool-x',
        path: '/home/ann/.tool/bin/tool-x',
        target: '/home/ann/.tool/bin/tool-x',
        bytes: 5,
        format: 'elf',
        package: null,
      },
    ])
  })

  test('the package of a wanted command in an odd place is remembered', async () => {
    const memory = emptyMemory()
    const files = {
      '/home/ann/bin/tool': { link: '../src/x/node_modules/tool/cli.js' },
      '/home/ann/src/x/node_modules/tool/cli.js': script('#!/usr/bin/env node\n'),
      '/home/ann/src/x/node_modules/tool/package.json': '{"name":"tool"}',
    }
    await look(commandCollector, fakeHost({ files }), {
      wanted: { package: [{ manager: 'npm', name: 'tool', ...observed }] },
      memory,
    })
    expect(memory.roots('ann')).toEqual(['/home/ann/src/x/node_modules/tool'])
  })
})

describe('what is in the way', () => {
  test.each<[string, FakeTree, string[]]>([
    [
      'a link into another home',
      { '/home/ann/bin/tool': { link: '/home/bob/tool' }, '/home/bob/tool': elf },
      ['ann outside-home /home/bob'],
    ],
    ['a FIFO on the PATH', { '/home/ann/bin/tool': { fifo: true } }, []],
    [
      'a start-up file that is a FIFO',
      { '/home/ann/.bashrc': { fifo: true } },
      ['ann not-regular /home/ann/.bashrc'],
    ],
    [
      'a start-up file of 1 GB',
      { '/home/ann/.bashrc': { bytes: 1e9 } },
      ['ann too-large /home/ann/.bashrc (1000000000 bytes)'],
    ],
    [
      'a PATH into somebody’s secrets',
      { '/home/ann/.bashrc': 'export PATH=/root/secret:$PATH', '/root/secret/x': elf },
      ['ann outside-home /root'],
    ],
    ['shims in a ring', { '/home/ann/bin/tool': script('#!/bin/sh\nexec /home/ann/bin/tool\n') }, []],
  ])('%s', async (_title, files, expected) => {
    expect((await commands(files)).gaps).toEqual(expected)
  })
})
