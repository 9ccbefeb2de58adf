// The catalogue that this program was built with: every tool of shared/catalogue/tools, in the order of ids.
// Pure; looks nothing up. What of it is banned is policy.
import { catalogueVersion, toolTexts } from './catalogue/index.ts'
import type { Tool } from './tool.ts'

/** The newest date on which a reference was checked, and a digest of all tool files: `2026.11.22-1a2b3c4d`. */
export { catalogueVersion }

/**
 * Held to the schema when the index is generated and by test/repo, and not validated again: that would cost each start of
 * the agent a tenth of its CPU.
 */
export const tools = toolTexts.map((text) => JSON.parse(text) as Tool)

export const toolIds: readonly string[] = tools.map((tool) => tool.id)
