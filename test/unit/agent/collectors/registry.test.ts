import { expect, test } from 'vitest'
import { collectors } from '../../../../agent/collectors/registry.ts'
import { observationKinds } from '../../../../shared/observation.ts'

test('every kind of observation has its collector, which says what it looks at', () => {
  expect(Object.keys(collectors).toSorted()).toEqual([...observationKinds].toSorted())
  for (const [kind, collector] of Object.entries(collectors)) {
    expect(collector.kind).toBe(kind)
    expect(collector.about).toMatch(/^Looks .*\.$/)
    expect(collector.reads.length).toBeGreaterThan(0)
  }
})
