// What the catalogue wants of commands, made ready once: sets and trees in place of lists that are asked thousands of times.
import type { Wanted } from '#shared/match.ts'
import { templateTree, type TemplateTree } from './expand.ts'

export interface WantedCommands {
  readonly names: ReadonlySet<string>
  /** The names again, to be looked for in a folder. */
  readonly byName: TemplateTree<string>
  readonly packages: ReadonlySet<string>
  /** Programs in known places. */
  readonly inHome: TemplateTree<string>
  readonly ofSystem: TemplateTree<string>
}

const made = new WeakMap<Wanted, WantedCommands>()

export function wantedCommands(wanted: Wanted): WantedCommands {
  const known = made.get(wanted)
  if (known !== undefined) return known
  const names = new Set(wanted.command.map(({ name }) => name))
  const commands = {
    names,
    byName: templateTree([...names].map((name) => [name, name])),
    packages: new Set(wanted.package.map(({ name }) => name)),
    inHome: placesBelow(wanted, '~/'),
    ofSystem: placesBelow(wanted, '/'),
  }
  made.set(wanted, commands)
  return commands
}

function placesBelow(wanted: Wanted, start: string): TemplateTree<string> {
  const places = wanted.executable.map(({ place }) => place).filter((place) => place.startsWith(start))
  return templateTree(places.map((place) => [place.slice(start.length), place]))
}
