// Settings that tools leave in known places: that they are there, how large and of when. Never opened.
import type { ConfigObservation } from '#shared/observation.ts'
import { pathOf, placeOf } from '#shared/place.ts'
import { homeReach, systemReach } from '../platform/places.ts'
import type { Collector } from './collector.ts'
import { expand } from './expand.ts'
import { gapList } from './gap.ts'

export const configCollector: Collector<'config'> = {
  kind: 'config',
  about: 'Looks whether known settings of tools are there, which says that a tool was set up once.',
  reads: ['the places of the catalogue’s settings: presence, size and time, never their content'],
  collect(context) {
    const list = gapList('config', context.now)
    const observations: ConfigObservation[] = []
    const templates = [...new Set(context.wanted.config.map((signal) => signal.place))]
    const inHome = templates.filter((template) => template.startsWith('~/'))

    const look = (
      account: string | null,
      home: string | null,
      reach: ReturnType<typeof homeReach>,
      template: string,
    ) => {
      const found = expand({
        reach,
        template: home === null ? template : pathOf(template, home),
        onGap: (gap) => list.add(account, gap),
        isOver: () => context.signal.aborted,
      })
      for (const { path, info } of found) {
        observations.push({
          kind: 'config',
          account,
          at: context.now,
          path,
          place: placeOf(path, home),
          // A folder's own size and time say nothing of what is in it.
          bytes: info.kind === 'file' ? info.bytes : null,
          modifiedAt: info.kind === 'file' ? info.modifiedAt : null,
        })
      }
    }

    const system = systemReach(context.host.files)
    for (const template of templates) if (template.startsWith('/')) look(null, null, system, template)
    for (const account of context.accounts) {
      const reach = homeReach(context.host.files, account)
      for (const template of inHome) look(account.name, account.home, reach, template)
    }
    return { observations, gaps: list.gaps }
  },
}
