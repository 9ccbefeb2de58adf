// Every resource that the pages read, as TanStack Query options: path, parameters, schema and key in one place.
import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import {
  AccountRow,
  AuditRow,
  CoverageRow,
  DetectionRow,
  DeviceDetail,
  DeviceRow,
  EventRow,
  FindingDetail,
  FindingRow,
  GapRow,
  InventoryRow,
  Overview,
  pageOf,
  PolicyVersionRow,
  SessionInfo,
  ToolDetail,
  ToolRow,
  WaiverRow,
} from '#shared/api.ts'
import type { Policy } from '#shared/policy.ts'
import { Rollout } from '#shared/rollout.ts'
import { read, type Query } from './client.ts'

export interface Page<T> {
  readonly items: readonly T[]
  readonly total: number
  readonly next: string | null
}

interface Pace {
  readonly staleTime?: number
  readonly refetchInterval?: number
  readonly refetchOnWindowFocus?: boolean
}

function resource<T extends z.ZodType>(schema: T, path: string, query: Query = {}, pace: Pace = {}) {
  return queryOptions({
    queryKey: [path, query] as const,
    queryFn: ({ signal }) => read(schema, path, query, signal),
    ...pace,
  })
}

/** The server records each of these looks at a person's data: they are not repeated by themselves. */
const recorded: Pace = { staleTime: 300_000, refetchOnWindowFocus: false }

const one = (id: string) => encodeURIComponent(id)

export const session = () => resource(SessionInfo, '/session', {}, { staleTime: 60_000 })
export const overview = () => resource(Overview, '/overview', {}, { refetchInterval: 15_000 })
export const findings = (query: Query) =>
  resource(pageOf(FindingRow), '/findings', query, { refetchInterval: 15_000 })
export const finding = (id: string) => resource(FindingDetail, `/findings/${one(id)}`, {}, recorded)
export const devices = (query: Query) => resource(pageOf(DeviceRow), '/devices', query)
export const device = (id: string) => resource(DeviceDetail, `/devices/${one(id)}`)
export const accounts = (query: Query) => resource(pageOf(AccountRow), '/accounts', query)
export const inventory = (query: Query) => resource(pageOf(InventoryRow), '/inventory', query)
export const detections = (query: Query) => resource(pageOf(DetectionRow), '/detections', query)
export const gaps = (query: Query) => resource(pageOf(GapRow), '/gaps', query)
export const coverage = (query: Query) => resource(pageOf(CoverageRow), '/coverage', query)
export const events = (query: Query) => resource(pageOf(EventRow), '/events', query, recorded)
/**
 * A policy was checked by the server when it was applied. It is not checked here again, since its dates need `Temporal`,
 * which not every browser has.
 */
const TrustedPolicyVersion = PolicyVersionRow.extend({
  policy: z.custom<Policy>((value) => typeof value === 'object' && value !== null),
})
export const policies = () => resource(pageOf(TrustedPolicyVersion), '/policies')
/** Devices report all the time: it moves by itself. */
export const policyRelease = () =>
  resource(z.object({ release: Rollout.nullable() }), '/policies/release', {}, { refetchInterval: 30_000 })
export const waivers = (query: Query = {}) => resource(pageOf(WaiverRow), '/waivers', query, recorded)
export const audit = (query: Query) => resource(pageOf(AuditRow), '/audit', query)
export const tools = () => resource(pageOf(ToolRow), '/tools', {}, { staleTime: 300_000 })
export const tool = (id: string) => resource(ToolDetail, `/tools/${one(id)}`, {}, { staleTime: 60_000 })
