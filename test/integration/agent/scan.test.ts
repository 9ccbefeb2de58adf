// A scan of the machine that the tests run on: whatever is on it, the scan ends, fits the schemas and is cheap to repeat.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { emptyMemory } from '../../../agent/memory.ts'
import { parseBootTime } from '../../../agent/parsers/proc-stat.ts'
import { thisHost } from '../../../agent/platform/this-host.ts'
import { scan } from '../../../agent/scan.ts'
import { tools } from '../../../shared/catalogue.ts'
import { Account, Coverage, Gap, Observation } from '../../../shared/observation.ts'

test('this machine, twice', async () => {
  const host = await thisHost()
  const memory = emptyMemory()
  const options = {
    memory,
    confirmUse: true,
    inventory: 'full',
    budgetMs: 60_000,
    catalogue: 'test',
  } as const

  const first = await scan(host, tools, { ...options, now: Date.now() })
  const second = await scan(host, tools, { ...options, now: Date.now() })

  for (const result of [first, second]) {
    for (const account of result.accounts) expect(Account.parse(account)).toEqual(account)
    for (const observation of result.observations) expect(Observation.parse(observation)).toEqual(observation)
    for (const gap of result.gaps) expect(Gap.parse(gap)).toEqual(gap)
    for (const coverage of result.coverage) expect(Coverage.parse(coverage)).toEqual(coverage)
    expect(
      result.gaps.filter(({ reason, collector }) => reason === 'failed' && collector !== 'host'),
    ).toEqual([])
  }
  const own = process.getuid?.()
  expect(first.accounts.some(({ uid }) => uid === String(own))).toBe(true)
  expect(second.collectors.map(({ name }) => name)).toEqual(first.collectors.map(({ name }) => name))
})

test('facts of this machine, and clocks that agree on when it was started', async () => {
  const host = await thisHost()
  const facts = host.facts()
  const startedAt = parseBootTime(readFileSync('/proc/stat', 'utf8')) ?? 0
  // Told in whole seconds.
  expect(Math.abs(host.now() - host.sinceBootMs() - startedAt)).toBeLessThan(2000)
  expect(host.awakeMs()).toBeLessThanOrEqual(host.awakeMs())
  expect(facts.hostname).not.toBe('')
  expect(facts.boot).toMatch(/^[0-9a-f-]{36}$/)
  expect(facts.osVersion).not.toBe('')
})
