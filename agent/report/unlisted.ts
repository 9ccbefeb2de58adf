// What behaves like an AI coding agent and is in no catalogue, as it leaves the device: its name and why, no path, no time.
import type { UnlistedRecord } from '#shared/protocol.ts'
import { isCandidate, type Behaving } from '#shared/unlisted.ts'

/** In one record at most; the schema's own limit. */
const behavioursKept = 32

/**
 * Records by key, of those that are put up for review. A mark that was set is seen only while something runs: once told it is
 * told on, or it would show who is at work.
 * @param told the record told before under a key; null: none
 */
export function unlistedRecords(
  behaving: readonly Behaving[],
  told: (key: string) => UnlistedRecord | null,
): Map<string, UnlistedRecord> {
  const records = new Map<string, UnlistedRecord>()
  for (const { account, source, name, behaviours: seen } of behaving) {
    const key = ['unlisted', account ?? '', source, name].join('\0')
    const kept = (told(key)?.behaviours ?? []).filter(({ behaviour }) => behaviour === 'agent-mark')
    const behaviours = new Map(
      [...seen, ...kept].map(({ behaviour, signal }) => [`${behaviour} ${signal}`, { behaviour, signal }]),
    )
    // What alone is left of a thing that ran once says nothing any more.
    if (!isCandidate([...behaviours.values()]) || !seen.some(({ behaviour }) => behaviour !== 'agent-mark'))
      continue
    const inOrder = [...behaviours].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
    records.set(key, {
      type: 'unlisted',
      account,
      source,
      name,
      behaviours: inOrder.slice(0, behavioursKept),
      gone: false,
    })
  }
  return records
}
