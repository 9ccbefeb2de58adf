import { expect, test } from 'vitest'
import { tools } from '#shared/catalogue.ts'
import { stepsOf } from '../../../agent/watch-steps.ts'

test('a sub-agent’s records are not watched: those of the session grow with them, and each folder costs a handle', () => {
  const traces = tools.flatMap((tool) => tool.signals.trace ?? [])
  const parts = traces.filter((trace) => trace.subAgent === true)
  expect(parts.length).toBeGreaterThan(0)
  expect(stepsOf(parts)).toEqual([])
  expect(stepsOf(traces)).toEqual(stepsOf(traces.filter((trace) => trace.subAgent !== true)))
})
