// Who may do what in the dashboard: every route, sessions, forged writes, names and the audit log.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AuditRow, pageOf, SessionInfo, type FindingRow } from '#shared/api.ts'
import { brokenAuditLine } from '../../../server/store/audit.ts'
import { makeLoginLink } from '../../../server/session/session.ts'
import { noon, startTestServer, type Browser, type TestServer } from '../../helpers/test-server.ts'
import { detectionRecord, examplePolicy, markRecord } from '../../helpers/wire-records.ts'

let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
})
afterEach(async () => {
  await server.close()
})

const hour = 3_600_000
const open = ['/livez', '/readyz', '/login', '/api/v1/session', '/api/v1/enrol', '/*']

describe('every route', () => {
  /** What each guarded route that is chosen answers, where it is not what it should be. */
  async function wrongAnswers(
    chosen: (method: string, role: readonly string[]) => boolean,
    headers: Record<string, string>,
    expected: number,
  ): Promise<{ tried: number; wrong: string[] }> {
    const guarded = server.routes.filter(({ method, role }) =>
      chosen(method, typeof role === 'string' ? [role] : role),
    )
    const wrong: string[] = []
    for (const { method, url } of guarded) {
      const path = url.replaceAll(/:\w+/g, 'x')
      const response = await server.server.inject({ method: method as 'GET', url: path, headers })
      if (response.statusCode !== expected) wrong.push(`${method} ${url}: ${response.statusCode}`)
    }
    return { tried: guarded.length, wrong }
  }
  const writes = (method: string) => method !== 'GET' && method !== 'HEAD'

  test('that is open to anybody is meant to be', () => {
    const found = server.routes.filter(({ role }) => role === 'open').map(({ url }) => url)
    expect(found.filter((url) => !open.includes(url))).toEqual([])
  })

  test('that is not open answers 401 to whoever is not known', async () => {
    const { tried, wrong } = await wrongAnswers((_, role) => !role.includes('open'), {}, 401)
    expect(wrong).toEqual([])
    expect(tried).toBeGreaterThan(40)
  })

  test('that changes something needs the token of the session', async () => {
    const { cookie } = await server.signIn()
    const chosen = (method: string, role: readonly string[]) => writes(method) && role.includes('admin')
    const bare = await wrongAnswers(chosen, { cookie }, 403)
    expect(bare.wrong).toEqual([])
    expect(bare.tried).toBeGreaterThan(10)
    expect((await wrongAnswers(chosen, { cookie, 'x-csrf-token': 'guess' }, 403)).wrong).toEqual([])
  })

  test('is closed to roles that it is not for', async () => {
    const { cookie, csrf } = await server.signIn()
    await server.become('helpdesk')
    const chosen = (_: string, role: readonly string[]) =>
      role.includes('admin') && !role.includes('helpdesk')
    const { tried, wrong } = await wrongAnswers(chosen, { cookie, 'x-csrf-token': csrf }, 403)
    expect(wrong).toEqual([])
    expect(tried).toBeGreaterThan(10)
  })
})

test('pages carry a policy under which nothing inline and nothing foreign runs', async () => {
  const { headers } = await server.server.inject('/livez')
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toMatch(/script-src[^;]*unsafe/)
  expect(policy).toContain("frame-ancestors 'none'")
})

describe('signing in', () => {
  const follow = async (link: string, headers: Record<string, string> = {}) => {
    const url = new URL(link)
    return server.server.inject({ url: url.pathname + url.search, headers })
  }

  test('works once with a link, and the cookie is out of reach of scripts', async () => {
    const link = await makeLoginLink(server.context)
    const first = await follow(link)
    expect(first.statusCode).toBe(303)
    expect(first.headers.location).toBe('/')
    const cookie = String(first.headers['set-cookie'])
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    const second = await follow(link)
    expect(second.statusCode).toBe(401)
    expect(second.json()).toMatchObject({ code: 'link-expired' })
    expect(second.headers['set-cookie']).toBeUndefined()
  })

  test('by the same link in the same browser goes on to the dashboard', async () => {
    const link = await makeLoginLink(server.context)
    const cookie = String((await follow(link)).headers['set-cookie']).split(';')[0] ?? ''
    expect((await follow(link, { cookie })).statusCode).toBe(303)
  })

  test('tells people in a sentence what to do about a link that is used up', async () => {
    const response = await follow('http://x/login?token=unknown', { accept: 'text/html' })
    expect(response.statusCode).toBe(401)
    expect(response.headers['content-type']).toContain('text/html')
    expect(response.body).toContain('npm start')
  })

  test('is not possible with a link that has expired or was replaced', async () => {
    const old = await makeLoginLink(server.context)
    const link = await makeLoginLink(server.context)
    expect((await follow(old)).statusCode).toBe(401)
    server.clock.now += 24 * hour
    expect((await follow(link)).statusCode).toBe(401)
  })

  test('also works with the token in a request, as the dashboard does it', async () => {
    const token = new URL(await makeLoginLink(server.context)).searchParams.get('token')
    const response = await server.server.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { token },
    })
    expect(SessionInfo.parse(response.json())).toMatchObject({ user: 'admin', role: 'admin' })
  })

  test('gives a session of its own: one that was foisted on the browser is worth nothing', async () => {
    const { cookie: foisted } = await server.signIn()
    const after = await follow(await makeLoginLink(server.context), { cookie: foisted })
    const cookie = String(after.headers['set-cookie']).split(';')[0] ?? ''
    expect(cookie).not.toBe(foisted)
    expect(
      (await server.server.inject({ url: '/api/v1/session', headers: { cookie: foisted } })).statusCode,
    ).toBe(401)
    expect((await server.server.inject({ url: '/api/v1/session', headers: { cookie } })).statusCode).toBe(200)
  })

  test('is slowed down for whoever guesses', async () => {
    for (let i = 0; i < 10; i++) await follow(`http://x/login?token=guess-${i}`)
    expect((await follow('http://x/login?token=guess')).statusCode).toBe(429)
    server.clock.now += 60_000
    expect((await follow(await makeLoginLink(server.context))).statusCode).toBe(303)
  })

  test('leaves no token in the log', async () => {
    const link = await makeLoginLink(server.context)
    await follow(link)
    await follow(link)
    expect(server.logged.join('')).not.toContain(new URL(link).searchParams.get('token'))
  })
})

describe('a session', () => {
  test('ends when it is not used, and in any case', async () => {
    const browser = await server.signIn()
    server.clock.now += 7 * hour
    expect((await browser.get('/api/v1/session')).status).toBe(200)
    server.clock.now += 8 * hour + 1
    expect((await browser.get('/api/v1/session')).status).toBe(401)

    const busy = await server.signIn()
    for (let i = 0; i < 10; i++) {
      server.clock.now += 7 * hour
      expect((await busy.get('/api/v1/session')).status).toBe(200)
    }
    server.clock.now += 3 * hour
    expect((await busy.get('/api/v1/session')).status).toBe(401)
  })

  test('ends with signing out', async () => {
    const browser = await server.signIn()
    expect((await browser.send('DELETE', '/api/v1/session')).status).toBe(204)
    expect((await browser.get('/api/v1/session')).status).toBe(401)
  })
})

describe('names', () => {
  let browser: Browser
  let row: FindingRow
  let device: string
  beforeEach(async () => {
    await server.apply(examplePolicy)
    const laptop = await server.enrolled({ hostname: 'alices-laptop' })
    laptop.clock = { boot: 'boot-1', offsetMs: 0, errorMs: 1 }
    await laptop.checkIn([detectionRecord(), markRecord(noon - 1000)])
    device = laptop.id
    browser = await server.signIn()
    row = ((await browser.get('/api/v1/findings')).body as { items: FindingRow[] }).items[0]!
  })

  const lists = [
    'findings',
    'devices',
    'accounts',
    'detections',
    'inventory',
    'gaps',
    'coverage',
    'events',
    'overview',
    'audit',
    'waivers',
  ]

  test.each(lists)('are not in %s until somebody says why', async (list) => {
    const { status, body } = await browser.get(`/api/v1/${list}`)
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toMatch(/alice/)
  })

  test('are not in one finding nor in a timeline until somebody says why', async () => {
    expect(JSON.stringify((await browser.get(`/api/v1/findings/${row.id}`)).body)).not.toMatch(/alice/)
    expect(JSON.stringify((await browser.get(`/api/v1/devices/${device}/events`)).body)).not.toMatch(/alice/)
  })

  test.each(['events', 'events?device=DEVICE', 'devices/DEVICE/events'])(
    'and the timeline %s are not for the helpdesk',
    async (path) => {
      await server.become('helpdesk')
      const { status } = await browser.get(`/api/v1/${path.replace('DEVICE', device)}`)
      expect(status).toBe(403)
    },
  )

  test.each(['findings?q=', 'devices?q=', 'accounts?q=', 'events?device=DEVICE&account='])(
    'cannot be found out by asking %s for them',
    async (list) => {
      const answer = await browser.get(`/api/v1/${list.replace('DEVICE', device)}alice`)
      expect(answer.body).toMatchObject({ total: 0 })
    },
  )

  test('are opened one by one, for a reason, to one session, for a quarter of an hour', async () => {
    const look = { device, account: row.account?.key ?? '', reason: 'ticket 4711, spoke to works council' }
    expect((await browser.send('POST', '/api/v1/looks', { ...look, reason: 'x' })).status).toBe(400)
    expect((await browser.send('POST', '/api/v1/looks', { ...look, account: 'nobody' })).status).toBe(404)
    expect((await browser.send('POST', '/api/v1/looks', look)).status).toBe(201)
    const names = async (as: Browser) => {
      const shown = ((await as.get('/api/v1/findings')).body as { items: FindingRow[] }).items[0]
      return [shown?.account?.name, shown?.host.name]
    }
    expect(await names(browser)).toEqual(['alice', null])
    expect(await names(await server.signIn())).toEqual([null, null])
    await browser.send('POST', '/api/v1/looks', { ...look, account: null })
    expect(await names(browser)).toEqual(['alice', 'alices-laptop'])
    server.clock.now += 15 * 60_000
    expect(await names(browser)).toEqual([null, null])
  })

  test('and timelines leave a line in the audit log, and no name in it', async () => {
    await browser.get(`/api/v1/findings/${row.id}`)
    await browser.get(`/api/v1/devices/${device}/events`)
    await browser.get('/api/v1/events?limit=1')
    await browser.send('POST', '/api/v1/looks', {
      device,
      account: row.account?.key ?? '',
      reason: 'ticket 4711',
    })
    await browser.send('POST', `/api/v1/findings/${row.id}/lifecycle`, {
      lifecycle: 'acknowledged',
      reason: 'spoke',
    })
    const { items } = pageOf(AuditRow).parse((await browser.get('/api/v1/audit')).body)
    expect(items.map(({ by, action, subject, reason }) => [by, action, subject, reason]).slice(0, 5)).toEqual(
      [
        ['admin', 'finding-acknowledged', row.id, 'spoke'],
        ['admin', 'look-name', `${device}/${row.account?.key}`, 'ticket 4711'],
        ['admin', 'look-timeline', '*', null],
        ['admin', 'look-timeline', device, null],
        ['admin', 'look-finding', row.id, null],
      ],
    )
    expect(JSON.stringify(items)).not.toMatch(/alice/)
  })
})

describe('the audit log', () => {
  test('has a line for every write', async () => {
    const browser = await server.signIn()
    const before = ((await browser.get('/api/v1/audit')).body as { total: number }).total
    await browser.send('POST', '/api/v1/policies', examplePolicy)
    await browser.send('POST', '/api/v1/enrol-tokens', {})
    await browser.send('PUT', '/api/v1/people', { owners: [], members: [], groups: ['research'] })
    const waiver = {
      subject: { kind: 'group', group: 'research' },
      tools: ['claude-code'],
      owner: 'x',
      reason: 'study',
      from: 0,
      until: noon,
    }
    const { id } = (await browser.send('POST', '/api/v1/waivers', waiver)).body as { id: string }
    await browser.send('DELETE', `/api/v1/waivers/${id}`)
    const { items, total } = pageOf(AuditRow).parse((await browser.get('/api/v1/audit?limit=5')).body)
    expect(total).toBe(before + 5)
    expect(items.map((line) => line.action)).toEqual([
      'revoke-waiver',
      'add-waiver',
      'import-people',
      'make-enrol-token',
      'apply-policy',
    ])
  })

  test('shows where it was changed', async () => {
    await server.signIn()
    await server.signIn()
    await server.signIn()
    const { store } = server.context
    expect(await brokenAuditLine(store.read)).toBeNull()
    await store.write((db) => db.updateTable('audit').set({ by: 'somebody' }).where('id', '=', 2).execute())
    expect(await brokenAuditLine(store.read)).toBe(2)
    await store.write((db) => db.deleteFrom('audit').where('id', '=', 2).execute())
    expect(await brokenAuditLine(store.read)).toBe(3)
  })
})
