// Tools that come otherwise than through Node's package managers: makers' own installers, distributions, Homebrew, Python,
// cargo, extensions of editors. Ids and places from the makers' documents, each named; not from the catalogue.
import { crc32, deflateRawSync } from 'node:zlib'
import { elf, json, script, start, type Draft, type Person } from './draft.ts'
import { globalInto } from './node-layouts.ts'
import { realTool } from './real-tools.ts'

export interface OtherLayout {
  readonly surface: string
  readonly tool: string
  readonly seen: string
  readonly machineWide?: true
  readonly install: (draft: Draft, person: Person) => void
  /** Starts it; absent where it has no process of its own. */
  readonly run?: (draft: Draft, person: Person) => void
  /** What stays when it is uninstalled as its maker says. */
  readonly remove?: (draft: Draft, person: Person) => void
}

const running =
  (exe: (person: Person) => string, comm: string) =>
  (draft: Draft, person: Person): void => {
    start(draft, person, { executable: exe(person), name: comm, argv: [comm] })
  }

const nativeClaude = ({ home }: Person): string => `${home}/.local/share/claude/versions/2.1.330`
const standaloneCodex = ({ home }: Person): string =>
  `${home}/.codex/packages/standalone/releases/0.169.0-x86_64-unknown-linux-musl/bin/codex`
const daemonCodex = ({ home }: Person): string =>
  `${home}/.codex/packages/app-server-daemon/releases/0.169.0/bin/codex`
const brew = '/home/linuxbrew/.linuxbrew'
const editors = [
  '.vscode',
  '.cursor',
  '.windsurf',
  '.vscode-server',
  '.vscode-oss',
  '.vscode-insiders',
] as const

export const otherLayouts: readonly OtherLayout[] = [
  {
    surface: 'maker’s own installer',
    tool: 'claude-code',
    seen: 'seen here 2026-11-22: Claude Code’s native layout, link in ~/.local/bin',
    install(draft, person) {
      draft.files[nativeClaude(person)] = elf(381_121_040)
      draft.files[`${person.home}/.local/bin/claude`] = { link: nativeClaude(person) }
    },
    run: running(nativeClaude, 'claude'),
  },
  {
    surface: 'maker’s own installer',
    tool: 'codex-cli',
    seen: 'openai/codex, scripts/install/install.sh: packages/standalone/releases, link in ~/.local/bin',
    install(draft, person) {
      draft.files[standaloneCodex(person)] = elf(190_000_000)
      draft.files[`${person.home}/.local/bin/codex`] = { link: standaloneCodex(person) }
    },
    run: running(standaloneCodex, 'codex'),
  },
  {
    surface: 'daemon’s copy',
    tool: 'codex-cli',
    seen: 'seen here 2026-11-22: an interactive codex copies itself there; the copy outlives npm uninstall',
    install(draft, person) {
      draft.files[daemonCodex(person)] = elf(404_000_000)
    },
    run(draft, person) {
      const executable = daemonCodex(person)
      start(draft, person, {
        executable,
        name: 'codex',
        argv: ['codex', 'app-server', 'daemon', 'pid-update-loop'],
      })
    },
  },
  {
    surface: 'maker’s own installer',
    tool: 'opencode',
    seen: 'opencode.ai/install: ~/.opencode/bin/opencode and a line in ~/.bashrc',
    install(draft, person) {
      draft.files[`${person.home}/.opencode/bin/opencode`] = elf(185_354_368)
      draft.files[`${person.home}/.bashrc`] = '# opencode\nexport PATH=$HOME/.opencode/bin:$PATH\n'
    },
    run: running(({ home }) => `${home}/.opencode/bin/opencode`, 'opencode'),
  },
  {
    surface: 'deb',
    tool: 'cursor',
    seen: 'Cursor’s deb as its download page and forum describe it: package cursor, /usr/share/cursor, cursor.desktop',
    machineWide: true,
    install(draft) {
      addDeb(draft, 'cursor', '3.1.14')
      draft.files['/usr/share/cursor/cursor'] = elf(190_000_000)
      draft.files['/usr/share/cursor/resources/app/package.json'] = json({
        name: 'Cursor',
        version: '3.1.14',
      })
      draft.files['/usr/bin/cursor'] = { link: '/usr/share/cursor/bin/cursor' }
      draft.files['/usr/share/cursor/bin/cursor'] = script(
        '#!/usr/bin/env bash\nexec "$ELECTRON" "$CLI" "$@"\n',
      )
      draft.files['/usr/share/applications/cursor.desktop'] = desktopEntry(
        'Cursor',
        '/usr/share/cursor/cursor',
      )
    },
    run: running(() => '/usr/share/cursor/cursor', 'cursor'),
  },
  ...(['gemini-cli', 'opencode'] as const).map((tool): OtherLayout => ({
    surface: 'Homebrew formula',
    tool,
    seen: 'homebrew-core: npm formulas install into libexec and link libexec/bin; Homebrew’s layout of Cellar',
    machineWide: true,
    install(draft) {
      const formula = tool
      const real = realTool(tool)
      const cellar = `${brew}/Cellar/${formula}/${real.version}`
      globalInto(draft, real, `${cellar}/libexec`)
      for (const command of Object.keys(real.commands)) {
        draft.files[`${cellar}/bin/${command}`] = { link: `../libexec/bin/${command}` }
        draft.files[`${brew}/bin/${command}`] = {
          link: `../Cellar/${formula}/${real.version}/bin/${command}`,
        }
      }
      draft.files[`${cellar}/INSTALL_RECEIPT.json`] = json({ homebrew_version: '5.0.2' })
    },
  })),
  {
    surface: 'Homebrew cask',
    tool: 'claude-code',
    seen: 'homebrew-cask, Casks/c/claude-code.rb: binary claude, also for Linux',
    machineWide: true,
    install(draft) {
      draft.files[`${brew}/Caskroom/claude-code/2.1.330/claude`] = elf(381_121_040)
      draft.files[`${brew}/bin/claude`] = { link: `${brew}/Caskroom/claude-code/2.1.330/claude` }
    },
    run: running(() => `${brew}/Caskroom/claude-code/2.1.330/claude`, 'claude'),
  },
  ...pythonLayouts('aider', 'aider-chat', 'aider', '0.86.1'),
  ...pythonLayouts('shell-gpt', 'shell-gpt', 'sgpt', '1.4.5'),
  {
    surface: 'cargo',
    tool: 'aichat',
    seen: 'seen here 2026-11-23: cargo 1.95.0 install of a local crate of that name; of the registry’s line The Cargo Book',
    install(draft, person) {
      draft.files[`${person.home}/.cargo/bin/aichat`] = elf(20_000_000)
      draft.files[`${person.home}/.cargo/.crates.toml`] =
        '[v1]\n"aichat 0.30.0 (registry+https://github.com/rust-lang/crates.io-index)" = ["aichat"]\n"ripgrep 14.1.1 (registry+https://github.com/rust-lang/crates.io-index)" = ["rg"]\n'
    },
  },
  ...(
    [
      ['claude-code', 'Anthropic.claude-code'],
      ['codex-cli', 'openai.chatgpt'],
      ['github-copilot', 'GitHub.copilot'],
      ['github-copilot', 'GitHub.copilot-chat'],
      ['cline', 'saoudrizwan.claude-dev'],
      ['roo-code', 'RooVeterinaryInc.roo-cline'],
      ['kilo-code', 'kilocode.Kilo-Code'],
      ['continue', 'Continue.continue'],
      ['gemini-code-assist', 'Google.geminicodeassist'],
      ['augment-code', 'augment.vscode-augment'],
      ['sourcegraph-cody', 'sourcegraph.cody-ai'],
      ['codeium', 'codeium.codeium'],
      ['tabnine', 'tabnine.tabnine-vscode'],
      ['supermaven', 'supermaven.supermaven'],
      ['amazon-q-developer', 'amazonwebservices.amazon-q-vscode'],
      ['intellicode', 'visualstudioexptteam.vscodeintellicode'],
      ['codegpt', 'danielsanmedium.dscodegpt'],
      ['chatgpt-genieai', 'genieai.chatgpt-vscode'],
      ['blackbox', 'blackboxapp.blackbox'],
      ['phind', 'phind.phind'],
      ['mintlify', 'mintlify.document'],
      ['sourcery', 'sourcery.sourcery'],
    ] as const
  ).flatMap(([tool, id], index) => extensionLayouts(tool, id, index)),
  ...(
    [
      ['github-copilot', 'com.github.copilot'],
      ['continue', 'com.github.continuedev.continueintellijextension'],
      ['jetbrains-ai-assistant', 'com.intellij.ml.llm'],
      ['tabnine', 'com.tabnine.TabNine'],
      ['amazon-q-developer', 'amazon.q'],
      ['codeium', 'com.codeium.intellij'],
      ['sourcegraph-cody', 'com.sourcegraph.jetbrains'],
      ['qodo', 'ai.codium.intellij'],
    ] as const
  ).map(([tool, id]): OtherLayout => ({
    surface: 'JetBrains plug-in',
    tool,
    seen: 'JetBrains’ documentation of plug-in folders; ids as in Fleet’s kb.json (4b52cb7)',
    install(draft, person) {
      const xml = `<idea-plugin>\n  <id>${id}</id>\n  <name>A plug-in</name>\n  <version>1.5.60</version>\n</idea-plugin>`
      const folder = `${person.home}/.local/share/JetBrains/IntelliJIdea2026.2/plugin-${tool}`
      draft.files[`${folder}/lib/core.jar`] = zipOf({ 'META-INF/plugin.xml': xml })
      draft.files[`${folder}/lib/okhttp.jar`] = zipOf({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n' })
    },
  })),
]

/** uv and pipx give a tool an environment of its own; pip puts it among the account's packages. */
function pythonLayouts(tool: string, name: string, command: string, version: string): OtherLayout[] {
  const info = (packages: string): string => `${packages}/${name.replaceAll('-', '_')}-${version}.dist-info`
  const into = (draft: Draft, packages: string, installer: string): void => {
    draft.files[`${info(packages)}/METADATA`] = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`
    draft.files[`${info(packages)}/INSTALLER`] = `${installer}\n`
    draft.files[`${info(packages)}/entry_points.txt`] =
      `[console_scripts]\n${command} = ${command}.main:main\n`
    draft.files[`${packages}/requests-2.32.5.dist-info/METADATA`] = 'Name: requests\nVersion: 2.32.5\n'
  }
  const entry = (python: string) =>
    script(`#!${python}\nimport sys\nfrom ${command}.main import main\nsys.exit(main())\n`)
  const environment = (
    surface: string,
    place: (person: Person) => string,
    seen: string,
    more: { readonly unlinked?: true; readonly bin?: (person: Person) => string } = {},
  ): OtherLayout => ({
    surface,
    tool,
    seen,
    install(draft, person) {
      const root = place(person)
      into(draft, `${root}/lib/python3.12/site-packages`, surface)
      draft.files['/usr/bin/python3.12'] = elf(8_000_000)
      draft.files[`${root}/bin/python`] = { link: '/usr/bin/python3.12' }
      draft.files[`${root}/bin/${command}`] = entry(`${root}/bin/python`)
      if (more.unlinked !== true)
        draft.files[`${more.bin?.(person) ?? `${person.home}/.local/bin`}/${command}`] = {
          link: `${root}/bin/${command}`,
        }
    },
    run(draft, person) {
      const bin = more.unlinked ? `${place(person)}/bin` : (more.bin?.(person) ?? `${person.home}/.local/bin`)
      start(draft, person, {
        executable: '/usr/bin/python3.12',
        name: command,
        argv: [`${place(person)}/bin/python`, `${bin}/${command}`],
      })
    },
  })
  return [
    environment(
      'uv tool',
      ({ home }) => `${home}/.local/share/uv/tools/${name}`,
      'uv’s documentation, Tools: tools directory',
    ),
    environment(
      'mise, pipx:PACKAGE',
      ({ home }) => `${home}/.local/share/mise/installs/pipx-${name}/${version}/${name}`,
      'mise’s documentation, pipx backend: uv’s tool folder and bin below installs/',
      { bin: ({ home }) => `${home}/.local/share/mise/installs/pipx-${name}/${version}/bin` },
    ),
    environment(
      'pipx before 1.2',
      ({ home }) => `${home}/.local/pipx/venvs/${name}`,
      'seen here 2026-11-23: pipx 1.1.0 (Debian 12), of a local wheel of that name',
    ),
    environment(
      'venv on the PATH',
      ({ home }) => `${home}/venvs/${name}`,
      'seen here 2026-11-23: venv of Python 3.11.2 and its pip, of a local wheel of that name; a link to its command in ~/.local/bin',
    ),
    environment(
      'conda environment',
      ({ home }) => `${home}/miniforge3/envs/ai`,
      'conda’s documentation: an environment is a prefix, on the PATH once it is activated',
      { unlinked: true },
    ),
    environment(
      'poetry',
      ({ home }) => `${home}/.cache/pypoetry/virtualenvs/app-_47n_j0H-py3.11`,
      'seen here 2026-11-23: poetry 1.3.2 (Debian 12) add of a local wheel of that name',
      { unlinked: true },
    ),
    environment(
      'virtualenv in a project',
      ({ home }) => `${home}/src/app/.venv`,
      'seen here 2026-11-23: virtualenv 20.17.1 (Debian 12) and its pip, of a local wheel of that name',
      { unlinked: true },
    ),
    environment(
      'pipx',
      ({ home }) => `${home}/.local/share/pipx/venvs/${name}`,
      'seen here 2026-11-23: pipx 1.15.0 (Debian sid), of a local wheel of that name',
    ),
    environment(
      'pipx run',
      ({ home }) => `${home}/.cache/pipx/2b46ebf5a7cc9ba`,
      'seen here 2026-11-23: pipx 1.15.0 (Debian sid), of a local wheel of that name',
      { unlinked: true },
    ),
    {
      surface: 'pip --user',
      tool,
      seen: 'seen here 2026-11-23: pip 23.0.1 install --user (Debian 12), of a local wheel of that name',
      install(draft, person) {
        into(draft, `${person.home}/.local/lib/python3.11/site-packages`, 'pip')
        draft.files[`${person.home}/.local/bin/${command}`] = entry('/usr/bin/python3')
      },
    },
  ]
}

/** In one editor out of six, the folder in lower case as editors write it. */
function extensionLayouts(tool: string, id: string, index: number): OtherLayout[] {
  const editor = editors[index % editors.length] ?? '.vscode'
  const name = `${id.toLowerCase()}-1.2.${30 + index}`
  const folderOf = ({ home }: Person): string => `${home}/${editor}/extensions`
  const other = {
    identifier: { id: 'esbenp.prettier-vscode' },
    version: '11.0.0',
    relativeLocation: 'esbenp.prettier-vscode-11.0.0',
  }
  return [
    {
      surface: 'editor extension',
      tool,
      seen: 'seen here 2026-11-23: VS Code 1.139.1 (the server in code-server 4.139.1), of files of an id’s name; ids as in Fleet’s kb.json (4b52cb7)',
      install(draft, person) {
        const folder = folderOf(person)
        const [publisher, ...rest] = id.split('.')
        draft.files[`${folder}/${name}/package.json`] = json({
          publisher,
          name: rest.join('.'),
          version: `1.2.${30 + index}`,
        })
        addListed(draft, `${folder}/extensions.json`, [
          other,
          {
            identifier: { id },
            version: `1.2.${30 + index}`,
            location: { $mid: 1, path: `${folder}/${name}`, scheme: 'file' },
            relativeLocation: name,
          },
        ])
      },
      remove(draft, person) {
        const folder = folderOf(person)
        draft.files[`${folder}/${name}/package.json`] = json({ name: id })
        addListed(draft, `${folder}/extensions.json`, [other])
        // Removed it is out of the list alone, an older version is marked; both are there until the next start.
        if (index % 2 === 0) draft.files[`${folder}/.obsolete`] = json({ [name]: true })
      },
    },
  ]
}

/** Two extensions of one editor stand in one list. */
function addListed(draft: Draft, path: string, entries: readonly object[]): void {
  const before = draft.files[path] as { readonly content: string } | undefined
  const known = before === undefined ? [] : (JSON.parse(before.content) as object[])
  const texts = new Set([...known, ...entries].map((entry) => JSON.stringify(entry)))
  draft.files[path] = json([...texts].map((text) => JSON.parse(text) as object))
}

export function addDeb(draft: Draft, name: string, version: string): void {
  const path = '/var/lib/dpkg/status'
  const before = typeof draft.files[path] === 'string' ? draft.files[path] : paragraph('bash', '5.2.15-2+b7')
  draft.files[path] = `${before}${paragraph(name, version)}`
}

function paragraph(name: string, version: string): string {
  return `Package: ${name}\nStatus: install ok installed\nPriority: optional\nArchitecture: amd64\nVersion: ${version}\nDescription: one\n of many\n\n`
}

export function desktopEntry(name: string, program: string): string {
  return `[Desktop Entry]\nName=${name}\nExec=${program} %F\nType=Application\n`
}

/** A ZIP archive after APPNOTE.TXT. */
export function zipOf(files: Readonly<Record<string, string>>): Uint8Array {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const packed = deflateRawSync(text)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt32LE(crc32(text), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(Buffer.byteLength(text), 18)
    shared.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\0'), shared, tail, Buffer.from(name))
    locals.push(local)
    offset += local.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(locals.length, 8)
  end.writeUInt16LE(locals.length, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, listing, end])
}
