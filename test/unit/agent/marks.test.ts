import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import type { Disagreement } from '#shared/disagreement.ts'
import type { TraceObservation } from '#shared/observation.ts'
import {
  markKey,
  presenceMarks,
  recordlessRun,
  resolutionOf,
  runMarks,
  sessionMarks,
  thinned,
} from '../../../agent/marks.ts'
import {
  boot,
  hour,
  lookOver,
  minute,
  noon,
  otherSessionSeen,
  packageSeen,
  processSeen,
  sessionSeen,
} from '../../helpers/observations.ts'

const at = noon - 2 * minute

/** The only mark of a look at an installed tool and one session. */
function markOf(trace: TraceObservation, before = {}) {
  const marks = sessionMarks(lookOver([packageSeen(), trace], before))
  expect(marks).toHaveLength(1)
  return marks[0]
}

describe('a session', () => {
  test('gives marks with time, strength, session and boot', () => {
    expect(sessionMarks(lookOver([packageSeen(), sessionSeen([at])]))).toEqual([
      {
        tool: 'claude-code',
        account: 'ann',
        kind: 'session',
        at,
        resolutionMs: minute,
        boot: boot.id,
        basis: 'witnessed',
        strength: 'proven',
        session: '0b2f',
        doubts: [],
        withoutRecord: false,
        evidence: expect.objectContaining({ signal: 'trace:~/.claude/projects/*/*.jsonl' }) as unknown,
      },
    ])
  })

  test('that was begun and not answered is an attempt when it began', () => {
    const trace = sessionSeen([], { facts: { heldAt: [], beganAt: at, whole: true } })
    expect(markOf(trace)).toMatchObject({ kind: 'attempt', at, strength: 'likely' })
  })

  test('whose record was not read is a likely session at the file’s own time', () => {
    expect(markOf(sessionSeen([], { facts: null, modifiedAt: at }))).toMatchObject({
      kind: 'session',
      at,
      strength: 'likely',
    })
  })

  test('whose record says no time gives no mark', () => {
    const trace = sessionSeen([], { facts: { heldAt: [], beganAt: null, whole: true } })
    expect(sessionMarks(lookOver([packageSeen(), trace]))).toEqual([])
  })

  test('of an earlier start of the machine belongs to no known boot', () => {
    const earlier = noon - 6 * hour
    expect(markOf(sessionSeen([earlier], { grew: false }))).toMatchObject({ boot: null })
  })
})

describe('on a clock that was set back by an hour, and then by a day', () => {
  const over = { setByMs: -hour, told: true, noted: true, doubted: false }
  const clock = {
    id: 'boot-1#2',
    startedAt: noon - hour,
    past: [
      { ...over, id: 'boot-1', from: noon - 5 * hour, to: noon - 0.5 * hour },
      { ...over, id: 'boot-1#1', from: noon + hour, to: noon + 2 * hour, setByMs: -24 * hour, told: false },
    ],
  }
  const one = (time: number) => {
    const trace = sessionSeen([time], { grew: false, modifiedAt: time })
    return sessionMarks({ ...lookOver([packageSeen(), trace], {}, noon + 3 * hour), boot: clock })[0]
  }

  test.each([
    ['a session of before is dated by the clock of then', noon - 2 * hour, 'boot-1', []],
    ['one that may be of before or after by neither', noon - 0.75 * hour, null, []],
    ['one of since by the present one', noon - 0.25 * hour, 'boot-1#2', []],
    ['one that may be of a day later is in doubt', noon + 1.5 * hour, null, ['times-disagree']],
  ])('%s', (_, time, expected, doubts) => {
    expect(one(time)).toMatchObject({ boot: expected, doubts })
  })

  test('of a day later, told by how much the clock was set', () => {
    expect(one(noon + 1.5 * hour)?.disagreement).toEqual({ with: 'clock-set', byMs: -24 * hour })
  })

  test('what is seen now is dated by the present one, whatever was there twice', () => {
    const look = { ...lookOver([packageSeen(), processSeen()], {}, noon - 0.75 * hour), boot: clock }
    for (const mark of [...runMarks(look), ...presenceMarks(look)]) expect(mark.boot).toBe('boot-1#2')
  })
})

describe('a mark is', () => {
  test.each([
    ['witnessed when the trace grew between two looks around it', {}, 'witnessed'],
    ['found when there was no look before', { lastLookAt: null, grew: false }, 'found'],
    ['found when the trace did not grow since the last look', { grew: false }, 'found'],
    ['found when it lies before the last look', { lastLookAt: at + 5000 }, 'found'],
    ['witnessed when it lies a moment before the last look', { lastLookAt: at + 2000 }, 'witnessed'],
    ['found when it lies just further before the last look', { lastLookAt: at + 2001 }, 'found'],
  ] as const)('%s', (_, change, basis) => {
    expect(markOf(sessionSeen([at], change))).toMatchObject({ basis })
  })

  test.each([
    ['witnessed up to two seconds after the look', noon + 2000, 'witnessed', []],
    ['found, and in doubt, when it lies ahead of the look', noon + 2001, 'found', ['times-disagree']],
  ] as const)('%s', (_, time, basis, doubts) => {
    expect(markOf(sessionSeen([time]))).toMatchObject({ basis, doubts })
  })

  test('found where its file came with the record in it and with ones well before', () => {
    const copied = sessionSeen([at - 5 * minute, at, at + minute], { createdAt: at + 1000, modifiedAt: noon })
    const bases = sessionMarks(lookOver([packageSeen(), copied])).map((mark) => [mark.at, mark.basis])
    expect(bases).toEqual([
      [at - 5 * minute, 'found'],
      [at + minute, 'witnessed'],
    ])
  })

  test('found where a copy from elsewhere takes its place again and again', () => {
    const synced = sessionSeen([noon - 3 * hour, at], { createdAt: at + 1000, modifiedAt: at })
    expect(sessionMarks(lookOver([packageSeen(), synced])).map(({ basis }) => basis)).toEqual([
      'found',
      'found',
    ])
  })

  test('found, and in doubt, where the tool was never seen able to run', () => {
    const marks = sessionMarks(lookOver([sessionSeen([at])]))
    expect(marks).toMatchObject([{ basis: 'found', doubts: ['unable-to-run'] }])
  })

  test('witnessed where the tool was able to run at an earlier look', () => {
    const marks = sessionMarks(lookOver([sessionSeen([at])], { able: () => true }))
    expect(marks).toMatchObject([{ basis: 'witnessed', doubts: [] }])
  })

  test('witnessed where the tool is installed for the whole machine', () => {
    const marks = sessionMarks(lookOver([packageSeen({ account: null }), sessionSeen([at])]))
    expect(marks).toMatchObject([{ basis: 'witnessed', doubts: [] }])
  })
})

describe('times disagree when', () => {
  test.each<[string, Partial<TraceObservation>, Disagreement | undefined]>([
    [
      'the record is later than its file',
      { modifiedAt: at - 2 * minute - 1 },
      { with: 'file-written', byMs: -2 * minute - 1 },
    ],
    ['not when it is a little later than its file', { modifiedAt: at - 2 * minute }, undefined],
    [
      'an appended file was born long after the record',
      { createdAt: at + 10 * minute + 1 },
      { with: 'file-born', byMs: 10 * minute + 1 },
    ],
    ['not when it was born somewhat after the record', { createdAt: at + 10 * minute }, undefined],
    ['not when the file system tells no birth', { createdAt: null }, undefined],
    [
      'of two the one that is further off is told',
      { modifiedAt: at - hour, createdAt: at + 11 * minute },
      { with: 'file-written', byMs: -hour },
    ],
  ])('%s', (_, change, disagreement) => {
    const mark = markOf(sessionSeen([at], change))
    expect(mark?.doubts).toEqual(disagreement === undefined ? [] : ['times-disagree'])
    expect(mark?.disagreement).toEqual(disagreement)
  })

  test('a record lies ahead of the device’s clock, by how much', () => {
    const ahead = noon + 3 * hour
    expect(markOf(sessionSeen([ahead], { modifiedAt: ahead }))).toMatchObject({
      doubts: ['times-disagree'],
      disagreement: { with: 'look', byMs: -3 * hour },
    })
  })

  test('a record is older than its file, while a later one in the same file is in no doubt', () => {
    const marks = sessionMarks(
      lookOver([packageSeen(), sessionSeen([at - 4 * hour, at], { createdAt: at - minute })]),
    )
    expect(marks.map(({ doubts }) => doubts)).toEqual([['times-disagree'], []])
  })

  test('a trace grew between the looks by nothing but times long before them', () => {
    const old = noon - 3 * hour
    const trace = sessionSeen([old], { modifiedAt: noon })
    expect(markOf(trace)).toMatchObject({
      basis: 'found',
      doubts: ['times-disagree'],
      disagreement: { with: 'file-written', byMs: 3 * hour },
    })
  })

  test('it did so and its file’s time was set back, too: it was not there at the look before', () => {
    const old = noon - 3 * hour
    expect(markOf(sessionSeen([old], { modifiedAt: old }))).toMatchObject({
      doubts: ['times-disagree'],
      disagreement: { with: 'look-before', byMs: 2 * hour },
    })
  })

  test('not for a mark that was known before it grew', () => {
    const trace = sessionSeen([noon - 3 * hour], { modifiedAt: noon })
    expect(markOf(trace, { isKnown: () => true })).toMatchObject({ basis: 'found', doubts: [] })
  })
})

describe('traces arrived together when', () => {
  const born = noon - 30 * minute
  const old = born - 5 * minute
  const both = (first: Partial<TraceObservation>, second: Partial<TraceObservation>) =>
    sessionMarks(
      lookOver(
        [
          packageSeen(),
          sessionSeen([old], { grew: false, ...first }),
          otherSessionSeen([old], { grew: false, ...second }),
        ],
        { able: () => true },
      ),
    ).map((mark) => mark.doubts.includes('arrived-together'))

  test.each([
    [
      'two tools’ files were born within seconds, later than their records',
      { createdAt: born },
      { createdAt: born + 5000 },
      [true, true],
    ],
    [
      'not when they were born further apart',
      { createdAt: born },
      { createdAt: born + 5001 },
      [false, false],
    ],
    ['not when one was born with its record', { createdAt: born }, { createdAt: old - 500 }, [false, false]],
  ] as const)('%s', (_, first, second, expected) => {
    expect(both(first, second)).toEqual(expected)
  })

  test('not when they are all of one tool', () => {
    const marks = sessionMarks(
      lookOver([
        packageSeen(),
        sessionSeen([old], { createdAt: born }),
        sessionSeen([old + 1], {
          createdAt: born,
          path: '/home/ann/.claude/projects/-b/c.jsonl',
          place: '~/.claude/projects/-b/c.jsonl',
        }),
      ]),
    )
    expect(marks.some((mark) => mark.doubts.includes('arrived-together'))).toBe(false)
  })
})

describe('thinning', () => {
  test('keeps first and last exactly, and between them one per 10 minutes', () => {
    const times = [0, 3, 9, 10, 12, 19, 20, 21].map((n) => n * minute)
    expect(thinned(times)).toEqual([0, 10, 20, 21].map((n) => n * minute))
  })

  test('keeps what it kept when more times come later', () => {
    const times = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(times, times, (a, b) => {
        const sorted = a.toSorted((x, y) => x - y)
        const last = sorted.at(-1) ?? 0
        const more = [...sorted, ...b.map((t) => last + 1 + t)]
        const before = thinned(sorted).slice(0, -1)
        expect(thinned(more)).toEqual(expect.arrayContaining(before))
      }),
    )
  })

  test('never leaves out the newest', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (times) => {
        expect(thinned(times).at(-1)).toBe(Math.max(...times))
        expect(thinned(times)[0]).toBe(Math.min(...times))
      }),
    )
  })
})

test.each([
  [noon + 1, 1],
  [noon + 1000, 1000],
  [noon + minute, minute],
  [Date.UTC(2026, 6, 10), 24 * hour],
])('a record’s time %d is exact to %d ms', (time, resolution) => {
  expect(resolutionOf(time)).toBe(resolution)
})

describe('a run', () => {
  const noPackage = { executable: '/usr/bin/node', package: null } as const

  test.each([
    ['likely by the variables that it sets', processSeen({ ...noPackage, sets: ['CLAUDECODE'] }), ['likely']],
    ['none by its own variables alone', processSeen({ ...noPackage, sets: [] }), []],
  ])('is %s, where the tool is there', (_title, process, expected) => {
    const look = lookOver([process, packageSeen()])
    expect(runMarks(look).map(({ strength }) => strength)).toEqual(expected)
  })

  test('is witnessed at the look', () => {
    expect(runMarks(lookOver([processSeen()]))).toMatchObject([
      { kind: 'run', at: noon, basis: 'witnessed', strength: 'proven', session: null, withoutRecord: false },
    ])
  })

  test.each([
    ['not again within the hour', noon - hour + 1, 0],
    ['again after an hour', noon - hour, 1],
  ])('is marked %s', (_, newest, marks) => {
    expect(runMarks(lookOver([processSeen()], { newest: () => newest }))).toHaveLength(marks)
  })

  test('without a record says so', () => {
    const look = lookOver([processSeen()])
    const [detected] = look.detected
    expect(detected && recordlessRun(look, detected)).toMatchObject({ kind: 'run', withoutRecord: true })
  })
})

describe('presence', () => {
  test('is marked once a day', () => {
    expect(presenceMarks(lookOver([packageSeen()]))).toMatchObject([{ kind: 'presence', at: noon }])
    expect(presenceMarks(lookOver([packageSeen()], { newest: () => noon - hour }))).toEqual([])
    expect(presenceMarks(lookOver([packageSeen()], { newest: () => noon - 13 * hour }))).toHaveLength(1)
  })

  test('is not marked for a tool that is gone', () => {
    expect(presenceMarks(lookOver([sessionSeen([at])]))).toEqual([])
  })
})

test('a mark is the same one at a later look, whatever the look made of it', () => {
  const [first] = sessionMarks(lookOver([packageSeen(), sessionSeen([at])]))
  const [later] = sessionMarks(lookOver([sessionSeen([at], { grew: false, bytes: 2000 })], {}, noon + hour))
  expect(first && markKey(first)).toBe(later && markKey(later))
})
