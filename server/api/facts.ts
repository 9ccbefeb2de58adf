// What was reported: detections, inventory, gaps, coverage, each across the fleet or of one device.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { CoverageRow, DetectionRow, GapRow, InventoryRow } from '#shared/api.ts'
import { CoverageState, GapReason } from '#shared/observation.ts'
import { WireEvidence } from '#shared/protocol.ts'
import { ToolId } from '#shared/tool.ts'
import type { Context } from '../context.ts'
import { parseOr } from '../errors.ts'
import { everyRole } from '../roles.ts'
import { sessionOf } from '../session/session.ts'
import { listCoverage, listDetections, listGaps, listInventory } from '../store/lists/fact-list.ts'
import { namesFor, type Names } from './names.ts'
import { flag, many, Paging, readCursor, toPage } from './paging.ts'
import { toolName } from './rows.ts'

const text = z.string().trim().max(200).optional()
const ofDevice = Paging.extend({ device: z.string().max(64).optional(), q: text })
const DetectionQuery = ofDevice.extend({ tool: many(ToolId), gone: flag })
const InventoryQuery = ofDevice.extend({
  item: z.enum(['command', 'package', 'app', 'extension', 'config']).optional(),
  gone: flag,
})
const GapQuery = ofDevice.extend({ reason: many(GapReason), past: flag })
const CoverageQuery = ofDevice.extend({ state: many(CoverageState) })

const DetectionCursor = z.object({ device: z.string(), key: z.string(), tool: z.string() })
const InventoryCursor = z.object({
  name: z.string(),
  item: z.string(),
  source: z.string(),
  device: z.string(),
  key: z.string(),
})
const GapCursor = z.object({ from: z.number(), device: z.string(), key: z.string() })
const CoverageCursor = z.object({ device: z.string(), key: z.string() })

interface Hosted {
  readonly device: string
  readonly label: string
  readonly hostname: string
}

export function factRoutes(app: FastifyInstance, context: Context): void {
  const { store } = context

  /** Registers a list twice: under its own name, and under the device's. */
  function list(name: string, answer: (given: object, names: Names) => Promise<unknown>): void {
    app.get(`/${name}`, { config: { role: everyRole } }, async (request) => {
      return answer({ ...toObject(request.query) }, await namesFor(context, sessionOf(request)))
    })
    app.get(`/devices/:device/${name}`, { config: { role: everyRole } }, async (request) => {
      const given = { ...toObject(request.query), ...toObject(request.params) }
      return answer(given, await namesFor(context, sessionOf(request)))
    })
  }

  const hostOf = (names: Names, row: Hosted) =>
    names.host({ id: row.device, label: row.label, hostname: row.hostname })

  list('detections', async (given, names) => {
    const query = parseOr(DetectionQuery, given, 'bad-request')
    const after = readCursor(context.keys, DetectionCursor, query)
    const filter = { device: query.device, tools: query.tool, gone: query.gone }
    const { rows, total } = await listDetections(store.read, { ...filter, after, limit: query.limit + 1 })
    const cursor = (row: (typeof rows)[number]) => ({
      device: row.device,
      key: row.account_key,
      tool: row.tool,
    })
    return toPage(context.keys, rows, total, query.limit, cursor, (row): DetectionRow => ({
      device: row.device,
      host: hostOf(names, row),
      account: names.account(row.device, row.account),
      tool: row.tool,
      toolName: toolName(context, row.tool),
      state: row.state,
      running: row.running === null ? null : row.running === 1,
      strength: row.strength,
      version: row.version,
      installedOn: row.installed_on,
      usedBeforeCutoff: row.used_before_cutoff === 1,
      gone: row.gone === 1,
      marks: row.mark_count,
      evidence: WireEvidence.array().parse(JSON.parse(row.evidence)),
      reportedAt: row.reported_at,
    }))
  })

  list('inventory', async (given, names) => {
    const query = parseOr(InventoryQuery, given, 'bad-request')
    const { rows, total } = await listInventory(store.read, {
      device: query.device,
      text: query.q === '' ? undefined : query.q,
      item: query.item,
      gone: query.gone ?? false,
      after: readCursor(context.keys, InventoryCursor, query),
      limit: query.limit + 1,
    })
    type Row = (typeof rows)[number]
    const cursor = (row: Row) => ({
      name: row.name,
      item: row.item,
      source: row.source,
      device: row.device,
      key: row.account_key,
    })
    return toPage(context.keys, rows, total, query.limit, cursor, (row): InventoryRow => ({
      device: row.device,
      host: hostOf(names, row),
      account: names.account(row.device, row.account),
      item: row.item,
      source: row.source,
      name: row.name,
      version: row.version,
      firstDay: row.first_day,
      lastDay: row.last_day,
    }))
  })

  list('gaps', async (given, names) => {
    const query = parseOr(GapQuery, given, 'bad-request')
    const { rows, total } = await listGaps(store.read, {
      device: query.device,
      reason: query.reason,
      text: query.q === '' ? undefined : query.q,
      past: query.past ?? false,
      after: readCursor(context.keys, GapCursor, query),
      limit: query.limit + 1,
    })
    type Row = (typeof rows)[number]
    const cursor = (row: Row) => ({ from: row.from_at, device: row.device, key: row.key })
    return toPage(context.keys, rows, total, query.limit, cursor, (row): GapRow => ({
      device: row.device,
      host: hostOf(names, row),
      account: names.account(row.device, row.account),
      collector: row.collector,
      place: row.place === '' ? null : row.place,
      reason: GapReason.parse(row.reason),
      detail: row.detail,
      from: row.from_at,
      until: row.until_at,
    }))
  })

  list('coverage', async (given, names) => {
    const query = parseOr(CoverageQuery, given, 'bad-request')
    const after = readCursor(context.keys, CoverageCursor, query)
    const filter = { device: query.device, state: query.state }
    const { rows, total } = await listCoverage(store.read, { ...filter, after, limit: query.limit + 1 })
    const cursor = (row: (typeof rows)[number]) => ({ device: row.device, key: row.account_key })
    return toPage(context.keys, rows, total, query.limit, cursor, (row): CoverageRow => ({
      device: row.device,
      host: hostOf(names, row),
      account: names.account(row.device, row.account),
      state: row.state,
      at: row.at,
      catalogue: row.catalogue,
      gaps: row.gaps,
    }))
  })
}

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
