// What a look adds to the knowledge of each tool: since when it is known, whether it could run, when it was first and last used.
import type { DatedMark, Look } from './marks.ts'
import type { KnownTool, ToolKnowledge } from './state/tool-knowledge.ts'

/** Writes down what changed; call inside a transaction. */
export function learnFrom(look: Look, marks: readonly DatedMark[], tools: ToolKnowledge): void {
  const sessions = new Map<string, number[]>()
  for (const mark of marks) {
    if (mark.kind !== 'session') continue
    const key = `${mark.tool}\0${mark.account ?? ''}`
    const times = sessions.get(key)
    if (times) times.push(mark.at)
    else sessions.set(key, [mark.at])
  }
  for (const detected of look.detected) {
    const { tool, account } = detected
    const before = tools.of(tool, account)
    const used = sessions.get(`${tool}\0${account ?? ''}`) ?? []
    const started =
      detected.running || detected.evidence.some((e) => e.means === 'start' || e.means === 'session')
    const next: KnownTool = {
      firstSeenAt: before?.firstSeenAt ?? look.at,
      able: before?.able === true || detected.present,
      started: before?.started === true || started,
      firstUsedAt: least([before?.firstUsedAt ?? null, ...used]),
      lastUsedAt: most([before?.lastUsedAt ?? null, ...used]),
    }
    tools.learn(tool, account, next)
  }
}

function least(values: readonly (number | null)[]): number | null {
  return values.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null)
}

function most(values: readonly (number | null)[]): number | null {
  return values.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)
}
