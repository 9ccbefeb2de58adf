// What carries the names of AI coding tools and is none: alone, nothing of it may be reported as more than a name. From
// collisions and leftovers seen on real machines (the origin is beside each where it is not plain).
import { aNow } from '../helpers/fake-host.ts'
import { appImage, bunProgram, nativeFile, rustProgram, seaProgram } from '../helpers/native-builds.ts'
import { elf, json, script, start, type Draft, type Person } from './draft.ts'
import { globalInto } from './node-layouts.ts'
import { addDeb, desktopEntry } from './other-layouts.ts'
import type { Random } from './random.ts'
import { realTool, type RealTool } from './real-tools.ts'
import { sessionText } from './sessions.ts'

export interface LookAlike {
  readonly kind: string
  readonly put: (draft: Draft, person: Person, random: Random) => void
}

const daysAgo = (days: number): number => aNow - days * 86_400_000
const transcript = (random: Random): string =>
  sessionText('claude-code', 'use', daysAgo(1 + random.int(90))).text

/** Unrelated packages of the registry, with the versions and commands seen on 2026-11-22. */
const namesakes = [
  ['codex', '0.2.3', { codex: 'bin/codex' }],
  ['gemini', '7.5.2', { gemini: 'bin/gemini' }],
  ['crush', '0.2.1', { crush: 'bin/crush' }],
  ['goose', '0.0.3', { goose: 'bin/goose' }],
  ['@anthropic-ai/sdk', '1.12.0', { 'anthropic-ai-sdk': 'bin/cli' }],
] as const

export const lookAlikes: readonly LookAlike[] = [
  ...namesakes.map(([name, version, commands]): LookAlike => ({
    kind: `npm package ${name}`,
    put(draft, person, random) {
      const prefix = random.pick([
        `${person.home}/.n`,
        `${person.home}/.npm-packages`,
        `${person.home}/.nvm/versions/node/v18.20.8`,
      ])
      const { root } = globalInto(draft, bare(name, version, commands), prefix)
      const command = Object.keys(commands)[0] ?? ''
      if (random.chance(0.5))
        start(draft, person, {
          name: 'node',
          executable: '/usr/bin/node',
          argv: ['node', `${prefix}/bin/${command}`, root],
        })
    },
  })),
  {
    kind: 'Debian’s pi and grok',
    put(draft, person) {
      for (const name of ['pi', 'grok']) {
        addDeb(draft, name, '1.3.7-1')
        draft.files[`/usr/bin/${name}`] = elf(30_000)
      }
      start(draft, person, { name: 'pi', executable: '/usr/bin/pi', argv: ['pi', '100'] })
    },
  },
  {
    kind: 'scripts of that name',
    put(draft, { home }, random) {
      for (const name of random.some(['claude', 'codex', 'gemini', 'cursor', 'goose', 'q', 'pi'], 7))
        draft.files[`${home}/bin/${name}`] = script('#!/bin/sh\nexec ssh build-host "$@"\n')
    },
  },
  {
    kind: 'a running script of that name',
    put(draft, person) {
      draft.files[`${person.home}/.local/bin/claude-notes`] = script('#!/bin/sh\nsleep 100\n')
      draft.files['/usr/bin/dash'] = elf(125_000)
      start(draft, person, {
        name: 'claude',
        executable: '/usr/bin/dash',
        argv: ['/bin/sh', `${person.home}/src/tools/claude`],
      })
    },
  },
  {
    kind: 'a link of that name to sleep',
    put(draft, person) {
      draft.files['/usr/bin/sleep'] = elf(40_000)
      draft.files[`${person.home}/bin/codex`] = { link: '/usr/bin/sleep' }
      start(draft, person, { name: 'codex', executable: '/usr/bin/sleep', argv: ['codex', '100'] })
    },
  },
  {
    kind: 'words on command lines',
    put(draft, person, random) {
      const lines = [
        ['/usr/bin/node', ['node', '-e', 'setTimeout(()=>{},1e5) // @anthropic-ai/claude-code']],
        ['/usr/bin/grep', ['grep', '-rE', 'claude|codex|gemini', '.']],
        ['/usr/bin/vim', ['vim', 'claude notes.md']],
        ['/usr/bin/dash', ['/bin/sh', '-c', 'ps aux | grep -E "code|cursor|windsurf"']],
        ['/usr/bin/node', ['npm view @anthropic-ai/claude-code@latest version', '', '']],
      ] as const
      for (const [executable, argv] of random.some(lines, 5))
        start(draft, person, { name: argv[0], executable, argv })
    },
  },
  {
    kind: 'a cloned repository',
    put(draft, { home }, random) {
      const place = `${home}/src/${random.pick(['repo', 'claude', 'codex', 'app'])}`
      draft.files[`${place}/.git/HEAD`] = 'ref: refs/heads/main\n'
      for (const file of [
        'CLAUDE.md',
        'AGENTS.md',
        'GEMINI.md',
        '.cursor/rules/style.mdc',
        '.codex/config.toml',
        '.github/copilot-instructions.md',
      ])
        draft.files[`${place}/${file}`] = 'Be kind.\n'
      draft.files[`${place}/.claude/settings.json`] = json({ permissions: { allow: [] } })
      draft.files[`${place}/.gemini/settings.json`] = json({})
      draft.files[`${place}/.mcp.json`] = json({
        mcpServers: { a: { command: 'npx', args: ['some-server'] } },
      })
    },
  },
  {
    kind: 'a clone of a tool’s source',
    put(draft, { home }, random) {
      const tool = realTool(random.pick(['gemini-cli', 'codex-cli', 'claude-code', 'opencode']))
      const place = `${home}/src/${tool.tool}`
      draft.files[`${place}/.git/HEAD`] = 'ref: refs/heads/main\n'
      draft.files[`${place}/package.json`] = json({
        name: tool.package,
        version: '0.0.0-dev',
        bin: tool.commands,
      })
      for (const file of Object.values(tool.commands))
        draft.files[`${place}/${file}`] = script('#!/usr/bin/env node\n')
    },
  },
  {
    kind: 'a dependency that nobody installed',
    put(draft, { home }) {
      draft.files[`${home}/src/web/package.json`] = json({
        devDependencies: { '@anthropic-ai/claude-code': '^2', '@openai/codex': '*' },
      })
      draft.files[`${home}/src/web/node_modules/@anthropic-ai/sdk/package.json`] = json({
        name: '@anthropic-ai/sdk',
        version: '1.12.0',
      })
      draft.files[`${home}/src/web/node_modules/openai/package.json`] = json({
        name: 'openai',
        version: '6.9.0',
        bin: { openai: 'bin/cli' },
      })
    },
  },
  {
    kind: 'caches, logs and histories',
    put(draft, { home }) {
      draft.files[`${home}/.npm/_logs/2026-11-01T00_00_00_000Z-debug-0.log`] =
        'argv "view" "@anthropic-ai/claude-code"\n'
      draft.files[`${home}/.npm/_cacache/index-v5/aa/bb/cc`] = '{"key":"@openai/codex"}\n'
      draft.files[`${home}/.bash_history`] = 'claude -p hi\nnpm i -g @openai/codex\ngemini\n'
      draft.files[`${home}/Downloads/claude-code-2.1.330.tgz`] = { content: '', bytes: 120_000_000 }
    },
  },
  {
    kind: 'a dotfiles repository',
    put(draft, { home }) {
      const dots = `${home}/dotfiles`
      draft.files[`${dots}/.git/HEAD`] = 'ref: refs/heads/main\n'
      draft.files[`${dots}/claude/settings.json`] = json({ model: 'opus' })
      draft.files[`${dots}/codex/config.toml`] = 'model = "gpt"\n'
      draft.files[`${home}/.claude/settings.json`] = { link: `${dots}/claude/settings.json` }
      draft.files[`${home}/.claude/CLAUDE.md`] = 'Be kind.\n'
      draft.files[`${home}/.codex/config.toml`] = { link: `${dots}/codex/config.toml` }
    },
  },
  {
    kind: 'folders that tools share',
    put(draft, { home }) {
      draft.files[`${home}/.agents/skills/review/SKILL.md`] = 'Review.\n'
      draft.files[`${home}/.gemini/GEMINI.md`] = 'Be kind.\n'
      draft.files[`${home}/.gemini/settings.json`] = json({})
      draft.files[`${home}/.codeium/config.json`] = json({})
      draft.files[`${home}/.config/mcp/mcp.json`] = json({ mcpServers: {} })
    },
  },
  {
    kind: 'empty folders of settings',
    put(draft, { home }) {
      for (const folder of [
        '.claude/projects',
        '.codex/sessions',
        '.gemini',
        '.config/opencode',
        '.qwen',
        '.copilot',
        '.cursor',
        '.continue',
        '.aider',
        '.pi/agent',
      ])
        draft.files[`${home}/${folder}`] = { folder: true }
    },
  },
  {
    kind: 'copies of transcripts elsewhere',
    put(draft, { home }, random) {
      const text = transcript(random)
      const id = random.uuid()
      for (const place of [
        `backup/.claude/projects/-src/${id}.jsonl`,
        `.claude.bak/projects/-src/${id}.jsonl`,
        `claude/projects/-src/${id}.jsonl`,
        `.claude/projects/-src/${id}.jsonl.bak`,
        `.claude/projects/${id}.jsonl`,
        `Downloads/rollout-2026-08-01-${id}.jsonl`,
      ])
        draft.files[`${home}/${place}`] = text
    },
  },
  {
    kind: 'another account’s transcript',
    put(draft, person, random) {
      const owner = draft.people.find(({ uid }) => uid !== person.uid)?.uid ?? 0
      draft.files[`${person.home}/.claude/projects/-shared/${random.uuid()}.jsonl`] = {
        content: transcript(random),
        owner,
      }
      draft.files[`${person.home}/.pi/agent/sessions/--x--/2026_${random.uuid()}.jsonl`] = {
        content: sessionText('pi', 'use', daysAgo(5)).text,
        owner: 0,
      }
    },
  },
  {
    kind: 'a link out of the home',
    put(draft, { home }, random) {
      const elsewhere = `/srv/shared/claude-${random.int(1000)}`
      draft.files[`${elsewhere}/projects/-src/${random.uuid()}.jsonl`] = transcript(random)
      draft.files[`${home}/.claude/projects/-linked`] = { link: `${elsewhere}/projects/-src` }
    },
  },
  {
    kind: 'extensions of like names',
    put(draft, { home }) {
      const folder = `${home}/.vscode-exploration/extensions`
      const ids = [
        'someone.claude-code',
        'anthropic.claude-code-theme',
        'me.github-copilot',
        'openai.chatgpt-icons',
      ]
      for (const id of ids)
        draft.files[`${folder}/${id}-1.0.0/package.json`] = json({ name: id, version: '1.0.0' })
      draft.files[`${folder}/extensions.json`] = json(
        ids.map((id) => ({ identifier: { id }, version: '1.0.0', relativeLocation: `${id}-1.0.0` })),
      )
    },
  },
  {
    kind: 'libraries of Python and cargo',
    put(draft, { home }) {
      const packages = `${home}/.local/lib/python3.13/site-packages`
      for (const name of ['anthropic-0.74.0', 'openai-2.8.0', 'claude-0.4.10', 'codex-1.0.5', 'aider-0.2.6'])
        draft.files[`${packages}/${name}.dist-info/METADATA`] = `Name: ${name}\n`
      draft.files['/usr/local/lib/python3.11/dist-packages/anthropic-0.74.0.dist-info/METADATA'] =
        'Name: anthropic\n'
    },
  },
  {
    kind: 'a desktop entry of somebody’s',
    put(draft, { home }) {
      draft.files[`${home}/.local/share/applications/claude.desktop`] = desktopEntry(
        'Claude notes',
        '/usr/bin/gedit',
      )
      draft.files['/usr/bin/gedit'] = elf(60_000)
      draft.files[`${home}/.local/share/applications/codex-manual.desktop`] = desktopEntry(
        'Codex',
        '/usr/bin/gedit',
      )
    },
  },
  {
    kind: 'programs with texts of a tool',
    put(draft, person, random) {
      const own = (name: string): string => `${person.home}/bin/${name}`
      // As the agent SDK has it, which others build in; as codex-acp has it; as anybody names his own program.
      draft.files[own('sdk')] = nativeFile(
        bunProgram({
          entry: 'cli',
          text: '// (c) Anthropic PBC. All rights reserved.\nCLAUDE_CODE_ENTRYPOINT',
        }),
      )
      draft.files[own('acp')] = nativeFile(
        rustProgram('/git/checkouts/codex/f221438/codex-rs/network-proxy/src/http_proxy.rs codex_cli_rs'),
      )
      draft.files[own('fork')] = nativeFile(
        bunProgram({
          entry: 'src/index.js',
          text: 'opencode.ai OPENCODE_CONFIG',
          built: '--user-agent=mine/1',
        }),
      )
      draft.files[own('loader')] = nativeFile(seaProgram({ entry: 'sea-loader.js', text: 'COPILOT_HOME' }))
      draft.files[own('notes')] = script('#!/bin/sh\n# tengu_exit (c) Anthropic PBC. All rights reserved.\n')
      const name = random.pick(['sdk', 'acp', 'fork', 'loader'])
      start(draft, person, { name, executable: own(name), argv: [name] })
    },
  },
  {
    kind: 'AppImages and editors of others',
    put(draft, person) {
      const { home } = person
      draft.files[`${home}/Downloads/cursor-theme-editor-x86_64.AppImage`] = nativeFile(appImage())
      draft.files[`${home}/Downloads/Krita-5.2.AppImage`] = nativeFile(appImage())
      // Half of a download, and one that nobody made to start.
      draft.files[`${home}/Downloads/Cursor-1.7.44-x86_64.AppImage`] = {
        content: appImage(),
        bytes: 90_000_000,
      }
      draft.files[`${home}/Downloads/Cursor-1.7.44.AppImage.part`] = nativeFile(appImage())
      draft.files[`${home}/VSCode-linux-x64/code`] = elf(190_000_000)
      draft.files[`${home}/VSCode-linux-x64/resources/app/product.json`] = json({
        applicationName: 'code',
        dataFolderName: '.vscode',
        serverDataFolderName: '.vscode-server',
      })
      draft.files[`${home}/src/void/product.json`] = json({
        applicationName: 'void',
        serverDataFolderName: '.void-server',
      })
      const executable = `${home}/VSCode-linux-x64/code`
      start(draft, person, { name: 'code', executable, argv: [executable] })
    },
  },
  {
    kind: 'variables that a tool left to a shell',
    put(draft, person) {
      draft.files['/usr/bin/make'] = elf(240_000)
      start(draft, person, { name: 'make', executable: '/usr/bin/make', argv: ['make', 'all'] }, [
        'CLAUDECODE',
        'CLAUDE_CODE_ENTRYPOINT',
        'GEMINI_CLI',
      ])
    },
  },
  {
    kind: 'an account of that name',
    put(draft) {
      const people = draft.people as Person[]
      if (people.every(({ name }) => name !== 'claude'))
        people.push({ name: 'claude', uid: 1005, home: '/home/claude' })
      draft.files['/home/claude/.bashrc'] = 'alias ll="ls -l"\n'
      draft.files['/home/claude/codex/readme.txt'] = 'x'
    },
  },
]

function bare(name: string, version: string, commands: Readonly<Record<string, string>>): RealTool {
  return {
    tool: name,
    package: name,
    version,
    commands,
    program: { type: 'script', bytes: 300 },
    parts: [],
    others: [],
    leaves: { install: [], version: [], attempt: [], interactive: [] },
    processes: [],
    startsWith: [],
  }
}
