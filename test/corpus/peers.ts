// Public rules of others, each as a predicate over the same machine: does it say that the tool is there? Restated from
// their text, not run. Only what was read is here: of Fleet not the scoring of evidence, the editors’ extensions and the
// applications, of Elastic not the queries of packages, folders and ports. Okta’s rules are for macOS; /Users is /home here.
import type { FakeHost } from '../helpers/fake-host.ts'
import type { Draft, Person } from './draft.ts'

export interface Peer {
  readonly name: string
  /** Repository, file and commit that were read. */
  readonly source: string
  /** Tools that it has a rule for. */
  readonly knows: readonly string[]
  readonly says: (tool: string, machine: PeerView) => boolean
}

export interface PeerView {
  readonly draft: Draft
  readonly host: FakeHost
  readonly person: Person
}

interface FleetAgent {
  readonly binaries: readonly string[]
  readonly npm: string | null
  readonly pipx: string | null
  readonly homes: readonly string[]
}

/** Fleet’s knownAgents and knownToolHomes, with the catalogue’s ids. */
const fleet: Readonly<Record<string, FleetAgent>> = {
  'claude-code': { binaries: ['claude'], npm: '@anthropic-ai/claude-code', pipx: null, homes: ['.claude'] },
  'gemini-cli': { binaries: ['gemini'], npm: '@google/gemini-cli', pipx: null, homes: ['.gemini'] },
  'codex-cli': { binaries: ['codex'], npm: '@openai/codex', pipx: null, homes: ['.codex'] },
  aider: { binaries: ['aider'], npm: null, pipx: 'aider-chat', homes: ['.aider'] },
  opencode: {
    binaries: ['opencode'],
    npm: 'opencode-ai',
    pipx: null,
    homes: ['.opencode', '.config/opencode'],
  },
  'cline-cli': { binaries: ['cline'], npm: 'cline', pipx: null, homes: [] },
  'continue-cli': { binaries: ['cn'], npm: '@continuedev/cli', pipx: null, homes: ['.continue'] },
  goose: { binaries: ['goose'], npm: null, pipx: null, homes: [] },
  'cursor-cli': { binaries: ['cursor-agent'], npm: null, pipx: null, homes: ['.cursor'] },
  'grok-cli': { binaries: [], npm: null, pipx: null, homes: ['.grok'] },
  openclaw: { binaries: [], npm: null, pipx: null, homes: ['.openclaw'] },
}
const knownToFleet = Object.keys(fleet)
const withBinaries = knownToFleet.filter((tool) => (fleet[tool]?.binaries.length ?? 0) > 0)

const fleetBins = [
  '.local/bin',
  'bin',
  '.bun/bin',
  '.cargo/bin',
  '.deno/bin',
  '.opencode/bin',
  '.npm-global/bin',
  'go/bin',
]
const fleetModules = ['.npm-global/lib/node_modules', '.bun/install/global/node_modules']

interface OktaRule {
  readonly files: readonly RegExp[]
  readonly process: (name: string, cmdline: string) => boolean
  readonly npm: (name: string) => boolean
  readonly brew: (name: string) => boolean
}

/** Of each of `/Users/%/…` the place below a home. LIKE knows no case. */
function oktaFiles(command: string, pkg: string, ...own: readonly string[]): readonly RegExp[] {
  const home = String.raw`^/home/[^/]+/`
  return [
    ...own.map((file) => new RegExp(`${home}${file.replaceAll('.', String.raw`\.`)}$`)),
    new RegExp(`${home}\\.volta/bin/${command}$`),
    new RegExp(`${home}\\.local/bin/${command}$`),
    new RegExp(`^/usr/local/bin/${command}$`),
    new RegExp(`${home}node_modules/${pkg}/package\\.json$`),
  ]
}

const okta: Readonly<Record<string, OktaRule>> = {
  'claude-code': {
    files: oktaFiles('claude', '@anthropic-ai/claude-code', '.claude/settings.json', '.claude/CLAUDE.md'),
    process: (name, line) =>
      has(name, 'claude') ||
      has(line, '/@anthropic-ai/claude-code/') ||
      has(line, '/node_modules/.bin/claude '),
    npm: (name) => has(name, 'claude') || has(name, 'anthropic'),
    brew: (name) => has(name, 'claude') || has(name, 'anthropic'),
  },
  'codex-cli': {
    files: oktaFiles('codex', '@openai/codex', '.codex/config.json'),
    process: (name, line) =>
      name === 'codex' || has(line, '/@openai/codex/') || has(line, '/node_modules/.bin/codex '),
    npm: (name) => has(name, 'openai/codex') || name === 'codex',
    brew: () => false,
  },
  'gemini-cli': {
    files: oktaFiles('gemini', '@google/gemini-cli', '.gemini/settings.json'),
    process: (name, line) =>
      name === 'gemini' || has(line, '/@google/gemini-cli/') || has(line, '/node_modules/.bin/gemini '),
    npm: (name) => has(name, 'google/gemini-cli') || name === 'gemini-cli',
    brew: (name) => name === 'gemini-cli',
  },
}

/** Of the pack’s process query: names, and parts of command lines, that are of tools in the corpus. */
const elastic: Readonly<
  Record<string, { readonly names: readonly string[]; readonly parts: readonly string[] }>
> = {
  'claude-code': {
    names: ['claude'],
    parts: ['claude-code', '@anthropic/claude-code', '@anthropic-ai/claude-code'],
  },
  'codex-cli': { names: ['codex'], parts: ['@openai/codex', 'openai/codex'] },
  'gemini-cli': { names: ['gemini-cli'], parts: [] },
  opencode: { names: ['opencode'], parts: ['opencode'] },
  aider: { names: ['aider'], parts: ['aider-chat'] },
  'shell-gpt': { names: ['sgpt'], parts: ['shell-gpt'] },
  cursor: { names: ['cursor'], parts: ['cursor-retrieval', 'cursor agent', 'cursor-cli'] },
  openclaw: { names: [], parts: ['openclaw', 'moltbot', 'clawdbot'] },
  'continue-cli': { names: [], parts: ['continuedev'] },
  'qwen-code': { names: ['qwen'], parts: [] },
  'grok-cli': { names: ['grok'], parts: [] },
}

export const peers: readonly Peer[] = [
  {
    name: 'Fleet, agent row',
    source: 'fleetdm/fleet orbit/pkg/table/ai_tools/internal/agents/agents.go @ c596ae6: detect()',
    knows: withBinaries,
    says(tool, { host, person }) {
      const rule = fleet[tool]
      if (rule === undefined) return false
      const there = (path: string): boolean => exists(host, path)
      const { npm, pipx } = rule
      const nvm = children(host, `${person.home}/.nvm/versions/node`).map(
        (v) => `.nvm/versions/node/${v}/lib/node_modules`,
      )
      const modules = [
        ...[...fleetModules, ...nvm].map((m) => `${person.home}/${m}`),
        '/usr/local/lib/node_modules',
      ]
      const bins = [...fleetBins.map((b) => `${person.home}/${b}`), '/usr/local/bin', '/usr/bin']
      return (
        (npm !== null && modules.some((m) => there(`${m}/${npm}/package.json`))) ||
        (pipx !== null && there(`${person.home}/.local/pipx/venvs/${pipx}`)) ||
        bins.some((bin) => rule.binaries.some((binary) => isNoFolder(host, `${bin}/${binary}`)))
      )
    },
  },
  {
    name: 'Fleet, tool home',
    source:
      'fleetdm/fleet orbit/pkg/table/ai_tools/internal/evidence/toolhomes.go @ 3e7e88d: scanToolHomes()',
    knows: knownToFleet.filter((tool) => (fleet[tool]?.homes.length ?? 0) > 0),
    says: (tool, { host, person }) =>
      (fleet[tool]?.homes ?? []).some((home) => children(host, `${person.home}/${home}`).length > 0),
  },
  {
    name: 'Okta',
    source:
      'okta/customer-detections sample_osquery_checks/macOS/claude_ai_assistant_detection.yml @ 2152924, openai_codex_cli_detection.yml and gemini_cli_detection.yml @ 0ca094f: more than one sign',
    knows: Object.keys(okta),
    says(tool, { draft, host }) {
      const rule = okta[tool]
      if (rule === undefined) return false
      const paths = Object.keys(draft.files)
      const files = paths.filter((path) => rule.files.some((file) => file.test(path))).length
      const processes = draft.processes.filter(({ name, argv }) =>
        rule.process(name ?? '', (argv ?? []).join(' ')),
      ).length
      // osquery’s npm_packages looks at /usr/lib and /usr/local/lib unless a folder is given.
      const npm = ['/usr/lib/node_modules', '/usr/local/lib/node_modules']
        .flatMap((folder) => [
          ...children(host, folder),
          ...children(host, folder).flatMap((scope) =>
            scope.startsWith('@')
              ? children(host, `${folder}/${scope}`).map((name) => `${scope}/${name}`)
              : [],
          ),
        ])
        .filter((name) => !/^@[^/]*$/.test(name) && rule.npm(name)).length
      const brewed = ['Cellar', 'Caskroom']
        .flatMap((kind) => children(host, `/home/linuxbrew/.linuxbrew/${kind}`))
        .filter((name) => rule.brew(name)).length
      return files + processes + npm + brewed > 1
    },
  },
  {
    name: 'Elastic, processes',
    source:
      'elastic/integrations packages/osquery_manager/kibana/osquery_pack_asset/osquery_manager-e7a1b2c3-lin0-….json @ 0ed3774: query ai_processes_linux',
    knows: Object.keys(elastic),
    says(tool, { draft }) {
      const rule = elastic[tool]
      if (rule === undefined) return false
      return draft.processes.some(({ name, argv }) => {
        const line = (argv ?? []).join(' ')
        return rule.names.includes((name ?? '').toLowerCase()) || rule.parts.some((part) => has(line, part))
      })
    },
  },
]

function has(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}

/** Everything on a made-up machine may be looked at: the rules run as root. */
function reachOf(host: FakeHost) {
  return host.files.reach({ roots: [{ path: '/', owners: null }] })
}

function exists(host: FakeHost, path: string): boolean {
  return reachOf(host).stat(path).ok
}

function isNoFolder(host: FakeHost, path: string): boolean {
  const info = reachOf(host).stat(path)
  return info.ok && info.value.kind !== 'folder'
}

function children(host: FakeHost, path: string): readonly string[] {
  const listing = reachOf(host).list(path)
  return listing.ok ? listing.value.entries.map(({ name }) => name) : []
}
