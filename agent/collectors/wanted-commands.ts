// What the catalogue wants of commands, made ready once: sets and trees in place of lists that are asked thousands of times.
import type { Wanted } from '#shared/match.ts'
import type { Platform } from '#shared/tool.ts'
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

export function wantedCommands(wanted: Wanted, os: Platform): WantedCommands {
  const known = made.get(wanted)
  if (known !== undefined) return known
  const names = new Set(wanted.command.map(({ name }) => name))
  const commands = {
    names,
    byName: templateTree([...names].flatMap((name) => filesOf(name, os).map((file) => [file, file]))),
    packages: new Set(wanted.package.map(({ name }) => name)),
    inHome: placesBelow(wanted, '~/'),
    ofSystem: os === 'windows' ? placesOfPrograms(wanted) : placesBelow(wanted, '/'),
  }
  made.set(wanted, commands)
  return commands
}

/** Of what a command of this name can be a file. */
function filesOf(name: string, os: Platform): readonly string[] {
  return os === 'windows' ? [`${name}.exe`, `${name}.cmd`, `${name}.bat`] : [name]
}

/** `%ProgramFiles%` is two folders, one for programs of 32 bits. */
const windowsFolders: readonly (readonly [string, readonly string[]])[] = [
  ['%ProgramFiles%/', ['C:/Program Files/', 'C:/Program Files (x86)/']],
  ['%ProgramData%/', ['C:/ProgramData/']],
]

function placesOfPrograms(wanted: Wanted): TemplateTree<string> {
  return templateTree(
    wanted.executable.flatMap(({ place }) =>
      windowsFolders.flatMap(([start, folders]) =>
        place.startsWith(start)
          ? folders.map(
              (folder) => [folder + place.slice(start.length), folder + place.slice(start.length)] as const,
            )
          : [],
      ),
    ),
  )
}

function placesBelow(wanted: Wanted, start: string): TemplateTree<string> {
  const places = wanted.executable.map(({ place }) => place).filter((place) => place.startsWith(start))
  return templateTree(places.map((place) => [place.slice(start.length), place]))
}
