// The whole files of the catalogue's tools, each loaded when it is asked for. Apart from catalogue.ts, which the daemon keeps in
// memory. Pure; looks nothing up.
import { toolFiles } from './catalogue/files.ts'
import type { ToolFile } from './tool.ts'

/** A tool's whole file, with sources, notes and cases; null when there is no such tool. */
export async function toolFile(id: string): Promise<ToolFile | null> {
  const load = Object.hasOwn(toolFiles, id) ? toolFiles[id] : undefined
  // Held to the schema as the index is.
  return load === undefined ? null : ((await load()).default as ToolFile)
}
