// Whatever a look saw, only the published fields leave, and nothing that a person named or wrote.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Observation, type Gap } from '#shared/observation.ts'
import { WireRecord } from '#shared/protocol.ts'
import type { DatedMark } from '../../../agent/marks.ts'
import { runMarks, sessionMarks, presenceMarks, markKey } from '../../../agent/marks.ts'
import { reportScan } from '../../../agent/report.ts'
import { decideMarks } from '../../../agent/report/marks.ts'
import { onServer } from '../../../agent/report/windows.ts'
import type { MarkStore, StoredMark } from '../../../agent/state/mark-store.ts'
import {
  concluded,
  contextOf,
  hash,
  knownTool,
  policyFrom,
  scanOf,
  ToldMap,
} from '../../helpers/report-context.ts'
import { home, lookOver, noon } from '../../helpers/observations.ts'

/** Whatever is planted holds this word. */
const canary = 'kanarie'
const planted = fc
  .string({ maxLength: 12 })
  .map((text) => `${canary}${text.replaceAll('/', '_').replaceAll('\0', '_')}`)
const secret = fc.oneof(
  planted,
  planted.map((text) => `-home-ann-${text}`),
  planted.map((text) => `${text}.jsonl`),
)
const account = fc.constantFrom('ann', 'bob', null)
const time = fc.integer({ min: noon - 1e10, max: noon + 1e7 })
const anyTime = fc.option(time)
const bytes = fc.option(fc.nat())

/** Paths with planted names among the usual ones, in the home and elsewhere. */
const path = fc
  .tuple(
    fc.constantFrom(home, '/home/bob', '/srv', '/opt', '/usr/lib/node_modules', '/proc/1/root', ''),
    fc.array(
      fc.oneof(secret, fc.constantFrom('node_modules', '.claude', 'projects', 'bin', '.npm', 'sessions')),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
    secret,
  )
  .map(([base, middle, last]) => [base, ...middle, last].join('/'))
const trace = fc
  .tuple(secret, secret)
  .map(([a, b]) => `.claude/projects/${a}/${b.replace(/\.jsonl$/, '')}.jsonl`)
const ref = fc.record({
  manager: fc.constantFrom('npm' as const, 'pypi' as const),
  name: fc.oneof(secret, fc.constant('@anthropic-ai/claude-code')),
  version: fc.option(secret),
  root: path,
})
const optionalRef = fc.option(ref)

const observation: fc.Arbitrary<Observation> = fc.oneof(
  fc.record({
    kind: fc.constant('process' as const),
    account,
    at: time,
    pid: fc.nat(),
    parentPid: fc.option(fc.nat()),
    startedAt: anyTime,
    name: secret,
    executable: fc.option(path),
    script: fc.option(path),
    package: optionalRef,
    title: fc.option(secret),
    sets: fc.array(secret, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('command' as const),
    account: fc.constant('ann'),
    at: time,
    name: fc.oneof(secret, fc.constant('claude')),
    path: path.map((p) => `${home}${p}`),
    target: path,
    bytes,
    format: fc.constantFrom('elf' as const, 'script' as const),
    package: optionalRef,
  }),
  fc.record({
    kind: fc.constant('package' as const),
    account,
    at: time,
    manager: fc.constant('npm' as const),
    name: fc.oneof(secret, fc.constant('@anthropic-ai/claude-code')),
    version: fc.option(fc.constantFrom('1.2.3', '1.0.0-beta+5', 'not a version at all', '')),
    path,
    // What is installed is told by name; the name of a project's package is nobody's business.
    scope: fc.constantFrom('project' as const, 'cache' as const),
    installedAt: anyTime,
  }),
  fc.record({
    kind: fc.constant('package' as const),
    account,
    at: time,
    manager: fc.constant('npm' as const),
    name: fc.constant('@anthropic-ai/claude-code'),
    version: fc.constant('2.1.330'),
    path,
    scope: fc.constant('installed' as const),
    installedAt: anyTime,
  }),
  fc.record({
    kind: fc.constant('app' as const),
    account: fc.constant('ann'),
    at: time,
    idKind: fc.constant('desktop' as const),
    id: secret,
    name: fc.option(secret),
    version: fc.option(secret),
    path: path.map((p) => `${home}${p}`),
  }),
  fc.record({
    kind: fc.constant('extension' as const),
    account: fc.constant('ann'),
    at: time,
    host: fc.constant('vscode' as const),
    id: fc.constant('anthropic.claude-code'),
    version: fc.option(secret.map((s) => `a ${s}`)),
    path,
    status: fc.constantFrom('installed' as const, 'leftover' as const),
  }),
  fc.record({
    kind: fc.constant('config' as const),
    account,
    at: time,
    path,
    place: fc.oneof(path, fc.constant('~/.claude.json')),
    bytes,
    modifiedAt: anyTime,
  }),
  trace.chain((place) =>
    fc.record({
      kind: fc.constant('trace' as const),
      account: fc.constant('ann'),
      at: time,
      path: fc.constant(`${home}/${place}`),
      place: fc.constant(`~/${place}`),
      bytes: fc.nat(),
      modifiedAt: time,
      createdAt: anyTime,
      session: fc.option(secret),
      facts: fc.option(
        fc.record({ heldAt: fc.array(time, { maxLength: 5 }), beganAt: anyTime, whole: fc.boolean() }),
      ),
      lastLookAt: anyTime,
      grew: fc.boolean(),
    }),
  ),
)

const gap: fc.Arbitrary<Gap> = fc.record({
  collector: fc.constantFrom('trace', 'process', 'host', 'package'),
  account: fc.constantFrom('ann', null),
  path,
  reason: fc.constantFrom('denied', 'outside-home', 'failed', 'changed-while-read'),
  detail: fc.option(fc.oneof(secret, fc.constant('EACCES'), fc.constant('more than 20000'))),
  at: time,
})

const policy = fc.constantFrom(
  null,
  policyFrom(noon - 1e9),
  policyFrom(noon + 1e9),
  policyFrom(noon - 1e9, {
    windows: {
      'claude-code': [{ from: noon - 1e9, until: null, kinds: ['session', 'attempt', 'run', 'presence'] }],
    },
  }),
)

function storeOf(marks: readonly DatedMark[]): MarkStore {
  const stored = marks.map((mark): StoredMark => ({ key: markKey(mark), state: 'new', mark }))
  return {
    has: () => false,
    newest: () => null,
    add: () => 0,
    kept: () => stored,
    session: (mark) =>
      stored
        .filter((s) => s.mark.session === mark.session && s.mark.kind === mark.kind)
        .map(({ key, state, mark: { at } }) => ({ key, at, state })),
    of: () => [],
    ofAccount: () => [],
    set: () => {},
    drop: () => {},
    doubtTimes: () => [],
    tellAgain: () => {},
    prune: () => {},
  }
}

test('only published fields leave, and nothing planted in paths, names, projects, sessions or details', () => {
  fc.assert(
    fc.property(
      fc.array(observation, { maxLength: 20 }),
      fc.array(gap, { maxLength: 5 }),
      policy,
      (seen, gaps, rules) => {
        for (const one of seen) Observation.parse(one)
        const known = { ...knownTool, firstUsedAt: noon - 2e9, lastUsedAt: noon - 1000, started: true }
        const context = contextOf({ policy: rules, known })
        const told = new ToldMap()
        for (const { path: place } of gaps) told.met.add(place)
        const made = reportScan(scanOf({ ...concluded(seen), gaps }), told, context)
        const look = lookOver(seen, { able: () => true })
        const marks = [...sessionMarks(look), ...runMarks(look), ...presenceMarks(look)]
        const decided = decideMarks(storeOf(marks), { ...context, hashSession: hash }, true)
        const records = [...made.records, ...decided.released.map(({ record }) => record)]
        for (const record of records) WireRecord.parse(record)
        expect(made.refused).toBe(0)
        expect(JSON.stringify(records)).not.toContain(canary)
        expect(JSON.stringify(records)).not.toContain(home)
        for (const { record } of decided.released) {
          const time = onServer(record.at, record.boot, record.resolutionMs, context.measures)
          expect(time.at + time.uncertaintyMs).toBeGreaterThanOrEqual(rules?.activatedAt ?? Infinity)
        }
        const early = rules === null || rules.activatedAt > noon
        expect(early ? decided.released : []).toEqual([])
      },
    ),
    { numRuns: 400 },
  )
})
