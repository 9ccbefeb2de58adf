import { describe, expect, test } from 'vitest'
import { tools } from '#shared/catalogue.ts'
import type { Account } from '#shared/observation.ts'
import { gatherChanges, type Timers } from '../../../agent/gather.ts'
import type { TraceChange } from '../../../agent/watch.ts'

const signals = tools.filter(({ id }) => id === 'claude-code').flatMap((tool) => tool.signals.trace ?? [])
const ann: Account = { name: 'ann', uid: '1000', home: '/home/ann', readable: true }

describe('changes are handed over', () => {
  /** Timers that run when the clock is moved. */
  function fakeTimers() {
    let now = 0
    let due: { at: number; run: () => void } | null = null
    const timers: Timers = {
      monotonicMs: () => now,
      after(ms, run) {
        const mine = { at: now + ms, run }
        due = mine
        return () => {
          if (due === mine) due = null
        }
      },
    }
    const advance = (ms: number) => {
      now += ms
      const ready = due
      if (ready === null || ready.at > now) return
      due = null
      ready.run()
    }
    return { timers, advance }
  }

  const change = (path: string): TraceChange => ({ account: ann, signal: signals[0]!, path })

  test('once each, when they have paused', () => {
    const { timers, advance } = fakeTimers()
    const handed: (string | null)[][] = []
    const { add } = gatherChanges(timers, (changes) => void handed.push(changes.map(({ path }) => path)))
    add(change('/a'))
    advance(200)
    add(change('/a'))
    add(change('/b'))
    advance(299)
    expect(handed).toEqual([])
    advance(1)
    expect(handed).toEqual([['/a', '/b']])
  })

  test('as one for a template of which very many files changed', () => {
    const { timers, advance } = fakeTimers()
    const handed: (string | null)[] = []
    const { add } = gatherChanges(timers, (changes) => handed.push(...changes.map(({ path }) => path)))
    for (let n = 0; n < 5000; n++) add(change(`/${n}`))
    advance(300)
    expect(handed).toEqual([null])
  })

  test('after two seconds at the latest, when they do not pause', () => {
    const { timers, advance } = fakeTimers()
    const handed: number[] = []
    const { add } = gatherChanges(timers, (changes) => void handed.push(changes.length))
    for (let ms = 0; ms < 2000; ms += 100) {
      add(change('/a'))
      advance(100)
    }
    expect(handed).toEqual([1])
  })
})
