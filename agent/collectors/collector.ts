// What a collector is: looks for one kind of trace. Names no tool, knows no network, throws only on bugs.
import type { Account, Gap, Observation, ObservationKind } from '#shared/observation.ts'
import type { Wanted } from '#shared/match.ts'
import type { Memory } from '../memory.ts'
import type { Host } from '../platform/host.ts'

export interface ScanContext {
  readonly host: Host
  /** The accounts to look at; each has a home that could be opened. */
  readonly accounts: readonly Account[]
  readonly wanted: Wanted
  readonly memory: Memory
  /** Read the structural keys of session records (the policy's `confirmUse`). */
  readonly confirmUse: boolean
  readonly inventory: 'full' | 'catalogue-only'
  /** When this look began, device clock. */
  readonly now: number
  /** Aborted when the collector's time is up; the rest becomes an `over-budget` gap. */
  readonly signal: Pick<AbortSignal, 'aborted'>
}

export interface Collected<K extends ObservationKind = ObservationKind> {
  readonly observations: readonly Extract<Observation, { kind: K }>[]
  readonly gaps: readonly Gap[]
}

export interface Collector<K extends ObservationKind = ObservationKind> {
  readonly kind: K
  /** One sentence for the person at the keyboard: what it looks at and why. */
  readonly about: string
  /** The places it looks at, as shown by `cutoff-agent privacy`. */
  readonly reads: readonly string[]
  /**
   * What it gives follows from its context and from what the gateway tells of files, but for their access times and the
   * time of the look: agent/repeats.ts asks it again only where something of that has changed.
   */
  readonly repeats?: true
  /**
   * What else it follows from, as text: what is in a place where something else changes all the time (`/tmp`). Asked at each look,
   * and given to `collect`, which asks nothing more there unless there is something.
   */
  readonly passing?: (context: ScanContext) => string
  /** @param passing as `passing` tells it; absent: it is asked for */
  collect(context: ScanContext, passing?: string): Collected<K> | Promise<Collected<K>>
}

export type AnyCollector = { [K in ObservationKind]: Collector<K> }[ObservationKind]
export interface AnyCollected {
  readonly observations: readonly Observation[]
  readonly gaps: readonly Gap[]
}
