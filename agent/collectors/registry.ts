// Every collector by its kind of observation. A new kind is a file here and a line that the compiler asks for.
import type { ObservationKind } from '#shared/observation.ts'
import { appCollector } from './app.ts'
import { behaviourCollector } from './behaviour.ts'
import type { Collector } from './collector.ts'
import { commandCollector } from './command.ts'
import { configCollector } from './config.ts'
import { extensionCollector } from './extension.ts'
import { mcpServerCollector } from './mcp-server.ts'
import { packageCollector } from './package.ts'
import { processCollector } from './process.ts'
import { traceCollector } from './trace.ts'

/** In the order in which a scan runs them: packages of what runs and of commands are remembered for the third. */
export const collectors = {
  process: processCollector,
  command: commandCollector,
  package: packageCollector,
  trace: traceCollector,
  config: configCollector,
  'mcp-server': mcpServerCollector,
  extension: extensionCollector,
  app: appCollector,
  behaviour: behaviourCollector,
} satisfies { [K in ObservationKind]: Collector<K> }
