// The commands as programs: what they print, and the status they end with.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../../../agent/main.ts', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function agent(...args: readonly string[]) {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    CUTOFF_STATE: join(folder, 'state'),
    CUTOFF_ACCOUNTS: join(folder, 'accounts'),
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return { status, stdout, stderr }
}

function policyFile(text: string): string {
  const path = join(folder, 'policy.yaml')
  writeFileSync(path, text)
  return path
}

const policy = (verdict: string) => `version: 1
organisation: Example Ltd
timezone: UTC
rules:
  - { id: none, tools: [{ all: true }], verdict: ${verdict}, from: 2999-01-01 }
`

describe('scan', () => {
  test('prints one document that other programs can rely on', () => {
    const { status, stdout } = agent('scan', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      version: expect.any(String) as unknown,
      host: expect.objectContaining({ hostname: expect.any(String) as unknown }) as unknown,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
      finishedAt: expect.any(String) as unknown,
      cpuMs: expect.any(Number) as unknown,
      accounts: expect.any(Array) as unknown,
      detections: expect.any(Array) as unknown,
      unlisted: expect.any(Array) as unknown,
      gaps: expect.any(Array) as unknown,
      coverage: expect.any(Array) as unknown,
      collectors: expect.any(Array) as unknown,
    })
  })

  test('with a policy adds findings', () => {
    const { status, stdout } = agent(
      'scan',
      '--json',
      '--policy',
      policyFile(policy('banned')),
      '--fail-on',
      'suspected',
    )
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toHaveProperty('findings')
  })

  test('with a policy that has mistakes says where, and judges nothing', () => {
    const file = policyFile(policy('forbidden'))
    const { status, stdout, stderr } = agent('scan', '--policy', file)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain(`${file}:5:50: rules[0].verdict: `)
    expect(stderr).toContain('[policy-invalid]')
  })

  test.each([
    [['--fail-on', 'violation'], 1, 'needs a policy'],
    [['--fail-on', 'worse', '--policy', 'x'], 1, 'takes `violation` or `suspected`'],
    [['--policy', '/does/not/exist'], 1, 'ENOENT'],
    [['--jason'], 2, "Unknown option '--jason'"],
    [['more'], 2, 'one word too many'],
  ])('%j ends with status %d and says why', (args, expected, why) => {
    const { status, stderr } = agent('scan', ...args)
    expect(status).toBe(expected)
    expect(stderr).toContain(why)
  })
})

test.each(['scan', 'explain', 'status', 'sent', 'notice', 'privacy', 'doctor', 'enrol', 'run'])(
  '%s explains itself',
  (name) => {
    const { status, stdout } = agent(name, '--help')
    expect(status).toBe(0)
    expect(stdout).toContain(`Usage: cutoff-agent ${name}`)
  },
)

test.each([
  [['stat'], 2, 'Did you mean "status"?'],
  [['explain', 'claude-cod'], 1, 'Did you mean "claude-code"?'],
  [
    ['explain', 'claude-cod', '--lang', 'zh-CN'],
    1,
    '目录中没有工具“claude-cod”。您是不是想输入“claude-code”？ [tool-unknown]',
  ],
  [['status', '--lang', 'zh-CN'], 1, '中没有状态：代理程序尚未运行过。 [state-absent]'],
  [['status'], 1, '[state-absent]'],
  [['enrol', '--server', 'http://example.com'], 1, 'https://'],
  [['enrol', '--server', 'https://example.com'], 1, '[token-missing]'],
  [['privacy', '--lang', 'fr'], 2, '--lang takes one of en, zh-CN'],
  [['notice', '--wait', '601'], 1, 'from 0 to 600'],
])('%j says what to do', (args, expected, why) => {
  const { status, stderr } = agent(...args)
  expect({ status, told: stderr.includes(why), stderr }).toEqual({ status: expected, told: true, stderr })
})

describe('explain', () => {
  test('tells of a tool whether or not it is here', () => {
    const { status, stdout } = agent('explain', 'codex-cli')
    expect(status).toBe(0)
    for (const title of [
      'Codex CLI (codex-cli)',
      'How it is recognised',
      'What was looked at here',
      'Which rule',
    ])
      expect(stdout).toContain(title)
  })

  test('prints one document that other programs can rely on', () => {
    const { status, stdout } = agent(
      'explain',
      'codex-cli',
      '--json',
      '--policy',
      policyFile(policy('banned')),
    )
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      version: expect.any(String) as unknown,
      tool: expect.objectContaining({ id: 'codex-cli', references: expect.any(Array) as unknown }) as unknown,
      look: expect.objectContaining({ gaps: expect.any(Array) as unknown }) as unknown,
      detections: expect.any(Array) as unknown,
      judgement: expect.objectContaining({
        by: 'file',
        policy: { version: 1, organisation: 'Example Ltd' },
      }) as unknown,
      server: null,
      // What the system itself notes of starts, which Linux does not.
      noted: null,
    })
  })

  test('with a policy that has mistakes says where', () => {
    const { status, stderr } = agent('explain', 'codex-cli', '--policy', policyFile(policy('forbidden')))
    expect(status).toBe(1)
    expect(stderr).toContain('[policy-invalid]')
  })
})
