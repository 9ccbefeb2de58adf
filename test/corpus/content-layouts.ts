// Tools that no name and no package tells: native programs copied under another name, AppImages, editors unpacked by hand. What
// each holds was seen in its program on 2026-11-23 or is its maker's public file; not from the catalogue.
import type { FakeNode } from '../helpers/fake-host.ts'
import { goProgram } from '../helpers/go-program.ts'
import { appImage, bunProgram, nativeFile, rustProgram, seaProgram } from '../helpers/native-builds.ts'
import { elf, json, start, type Draft, type Person } from './draft.ts'
import type { OtherLayout } from './other-layouts.ts'

interface Copy {
  readonly tool: string
  readonly seen: string
  readonly file: FakeNode
}

const legal =
  '// @bun @bytecode\n// (c) Anthropic PBC. All rights reserved. Use is subject to the Legal Agreements outlined here: https://code.claude.com/docs/en/legal-and-compliance.\n\n// Version: 2.1.330\n'
const copies: readonly Copy[] = [
  {
    tool: 'claude-code',
    seen: 'claude of @anthropic-ai/claude-code-linux-x64 2.1.330, 2026-11-23',
    file: nativeFile(
      bunProgram({
        entry: 'cli',
        text: `${legal}e("tengu_exit",{})`,
        built: '--zero-fill-buffers --tls-extra-distrusted-keys=376a',
      }),
      381_121_040,
    ),
  },
  {
    tool: 'opencode',
    seen: 'opencode of opencode-linux-x64 1.18.34, 2026-11-23',
    file: nativeFile(
      bunProgram({
        entry: 'src/index.js',
        text: '// @bun\nimport{Wm as m1}from"/$bunfs/root/chunk-3q2ns9vd.js"',
        built: '--user-agent=opencode/1.18.34 --use-system-ca --',
      }),
      185_632_896,
    ),
  },
  {
    tool: 'amp',
    seen: 'amp of @ampcode/cli-linux-x64 0.0.1790142911, 2026-11-23: its script is kept as UTF-16',
    file: nativeFile(
      bunProgram({
        entry: 'amp-linux-x64',
        text: Buffer.from('[["AMP_API_KEY","Access token for https://ampcode.com/"]]', 'utf16le'),
      }),
      101_238_240,
    ),
  },
  {
    tool: 'copilot-cli',
    seen: 'copilot of @github/copilot-linux-x64 1.0.102, 2026-11-23: a single executable application of Node',
    file: nativeFile(
      seaProgram({
        entry: 'sea-loader.js',
        text: 'process.env.COPILOT_PKG_CACHE_HOME; `GitHub Copilot CLI ${v}`',
      }),
      197_462_848,
    ),
  },
  {
    tool: 'codex-cli',
    seen: 'codex of @openai/codex 0.169.0-linux-x64, 2026-11-23',
    file: nativeFile(
      rustProgram(
        'more running..[codex app-server exited: ...Failed to set codex exec originator override ...',
      ),
      294_277_432,
    ),
  },
  {
    tool: 'crush',
    seen: 'charmbracelet/crush: a program of Go, which names its module',
    file: nativeFile(goProgram('mod\tgithub.com/charmbracelet/crush\tv0.18.2\th1:x'), 60_000_000),
  },
]

function layout(
  surface: string,
  { tool, seen }: Pick<Copy, 'tool' | 'seen'>,
  program: (home: string) => string,
  files: (home: string) => Readonly<Record<string, FakeNode>>,
): OtherLayout {
  return {
    surface,
    tool,
    seen,
    install: (draft: Draft, { home }: Person) => void Object.assign(draft.files, files(home)),
    run(draft, person) {
      const executable = program(person.home)
      const name = executable.slice(executable.lastIndexOf('/') + 1)
      start(draft, person, { executable, name: name.slice(0, 15), argv: [executable] })
    },
  }
}

const image = nativeFile(appImage(), 210_000_000)
const images = [
  ['cursor', 'Cursor-1.7.44-x86_64.AppImage', 'downloads.cursor.com, as public package recipes name it'],
  ['lm-studio', 'LM-Studio-0.3.29-1-x64.AppImage', 'installers.lmstudio.ai, as public scripts name it'],
] as const

const editors = [
  [
    'windsurf',
    'windsurf',
    'Windsurf',
    { dataFolderName: '.windsurf', serverDataFolderName: '.windsurf-server' },
  ],
  ['cursor', 'cursor', 'squashfs-root/usr/share/cursor', { serverDataFolderName: '.cursor-server' }],
  [
    'void',
    'void',
    'Downloads/VSCode-linux-x64',
    { dataFolderName: '.void-editor', serverDataFolderName: '.void-server' },
  ],
] as const

export const contentLayouts: readonly OtherLayout[] = [
  // One account may have several.
  ...copies.map((copy, index) =>
    layout(
      'copy under another name, on a PATH',
      copy,
      (home) => `${home}/bin/ll${index}`,
      (home) => ({ [`${home}/bin/ll${index}`]: copy.file }),
    ),
  ),
  ...images.map(([tool, name, seen]) =>
    layout(
      'AppImage among the downloads',
      { tool, seen },
      (home) => `${home}/Downloads/${name}`,
      (home) => ({ [`${home}/Downloads/${name}`]: image }),
    ),
  ),
  ...editors.map(([tool, name, folder, folders]) =>
    layout(
      'editor’s archive unpacked by hand',
      {
        tool,
        seen: 'product.json as public descriptions of it have it; resources/app of VS Code’s archives',
      },
      (home) => `${home}/${folder}/${name}`,
      (home) => ({
        [`${home}/${folder}/${name}`]: elf(190_000_000),
        [`${home}/${folder}/resources/app/product.json`]: json({ applicationName: name, ...folders }),
        [`${home}/${folder}/resources/app/package.json`]: json({ name: 'Code', version: '1.107.0' }),
      }),
    ),
  ),
]
