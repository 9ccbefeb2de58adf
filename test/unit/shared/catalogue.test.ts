// Every tool's own cases, run against the whole catalogue: what must be recognised, and what must stay quiet.
import { describe, expect, test } from 'vitest'
import { toolFile } from '../../../shared/catalogue-files.ts'
import { catalogueVersion, toolIds, tools } from '../../../shared/catalogue.ts'
import { detect } from '../../../shared/detect.ts'
import { matcherOf } from '../../../shared/match.ts'
import { Platform } from '../../../shared/tool.ts'
import { caseHome, completeCase, type ToolCase } from '../../helpers/case-observation.ts'

const matchers = Platform.options.map((platform) => ({ platform, matcher: matcherOf(tools, platform) }))

/** What the catalogue makes of a case on each system: `tool state` of every detection. */
function detections(observed: ToolCase['observations']): Record<string, readonly string[]> {
  const whole = observed.map(completeCase)
  return Object.fromEntries(
    matchers.map(({ platform, matcher }) => {
      const matches = whole.flatMap((o) => matcher.match(o, caseHome(o.account)))
      return [platform, detect(matches).map(({ tool, state }) => `${tool} ${state}`)]
    }),
  )
}

const files = (await Promise.all(toolIds.map(toolFile))).filter((file) => file !== null)
const cases = (kind: 'match' | 'miss') =>
  files.flatMap((tool) => tool.cases[kind].map((given) => [tool.id, given.why, given] as const))

describe('a match case', () => {
  test.each(cases('match'))('of %s is recognised, and nothing else in it: %s', (id, _, given) => {
    const found = detections(given.observations)
    const expected = [`${id} ${given.state ?? 'without a state'}`]
    const wanted = given.platform === undefined ? Platform.options : [given.platform]
    expect(wanted.map((platform) => found[platform])).toEqual(wanted.map(() => expected))
  })
})

describe('a miss case', () => {
  test.each(cases('miss'))('of %s stays quiet for every tool: %s', (_, __, given) => {
    expect(detections(given.observations)).toEqual({ linux: [], darwin: [], windows: [] })
  })
})

test('ids are unique and in order', () => {
  expect(toolIds).toEqual([...new Set(toolIds)].toSorted())
})

test('the version says how fresh the facts are and which ones they are', () => {
  expect(catalogueVersion).toMatch(/^\d{4}\.\d{2}\.\d{2}-[0-9a-f]{8}$/)
})
