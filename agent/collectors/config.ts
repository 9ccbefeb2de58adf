// Settings that tools leave in known places: that they are there, how large and of when. Never opened.
import type { ConfigObservation } from '#shared/observation.ts'
import { systemReach } from '../platform/places.ts'
import type { Collector } from './collector.ts'
import { expand } from './expand.ts'
import { gapList } from './gap.ts'
import type { Base } from './moved-homes.ts'
import { basesOf, pathIn, placeIn } from './moved-homes.ts'

export const configCollector: Collector<'config'> = {
  kind: 'config',
  about: 'Looks whether known settings of tools are there, which says that a tool was set up once.',
  reads: ['the places of the catalogue’s settings: presence, size and time, never their content'],
  collect(context) {
    const list = gapList('config', context.now)
    const observations: ConfigObservation[] = []
    const templates = [...new Set(context.wanted.config.map((signal) => signal.place))]
    const inHome = templates.filter((template) => template.startsWith('~/'))

    const look = (account: string | null, base: Base, template: string): void => {
      const path = pathIn(base, template)
      if (path === null) return
      const found = expand({
        reach: base.reach,
        template: path,
        onGap: (gap) => list.add(account, gap),
        isOver: () => context.signal.aborted,
      })
      for (const { path: file, info } of found) {
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

    const system: Base = { place: '', folder: '', reach: systemReach(context.host.files) }
    for (const template of templates) if (template.startsWith('/')) look(null, system, template)
    for (const account of context.accounts) {
      const { bases, gaps } = basesOf(context.host.files, context.memory, account)
      for (const gap of gaps) list.add(account.name, gap)
      for (const base of bases) for (const template of inHome) look(account.name, base, template)
    }
    return { observations, gaps: list.gaps }
  },
}
