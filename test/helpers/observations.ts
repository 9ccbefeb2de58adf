// Observations for tests of what is made of them, each with what a test wants changed, and looks over them.
import type {
  Observation,
  PackageObservation,
  ProcessObservation,
  TraceObservation,
} from '#shared/observation.ts'
import { detect, type Detected } from '#shared/detect.ts'
import { matcherOf } from '#shared/match.ts'
import { tools } from '#shared/catalogue.ts'
import type { Before, Look } from '../../agent/marks.ts'

/** 22 November 2026, noon UTC. */
export const noon = Date.UTC(2026, 10, 22, 12)
export const minute = 60_000
export const hour = 60 * minute
export const home = '/home/ann'
export const boot = { id: 'boot-1', startedAt: noon - 5 * hour, past: [] }

const matcher = matcherOf(tools, 'linux')

export function detectedIn(observations: readonly Observation[]): Detected[] {
  return detect(observations.flatMap((o) => matcher.match(o, o.account === null ? null : home)))
}

export function packageSeen(change: Partial<PackageObservation> = {}): PackageObservation {
  return {
    kind: 'package',
    account: 'ann',
    at: noon,
    manager: 'npm',
    name: '@anthropic-ai/claude-code',
    version: '2.1.330',
    path: `${home}/.npm-global/lib/node_modules/@anthropic-ai/claude-code`,
    scope: 'installed',
    installedAt: null,
    ...change,
  }
}

/** A session of Claude Code that was held at these times, written as it went. */
export function sessionSeen(
  heldAt: readonly number[],
  change: Partial<TraceObservation> = {},
): TraceObservation {
  const beganAt = (heldAt[0] ?? noon - minute) - 500
  return {
    kind: 'trace',
    account: 'ann',
    at: noon,
    path: `${home}/.claude/projects/-src-secret-project/0b2f.jsonl`,
    place: '~/.claude/projects/-src-secret-project/0b2f.jsonl',
    bytes: 1000,
    modifiedAt: heldAt.at(-1) ?? beganAt,
    createdAt: beganAt,
    session: '0b2f',
    facts: { heldAt: [...heldAt], beganAt, whole: true },
    lastLookAt: noon - hour,
    grew: true,
    ...change,
  }
}

/** A session of pi, another tool, for traces that come together. */
export function otherSessionSeen(
  heldAt: readonly number[],
  change: Partial<TraceObservation> = {},
): TraceObservation {
  return sessionSeen(heldAt, {
    path: `${home}/.pi/agent/sessions/--src--/a.jsonl`,
    place: '~/.pi/agent/sessions/--src--/a.jsonl',
    session: 'a',
    ...change,
  })
}

export function processSeen(change: Partial<ProcessObservation> = {}): ProcessObservation {
  const root = `${home}/.npm-global/lib/node_modules/@anthropic-ai/claude-code`
  return {
    kind: 'process',
    account: 'ann',
    at: noon,
    pid: 4711,
    parentPid: 1,
    startedAt: noon - 20 * minute,
    name: 'claude',
    executable: `${root}/bin/claude.exe`,
    script: null,
    package: { manager: 'npm', name: '@anthropic-ai/claude-code', version: '2.1.330', root },
    title: null,
    sets: [],
    ...change,
  }
}

export const nothingBefore: Before = { able: () => false, isKnown: () => false, newest: () => null }

export function lookOver(
  observations: readonly Observation[],
  before: Partial<Before> = {},
  at = noon,
): Look {
  return { at, boot, detected: detectedIn(observations), before: { ...nothingBefore, ...before } }
}
