// Nothing of what people write, name or keep secret leaves the device: ten thousand words planted in every place that the agent
// looks at, searched for in what it sent, in the server's raw database, and in the logs of both.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { parseEnvironment } from '../../../agent/parsers/proc-stat.ts'
import { fakeHost, type FakeTree } from '../../helpers/fake-host.ts'
import { claudeInstalled, claudePackage, testAgent, type TestAgent } from '../../helpers/test-agent.ts'
import { noon, startTestServer, type TestServer } from '../../helpers/test-server.ts'
import { examplePolicy } from '../../helpers/wire-records.ts'

const minute = 60_000
const stem = 'zqxcanary'
const planted = new Set<string>()
/** A word that nothing else on a machine holds. */
function word(): string {
  const made = `${stem}${String(planted.size).padStart(5, '0')}`
  planted.add(made)
  return made
}

let server: TestServer | null = null
let agent: TestAgent | null = null
afterEach(async () => {
  agent?.close()
  await server?.close()
})

const home = '/home/ann'
const json = JSON.stringify

/** One prompt and its answer, with words in every field that a tool writes. */
function conversation(at: number): string {
  const common = { cwd: `${home}/work/${word()}`, gitBranch: word(), sessionId: word(), userType: word() }
  return [
    {
      ...common,
      type: 'user',
      timestamp: new Date(at - 500).toISOString(),
      message: { role: 'user', content: word() },
    },
    {
      ...common,
      type: 'assistant',
      timestamp: new Date(at).toISOString(),
      message: {
        model: word(),
        role: 'assistant',
        content: [
          { type: 'text', text: word() },
          { type: word(), input: { command: word() } },
        ],
      },
    },
    { [word()]: word(), summary: word() },
  ]
    .map((line) => `${json(line)}\n`)
    .join('')
}

const servers = () => ({
  [word()]: {
    command: word(),
    args: [word(), `--token=${word()}`],
    env: { [word()]: word() },
    url: `https://${word()}.example/${word()}`,
  },
})

function treeOf(usedAt: number): FakeTree {
  const files: Record<string, FakeTree[string]> = {}
  const record = (path: string, content: string) => {
    files[path] = { content, modifiedAt: usedAt, createdAt: usedAt - 1000 }
  }
  for (let n = 0; n < 500; n++) {
    record(`${home}/.claude/projects/-home-ann-work-${word()}/${word()}.jsonl`, conversation(usedAt))
    record(
      `${home}/.codex/sessions/2026/11/22/rollout-2026-11-22T11-50-00-${word()}.jsonl`,
      `${json({ type: 'session_meta', payload: { cwd: word(), instructions: word() } })}\n`,
    )
    files[`${home}/work/${word()}/package.json`] = json({
      name: word(),
      version: '1.0.0',
      scripts: { [word()]: word() },
      dependencies: { [word()]: '1' },
    })
    files[`${home}/work/${word()}/.mcp.json`] = json({ mcpServers: servers() })
    files[`${home}/bin/${word()}`] = {
      content: `#!/bin/sh\nexport SECRET=${word()}\nexec /usr/bin/${word()} ${word()}\n`,
      mode: 0o755,
    }
    files[`${home}/.local/share/applications/${word()}.desktop`] =
      `[Desktop Entry]\nType=Application\nName=${word()}\nExec=/opt/${word()}/run --key ${word()}\n`
  }
  return {
    ...files,
    ...claudeInstalled(),
    [`${home}/.npm-global/bin/claude`]: { link: `${claudePackage}/cli.js` },
    [`${home}/.claude.json`]: json({
      oauthAccount: { emailAddress: word() },
      projects: { [`${home}/work/${word()}`]: { history: [word()], mcpServers: servers() } },
      mcpServers: servers(),
    }),
    [`${home}/.claude/settings.json`]: json({
      env: { ANTHROPIC_AUTH_TOKEN: word() },
      apiKeyHelper: word(),
      hooks: { [word()]: word() },
    }),
    [`${home}/.codex/config.toml`]: `model = "${word()}"\n[mcp_servers.${word()}]\ncommand = "${word()}"\nargs = ["${word()}"]\n`,
    [`${home}/.cursor/mcp.json`]: json({ mcpServers: servers() }),
    [`${home}/.config/goose/config.yaml`]: `extensions:\n  ${word()}:\n    cmd: ${word()}\n    envs:\n      KEY: ${word()}\n`,
    [`${home}/.bashrc`]: `export ANTHROPIC_API_KEY=${word()}\nexport PATH=${home}/${word()}/bin:$PATH\nalias ${word()}='claude ${word()}'\n${word()}() { claude ${word()}; }\n`,
    [`${home}/.npmrc`]: `//registry.example/:_authToken=${word()}\nprefix=${home}/.npm-global\n`,
    [`/var/spool/cron/crontabs/ann`]: { content: `0 9 * * * claude -p '${word()}'\n`, owner: 1000 },
    [`${home}/.config/systemd/user/${word()}.service`]: `[Service]\nEnvironment=KEY=${word()}\nExecStart=/usr/bin/claude ${word()}\n`,
  }
}

const environment = (): Buffer =>
  Buffer.from(
    [
      `CLAUDECODE=1`,
      `ANTHROPIC_API_KEY=${word()}`,
      `CLAUDE_CONFIG_DIR=${home}/${word()}`,
      `${word()}=${word()}`,
    ].join('\0'),
  )

function processOf(pid: number) {
  const environ = environment()
  return {
    pid,
    uid: '1000',
    name: pid % 2 === 0 ? 'node' : word().slice(0, 15),
    executable: pid % 2 === 0 ? '/usr/bin/node' : `${home}/.local/bin/${word()}`,
    argv:
      pid % 2 === 0 ? ['node', `${claudePackage}/cli.js`, '-p', word()] : [word(), `--password=${word()}`],
    cwd: `${home}/work/${word()}`,
    variables: (names: ReadonlySet<string>, folders: ReadonlySet<string>) =>
      parseEnvironment(environ, names, folders),
  }
}

test('of ten thousand planted words none leaves the device, and none is in a log', async () => {
  server = await startTestServer()
  await server.apply(examplePolicy)
  const usedAt = noon - 30 * minute
  const host = fakeHost({
    files: treeOf(usedAt),
    processes: Array.from({ length: 200 }, (_, n) => processOf(100 + n)),
  })
  agent = testAgent({ host, server })
  await agent.enrol()
  for (let round = 0; round < 3; round++) {
    host.advance(10 * minute)
    server.clock.now += 10 * minute
    const now = host.now() - 1000
    host.put(`${home}/.claude/projects/-home-ann-work-${word()}/${word()}.jsonl`, {
      content: conversation(now),
      modifiedAt: now,
      createdAt: now - 500,
    })
    await agent.looks.full()
    await agent.looks.processes()
    agent.looks.settle()
    await agent.reporting.report()
  }
  await server.runJobs()
  const browser = await server.signIn()
  const pages = await Promise.all(
    ['/api/v1/findings', '/api/v1/devices', '/api/v1/tools'].map(async (url) =>
      json((await browser.get(url)).body),
    ),
  )

  expect(planted.size).toBeGreaterThan(10_000)
  const sent = agent.requests.map(({ body }) => textOf(body))
  const places: Readonly<Record<string, string>> = {
    'what was sent': sent.join('\n'),
    'what is kept of it': agent.state.outbox
      .sent()
      .map(({ body }) => textOf(body))
      .join('\n'),
    'the server’s files': readdirSync(server.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n'),
    'the server’s answers': pages.join('\n'),
    'the server’s log': server.logged.join('\n'),
    'the agent’s log': agent.log.join('\n'),
  }
  for (const [name, text] of Object.entries(places))
    expect([name, text.match(new RegExp(`.{40}${stem}.{20}`))]).toEqual([name, null])
  // It is no silence that was searched: the use is there, and what it proves.
  expect(places['what was sent']).toContain('claude-code')
  expect(places['the server’s answers']).toContain('claude-code')
  expect(places['the server’s files']).toContain('claude-code')
})

/** Bodies as they were before they were compressed. */
function textOf(body: Uint8Array | string | undefined | null): string {
  if (body === undefined || body === null) return ''
  const bytes = Buffer.from(body)
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('latin1')
}
