// The catalogue that this program was built with: every tool of shared/catalogue/tools, validated, in the order of ids.
// Pure; looks nothing up. What of it is banned is policy.
import { catalogueVersion, toolFiles } from './catalogue/index.ts'
import { Tool } from './tool.ts'

/** The newest date on which a reference was checked, and a digest of all tool files: `2026.11.22-1a2b3c4d`. */
export { catalogueVersion }

export const tools: readonly Tool[] = Tool.array().parse(toolFiles)

export const toolIds: readonly string[] = tools.map((tool) => tool.id)
