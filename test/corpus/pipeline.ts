// The real pipeline over a made-up machine: scan, detect, marks, judgement. Nothing of it is replaced.
import { tools } from '#shared/catalogue.ts'
import { judge, type DeviceFinding } from '#shared/judge.ts'
import { detect, type Detected } from '#shared/detect.ts'
import { matcherOf } from '#shared/match.ts'
import type { Gap } from '#shared/observation.ts'
import { Policy } from '#shared/policy.ts'
import { isAble, markKey, runMarks, sessionMarks, type DatedMark, type Look } from '../../agent/marks.ts'
import { emptyMemory } from '../../agent/memory.ts'
import type { Host } from '../../agent/platform/host.ts'
import { scan } from '../../agent/scan.ts'
import type { FakeHost } from '../helpers/fake-host.ts'
import { nothingBefore } from '../helpers/observations.ts'
import { hostOf } from './draft.ts'
import { cutoff, lookGapMs, type Machine } from './machine.ts'

export interface Outcome {
  readonly detected: readonly Detected[]
  readonly findings: readonly DeviceFinding[]
  readonly gaps: readonly Gap[]
}

/** A host to which something can happen between two looks. */
export type LaterHost = Host & Pick<FakeHost, 'advance' | 'put'>

const matcher = matcherOf(tools, 'linux')
const facts = tools.map(({ id, vendor, vendorCountry, category }) => ({
  id,
  vendor,
  vendorCountry,
  category,
}))
const policy = Policy.parse({
  version: 1,
  organisation: 'Example Ltd',
  timezone: 'UTC',
  rules: [
    {
      id: 'no-tools',
      tools: [{ all: true }],
      verdict: 'banned',
      from: '2026-07-10',
      announced: '2026-07-03',
      counts: 'used',
    },
  ],
})

/** Looks once, or twice where something happens in between. */
export async function outcomeOf(machine: Machine, host: LaterHost = hostOf(machine.draft)): Promise<Outcome> {
  const memory = emptyMemory()
  const first = await look(host, memory, null)
  if (machine.later === null) return told(first, host.now())
  host.advance(lookGapMs)
  for (const [path, node] of Object.entries(machine.later.files)) host.put(path, node)
  return told(await look(host, memory, first), host.now())
}

interface Seen {
  readonly detected: readonly Detected[]
  readonly marks: readonly DatedMark[]
  readonly gaps: readonly Gap[]
  readonly look: Look
}

async function look(host: Host, memory: ReturnType<typeof emptyMemory>, earlier: Seen | null): Promise<Seen> {
  const at = host.now()
  const options = {
    memory,
    confirmUse: true,
    inventory: 'full',
    now: at,
    budgetMs: 600_000,
    catalogue: 'corpus',
  } as const
  const result = await scan(host, tools, options)
  const homes = new Map(result.accounts.map(({ name, home }) => [name, home]))
  const detected = detect(
    result.observations.flatMap((o) =>
      matcher.match(o, o.account === null ? null : (homes.get(o.account) ?? null)),
    ),
  )
  const known = new Set((earlier?.marks ?? []).map(markKey))
  const seen: Look = {
    at,
    boot: { id: 'boot-1', startedAt: at - 300 * 86_400_000, past: [] },
    detected,
    before:
      earlier === null
        ? nothingBefore
        : {
            able: (tool, account) => isAble(earlier.look, tool, account),
            isKnown: (key) => known.has(key),
            newest: () => null,
          },
  }
  // As the agent keeps them: what an earlier look wrote down stays as it was written.
  const fresh = [...sessionMarks(seen), ...runMarks(seen)].filter((mark) => !known.has(markKey(mark)))
  return { detected, marks: [...(earlier?.marks ?? []), ...fresh], gaps: result.gaps, look: seen }
}

function told({ detected, marks, gaps }: Seen, now: number): Outcome {
  const findings = judge({
    detections: detected.map((d) => ({
      device: 'd1',
      account: d.account,
      tool: d.tool,
      state: d.state,
      running: d.running,
      installed: null,
      usedBeforeCutoff: null,
      marks: marks
        .filter((mark) => mark.tool === d.tool && mark.account === d.account)
        .map(({ kind, at, resolutionMs, basis, strength, session, doubts, withoutRecord, evidence }) => ({
          kind,
          at,
          uncertaintyMs: resolutionMs,
          basis,
          strength,
          session,
          doubts: [...doubts],
          withoutRecord,
          signal: evidence.signal,
        })),
    })),
    versions: [{ activatedAt: cutoff - 30 * 86_400_000, policy }],
    waivers: [],
    people: { owners: [], members: [], groups: [] },
    tools: facts,
    coverage: [],
    catalogue: 'corpus',
    now,
  })
  return { detected, findings, gaps }
}
