import { expect, test } from 'vitest'
import { tools } from '#shared/catalogue.ts'
import { matcherOf } from '#shared/match.ts'
import type { Observation } from '#shared/observation.ts'
import { listedOf } from '#shared/unlisted.ts'
import { Conclusions } from '../../../agent/conclusions.ts'
import { home, noon, packageSeen, sessionSeen } from '../../helpers/observations.ts'

const ann = { name: 'ann', uid: '1000', home, readable: true }
const script: Observation = {
  kind: 'command',
  account: 'ann',
  at: noon,
  name: 'deploy',
  path: `${home}/bin/deploy`,
  target: `${home}/bin/deploy`,
  bytes: 10,
  format: 'script',
  package: null,
}

function conclusions(): Conclusions {
  return new Conclusions({
    matcher: matcherOf(tools, 'linux'),
    listed: listedOf(tools),
    configTemplate: () => null,
  })
}

test('the very observations of the look before lead to the very conclusion of the look before', () => {
  const made = conclusions()
  const seen = [packageSeen(), sessionSeen([noon]), script]
  const first = made.ofLook(seen, [ann])

  expect(first.detected.map(({ tool, state }) => `${tool} ${state}`)).toEqual(['claude-code used'])
  expect([...first.inventory.values()].map(({ name }) => name)).toEqual(['@anthropic-ai/claude-code'])
  expect(made.ofLook([...seen], [{ ...ann }])).toBe(first)
})

test.each<[string, readonly Observation[]]>([
  ['one less', [packageSeen()]],
  ['one more', [packageSeen(), sessionSeen([noon]), script]],
  ['another in the place of one', [packageSeen(), script]],
])('%s leads to what a first look would conclude', (_, later) => {
  const made = conclusions()
  made.ofLook([packageSeen(), sessionSeen([noon])], [ann])

  expect(made.ofLook(later, [ann])).toEqual(conclusions().ofLook(later, [ann]))
})

test('in another home the same files are other places', () => {
  const made = conclusions()
  const seen = [script]
  expect(made.ofLook(seen, [ann]).inventory.size).toBe(0)

  const moved = [{ ...ann, home: '/home/else' }]
  expect(made.ofLook(seen, moved)).toEqual(conclusions().ofLook(seen, moved))
  expect(made.ofLook(seen, moved).inventory.size).toBe(1)
})
