// One local look for the commands that show things: no server needed, nothing written. Reads the daemon's state where it may,
// and then knows what was witnessed.
import { catalogueVersion, tools } from '#shared/catalogue.ts'
import type { Detection, Mark } from '#shared/detection.ts'
import { detect, type Detected } from '#shared/detect.ts'
import { matcherOf } from '#shared/match.ts'
import { behavingIn, isCandidate, listedOf, type Behaving } from '#shared/unlisted.ts'
import { bootAt, bootOf, followClock, type Boot } from '../clock-segments.ts'
import { readingOf } from '../device-clock.ts'
import {
  isAble,
  markKey,
  presenceMarks,
  runMarks,
  sessionMarks,
  type DatedMark,
  type Look,
} from '../marks.ts'
import { emptyMemory } from '../memory.ts'
import type { HostFacts } from '../platform/host.ts'
import { thisHost } from '../platform/this-host.ts'
import type { Tool } from '#shared/tool.ts'
import { onServer, type ClockMeasure } from '../report/windows.ts'
import { createRepeats } from '../repeats.ts'
import { runKey } from '../runs.ts'
import { scan, type ScanResult } from '../scan.ts'
import type { Settings } from '../settings.ts'
import { accessesOf, type Access } from './access-times.ts'
import type { Io } from './command.ts'
import { openInsight, type Insight } from './insight.ts'
import { notedStartsOf, type Noted } from './noted-starts.ts'

export interface Survey {
  readonly result: ScanResult
  readonly facts: HostFacts
  readonly detections: readonly SurveyedDetection[]
  /** What behaves like an AI coding agent and is in no catalogue. */
  readonly unlisted: readonly Behaving[]
  /** What Windows notes of starts of the one tool that was asked for: context, no evidence; null elsewhere. */
  readonly noted: Noted | null
  readonly measures: readonly ClockMeasure[]
  readonly boot: Boot
  /** What the daemon knows; null where there is none or nothing of it may be read. */
  readonly daemon: Pick<Insight, 'policy' | 'verdicts'> | null
}

export interface SurveyedDetection {
  readonly detection: Detection
  readonly detected: Detected
  readonly marks: readonly DatedMark[]
  readonly ableToRun: boolean
  /** When its programs were last read: context, no evidence. */
  readonly accesses: readonly Access[]
}

/**
 * Looks at this machine once. Accounts other than the caller's are left out unless the caller is root.
 * @param tool the one that is explained; null: what the system notes of starts is not asked for
 */
export async function survey(
  io: Io,
  settings: Settings,
  confirmUse: boolean | null,
  tool: Tool | null = null,
): Promise<Survey> {
  const host = await thisHost(io.now)
  const opened = openInsight(settings, io)
  const insight = opened.ok ? opened.insight : null
  try {
    const policy = insight?.policy ?? null
    const result = await scan(host, tools, {
      // Changes stay in this process: the daemon's memory moves on only with what it has reported.
      memory: insight?.memory ?? emptyMemory(),
      confirmUse: confirmUse ?? policy?.collect.confirmUse ?? true,
      inventory: policy?.collect.inventory ?? 'full',
      now: host.now(),
      budgetMs: settings.scanBudgetMs,
      catalogue: catalogueVersion,
      repeats: createRepeats(insight?.repeats),
    })
    const facts = host.facts()
    // As the daemon has followed it; where nothing of that may be read, as if it had never been set.
    const clock = followClock(insight?.clock ?? null, readingOf(host, facts.boot), () => false)
    const boot = bootAt(clock)
    const measures = insight?.clocks ?? []
    const visible = (account: string | null) => io.root || account === null || account === io.account
    const homes = new Map(result.accounts.map(({ name, home }) => [name, home]))
    const matcher = matcherOf(tools, host.os)
    const matches = result.observations.flatMap((o) =>
      matcher.match(o, o.account === null ? null : (homes.get(o.account) ?? null)),
    )
    const homeOf = (account: string | null) => (account === null ? null : (homes.get(account) ?? null))
    const matched = new Set(matches.map(({ observation }) => observation))
    const behaving = behavingIn(result.observations, matched, listedOf(tools), homeOf)
    const look: Look = {
      at: host.now(),
      boot,
      detected: detect(matches),
      before: {
        able: insight?.able ?? (() => false),
        isKnown: insight?.isKnown ?? (() => false),
        newest: () => null,
      },
    }
    const marks = Map.groupBy([...sessionMarks(look), ...runMarks(look), ...presenceMarks(look)], runKeyOf)
    return {
      result,
      facts,
      measures,
      boot,
      detections: look.detected
        .filter((detected) => visible(detected.account))
        .map((detected) => ({
          ...surveyed(detected, look, marks.get(runKeyOf(detected)) ?? [], insight, measures),
          accesses: accessesOf(host.files, result.accounts, detected, io.uid),
        })),
      noted:
        tool === null
          ? null
          : await notedStartsOf(
              host,
              result.accounts.filter(({ name }) => visible(name)),
              tool,
              matches.filter((match) => match.tool === tool.id && visible(match.observation.account)),
            ),
      unlisted: behaving.filter(({ account, behaviours }) => visible(account) && isCandidate(behaviours)),
      daemon: insight && { policy, verdicts: insight.verdicts },
    }
  } finally {
    insight?.close()
  }
}

function runKeyOf({ tool, account }: Pick<Detected, 'tool' | 'account'>): string {
  return runKey(tool, account)
}

/** @param own the look's own marks of the tool and account */
function surveyed(
  detected: Detected,
  look: Look,
  own: readonly DatedMark[],
  insight: Insight | null,
  measures: readonly ClockMeasure[],
): Omit<SurveyedDetection, 'accesses'> {
  const { tool, account, state: found, running, strength, version, evidence } = detected
  const byKey = new Map<string, DatedMark>()
  for (const mark of own) byKey.set(markKey(mark), mark)
  // What the daemon saw first counts: it may have witnessed what is only found now.
  for (const mark of insight?.marksOf(tool, account) ?? []) byKey.set(markKey(mark), mark)
  const sorted = [...byKey.values()].toSorted((a, b) => a.at - b.at)
  const lastUsedAt = sorted.findLast((mark) => mark.kind === 'session')?.at ?? null
  return {
    detected,
    marks: sorted,
    ableToRun: isAble(look, tool, account),
    detection: {
      tool,
      account,
      state: found,
      running,
      strength,
      version,
      firstSeenAt: insight?.known(tool, account)?.firstSeenAt ?? look.at,
      lastUsedAt,
      marks: sorted.map((mark) => toMark(mark, measures)),
      evidence: [...evidence],
    },
  }
}

/** In the device's own clock, as everything that is shown locally. */
function toMark(mark: DatedMark, measures: readonly ClockMeasure[]): Mark {
  const { kind, at, basis, strength, session, doubts, disagreement, withoutRecord } = mark
  const { uncertaintyMs } = onServer(at, mark.boot, mark.resolutionMs, measures)
  const signal = mark.evidence.signal
  return {
    kind,
    at,
    uncertaintyMs,
    basis,
    strength,
    session,
    doubts: [...doubts],
    disagreement,
    withoutRecord,
    signal,
  }
}

/** The earliest time of installation that a package tells, in the server's clock; null when none does. */
export function installedAt(
  { detected }: SurveyedDetection,
  boot: Boot,
  measures: readonly ClockMeasure[],
): number | null {
  const times = detected.matches.flatMap(({ observation: o }) =>
    o.kind === 'package' && o.scope === 'installed' && o.installedAt !== null ? [o.installedAt] : [],
  )
  if (times.length === 0) return null
  const first = Math.min(...times)
  return onServer(first, bootOf(first, boot), 1, measures).at
}
