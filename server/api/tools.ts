// The catalogue: every tool, and one with how it is recognised, what that rests on, and how far it has spread in the fleet.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ToolDetail, ToolRow } from '#shared/api.ts'
import { toolFile } from '#shared/catalogue-files.ts'
import { FindingStatus } from '#shared/finding.ts'
import type { Context } from '../context.ts'
import { parseOr, RequestProblem } from '../errors.ts'
import { everyRole } from '../roles.ts'
import { countHolders, countOpenOf } from '../store/lists/tool-list.ts'
import { countByStatus } from './overview.ts'

const Id = z.object({ id: z.string().max(100) })

export function toolRoutes(app: FastifyInstance, { catalogue, store }: Context): void {
  app.get('/tools', { config: { role: everyRole } }, async () => {
    const items = catalogue.tools.map((tool): ToolRow => {
      const { id, name, vendor, vendorCountry, category, homepage, about, ended } = tool
      return {
        id,
        name,
        vendor,
        vendorCountry,
        category,
        homepage,
        about,
        ...(ended === undefined ? {} : { ended }),
      }
    })
    return { items, total: items.length, next: null }
  })

  app.get('/tools/:id', { config: { role: everyRole } }, async (request): Promise<ToolDetail> => {
    const { id } = parseOr(Id, request.params, 'not-found')
    const file = await toolFile(id)
    if (file === null) throw new RequestProblem('not-found')
    const { $schema: _schema, cases: _cases, ...tool } = file
    const { devices, accounts } = await countHolders(store.read, id)
    const open = (await countOpenOf(store.read, id)).map(({ status, n }) => ({
      status: FindingStatus.parse(status),
      n,
    }))
    return { ...tool, fleet: { devices, accounts, findings: countByStatus(open) } }
  })
}
