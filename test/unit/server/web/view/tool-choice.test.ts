// The list of tools: what a filter leaves, in which order.
import { describe, expect, test } from 'vitest'
import type { ToolRow } from '#shared/api.ts'
import { chosenTools, countriesOf } from '../../../../../server/web/view/tool-choice.ts'

const tool = (id: string, name: string, rest: Partial<ToolRow>): ToolRow => ({
  id,
  name,
  vendor: 'Example',
  vendorCountry: 'US',
  category: 'agent-cli',
  homepage: 'https://example.com',
  about: '',
  ...rest,
})
const all = [
  tool('zeta', 'Zeta', {}),
  tool('alpha', 'alpha', { vendorCountry: 'CN', category: 'ide' }),
  tool('beta', 'Beta', { vendorCountry: null, vendor: 'Maker of B' }),
]

describe('a filter', () => {
  test.each([
    ['nothing', {}, ['alpha', 'beta', 'zeta']],
    ['a part of the name', { q: ' ETA ' }, ['beta', 'zeta']],
    ['a part of the vendor', { q: 'maker' }, ['beta']],
    ['a kind', { category: 'ide' as const }, ['alpha']],
    ['a country', { country: 'US' }, ['zeta']],
    ['no known country', { country: 'none' }, ['beta']],
    ['a country and a text that do not meet', { country: 'CN', q: 'zeta' }, []],
  ])('of %s leaves what fits, by name', (_, selection, ids) => {
    expect(chosenTools(all, selection).map(({ id }) => id)).toEqual(ids)
  })

  test.each([
    ['-name', ['zeta', 'beta', 'alpha']],
    ['vendor', ['alpha', 'zeta', 'beta']],
    ['country', ['alpha', 'zeta', 'beta']],
    ['password', ['alpha', 'beta', 'zeta']],
  ])('in the order %s', (sort, ids) => {
    expect(chosenTools(all, { sort }).map(({ id }) => id)).toEqual(ids)
  })
})

test('countries are those that there are, the unknown one last', () => {
  expect(countriesOf(all)).toEqual(['CN', 'US', null])
})
