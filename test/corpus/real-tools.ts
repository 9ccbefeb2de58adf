// What real tools left when they were installed, started and used, as captured in real-tools.json.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const ToolProcess = z.strictObject({
  comm: z.string(),
  /** `<prefix>` is npm's. */
  exe: z.string(),
  argv: z.array(z.string()),
  child: z.boolean(),
  variables: z.array(z.string()),
})
export type ToolProcess = z.infer<typeof ToolProcess>

const RealTool = z.strictObject({
  /** The catalogue's id: the only thing here that the catalogue and the corpus have to agree on. */
  tool: z.string(),
  package: z.string(),
  version: z.string(),
  commands: z.record(z.string(), z.string()),
  program: z.strictObject({ type: z.enum(['ELF', 'script']), bytes: z.int() }),
  /** Programs in packages that it brings along, below its own root. */
  parts: z.array(z.string()),
  others: z.array(z.string()),
  /** Files below the home after each; several have no extension and are folders. */
  leaves: z.strictObject({
    install: z.array(z.string()),
    version: z.array(z.string()),
    attempt: z.array(z.string()),
    interactive: z.array(z.string()),
  }),
  processes: z.array(ToolProcess),
  /** Variables that the processes it starts have and it has not. */
  startsWith: z.array(z.string()),
})
export type RealTool = z.infer<typeof RealTool>

const Facts = z.strictObject({ origin: z.string(), observed: z.string(), tools: z.array(RealTool) })

export const facts = Facts.parse(
  JSON.parse(readFileSync(new URL('real-tools.json', import.meta.url), 'utf8')),
)

export function realTool(id: string): RealTool {
  const found = facts.tools.find(({ tool }) => tool === id)
  if (found === undefined) throw new Error(`no captured facts of ${id}`)
  return found
}
