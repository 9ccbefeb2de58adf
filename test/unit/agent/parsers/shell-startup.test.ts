import { describe, expect, test } from 'vitest'
import { parseShellStartup } from '../../../../agent/parsers/shell-startup.ts'

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
    ['ai() { ~/bin/tool "$@"; }', 'ai /home/ann/bin/tool'],
    [
      'ai () {\n  cd /srv\n  DEBUG=1 exec "$HOME/bin/tool" --fast "$@"\n}\n/opt/other',
      'ai /home/ann/bin/tool',
    ],
    ['function ai {\n  /opt/x/tool\n}', 'ai /opt/x/tool'],
    ['function ai --description x\n  /opt/x/tool $argv\nend', 'ai /opt/x/tool'],
    ['ai() { tool; }', null],
    ['/opt/x/tool', null],
  ])('%s', (line, expected) => {
    const [alias] = parseShellStartup(line, '/home/ann').aliases
    expect(alias === undefined ? null : `${alias.name} ${alias.program}`).toBe(expected)
  })

  test.each<[string, string | undefined]>([
    ['export NVM_DIR="$HOME/nvm"; . "$NVM_DIR/nvm.sh"', '/home/ann/nvm'],
    ['NVM_DIR=~/nvm # of ours', '/home/ann/nvm'],
    ['NVM_DIR=/a#b', '/a#b'],
    ['NVM_DIR=/a make', undefined],
    ['NVM_DIR=/a#b make', undefined],
    ['NVM_DIR=/a & make', undefined],
    ['set -gx NVM_DIR $HOME/nvm', '/home/ann/nvm'],
  ])('%s', (line, value) => {
    expect(parseShellStartup(line, '/home/ann').variables.get('NVM_DIR')).toBe(value)
  })

  test('a hostile file takes no time and breaks nothing', () => {
    const text = `${'PATH='.repeat(50_000)}\n${'a'.repeat(1_000_000)}\n${'export PATH="$HOME/x:$PATH"\n'.repeat(30_000)}\0`
    expect(parseShellStartup(text, '/home/ann').folders).toEqual(['/home/ann/x'])
  })
})
