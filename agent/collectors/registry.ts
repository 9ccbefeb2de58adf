// Every collector by its kind of observation. A new kind is a file here and a line that the compiler asks for.
import type { ObservationKind } from '#shared/observation.ts'
import type { Collector } from './collector.ts'
import { packageCollector } from './package.ts'
import { processCollector } from './process.ts'
import { traceCollector } from './trace.ts'

type Registry = { readonly [K in ObservationKind]: Collector<K> }

/** In the order in which a scan runs them: what runs is seen before what lies on the disk, and its package remembered. */
export const collectors = {
  process: processCollector,
  package: packageCollector,
  trace: traceCollector,
} satisfies Partial<Registry>
