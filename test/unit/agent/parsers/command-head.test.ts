import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseCommandHead } from '../../../../agent/parsers/command-head.ts'

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

// cmd-shim 8.0.0 of npm 11.19.1; test/fixtures/shims/README.md.
test.each([
  ['gemini', './node_modules/@google/gemini-cli/bundle/gemini.js'],
  ['claude', './node_modules/@anthropic-ai/claude-code/bin/claude.exe'],
])('npm’s shim of %s for Windows', (name, passesTo) => {
  const bytes = readFileSync(new URL(`../../../fixtures/shims/${name}.cmd`, import.meta.url))
  expect(parseCommandHead(bytes)).toEqual({ format: 'script', passesTo })
})
