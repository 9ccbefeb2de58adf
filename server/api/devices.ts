// Devices and accounts: the lists, one device, and revoking it.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { AccountRow, DeviceDetail, DeviceRow } from '#shared/api.ts'
import { ContactState } from '#shared/contact.ts'
import { FindingStatus } from '#shared/finding.ts'
import type { Context } from '../context.ts'
import { parseOr, RequestProblem } from '../errors.ts'
import { contactOf, leftOf } from '../habit.ts'
import { adminRole, everyRole } from '../roles.ts'
import { sessionOf } from '../session/session.ts'
import { addAudit } from '../store/audit.ts'
import { changeDevice, deviceById } from '../store/devices.ts'
import { addEvent } from '../store/events.ts'
import { successorsOf } from '../store/lists/device-links.ts'
import { listAccounts, listDevices, type DeviceSort } from '../store/lists/device-list.ts'
import { predecessorLink, toLink, waitForPredecessor } from './device-links.ts'
import { namesFor, type Names } from './names.ts'
import { many, Paging, readCursor, toPage } from './paging.ts'

const DeviceQuery = Paging.extend({
  q: z.string().max(200).optional(),
  status: z.enum(['active', 'revoked']).optional(),
  contact: many(ContactState),
  sort: z
    .string()
    .regex(/^-?(worst|seen|quiet|enrolled|host|os)$/)
    .default('-worst'),
})
const DeviceCursor = z.object({ value: z.union([z.string(), z.number()]), id: z.string() })
const AccountQuery = Paging.extend({
  q: z.string().max(200).optional(),
  device: z.string().max(64).optional(),
})
const AccountCursor = z.object({ device: z.string(), key: z.string() })
const Id = z.object({ id: z.string().max(64) })
const Revocation = z.strictObject({ reason: z.string().min(1).max(500) })

type ListedDevice = Awaited<ReturnType<typeof listDevices>>['rows'][number]

/** @param heardAsOf as of when silence is told */
export function deviceRoutes(app: FastifyInstance, context: Context, heardAsOf: () => number): void {
  const { store } = context

  app.get('/devices', { config: { role: everyRole } }, async (request) => {
    const query = parseOr(DeviceQuery, request.query, 'bad-request')
    const asOf = heardAsOf()
    const { rows, total } = await listDevices(store.read, {
      text: query.q?.trim() || undefined,
      status: query.status,
      contact: query.contact,
      asOf,
      // The pattern above admits these and no other.
      sort: query.sort.replace('-', '') as DeviceSort,
      descending: query.sort.startsWith('-'),
      after: readCursor(context.keys, DeviceCursor, query),
      limit: query.limit + 1,
    })
    const names = await namesFor(context, sessionOf(request))
    const cursor = (last: ListedDevice) => ({ value: last.sort_value, id: last.id })
    return toPage(context.keys, rows, total, query.limit, cursor, (row) => toDeviceRow(names, row, asOf))
  })

  app.get('/devices/:id', { config: { role: everyRole } }, async (request): Promise<DeviceDetail> => {
    const { id } = parseOr(Id, request.params, 'not-found')
    const asOf = heardAsOf()
    const page = await listDevices(store.read, {
      id,
      asOf,
      sort: 'seen',
      descending: true,
      after: null,
      limit: 1,
    })
    const row = page.rows[0]
    if (row === undefined) throw new RequestProblem('not-found')
    const names = await namesFor(context, sessionOf(request))
    return {
      ...toDeviceRow(names, row, asOf),
      keySince: row.key_since ?? row.enrolled_at,
      predecessor: await predecessorLink(store.read, names, row),
      successors: (await successorsOf(store.read, id)).flatMap((later) => toLink(names, later, later, row)),
    }
  })

  app.post('/devices/:id/revoke', { config: { role: adminRole } }, async (request, reply) => {
    const { id } = parseOr(Id, request.params, 'not-found')
    const { reason } = parseOr(Revocation, request.body, 'bad-request')
    const { user } = sessionOf(request)
    const at = context.now()
    const outcome = await store.write(async (db) => {
      const device = await deviceById(db, id)
      if (device === undefined) return 'not-found'
      if (device.status === 'revoked') return 'conflict'
      await changeDevice(db, id, { status: 'revoked', revoked_at: at })
      await waitForPredecessor(db, device)
      await addEvent(db, { device: id, at, type: 'revoked', code: 'revoked', values: { by: user } })
      await addAudit(db, { at, by: user, action: 'revoke-device', subject: id, reason })
      return null
    })
    if (outcome !== null) throw new RequestProblem(outcome)
    return reply.code(204).send()
  })

  app.get('/accounts', { config: { role: everyRole } }, async (request) => {
    const query = parseOr(AccountQuery, request.query, 'bad-request')
    const { rows, total } = await listAccounts(store.read, {
      device: query.device,
      text: query.q?.trim() || undefined,
      after: readCursor(context.keys, AccountCursor, query),
      limit: query.limit + 1,
    })
    const names = await namesFor(context, sessionOf(request))
    return toPage(
      context.keys,
      rows,
      total,
      query.limit,
      ({ device, key }) => ({ device, key }),
      (row): AccountRow => ({
        device: row.device,
        host: names.host({ id: row.device, label: row.device_label, hostname: row.hostname }),
        account: names.account(row.device, row.account) ?? { key: row.key, label: row.label, name: null },
        readable: row.readable === 1,
        coverage: row.coverage_state,
        worst: FindingStatus.nullable().parse(row.worst),
      }),
    )
  })
}

function toDeviceRow(names: Names, row: ListedDevice, asOf: number): DeviceRow {
  return {
    id: row.id,
    host: names.host(row),
    os: row.os,
    osVersion: row.os_version,
    arch: row.arch,
    agentVersion: row.agent_version,
    enrolledAt: row.enrolled_at,
    lastSeenAt: row.last_seen_at,
    lastScanAt: row.last_scan_at,
    status: row.status,
    contact: contactOf(row, asOf),
    left: leftOf(row, asOf),
    coverage: row.coverage_state,
    gaps: row.open_gaps,
    worst: FindingStatus.nullable().parse(row.worst),
    accounts: row.account_count,
    policyVersion: row.policy_version,
  }
}
