// The laboratory itself: what the other end-to-end tests take for granted about accounts, network and real tools.
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Account } from '../helpers/lab/accounts.ts'
import { listProcessesOf } from '../helpers/lab/accounts.ts'
import { runAs } from '../helpers/lab/commands.ts'
import type { Lab } from '../helpers/lab/lab.ts'
import { openLab, whyNoLab } from '../helpers/lab/lab.ts'
import type { LookAlikes } from '../helpers/lab/lookalikes.ts'
import { makeLookAlikes } from '../helpers/lab/lookalikes.ts'
import type { InstalledTool } from '../helpers/lab/tools.ts'
import { installTool } from '../helpers/lab/tools.ts'
import { runTool } from '../helpers/lab/use.ts'

const reason = whyNoLab()

describe.skipIf(reason !== undefined)(`the laboratory${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let lab: Lab
  let account: Account
  let claude: InstalledTool

  beforeAll(async () => {
    lab = await openLab()
    account = lab.accounts.make()
    claude = await installTool(account, 'claude-code', 'npm-global')
  })
  afterAll(() => lab?.close())

  test('an account has a home that only it can read, and an environment with nothing of the tests in it', async () => {
    const environment = await runAs(account, ['env'], { env: { LAB: 'yes' } })

    expect(statSync(account.home).mode & 0o777).toBe(0o700)
    expect(environment.stdout).toContain('LAB=yes')
    expect(environment.stdout).not.toMatch(/npm_config_|VITEST|NODE_OPTIONS|_proxy=/iu)
  })

  test('inside the network there is the stand-in for the model APIs and nothing else', async () => {
    const ask = (url: string) =>
      runAs(account, ['node', '-e', `fetch(${JSON.stringify(url)}).then((r) => console.log(r.status))`], {
        inside: lab.network,
      })
    const [model, world, outside] = await Promise.all([
      ask(`${lab.network.modelUrl}/v1/models`),
      ask('http://192.0.2.1/'), // an address that is kept for documentation
      runAs(account, ['node', '-e', `fetch('${lab.network.modelUrl}/v1/models').then(console.log)`]),
    ])

    expect(model.stdout.trim()).toBe('200')
    expect(world.exitCode).not.toBe(0)
    expect(world.stderr).toContain('ENETUNREACH')
    expect(outside.exitCode).not.toBe(0)
  })

  test('a tool that is used is answered, and leaves the record that tells so', async () => {
    const run = await runTool(account, lab.network, claude, { kind: 'use', toolCallSeconds: 1 })

    expect(run.stdout).toContain('done (lab)')
    expect(answeringModels(account)).toContainEqual(expect.stringMatching(/^claude-/u))
    expect(Date.parse(run.endedAt)).toBeGreaterThan(Date.parse(run.startedAt))
  })

  describe('runs that are not answered', () => {
    let other: Account
    let installed: InstalledTool
    beforeAll(async () => {
      other = lab.accounts.make()
      installed = await installTool(other, 'claude-code', 'npx')
    })

    test.each(['version', 'refused', 'unreachable'] as const)(
      '%s leaves no answered record',
      async (kind) => {
        await runTool(other, lab.network, installed, { kind })

        expect(answeringModels(other).filter((model) => model !== '<synthetic>')).toEqual([])
      },
    )
  })

  test('a removed account leaves no process, no home and no file in /tmp', async () => {
    const other = lab.accounts.make()
    void runAs(other, ['sh', '-c', 'setsid sleep 3600 & touch /tmp/left-by-$USER; sleep 3600'])
    // Until setpriv has changed the account, the process is still root's and cannot be known as the account's.
    await vi.waitUntil(() => existsSync(`/tmp/left-by-${other.name}`), { timeout: 10_000 })
    lab.accounts.remove(other)

    expect(listProcessesOf(other.uid)).toEqual([])
    expect(existsSync(other.home)).toBe(false)
    expect(existsSync(`/tmp/left-by-${other.name}`)).toBe(false)
  })

  describe('look-alikes', () => {
    let alike: LookAlikes
    beforeAll(async () => {
      alike = await makeLookAlikes(lab.accounts, lab.network)
    })
    afterAll(() => alike?.close())

    test('all of them are there and run', () => {
      const view = alike.viewPackage()
      const alive = [...Object.entries(alike.running), ['npm view', view] as const]
        .filter(([, { pid }]) => existsSync(`/proc/${pid}/exe`))
        .map(([name]) => name)

      expect(alive).toEqual([...Object.keys(alike.running), 'npm view'])
      expect(existsSync(join(alike.account.searchPath[0] ?? '', 'codex'))).toBe(true)
      expect(existsSync(join(alike.account.searchPath[0] ?? '', 'gemini'))).toBe(true)
      void view.stop()
    })
  })
})

/** The models named in the account's Claude Code records, in the order of the records. */
function answeringModels(account: Account): unknown[] {
  return globSync(join(account.home, '.claude/projects/*/*.jsonl'))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as { type?: unknown; message?: { model?: unknown } }) // Claude Code's own format
    .filter((record) => record.type === 'assistant')
    .map((record) => record.message?.model)
}
