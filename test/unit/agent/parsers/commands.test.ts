import { describe, expect, test } from 'vitest'
import { parseCommandHead } from '../../../../agent/parsers/command-head.ts'
import type { Family } from '../../../../agent/parsers/interpreter-arguments.ts'
import { interpreterOf, scriptArgument } from '../../../../agent/parsers/interpreter-arguments.ts'
import { parseShellStartup } from '../../../../agent/parsers/shell-startup.ts'

describe('interpreters', () => {
  test.each<[string, string | null]>([
    ['/usr/bin/node', 'node'],
    ['/home/ann/.nvm/versions/node/v26.10.0/bin/node', 'node'],
    ['/usr/bin/nodejs', 'node'],
    ['/usr/bin/python3.11', 'python'],
    ['/home/ann/.bun/bin/bun', 'bun'],
    ['/usr/bin/dash', 'shell'],
    ['/usr/bin/nodemon', null],
    ['/usr/bin/bundle', null],
    ['/home/ann/.local/share/claude/versions/2.1.330', null],
  ])('%s: %s', (executable, family) => {
    expect(interpreterOf(executable)).toBe(family)
  })

  test.each<[Family, readonly string[], string | null]>([
    ['node', ['node', '/p/cli.js', '-p', 'hi'], '/p/cli.js'],
    ['node', ['/usr/bin/node', '--max-old-space-size=12052', '/p/gemini'], '/p/gemini'],
    ['node', ['node', '--expose-gc', '--no-warnings', 'cli.js'], 'cli.js'],
    ['node', ['node', '-r', './hook.js', '--import', 'x', 'cli.js'], 'cli.js'],
    ['node', ['node', '-e', 'code', '@anthropic-ai/claude-code'], null],
    ['node', ['node', '--eval=code', 'x'], null],
    ['node', ['node', '-p', '1', 'x.js'], null],
    ['node', ['node', '--', 'script.js'], 'script.js'],
    ['node', ['node', 'inspect', 'x.js'], 'x.js'],
    ['node', ['node'], null],
    ['node', ['node', '--run', 'build'], null],
    ['node', ['npm exec @anthropic-ai/claude-code'], null],
    ['node', ['', '', ''], null],
    ['bun', ['bun', 'run', 'x.ts'], 'x.ts'],
    ['bun', ['bun', 'x', 'pkg'], null],
    ['bun', ['bun', '/p/x.ts'], '/p/x.ts'],
    ['deno', ['deno', 'run', '-A', '--config', 'c.json', 'm.ts'], 'm.ts'],
    ['python', ['python3', '-m', 'aider'], null],
    ['python', ['python3', '-Ic', 'code'], null],
    ['python', ['python3', '-W', 'ignore', '/p/aider'], '/p/aider'],
    ['shell', ['/bin/sh', '/home/ann/bin/claude', '-p'], '/home/ann/bin/claude'],
    ['shell', ['bash', '-lc', 'claude'], null],
    ['shell', ['bash', '--rcfile', 'x', 'y'], 'y'],
    ['shell', ['sh', '-s'], null],
    ['shell', ['-bash'], null],
  ] as const)('%s %j runs %s', (family, argv, expected) => {
    expect(scriptArgument(family, argv)).toBe(expected)
  })
})

describe('the first bytes of a command', () => {
  // pnpm 12.0, `pnpm add -g`, Debian 12, 2026-11-22; shortened, names replaced.
  const pnpm = `#!/bin/sh
basedir=$(dirname "$(echo "$0" | sed -e 's,\\\\,/,g')")

case \`uname\` in
    *CYGWIN*|*MINGW*|*MSYS*)
        basedir=\`cygpath -w "$basedir"\`
    ;;
esac

if [ -z "$NODE_PATH" ]; then
  export NODE_PATH="/home/ann/.local/share/pnpm/global/v11/abc/node_modules"
fi
if [ -x "$basedir/node" ]; then
  exec "$basedir/node"  "$basedir/../global/v11/abc/node_modules/@x/tool/cli.js" "$@"
else
  exec node  "$basedir/../global/v11/abc/node_modules/@x/tool/cli.js" "$@"
fi
`

  test.each<[string, string | Buffer, string, string | null]>([
    ['pnpm’s shim', pnpm, 'script', './../global/v11/abc/node_modules/@x/tool/cli.js'],
    ['a wrapper', '#!/bin/sh\nexec /opt/tool/bin/tool "$@"\n', 'script', '/opt/tool/bin/tool'],
    [
      'a wrapper in quotes',
      '#!/usr/bin/env bash\nexec "$HOME/.tool/bin/tool" "$@"\n',
      'script',
      '~/.tool/bin/tool',
    ],
    ['a dispatcher by name', '#!/bin/sh\nexec asdf exec "claude" "$@"\n', 'script', null],
    ['an unknown variable', '#!/bin/sh\nexec "$ROOT/x"\n', 'script', null],
    ['a node script', '#!/usr/bin/env node\nconst exec = 1\nexec /bin/x\n', 'script', null],
    ['ELF', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]), 'elf', null],
    ['Mach-O', Buffer.from([0xcf, 0xfa, 0xed, 0xfe]), 'mach-o', null],
    ['PE', Buffer.from('MZ\x90\0'), 'pe', null],
    ['nothing', '', 'other', null],
  ])('%s', (_title, content, format, passesTo) => {
    expect(parseCommandHead(Buffer.from(content as string))).toEqual({ format, passesTo })
  })
})

describe('start-up files of shells', () => {
  test.each<[string, string, readonly string[]]>([
    ['a plain export', 'export PATH="$HOME/.tool/bin:$PATH"', ['/home/ann/.tool/bin']],
    ['without quotes, at the end', 'PATH=$PATH:~/x/bin:/opt/y/bin', ['/home/ann/x/bin', '/opt/y/bin']],
    ['a tilde at the beginning', 'export PATH=~/x/bin:$PATH', ['/home/ann/x/bin']],
    [
      'variables set before',
      'export BUN_INSTALL="$HOME/.bun"\nexport PATH="$BUN_INSTALL/bin:$PATH"',
      ['/home/ann/.bun/bin'],
    ],
    [
      'as pnpm writes it',
      'export PNPM_HOME="/home/ann/.local/share/pnpm"\ncase ":$PATH:" in\n  *":$PNPM_HOME:"*) ;;\n  *) export PATH="$PNPM_HOME:$PATH" ;;\nesac',
      ['/home/ann/.local/share/pnpm'],
    ],
    ['behind a test', '[ -d "$HOME/bin" ] && PATH="$HOME/bin:$PATH"', ['/home/ann/bin']],
    ['zsh’s array', 'path+=(~/a/bin $HOME/b)', ['/home/ann/a/bin', '/home/ann/b']],
    ['fish', 'fish_add_path -g ~/.cargo/bin\nset -gx PATH /opt/z $PATH', ['/home/ann/.cargo/bin', '/opt/z']],
    ['a default', 'export PATH="${XDG_DATA_HOME:-$HOME/.local/share}/x:$PATH"', ['/home/ann/.local/share/x']],
    ['a command’s output is not known', 'export PATH="$(brew --prefix)/bin:`x`/y:$PATH"', []],
    ['comments', '# export PATH=/x:$PATH', []],
    ['relative folders', 'PATH=.:bin:/ok', ['/ok']],
    ['other variables that end alike', 'MANPATH=/m:$MANPATH\nexport GOPATH=/g', []],
  ])('%s', (_title, text, folders) => {
    expect(parseShellStartup(text, '/home/ann').folders).toEqual(folders)
  })

  test.each<[string, string | null]>([
    ["alias cc='claude --verbose'", 'cc claude'],
    ['alias ai="DEBUG=1 command ~/bin/tool"', 'ai /home/ann/bin/tool'],
    ['alias ls="ls --color"', null],
    ['alias x=`which y`', null],
  ])('%s', (line, expected) => {
    const [alias] = parseShellStartup(line, '/home/ann').aliases
    expect(alias === undefined ? null : `${alias.name} ${alias.program}`).toBe(expected)
  })

  test('a hostile file takes no time and breaks nothing', () => {
    const text = `${'PATH='.repeat(50_000)}\n${'a'.repeat(1_000_000)}\n${'export PATH="$HOME/x:$PATH"\n'.repeat(30_000)}\0`
    expect(parseShellStartup(text, '/home/ann').folders).toEqual(['/home/ann/x'])
  })
})
