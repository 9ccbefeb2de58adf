// A tool, installed in one way: every combination that the corpus draws from, and what it leaves when it is tried or used.
import { contentLayouts } from './content-layouts.ts'
import { start, type Draft, type Person } from './draft.ts'
import { nodeLayouts, type Installed } from './node-layouts.ts'
import { otherLayouts } from './other-layouts.ts'
import type { Random } from './random.ts'
import { facts, type RealTool } from './real-tools.ts'
import { simpleLayouts } from './simple-layouts.ts'

export interface Subject {
  readonly tool: string
  readonly surface: string
  readonly seen: string
  readonly machineWide: boolean
  readonly canRun: boolean
  /** Puts it there; the result starts it. */
  readonly install: (draft: Draft, person: Person) => (draft: Draft, person: Person) => void
  readonly remove: (draft: Draft, person: Person) => void
  /** Files that installing, asking for the version, or a failed try leaves in the home. */
  readonly leaves: RealTool['leaves'] | null
}

export const subjects: readonly Subject[] = [
  ...facts.tools.flatMap((tool) =>
    nodeLayouts.map(({ surface, seen, machineWide, install }): Subject => ({
      tool: tool.tool,
      surface,
      seen,
      machineWide: machineWide === true,
      canRun: true,
      install(draft, person) {
        const installed = install(draft, tool, person)
        return (into: Draft, by: Person) => runReal(into, by, tool, installed)
      },
      remove: () => {},
      leaves: tool.leaves,
    })),
  ),
  ...[...otherLayouts, ...simpleLayouts, ...contentLayouts].map((layout): Subject => ({
    tool: layout.tool,
    surface: layout.surface,
    seen: layout.seen,
    machineWide: layout.machineWide === true,
    canRun: layout.run !== undefined,
    install(draft, person) {
      layout.install(draft, person)
      return (into, by) => layout.run?.(into, by)
    },
    remove: layout.remove ?? (() => {}),
    leaves: facts.tools.find(({ tool }) => tool === layout.tool)?.leaves ?? null,
  })),
]

/** The processes of an interactive run, as they were seen, at this install's paths. */
function runReal(draft: Draft, person: Person, tool: RealTool, installed: Installed): void {
  const own = `<prefix>/lib/node_modules/${tool.package}`
  const path = (text: string): string => {
    if (text.startsWith(`${own}/node_modules/`) && !installed.nested)
      return `${installed.root.slice(0, -tool.package.length - 1)}/${text.slice(own.length + 14)}`
    if (text.startsWith(own)) return `${installed.root}${text.slice(own.length)}`
    return text.startsWith('<prefix>/bin/') ? installed.argument(text.slice(13)) : text
  }
  let parent: number | null = null
  const variables: string[] = []
  for (const process of tool.processes) {
    variables.push(...process.variables)
    parent = start(
      draft,
      person,
      {
        name: process.comm,
        executable: path(process.exe),
        argv: process.argv.map(path),
        parentPid: parent ?? 1,
      },
      process.variables,
    )
  }
  if (tool.startsWith.length === 0 || parent === null) return
  start(
    draft,
    person,
    { name: 'bash', executable: '/usr/bin/bash', argv: ['bash', '-c', 'sleep 5'], parentPid: parent },
    [...variables, ...tool.startsWith],
  )
}

/** Files as a run left them, empty: what was in them was not captured. Names without an extension are folders. */
export function putLeft(
  draft: Draft,
  person: Person,
  paths: readonly string[],
  at: number,
  random: Random,
): void {
  for (const template of paths) {
    const place = template
      .replaceAll(/<uuid>/g, () => random.uuid())
      .replaceAll('<cwd-slug>', '-home-someone-src-demo')
      .replaceAll('<date>', new Date(at).toISOString().slice(0, 19).replaceAll(':', '-'))
      .replaceAll('<epoch>', String(at))
      .replaceAll('<hash>', 'b1946ac92492d2347c6235b4d2611184')
    const path = `${person.home}${place.slice(1)}`
    const name = path.slice(path.lastIndexOf('/') + 1)
    draft.files[path] ??= name.slice(1).includes('.')
      ? { content: name.endsWith('.json') ? '{}' : '', createdAt: at, modifiedAt: at }
      : { folder: true }
  }
}
