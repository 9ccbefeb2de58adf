// What matches add up to: one detection per tool and account, its state, whether it runs, how sure it is. Pure; knows no tool
// by name, looks at nothing.
import type { Detection, Evidence, State } from './detection.ts'
import type { Match } from './match.ts'
import type { Observation } from './observation.ts'
import type { Strength } from './tool.ts'
import { compareText } from './text-order.ts'

/** What of a detection follows from one look alone; marks and first sight need memory and are the caller's. */
export type Detected = Omit<Detection, 'marks' | 'firstSeenAt' | 'lastUsedAt'> & {
  readonly matches: readonly Match[]
  /** The tool is there, for this account or for the whole machine. */
  readonly present: boolean
}

/**
 * Adds matches up to detections, one per tool and account, sorted by tool and account.
 * A machine-wide installation (account null) makes the tool present for each account that has traces of it.
 * A name alone (weak evidence of one kind) is no detection.
 */
export function detect(matches: readonly Match[]): Detected[] {
  const groups = groupsOf(matches)
  const machineWide = new Set<string>()
  for (const group of groups) {
    const first = group[0]
    if (first && first.observation.account === null && isPresent(group)) machineWide.add(first.tool)
  }
  const detected = groups.flatMap((group): Detected[] => {
    const first = group[0]
    if (!first) return []
    const strength = strengthOf(group)
    if (strength === null) return []
    const present = isPresent(group) || machineWide.has(first.tool)
    return [
      {
        tool: first.tool,
        account: first.observation.account,
        state: stateOf(group, present),
        running: runsOf(group, present).length > 0,
        strength,
        version: versionOf(group),
        evidence: uniqueEvidence(group),
        matches: group,
        present,
      },
    ]
  })
  return detected.toSorted(
    (a, b) => compareText(a.tool, b.tool) || compareText(a.account ?? '', b.account ?? ''),
  )
}

/** One group per tool and account. Busy homes have thousands of matches: no text is made of any. */
function groupsOf(matches: readonly Match[]): readonly (readonly Match[])[] {
  const groups: Match[][] = []
  const byTool = new Map<string, Map<string | null, Match[]>>()
  for (const match of matches) {
    let byAccount = byTool.get(match.tool)
    if (byAccount === undefined) byTool.set(match.tool, (byAccount = new Map()))
    const { account } = match.observation
    let group = byAccount.get(account)
    if (group === undefined) {
      byAccount.set(account, (group = []))
      groups.push(group)
    }
    group.push(match)
  }
  return groups
}

/**
 * The matches that say that the tool itself runs, which its children with its variables do not. A title or a variable that
 * was set is anybody's to imitate: it counts where the tool is there, and makes a likely run.
 */
export function runsOf(matches: readonly Match[], present: boolean): readonly Match[] {
  const processes = matches.filter(({ observation }) => observation.kind === 'process')
  const own = processes.filter(({ evidence }) => evidence.strength !== 'weak')
  if (own.length > 0 || !present) return own
  return processes
    .filter((m) => m.evidence.signal.startsWith('title:') || isSetBy(m))
    .map((m) => ({ ...m, evidence: { ...m.evidence, strength: 'likely' } }))
}

/** A process that gave what it started the tool's variable: a renamed program is still told by it. */
function isSetBy({ observation: o, evidence }: Match): boolean {
  return o.kind === 'process' && o.sets.some((name) => evidence.signal === `environment:${name}`)
}

/**
 * Proven or likely by one signal; likely, too, by two independent weak ones. Names of commands count as one together,
 * so that a tool with two names is not twice as likely; so do the variables that a tool sets.
 */
function strengthOf(group: readonly Match[]): Strength | null {
  if (group.some((m) => m.evidence.strength === 'proven')) return 'proven'
  if (group.some((m) => m.evidence.strength === 'likely')) return 'likely'
  return hasTwoFacts(group) ? 'likely' : null
}

/** Two pieces of evidence that are neither the same kind of fact nor of the same file or program. */
function hasTwoFacts(group: readonly Match[]): boolean {
  const facts = new Set(group.map(({ evidence }) => factOf(evidence)))
  const files = new Set(group.map(({ evidence }) => evidence.path))
  return facts.size >= 2 && files.size >= 2
}

/** What two signals share when one fact is behind both: a command's name and a process's title are both only names. */
function factOf({ kind, signal }: Evidence): string {
  if (kind === 'command' || signal.startsWith('title:')) return 'name'
  return signal.startsWith('environment:') ? 'environment' : signal
}

/**
 * There to be started: an installation of more than a name, a process that runs from one or does as it does, or a name
 * beside other traces.
 */
function isPresent(group: readonly Match[]): boolean {
  const isStrong = ({ evidence, observation }: Match): boolean =>
    evidence.strength !== 'weak' && (evidence.means === 'presence' || observation.kind === 'process')
  if (group.some(isStrong)) return true
  return hasTwoFacts(group) && group.some((m) => m.evidence.kind === 'command' || isSetBy(m))
}

function stateOf(group: readonly Match[], present: boolean): State {
  if (!present) return 'leftover'
  if (group.some((m) => m.evidence.means === 'session')) return 'used'
  if (group.some((m) => m.evidence.means === 'start')) return 'started'
  return 'installed'
}

/** The last in order of text. */
function versionOf(group: readonly Match[]): string | null {
  let last: string | null = null
  for (const { observation } of group) {
    const version = toldVersion(observation)
    if (version !== null && (last === null || compareText(version, last) > 0)) last = version
  }
  return last
}

function toldVersion(o: Observation): string | null {
  if (o.kind === 'package' || o.kind === 'extension' || o.kind === 'app') return o.version
  return o.kind === 'command' || o.kind === 'process' ? o.package?.version || null : null
}

/** One piece of evidence per signal, file and process: a fact that two collectors saw counts once. */
function uniqueEvidence(group: readonly Match[]): Evidence[] {
  const unique: Evidence[] = []
  const ofPath = new Map<string | null, Evidence[]>()
  for (const { evidence } of group) {
    const { signal, path, pid } = evidence
    const same = ofPath.get(path)
    if (same === undefined) ofPath.set(path, [evidence])
    else if (same.some((one) => one.signal === signal && one.pid === pid)) continue
    else same.push(evidence)
    unique.push(evidence)
  }
  return unique
}
