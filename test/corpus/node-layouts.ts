// Where the package managers of Node put a package and its commands, each as it was seen or as its maker says: written from
// real installs, not from the collectors' own tables.
import { createHash } from 'node:crypto'
import type { FakeNode } from '../helpers/fake-host.ts'
import { elf, json, script, type Draft, type Person } from './draft.ts'
import type { RealTool } from './real-tools.ts'

export interface Installed {
  /** Folder of the package, as the manager's own paths lead to it. */
  readonly root: string
  /** Whether npm nests what it brings along below the package, as `npm install -g` does. */
  readonly nested: boolean
  /** What stands in the arguments of a command's process: the link for most, the script for shims. */
  readonly argument: (command: string) => string
}

export interface NodeLayout {
  readonly surface: string
  /** Of which install, when. */
  readonly seen: string
  /** Every account has it; no one in particular. */
  readonly machineWide?: true
  readonly install: (draft: Draft, tool: RealTool, person: Person) => Installed
}

const seen2026 = 'seen here 2026-11-22'

export const nodeLayouts: readonly NodeLayout[] = [
  global('npm, /usr', `the tree ${seen2026} in another prefix; /usr is Debian’s`, () => '/usr', true),
  global(
    'npm, /usr/local',
    `the tree ${seen2026} in another prefix; /usr/local is npm’s own`,
    () => '/usr/local',
    true,
  ),
  global(
    'npm, ~/.npm-global',
    `${seen2026}: codebuff with npm 11, npm_config_prefix`,
    ({ home }) => `${home}/.npm-global`,
  ),
  {
    surface: 'npm, prefix of ~/.npmrc',
    seen: `the tree ${seen2026} in another prefix; npm’s documentation of ~/.npmrc`,
    install(draft, tool, person) {
      draft.files[`${person.home}/.npmrc`] = 'prefix=${HOME}/opt/node\n'
      return globalInto(draft, tool, `${person.home}/opt/node`)
    },
  },
  global(
    'nvm',
    `${seen2026}: all 16 tools in the prefix of an nvm-style Node 26`,
    ({ home }) => `${home}/.nvm/versions/node/v26.10.0`,
  ),
  global(
    'fnm',
    'fnm’s documentation: node-versions/VERSION/installation is a Node prefix',
    ({ home }) => `${home}/.local/share/fnm/node-versions/v24.16.0/installation`,
  ),
  global(
    'mise, its Node',
    'seen here 2026-11-23: Gemini CLI with npm in the Node of mise 2026.9.15, from a mirror: a Node prefix',
    ({ home }) => `${home}/.local/share/mise/installs/node/26.10.0`,
  ),
  global(
    'asdf',
    'asdf-nodejs: installs/nodejs/VERSION is a Node prefix',
    ({ home }) => `${home}/.asdf/installs/nodejs/26.10.0`,
  ),
  {
    surface: 'mise, npm:PACKAGE',
    seen: 'seen here 2026-11-23: Gemini CLI and opencode with mise 2026.9.15, which installs by itself, whole tree',
    install(draft, tool, person) {
      const mise = `${person.home}/.local/share/mise`
      const place = `${mise}/installs/npm-${tool.package.replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '')}`
      const own = `${place}/${tool.version}`
      const inside = `.mise/${tool.package.replace('/', '+')}@${tool.version}/node_modules`
      const modules = `${own}/node_modules/${inside}`
      draft.files[`${place}/latest`] = { link: `./${tool.version}` }
      addDependency(draft, `${own}/package.json`, tool)
      draft.files[`${own}/node_modules/${tool.package}`] = { link: `${modules}/${tool.package}` }
      putPackage(draft, tool, `${modules}/${tool.package}`, modules)
      draft.files[`${person.home}/.local/bin/mise`] = elf(150_884_912)
      for (const [command, file] of Object.entries(tool.commands)) {
        const target = `"$basedir/../${inside}/${tool.package}/${file}"`
        draft.files[`${mise}/shims/${command}`] = { link: `${person.home}/.local/bin/mise` }
        draft.files[`${own}/node_modules/.bin/${command}`] = script(
          `#!/bin/sh\nlink="$0"\nbasedir=$(dirname "$link")\nexport NODE_PATH="$basedir/..:$basedir/../.mise/node_modules"\n` +
            (tool.program.type === 'ELF'
              ? `exec ${target} "$@"\n`
              : `if [ -x "$basedir/node" ]; then\n  exec "$basedir/node" ${target} "$@"\nelse\n  exec node ${target} "$@"\nfi\n`),
        )
      }
      return {
        root: `${modules}/${tool.package}`,
        nested: false,
        argument: (command) =>
          `${own}/node_modules/.bin/../${inside}/${tool.package}/${tool.commands[command] ?? ''}`,
      }
    },
  },
  global(
    'mise, npm:PACKAGE by npm',
    'seen here 2026-11-23: opencode with mise 2026.9.15 that was told to use npm: a prefix per package',
    ({ home }, tool) =>
      `${home}/.local/share/mise/installs/npm-${tool.package.replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '')}/${tool.version}`,
  ),
  {
    surface: 'volta',
    seen: 'volta’s sources: image/packages/NAME is a prefix; bin/COMMAND leads to volta-shim',
    install(draft, tool, person) {
      const volta = `${person.home}/.volta`
      draft.files[`${volta}/bin/volta-shim`] = elf(5_000_000)
      for (const command of Object.keys(tool.commands)) {
        draft.files[`${volta}/bin/${command}`] = { link: 'volta-shim' }
        draft.files[`${volta}/tools/user/bins/${command}.json`] = json({
          name: command,
          package: tool.package,
          version: tool.version,
        })
      }
      return globalInto(draft, tool, `${volta}/tools/image/packages/${tool.package}`)
    },
  },
  {
    surface: 'pnpm 12',
    seen: `${seen2026}: codebuff with pnpm 12.21, whole tree; Gemini CLI’s process with pnpm 12; where parts of scoped packages lie is inferred`,
    install(draft, tool, person) {
      const home = `${person.home}/.local/share/pnpm`
      const hash = hashOf(tool.package)
      const place = `${home}/global/v11/3d7-${hash}-0`
      const link = `${home}/global/v11/${hash}${hash}${hash}${hash}`
      const store = `${home}/store/v11/links`
      const at = (name: string): string =>
        `${store}/${name.startsWith('@') ? '' : '@/'}${name}/${tool.version}/48757596d99545576ffb8c7e78546a30f4ed/node_modules`
      draft.files[link] = { link: `3d7-${hash}-0` }
      addDependency(draft, `${place}/package.json`, tool)
      draft.files[`${place}/node_modules/${tool.package}`] = {
        link: `${at(tool.package)}/${tool.package}`,
      }
      putPackage(draft, tool, `${at(tool.package)}/${tool.package}`, `${at(tool.package)}`)
      for (const [command, file] of Object.entries(tool.commands)) {
        const target = `../global/v11/${link.slice(link.lastIndexOf('/') + 1)}/node_modules/${tool.package}/${file}`
        draft.files[`${home}/bin/${command}`] = script(
          `#!/bin/sh\nbasedir_abs=$(CDPATH= cd -- "$basedir" && pwd -P)\n${'# the rest of a real one’s 5 KB\n'.repeat(140)}` +
            `if [ -x "$basedir/node" ]; then\n  exec "$basedir/node"  "$basedir_abs"/'${target}' "$@"\nelse\n` +
            `  exec node  "$basedir_abs"/'${target}' "$@"\nfi\n# cmd-shim-target=${link}/node_modules/${tool.package}/${file}\n`,
        )
      }
      return {
        root: `${at(tool.package)}/${tool.package}`,
        nested: false,
        argument: (command) =>
          `${home}/bin/../global/v11/${link.slice(link.lastIndexOf('/') + 1)}/node_modules/${tool.package}/${tool.commands[command] ?? ''}`,
      }
    },
  },
  {
    surface: 'pnpm 9',
    seen: `${seen2026}: codebuff with pnpm 9.15, whole tree`,
    install(draft, tool, person) {
      const home = `${person.home}/.local/share/pnpm`
      const modules = `${home}/global/5/.pnpm/${tool.package.replace('/', '+')}@${tool.version}/node_modules`
      addDependency(draft, `${home}/global/5/package.json`, tool)
      draft.files[`${home}/global/5/node_modules/${tool.package}`] = {
        link: `${modules}/${tool.package}`,
      }
      putPackage(draft, tool, `${modules}/${tool.package}`, modules)
      for (const [command, file] of Object.entries(tool.commands)) {
        draft.files[`${home}/${command}`] = script(
          `#!/bin/sh\nbasedir=$(dirname "$(echo "$0" | sed -e 's,\\\\,/,g')")\n` +
            `if [ -x "$basedir/node" ]; then\n  exec "$basedir/node"  "$basedir/global/5/node_modules/${tool.package}/${file}" "$@"\n` +
            `else\n  exec node  "$basedir/global/5/node_modules/${tool.package}/${file}" "$@"\nfi\n`,
        )
      }
      return {
        root: `${modules}/${tool.package}`,
        nested: false,
        argument: (command) =>
          `${home}/global/5/node_modules/${tool.package}/${tool.commands[command] ?? ''}`,
      }
    },
  },
  {
    surface: 'bun',
    seen: `${seen2026}: codebuff and Codex with bun 1, whole tree`,
    install(draft, tool, person) {
      const place = `${person.home}/.bun/install/global`
      addDependency(draft, `${place}/package.json`, tool)
      return hoisted(draft, tool, `${place}/node_modules`, `${person.home}/.bun/bin`)
    },
  },
  {
    surface: 'yarn 1',
    seen: `${seen2026}: codebuff with yarn 1.22 as root, and its sources for ~/.yarn/bin where Node’s prefix cannot be written`,
    install(draft, tool, person) {
      const place = `${person.home}/.config/yarn/global`
      addDependency(draft, `${place}/package.json`, tool)
      const made = hoisted(draft, tool, `${place}/node_modules`, `${place}/node_modules/.bin`)
      for (const command of Object.keys(tool.commands))
        draft.files[`${person.home}/.yarn/bin/${command}`] = {
          link: `../../.config/yarn/global/node_modules/.bin/${command}`,
        }
      return made
    },
  },
  {
    surface: 'npx',
    seen: `${seen2026}: codebuff and Claude Code with npm 11’s npx, whole tree`,
    install(draft, tool, person) {
      const place = `${person.home}/.npm/_npx/${hashOf(tool.package)}`
      draft.files[`${place}/package.json`] = json({
        dependencies: { [tool.package]: `^${tool.version}` },
        _npx: { packages: [tool.package] },
      })
      return hoisted(draft, tool, `${place}/node_modules`, `${place}/node_modules/.bin`)
    },
  },
  global(
    'proto',
    'proto’s documentation: ~/.proto/tools/node/VERSION is a Node prefix',
    ({ home }) => `${home}/.proto/tools/node/26.10.0`,
  ),
  {
    surface: 'nodenv',
    seen: 'seen here 2026-11-24: Gemini CLI with npm in a Node of nodenv 1.6.2, after nodenv rehash',
    install(draft, tool, person) {
      for (const command of Object.keys(tool.commands))
        draft.files[`${person.home}/.nodenv/shims/${command}`] = script(nodenvShim(person.home))
      return globalInto(draft, tool, `${person.home}/.nodenv/versions/26.10.0`)
    },
  },
  {
    surface: 'nvm, NVM_DIR elsewhere',
    seen: 'the tree of nvm; its README names the variable, its install script writes such lines',
    install(draft, tool, person) {
      draft.files[`${person.home}/.zshrc`] =
        'export NVM_DIR="$HOME/dev/nvm"\n[ -s "$NVM_DIR/nvm.sh" ] && \\. "$NVM_DIR/nvm.sh"\n'
      return globalInto(draft, tool, `${person.home}/dev/nvm/versions/node/v26.10.0`)
    },
  },
  global(
    'n',
    'seen here 2026-11-23: Qwen Code with npm in the Node of n 10.2.0, N_PREFIX ~/n as n-install sets it',
    ({ home }) => `${home}/n`,
  ),
  global(
    'Node unpacked in /opt',
    'nodejs.org’s archive is a prefix',
    () => '/opt/node-v26.10.0-linux-x64',
    true,
  ),
  {
    surface: 'Node unpacked in the home',
    seen: 'nodejs.org’s archive is a prefix; a line in ~/.profile puts its bin on the PATH',
    install(draft, tool, person) {
      draft.files[`${person.home}/.profile`] = 'export PATH="$HOME/node-v26.10.0-linux-x64/bin:$PATH"\n'
      return globalInto(draft, tool, `${person.home}/node-v26.10.0-linux-x64`)
    },
  },
  global(
    'Node of a conda environment',
    'conda’s documentation: an environment is a prefix; nodejs of conda-forge installs into it',
    ({ home }) => `${home}/miniconda3/envs/web`,
  ),
  global(
    'Node of a micromamba environment',
    'mamba’s documentation: root prefix ~/micromamba, environments in envs/',
    ({ home }) => `${home}/micromamba/envs/web`,
  ),
  {
    surface: 'pnpm dlx',
    seen: `${seen2026}: codebuff with pnpm 12.21, whole tree`,
    install(draft, tool, person) {
      const place = `${person.home}/.cache/pnpm/dlx/${hashOf(tool.package)}${hashOf(tool.package)}`
      const modules = `${place}/mwsjarri-5gk/node_modules`
      const inside = `${modules}/.pnpm/${tool.package.replace('/', '+')}@${tool.version}/node_modules`
      draft.files[`${place}/pkg`] = { link: 'mwsjarri-5gk' }
      draft.files[`${place}/mwsjarri-5gk/package.json`] = json({
        name: 'dlx',
        version: '0.0.0',
        dependencies: { [tool.package]: `^${tool.version}` },
      })
      draft.files[`${modules}/${tool.package}`] = { link: `${inside}/${tool.package}` }
      putPackage(draft, tool, `${inside}/${tool.package}`, inside)
      return {
        root: `${inside}/${tool.package}`,
        nested: false,
        argument: (command) => `${inside}/${tool.package}/${tool.commands[command] ?? ''}`,
      }
    },
  },
  {
    surface: 'bunx',
    seen: `${seen2026}: codebuff with bun 1.3’s bunx`,
    install(draft, tool, person) {
      const place = `${person.home}/.bun/install/cache/.bunx-${person.uid}/${tool.package}@latest`
      draft.files[`${place}/package.json`] = json({ dependencies: { [tool.package]: tool.version } })
      return hoisted(draft, tool, `${place}/node_modules`, `${place}/node_modules/.bin`)
    },
  },
  {
    surface: 'unpacked archive',
    seen: `${seen2026}: npm pack, unpacked by hand, run by its path`,
    install(draft, tool, person) {
      const root = `${person.home}/tools/${Object.keys(tool.commands)[0] ?? 'tool'}/package`
      putPackage(draft, tool, root, `${root}/node_modules`)
      return { root, nested: true, argument: (command) => `${root}/${tool.commands[command] ?? ''}` }
    },
  },
]

/** Managers name folders by hashes, one per package: 16 hex digits for npx, as seen. */
function hashOf(name: string): string {
  return createHash('sha512').update(name).digest('hex').slice(0, 16)
}

/** What is asked for second stands in the same manifest. */
function addDependency(draft: Draft, path: string, tool: RealTool): void {
  const before = draft.files[path] as { readonly content: string } | undefined
  const known =
    before === undefined
      ? {}
      : (JSON.parse(before.content) as { dependencies: Record<string, string> }).dependencies
  draft.files[path] = json({ dependencies: { ...known, [tool.package]: `^${tool.version}` } })
}

function nodenvShim(home: string): string {
  return `#!/usr/bin/env bash
set -e
[ -n "$NODENV_DEBUG" ] && set -x

program="\${0##*/}"
export NODENV_ROOT="${home}/.nodenv"
exec "${home}/.nodenv/bin/nodenv" exec "$program" "$@"
`
}

function global(
  surface: string,
  seen: string,
  prefixOf: (person: Person, tool: RealTool) => string,
  machineWide = false,
): NodeLayout {
  return {
    surface,
    seen,
    ...(machineWide ? { machineWide } : {}),
    install: (draft, tool, person) => globalInto(draft, tool, prefixOf(person, tool)),
  }
}

/** As `npm install -g` into a prefix: the package with all it needs below it, and links to its commands. */
export function globalInto(draft: Draft, tool: RealTool, prefix: string): Installed {
  const root = `${prefix}/lib/node_modules/${tool.package}`
  putPackage(draft, tool, root, `${root}/node_modules`)
  for (const [command, file] of Object.entries(tool.commands))
    draft.files[`${prefix}/bin/${command}`] = { link: `../lib/node_modules/${tool.package}/${file}` }
  return { root, nested: true, argument: (command) => `${prefix}/bin/${command}` }
}

/** As bun, yarn and npx: everything side by side in one `node_modules`. */
function hoisted(draft: Draft, tool: RealTool, modules: string, bin: string): Installed {
  const root = `${modules}/${tool.package}`
  putPackage(draft, tool, root, modules)
  for (const [command, file] of Object.entries(tool.commands))
    draft.files[`${bin}/${command}`] = { link: `${modules}/${tool.package}/${file}` }
  for (const dependency of ['tar', 'minipass'])
    draft.files[`${modules}/${dependency}/package.json`] = json({ name: dependency, version: '7.5.23' })
  return { root, nested: false, argument: (command) => `${bin}/${command}` }
}

/** The package's own files and, in `modules`, the parts that it brings along. */
export function putPackage(draft: Draft, tool: RealTool, root: string, modules: string): void {
  const main: FakeNode =
    tool.program.type === 'ELF'
      ? elf(tool.program.bytes)
      : script('#!/usr/bin/env node\nimport "./main.js"\n')
  draft.files[`${root}/package.json`] = json({
    name: tool.package,
    version: tool.version,
    bin: tool.commands,
  })
  for (const file of new Set(Object.values(tool.commands)))
    draft.files[inModules(`${root}/${file}`, root, modules)] = main
  for (const file of tool.others) draft.files[`${root}/${file}`] ??= elf(100_000_000)
  for (const part of tool.parts) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(part)?.[1] ?? ''
    // Codex’s parts are its own name at another version, installed under an alias.
    const ownName = name.startsWith('@openai/codex-') ? tool.package : name
    draft.files[`${modules}/${name}/package.json`] ??= json({ name: ownName, version: tool.version })
    draft.files[inModules(`${root}/${part}`, root, modules)] ??= elf(100_000_000)
  }
}

/** A path below the package's own `node_modules`, where that is. */
export function inModules(path: string, root: string, modules: string): string {
  return path.startsWith(`${root}/node_modules/`) ? `${modules}${path.slice(root.length + 13)}` : path
}
