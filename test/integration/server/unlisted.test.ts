// From files on a machine to a finding that asks what they are of: what behaves like an AI coding agent, in no catalogue.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EventRow, FindingDetail, FindingRow, Overview, pageOf } from '#shared/api.ts'
import { tools } from '#shared/catalogue.ts'
import { WireRecord, type CheckInResponse } from '#shared/protocol.ts'
import { emptyMemory } from '../../../agent/memory.ts'
import { reportScan } from '../../../agent/report.ts'
import { scan } from '../../../agent/scan.ts'
import { planPolicy } from '../../../server/policy/plan.ts'
import { Policy } from '#shared/policy.ts'
import { fakeHost, type FakeTree } from '../../helpers/fake-host.ts'
import { concluded, contextOf, ToldMap } from '../../helpers/report-context.ts'
import type { TestDevice } from '../../helpers/test-device.ts'
import { startTestServer, type Browser, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, markRecord, unlistedRecord } from '../../helpers/wire-records.ts'

let server: TestServer
let device: TestDevice
let browser: Browser
beforeEach(async () => {
  server = await startTestServer()
  await server.apply(examplePolicy)
  device = await server.enrolled()
  browser = await server.signIn()
})
afterEach(async () => {
  await server.close()
})

async function findings(query = ''): Promise<FindingRow[]> {
  return pageOf(FindingRow).parse((await browser.get(`/api/v1/findings${query}`)).body).items
}

async function detail(id: string): Promise<FindingDetail> {
  return FindingDetail.parse((await browser.get(`/api/v1/findings/${id}`)).body)
}

async function overview(): Promise<Overview> {
  return Overview.parse((await browser.get('/api/v1/overview')).body)
}

/** What the agent tells after a look at these files. */
async function lookedAt(files: FakeTree, told: ToldMap): Promise<WireRecord[]> {
  const host = fakeHost({ files })
  const result = await scan(host, tools, {
    memory: emptyMemory(),
    confirmUse: true,
    inventory: 'full',
    now: host.now(),
    budgetMs: 60_000,
    catalogue: 'test',
  })
  const conclusion = concluded(result.observations, result.accounts)
  const report = reportScan({ ...result, ...conclusion }, told, contextOf({}))
  expect(report.refused).toBe(0)
  told.keep(report.told)
  return report.records.map((record) => WireRecord.parse(record))
}

const ann = '/home/ann'
const files: FakeTree = {
  [`${ann}/.npm-global/lib/node_modules/mystery-agent/package.json`]: JSON.stringify({
    name: 'mystery-agent',
    version: '3.0.0',
    bin: { mystery: 'cli.js' },
    dependencies: { '@anthropic-ai/sdk': '^1' },
  }),
  [`${ann}/.npm-global/lib/node_modules/mystery-agent/cli.js`]: {
    content: '#!/usr/bin/env node\n',
    mode: 0o755,
  },
  [`${ann}/.npm-global/bin/mystery`]: { link: '../lib/node_modules/mystery-agent/cli.js' },
  [`${ann}/.bashrc`]: 'export PATH="$HOME/.npm-global/bin:$PATH"\n',
  [`${ann}/.mystery/sessions/2026/a.jsonl`]:
    '{"role":"user","content":"very secret"}\n{"role":"assistant","model":"m","content":"very secret"}\n',
  [`${ann}/.mystery/mcp.json`]: '{"mcpServers":{"secret-server":{"command":"secret-program"}}}',
  // Look-alikes.
  [`${ann}/src/app/package.json`]: '{"name":"app","dependencies":{"openai":"1"}}',
  [`${ann}/.chat/history/a.jsonl`]: '{"role":"assistant","text":"hello"}\n',
  [`${ann}/.vscode/mcp.json`]: '{"mcpServers":{"a":{"command":"a"}}}',
}

describe('from an agent’s look to a finding', () => {
  test('one finding to review, with its behaviours, and nothing that a person wrote', async () => {
    const told = new ToldMap()
    const records = await lookedAt(files, told)
    expect(JSON.stringify(records)).not.toContain('secret')
    const response = await device.checkIn(records)
    expect(response.statusCode).toBe(200)
    // To the device it is no verdict on a tool: an older agent could not read it.
    expect(response.json<CheckInResponse>().verdicts).toEqual([])

    const [finding, ...others] = await findings()
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      toolName: 'mystery-agent',
      unlisted: { source: 'npm', name: 'mystery-agent' },
      status: 'review',
      reasons: ['unlisted-behaviour'],
      row: null,
      rule: null,
      since: null,
    })
    const { behaviours, marks, evidence } = await detail(finding?.id ?? '')
    expect(behaviours).toEqual([
      { behaviour: 'agent-dependency', signal: 'npm:@anthropic-ai/sdk' },
      { behaviour: 'mcp-settings', signal: '~/.*/mcp.json' },
      { behaviour: 'session-records', signal: '~/.*/sessions/*/*.jsonl' },
    ])
    expect([marks, evidence]).toEqual([[], []])

    const gone = await lookedAt({}, told)
    await device.checkIn(gone)
    expect(await findings()).toEqual([])
  })
})

describe('a candidate', () => {
  test('counts apart, and makes no violation of anything', async () => {
    await device.checkIn([
      unlistedRecord(),
      unlistedRecord({ account: 'bob', source: 'home', name: '~/.odd' }),
    ])
    const { findings: counts, unlisted, openByTool, newest } = await overview()
    expect(unlisted).toBe(2)
    expect(Object.values(counts).every((count) => count === 0)).toBe(true)
    expect([openByTool, newest]).toEqual([[], []])
  })

  test('is found apart from tools, and by its name', async () => {
    await device.checkIn([unlistedRecord(), detectionRecord(), markRecord(server.clock.now - 1000)])
    expect((await findings('?unlisted=true')).map(({ toolName }) => toolName)).toEqual(['mystery-agent'])
    expect((await findings('?unlisted=false')).map(({ tool }) => tool)).toEqual(['claude-code'])
    expect((await findings('?q=stery')).map(({ toolName }) => toolName)).toEqual(['mystery-agent'])
    expect((await findings('?q=unlisted')).length).toBe(0)
    expect(await findings()).toHaveLength(2)
  })

  test('is nothing where the policy allows what is not listed, and again where it asks', async () => {
    await device.checkIn([unlistedRecord()])
    const allowed = { ...examplePolicy, version: 2, unlisted: { verdict: 'allowed' } }
    expect((await planPolicy(server.context, Policy.parse(allowed))).changes).toEqual([
      { from: 'review', to: null, count: 1 },
    ])
    await server.apply(allowed)
    server.clock.now += 1000
    await server.runJobs()
    expect(await findings()).toEqual([])
    await device.checkIn([unlistedRecord({ name: 'another' })])
    expect(await findings()).toEqual([])

    await server.apply({ ...examplePolicy, version: 3 })
    server.clock.now += 1000
    await server.runJobs()
    expect((await findings()).map(({ toolName }) => toolName).toSorted()).toEqual([
      'another',
      'mystery-agent',
    ])
  })

  test('with too few behaviours, from whatever agent, is none', async () => {
    const behaviours = [{ behaviour: 'mcp-settings' as const, signal: '~/.*/mcp.json' }]
    await device.checkIn([unlistedRecord({ behaviours })])
    expect(await findings()).toEqual([])
  })

  test('that was closed stays closed, and its events name it', async () => {
    await device.checkIn([unlistedRecord()])
    const [open] = await findings()
    const closing = { lifecycle: 'closed', reason: 'our own tool' }
    await browser.send('PATCH', `/api/v1/findings/${open?.id}`, closing)
    expect((await overview()).unlisted).toBe(0)
    await device.checkIn([unlistedRecord()])
    expect((await findings()).map(({ lifecycle }) => lifecycle)).toEqual(['closed'])

    const { body } = await browser.get(`/api/v1/events?device=${device.id}&type=finding`)
    expect(pageOf(EventRow).parse(body).items).toMatchObject([
      { tool: 'unlisted:npm:mystery-agent', summary: 'finding status=review' },
    ])
  })
})
