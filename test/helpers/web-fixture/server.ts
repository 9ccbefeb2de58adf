// Serves the built dashboard with an invented fleet under /api/v1, for looking at pages and for browser tests of states that
// a real server seldom shows. Each answer is checked against shared/api.ts, so that the invention cannot drift from it.
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { z } from 'zod'
import {
  AccountRow,
  AuditRow,
  CoverageRow,
  DetectionRow,
  DeviceDetail,
  type DeviceLink,
  DeviceRow,
  EventRow,
  FindingDetail,
  FindingRow,
  GapRow,
  InventoryRow,
  LifecycleChange,
  NewLook,
  NewWaiver,
  Overview,
  pageOf,
  PolicyVersionRow,
  SessionInfo,
  ToolDetail,
  ToolRow,
  WaiverRow,
} from '#shared/api.ts'
import type { ContactState } from '#shared/contact.ts'
import { FindingStatus } from '#shared/finding.ts'
import { toolFile } from '#shared/catalogue-files.ts'
import { tools } from '#shared/catalogue.ts'
import { problems, type ProblemCode } from '#shared/problem.ts'
import { RolloutChange, type Rollout } from '#shared/rollout.ts'
import { makeFleet, type Fleet } from './fleet.ts'

export type FixtureMode = 'full' | 'empty' | 'failing' | 'slow'

export interface WebFixture {
  readonly url: string
  readonly setMode: (mode: FixtureMode) => void
  readonly signOut: () => void
  readonly close: () => Promise<void>
}

/** The policy that the real server sends; strict, so that a violation shows. */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

class FixtureProblem extends Error {
  readonly code: ProblemCode
  readonly errors: { code: string; path: (string | number)[]; message: string }[] | undefined
  constructor(code: ProblemCode, detail: string, errors?: FixtureProblem['errors']) {
    super(detail)
    this.code = code
    this.errors = errors
  }
}

export const fixtureToken = 'fixture-token-0123456789'

/** Listens on a port of loopback (0: any). `webFolder` is the built dashboard. */
export async function startWebFixture(webFolder: string, now: number, port = 0): Promise<WebFixture> {
  let mode: FixtureMode = 'full'
  let signedIn = true
  const full = makeFleet(now, 63)
  const empty = makeFleet(now, 0)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fixture')
    if (!url.pathname.startsWith('/api/v1')) return sendFile(webFolder, url.pathname, response)
    if (mode === 'slow') await new Promise((resolve) => setTimeout(resolve, 4000))
    const path = url.pathname.slice('/api/v1'.length)
    try {
      const body = await readBody(request)
      if (request.method === 'POST' && path === '/session') {
        if (z.object({ token: z.string() }).parse(JSON.parse(body)).token !== fixtureToken)
          throw new FixtureProblem('link-expired', '')
        signedIn = true
      } else if (!signedIn) throw new FixtureProblem('not-signed-in', '')
      else if (request.method === 'DELETE' && path === '/session') signedIn = false
      else if (mode === 'failing' && path !== '/session')
        throw new FixtureProblem('internal', 'The database did not answer within 5 seconds.')
      const fleet = mode === 'empty' ? empty : full
      const told: unknown =
        request.method === 'GET'
          ? await reading(fleet, path, url.searchParams, now)
          : writing(fleet, path, request.method ?? '', body, now)
      response
        .writeHead(told === null ? 204 : 200, { 'content-type': 'application/json' })
        .end(told === null ? '' : JSON.stringify(told))
    } catch (error) {
      const problem = error instanceof FixtureProblem ? error : new FixtureProblem('internal', String(error))
      const { status, title } = problems[problem.code]
      const { code, errors } = problem
      response.writeHead(status, { 'content-type': 'application/problem+json' }).end(
        JSON.stringify({
          type: `urn:cutoff:problem:${code}`,
          code,
          title,
          status,
          detail: problem.message,
          errors,
        }),
      )
    }
  }

  const server = createServer((request, response) => {
    response.setHeader('content-security-policy', contentSecurityPolicy)
    void answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const used = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://127.0.0.1:${used}`,
    setMode: (next) => {
      mode = next
    },
    signOut: () => {
      signedIn = false
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

async function sendFile(folder: string, pathname: string, response: ServerResponse): Promise<void> {
  const path = join(folder, normalize(pathname))
  const file = extname(pathname) === '' ? join(folder, 'index.html') : path
  try {
    const content = await readFile(file)
    const type = types[extname(file)] ?? 'application/octet-stream'
    // As the server does: what is in assets/ is named by its content.
    const cache = pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
    response.writeHead(200, { 'content-type': type, 'cache-control': cache }).end(content)
  } catch {
    response.writeHead(404).end()
  }
}

/** A page of rows; the cursor is the place of the next one. */
function paged<T extends z.ZodType>(item: T, rows: readonly z.input<T>[], query: URLSearchParams) {
  const limit = Number(query.get('limit') ?? 50)
  const from = Number(query.get('cursor') ?? 0)
  const next = from + limit < rows.length ? String(from + limit) : null
  return pageOf(item).parse({ items: rows.slice(from, from + limit), total: rows.length, next })
}

/** The second device is the first one's machine, enrolled anew. */
function deviceDetail({ devices }: Fleet, id: string): DeviceDetail {
  const row = found(devices.find((one) => one.id === id))
  const [earlier, later] = devices
  const link = (shown: DeviceRow | undefined): DeviceLink[] =>
    shown === undefined || later === undefined
      ? []
      : [
          {
            device: shown.id,
            host: shown.host,
            why: 'hardware',
            at: later.enrolledAt,
            earlierReportsOn: false,
          },
        ]
  return DeviceDetail.parse({
    ...row,
    keySince: row.enrolledAt,
    predecessor: row === later ? (link(earlier)[0] ?? null) : null,
    successors: row === earlier ? link(later) : [],
  } satisfies DeviceDetail)
}

function reading(fleet: Fleet, path: string, query: URLSearchParams, now: number): unknown {
  const device = query.get('device')
  const text = query.get('q')?.toLowerCase() ?? ''
  const ofDevice = <T extends { readonly device: string }>(rows: readonly T[]) =>
    rows.filter((row) => device === null || row.device === device)
  const one = /^\/(findings|devices|tools)\/(.+)$/u.exec(path)
  if (one?.[1] === 'tools') return toolDetail(fleet, one[2] ?? '')
  if (one?.[1] === 'findings')
    return FindingDetail.parse(found(fleet.findings.find((row) => row.id === one[2])))
  if (one?.[1] === 'devices') return deviceDetail(fleet, one[2] ?? '')
  switch (path) {
    case '/session':
      return session(now)
    case '/overview':
      return overview(fleet)
    case '/findings': {
      const status = query.getAll('status')
      const lifecycle = query.getAll('lifecycle')
      const tool = query.get('tool')
      const rows = ofDevice(fleet.findings)
        .filter((row) => status.length === 0 || status.includes(row.status))
        .filter((row) => lifecycle.length === 0 || lifecycle.includes(row.lifecycle))
        .filter((row) => tool === null || row.tool === tool)
        .filter((row) => text === '' || `${row.toolName} ${row.rule}`.toLowerCase().includes(text))
      return paged(FindingRow, query.get('sort') === '-tool' ? rows.toReversed() : rows, query)
    }
    case '/devices':
      return paged(
        DeviceRow,
        fleet.devices
          .filter((row) => row.host.label.includes(text))
          .filter(
            ({ contact }) =>
              query.getAll('contact').length === 0 || query.getAll('contact').includes(contact?.state ?? ''),
          ),
        query,
      )
    case '/accounts':
      return paged(AccountRow, ofDevice(fleet.accounts), query)
    case '/inventory':
      return paged(
        InventoryRow,
        ofDevice(fleet.inventory)
          .filter(
            (row) =>
              row.name.toLowerCase().includes(text) && (query.get('gone') === 'true' || row.lastDay === null),
          )
          .filter((row) => query.get('item') === null || row.item === query.get('item')),
        query,
      )
    case '/detections':
      return paged(
        DetectionRow,
        ofDevice(fleet.detections)
          .filter((row) => query.get('tool') === null || row.tool === query.get('tool'))
          .filter((row) => query.get('gone') !== 'false' || !row.gone),
        query,
      )
    case '/gaps':
      return paged(
        GapRow,
        ofDevice(fleet.gaps).filter(
          (row) => query.getAll('reason').length === 0 || query.getAll('reason').includes(row.reason),
        ),
        query,
      )
    case '/coverage':
      return paged(CoverageRow, ofDevice(fleet.coverage), query)
    case '/events':
      return paged(EventRow, ofDevice(fleet.events), query)
    case '/policies':
      return paged(PolicyVersionRow, fleet.policies, query)
    case '/policies/release':
      return { release: fleet.rollout }
    case '/waivers':
      return paged(WaiverRow, fleet.waivers, query)
    case '/audit':
      return paged(AuditRow, fleet.audit, query)
    case '/tools':
      return paged(ToolRow, [...tools], new URLSearchParams({ limit: '1000' }))
    default:
      throw new FixtureProblem('not-found', '')
  }
}

async function toolDetail(fleet: Fleet, id: string): Promise<ToolDetail> {
  const { $schema: _schema, cases: _cases, ...tool } = found((await toolFile(id)) ?? undefined)
  const holders = fleet.detections.filter((row) => row.tool === id && !row.gone)
  const open = fleet.findings.filter((row) => row.tool === id && row.lifecycle !== 'closed')
  const counts = FindingStatus.options.map((status) => [
    status,
    open.filter((row) => row.status === status).length,
  ])
  return ToolDetail.parse({
    ...tool,
    fleet: {
      devices: new Set(holders.map((row) => row.device)).size,
      accounts: holders.length,
      findings: Object.fromEntries(counts) as unknown,
    },
  })
}

function changed(rollout: Rollout, action: RolloutChange['action'], now: number): Rollout {
  if (action === 'halt')
    return { ...rollout, state: 'halted', halted: { at: now, why: 'by-hand' }, allBy: null }
  const { stage } = rollout
  const all = stage === null ? null : { ...stage, number: stage.of, since: now, devices: null }
  return action === 'release'
    ? { ...rollout, state: 'staged', halted: null, allBy: null, stage: all, late: [] }
    : { ...rollout, state: 'staged', halted: null, allBy: now + 20 * 60_000 }
}

function session(now: number): SessionInfo {
  return SessionInfo.parse({
    user: 'admin',
    role: 'admin',
    csrf: 'fixture',
    organisation: 'Example Ltd',
    now,
  })
}

function overview(fleet: Fleet): Overview {
  const open = fleet.findings.filter((row) => row.lifecycle !== 'closed')
  const count = (status: FindingStatus) => open.filter((row) => row.status === status).length
  const covered = (state: string) => fleet.devices.filter((row) => row.coverage === state).length
  const byTool = [...new Set(open.map((row) => row.tool))].flatMap((tool) =>
    FindingStatus.options.flatMap((status) => {
      const rows = open.filter((row) => row.tool === tool && row.status === status)
      return rows[0] === undefined ? [] : [{ tool, name: rows[0].toolName, status, count: rows.length }]
    }),
  )
  const inContact = (state: ContactState) =>
    fleet.devices.filter((row) => row.contact?.state === state).length
  const active = fleet.devices.filter((row) => row.status === 'active').length
  return Overview.parse({
    devices: {
      total: active,
      reporting: inContact('reporting'),
      asleep: inContact('asleep'),
      quiet: inContact('quiet'),
    },
    findings: Object.fromEntries(FindingStatus.options.map((status) => [status, count(status)])),
    openByTool: byTool,
    coverage: {
      attested: covered('attested'),
      blindSpots: covered('attested-but-blind-spots'),
      notAttested: covered('not-attested'),
    },
    gaps: [...new Set(fleet.gaps.map((gap) => gap.reason))].map((reason) => ({
      reason,
      count: fleet.gaps.filter((gap) => gap.reason === reason).length,
    })),
    policy:
      fleet.policies[0] === undefined
        ? null
        : {
            version: fleet.policies[0].version,
            activatedAt: fleet.policies[0].activatedAt,
            release: fleet.rollout?.state ?? 'complete',
          },
    newest: open.filter((row) => row.status === 'violation' || row.status === 'suspected').slice(0, 8),
  })
}

function found<T>(row: T | undefined): T {
  if (row === undefined) throw new FixtureProblem('not-found', 'No such row in the fixture.')
  return row
}

function writing(fleet: Fleet, path: string, method: string, body: string, now: number): unknown {
  const json = (): unknown => JSON.parse(body)
  const lifecycle = /^\/findings\/(.+)\/lifecycle$/u.exec(path)
  if (lifecycle) {
    const change = LifecycleChange.parse(json())
    const at = fleet.findings.findIndex((row) => row.id === lifecycle[1])
    const row = found(fleet.findings[at])
    fleet.findings[at] = {
      ...row,
      lifecycle: change.lifecycle,
      history: [...row.history, { at: now, by: 'admin', ...change }],
    }
    return null
  }
  if (method === 'POST' && path === '/session') return session(now)
  if (method === 'DELETE' && path === '/session') return null
  if (path === '/looks') {
    const look = NewLook.parse(json())
    const key = look.account ?? found(fleet.devices.find((row) => row.id === look.device)).host.key
    const name = fleet.names.get(key) ?? 'unknown'
    const show = (subject: { key: string; name: string | null } | null) => {
      if (subject?.key === key) subject.name = name
    }
    for (const row of [
      ...fleet.findings,
      ...fleet.devices,
      ...fleet.gaps,
      ...fleet.inventory,
      ...fleet.accounts,
    ]) {
      show(row.host)
      if ('account' in row) show(row.account)
    }
    fleet.audit.unshift({
      id: fleet.audit.length + 1,
      at: now,
      by: 'admin',
      action: 'look-name',
      subject: key,
      reason: look.reason,
      hash: 'f'.repeat(20),
    })
    return { until: now + 15 * 60_000 }
  }
  if (path === '/waivers') {
    const added: WaiverRow = {
      id: `w${fleet.waivers.length + 1}`,
      ...NewWaiver.parse(json()),
      createdAt: now,
      createdBy: 'admin',
      revokedAt: null,
    }
    fleet.waivers.unshift(added)
    return null
  }
  if (path === '/policies/plan') {
    if (!body.includes('version:')) {
      throw new FixtureProblem('policy-invalid', 'The policy has 1 mistake.', [
        {
          code: 'policy-field',
          path: ['version'],
          message: 'Invalid input: expected number, received undefined',
        },
      ])
    }
    const subjects = fleet.findings.slice(0, 12).map((row) => ({
      device: row.device,
      host: row.host.label,
      account: row.account?.label ?? null,
      tool: row.tool,
      from: row.status,
      to: row.status === 'suspected' ? null : 'suspected',
    }))
    return {
      version: 3,
      changes: [
        { from: 'present', to: 'suspected', count: 9 },
        { from: null, to: 'upcoming', count: 3 },
      ],
      unchanged: 51,
      accounts: 12,
      subjects,
      rollout: { stages: [3, 10], allBy: now + 3_600_000, late: ['no-us-cli'] },
    }
  }
  if (path === '/policies/release') {
    const { action } = RolloutChange.parse(JSON.parse(body))
    fleet.rollout = changed(found(fleet.rollout ?? undefined), action, now)
    return { release: fleet.rollout }
  }
  if (path === '/policies') return { version: 3, activatedAt: now }
  throw new FixtureProblem('not-found', '')
}
