// What AI coding agents do that can be seen without knowing which one it is and without reading what was said: the data that
// `shared/unlisted.ts` adds up. Each with what it rests on. Names no tool; a tool that is known belongs in tools/.
import type { KeyTest } from '../tool.ts'

export interface BehaviourReference {
  /** A URL, or `observation: …` with what was looked at. */
  readonly source: string
  readonly shows: string
  /** Day on which it was last looked at; null where it is known and has not been. */
  readonly checked: string | null
}

/** A package that programs are built with which talk to models, or to servers of tools for models. */
export interface AgentDependency {
  readonly manager: 'npm' | 'pypi'
  /** The whole name; with `/*` at its end every package of the scope. */
  readonly name: string
  readonly references: readonly BehaviourReference[]
}

const checked = '2026-11-22'

function npm(name: string, shows: string, page = name): AgentDependency {
  const source = `https://www.npmjs.com/package/${page}`
  return { manager: 'npm', name, references: [{ source, shows, checked }] }
}

function pypi(name: string, shows: string): AgentDependency {
  const source = `https://pypi.org/project/${name}/`
  return { manager: 'pypi', name, references: [{ source, shows, checked: null }] }
}

/** Depended upon by an installed package that has a command. Alone it says little: many programs ask a model something. */
export const agentDependencies: readonly AgentDependency[] = [
  npm('@anthropic-ai/sdk', 'the official TypeScript library for the Anthropic API'),
  npm('@anthropic-ai/claude-agent-sdk', 'SDK for building AI agents with Claude Code’s capabilities'),
  npm('openai', 'the official TypeScript library for the OpenAI API'),
  npm('@google/genai', 'Google’s SDK for Gemini'),
  npm('@google/generative-ai', 'Google AI JavaScript SDK'),
  npm('@mistralai/mistralai', 'TypeScript client library for the Mistral AI API'),
  npm('groq-sdk', 'the official TypeScript library for the Groq API'),
  npm('ollama', 'Ollama JavaScript library'),
  npm('ai', 'AI SDK by Vercel: one interface for any model'),
  npm('@ai-sdk/*', 'the providers of the AI SDK are packages of this scope', 'ai'),
  npm('@modelcontextprotocol/sdk', 'Model Context Protocol implementation for TypeScript, client and server'),
  pypi('anthropic', 'the official Python library for the Anthropic API'),
  pypi('openai', 'the official Python library for the OpenAI API'),
  pypi('litellm', 'one interface for the APIs of many models'),
  pypi('google-genai', 'Google’s SDK for Gemini'),
  pypi('mcp', 'Model Context Protocol SDK, client and server'),
]

/** A variable that an agent, whichever it is, sets for the programs that it starts. */
export interface AgentMark {
  readonly name: string
  readonly references: readonly BehaviourReference[]
}

export const agentMarks: readonly AgentMark[] = [
  {
    name: 'AI_AGENT',
    references: [
      {
        source: 'https://github.com/vercel/vercel/tree/main/packages/detect-agent#readme',
        shows:
          'promoted as a universal variable that tools set to their own name for what they start (@vercel/detect-agent 1.2.7)',
        checked,
      },
      {
        source: 'https://github.com/unjs/std-env#readme',
        shows: 'read as the name of the agent, whichever it is (std-env 4.3.0)',
        checked,
      },
    ],
  },
]

/** Settings of a client of the Model Context Protocol, in a folder of its own. */
export const clientSettings = {
  files: ['mcp.json', 'mcp_config.json', 'mcp_settings.json'],
  /** The table of servers. */
  key: 'mcpServers',
  references: [
    {
      source: 'https://modelcontextprotocol.io/docs/develop/connect-local-servers',
      shows: 'clients list the servers that they start under `mcpServers`',
      checked: null,
    },
    {
      source: 'observation: the MCP settings of the catalogue’s tools',
      shows: 'these names and this key are those of most of them',
      checked,
    },
  ] satisfies readonly BehaviourReference[],
} as const

const assistant = { key: 'role', equals: 'assistant' } as const
const inMessage = { key: 'message.role', equals: 'assistant' } as const

/** Records of sessions: lines of JSON among which one says that a model answered, and which one. Text is not looked at. */
export const sessionRecords: {
  readonly folders: readonly string[]
  readonly extension: string
  /** Any of these; all tests of one must hold. */
  readonly answers: readonly (readonly KeyTest[])[]
  readonly references: readonly BehaviourReference[]
} = {
  folders: ['sessions', 'projects', 'conversations', 'threads', 'history'],
  extension: '.jsonl',
  answers: [
    [assistant, { key: 'model' }],
    [{ key: 'type', equals: 'assistant' }, { key: 'model' }],
    [{ key: 'type', equals: 'assistant' }, { key: 'message.model' }],
    [inMessage, { key: 'message.model' }],
    [inMessage, { key: 'model' }],
  ],
  references: [
    {
      source: 'observation: the session records of the catalogue’s tools',
      shows:
        'those that keep lines of JSON have an answer’s role or type beside the name of the model that gave it; chats among people name no model',
      checked,
    },
  ],
}

/** Where tools keep folders of their own in a home. */
export const toolFolders = ['~/.*', '~/.config/*'] as const

/** Folders of these places that belong to a system, an editor, a browser, a mail program or to keys: never looked into. */
export const otherFolders: ReadonlySet<string> = new Set([
  '~/.cache',
  '~/.config',
  '~/.gnupg',
  '~/.git',
  '~/.local',
  '~/.mozilla',
  '~/.npm',
  '~/.nvm',
  '~/.password-store',
  '~/.pki',
  '~/.ssh',
  '~/.thunderbird',
  '~/.var',
  '~/.vscode',
  '~/.vscode-insiders',
  '~/.vscode-oss',
  '~/.vscode-server',
  '~/.config/Code',
  '~/.config/VSCodium',
  '~/.config/chromium',
  '~/.config/google-chrome',
])
