// Puts together what every report is made with: keys for hashes, templates of places, the host's own record.
import type { Boot } from '../clock-segments.ts'
import type { HostFacts } from '../platform/host.ts'
import { indexPlaces } from '#shared/place.ts'
import type { DevicePolicy, WireRecord } from '#shared/protocol.ts'
import type { Tool } from '#shared/tool.ts'
import type { ReportContext } from '../report.ts'
import type { ToolKnowledge } from '../state/tool-knowledge.ts'
import { placesOf, type Places } from './places.ts'
import type { ClockMeasure } from './windows.ts'

/** What stays the same from report to report. */
export interface Reporter {
  readonly places: Places
  readonly hashPlace: (text: string) => string
  readonly hashSession: (name: string) => string
  readonly configTemplate: (place: string) => string | null
  readonly catalogue: string
  readonly agentVersion: string
}

export interface ReporterParts {
  readonly tools: readonly Tool[]
  readonly hashPlace: (text: string) => string
  readonly hashSession: (name: string) => string
  readonly catalogue: string
  readonly agentVersion: string
}

export function createReporter(parts: ReporterParts): Reporter {
  const configs = parts.tools.flatMap((tool) =>
    (tool.signals.config ?? []).map((s) => [s.place, s.place] as const),
  )
  const index = indexPlaces(configs)
  return {
    ...parts,
    places: placesOf(parts.tools),
    configTemplate: (place) => index.find(place)[0] ?? null,
  }
}

export interface Moment {
  readonly policy: DevicePolicy | null
  readonly measures: readonly ClockMeasure[]
  readonly now: number
  readonly boot: Boot
  readonly facts: HostFacts
  readonly homeOf: (account: string | null) => string | null
  readonly tools: ToolKnowledge
}

export function reportContextOf(reporter: Reporter, moment: Moment): ReportContext {
  const { policy, measures, now, boot, facts, homeOf, tools } = moment
  return {
    policy,
    measures,
    now,
    homeOf,
    tools,
    boot,
    places: reporter.places,
    hashPlace: reporter.hashPlace,
    catalogue: reporter.catalogue,
    inventory: policy?.collect.inventory ?? 'full',
    host: hostRecord(facts, reporter.agentVersion),
  }
}

/** The device as it tells of itself. */
export function hostRecord(facts: HostFacts, agentVersion: string): Extract<WireRecord, { type: 'host' }> {
  const { hostname, os, osVersion, arch, serial } = facts
  return {
    type: 'host',
    hostname: hostname.slice(0, 256) || 'unknown',
    os,
    osVersion: osVersion.slice(0, 200),
    arch: arch.slice(0, 32),
    serial: serial?.slice(0, 200) ?? null,
    agentVersion: agentVersion.slice(0, 64),
    keyProtection: 'file',
  }
}
