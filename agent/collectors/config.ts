// Settings that tools leave in known places: that they are there, how large and of when. Never opened.
import type { ConfigObservation } from '#shared/observation.ts'
import type { Wanted } from '#shared/match.ts'
import { systemReach } from '../platform/places.ts'
import type { Collector } from './collector.ts'
import { expandAll, templateTree, type TemplateTree } from './expand.ts'
import { gapList } from './gap.ts'
import type { Base } from './moved-homes.ts'
import { basesOf, placeIn, treeIn } from './moved-homes.ts'

export const configCollector: Collector<'config'> = {
  kind: 'config',
  repeats: true,
  about: 'Looks whether known settings of tools are there, which says that a tool was set up once.',
  reads: ['the places of the catalogue’s settings: presence, size and time, never their content'],
  collect(context) {
    const list = gapList('config', context.now)
    const observations: ConfigObservation[] = []
    const { inHome, ofSystem } = templatesOf(context.wanted.config)

    const look = (account: string | null, base: Base, tree: TemplateTree<string> | null): void => {
      if (tree === null) return
      const { reach, folder } = base
      const expansions = expandAll(tree, folder, { reach, isOver: () => context.signal.aborted })
      for (const template of tree.below) {
        const { files, gaps } = expansions(template)
        for (const gap of gaps) list.add(account, gap)
        for (const { path: file, info } of files) {
          observations.push({
            kind: 'config',
            account,
            at: context.now,
            path: file,
            place: placeIn(base, file),
            // A folder's own size and time say nothing of what is in it.
            bytes: info.kind === 'file' ? info.bytes : null,
            modifiedAt: info.kind === 'file' ? info.modifiedAt : null,
          })
        }
      }
    }

    look(null, { place: '', folder: '', reach: systemReach(context.host.files) }, ofSystem)
    for (const account of context.accounts) {
      const { bases, gaps } = basesOf(context.host.files, context.memory, account)
      for (const gap of gaps) list.add(account.name, gap)
      for (const base of bases) look(account.name, base, treeIn(base, inHome))
    }
    return { observations, gaps: list.gaps }
  },
}

interface Templates {
  readonly inHome: TemplateTree<string>
  readonly ofSystem: TemplateTree<string>
}

const templates = new WeakMap<Wanted['config'], Templates>()

/** Made once for a catalogue. */
function templatesOf(wanted: Wanted['config']): Templates {
  const known = templates.get(wanted)
  if (known !== undefined) return known
  const places = [...new Set(wanted.map(({ place }) => place))]
  const made = {
    inHome: templateTree(places.filter((place) => place.startsWith('~/')).map((place) => [place, place])),
    ofSystem: templateTree(
      places.filter((place) => place.startsWith('/')).map((place) => [place.slice(1), place]),
    ),
  }
  templates.set(wanted, made)
  return made
}
