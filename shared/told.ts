// What a device has told and a server should hold, as one hash: so that drift between the two shows, and what is stale can be
// ended. Pure; hashing is passed in. Marks are not in it: they are events, and the chain tells which are missing.
import { z } from 'zod'
import type { Hash } from './envelope.ts'
import type { DetectionRecord, GapRecord, InventoryRecord, UnlistedRecord } from './protocol.ts'

export const ToldKind = z.enum(['detection', 'gap', 'inventory', 'unlisted'])
export type ToldKind = z.infer<typeof ToldKind>

/** Not strict: what a newer agent adds is passed over. */
export const Told = z.object({
  digest: z.string().max(64).describe('SHA-256 over what holds now of all that was told, base64url'),
  kinds: z.array(ToldKind).max(8).describe('kinds of records that the hash is over'),
  whole: z
    .int()
    .nonnegative()
    .nullable()
    .describe('since which sequence number all of it was told again; null: it was not'),
})
export type Told = z.infer<typeof Told>

/** A record of something that lasts until another says that it is over. */
export type LastingRecord = DetectionRecord | GapRecord | InventoryRecord | UnlistedRecord

/** Whether it says that the thing is there. */
export function holds(record: LastingRecord): boolean {
  return record.type === 'gap' ? record.until === null : !record.gone
}

/** What stands for a thing, whatever is said of it; the same on both sides, whose texts differ in half characters. */
export function nameOf(record: LastingRecord): string {
  return textOf([record.type, record.account ?? '', ...nameParts(record)])
}

function nameParts(record: LastingRecord): readonly string[] {
  switch (record.type) {
    case 'detection':
      return [record.tool]
    case 'gap':
      return [record.collector, record.place ?? '', record.hash ?? '', record.reason]
    case 'inventory':
      return [record.item, record.source, record.name]
    case 'unlisted':
      return [record.source, record.name]
  }
}

/** What is said of it, without times and evidence: those a server converts and merges. */
function wordsOf(record: LastingRecord): readonly (string | boolean | null)[] {
  switch (record.type) {
    case 'detection': {
      const { state, running, strength, version, installedOn, ableToRun } = record
      const { installedBeforeCutoff, usedBeforeCutoff } = record
      return [
        state,
        running,
        strength,
        version,
        installedOn,
        installedBeforeCutoff,
        usedBeforeCutoff,
        ableToRun,
      ]
    }
    case 'gap':
      return []
    case 'inventory':
      return [record.version]
    case 'unlisted':
      return record.behaviours.flatMap(({ behaviour, signal }) => [behaviour, signal])
  }
}

/** Takes the place of half a character where a text is stored. */
const replaced = '\ufffd'

function textOf(values: readonly (string | boolean | null)[]): string {
  return JSON.stringify(values.map((value) => (typeof value === 'string' ? value.toWellFormed() : value)))
}

/**
 * One hash over those records of these kinds that hold, in whatever order and however often they come. Names in which a
 * character had to be replaced are left out: two of them can be one to a server.
 */
export function digestOf(records: Iterable<LastingRecord>, kinds: readonly ToldKind[], hash: Hash): string {
  const lines = new Set<string>()
  for (const record of records) {
    if (!kinds.includes(record.type) || !holds(record)) continue
    const name = nameOf(record)
    if (!name.includes(replaced)) lines.add(name + textOf(wordsOf(record)))
  }
  return hash(['cutoff-told', ...[...lines].toSorted()].join('\n'))
}

/** The record that says it is over. @param at for a gap: in the clock of its other time */
export function overRecord(record: LastingRecord, at: number): LastingRecord {
  switch (record.type) {
    case 'detection':
      return goneDetection(record)
    case 'gap':
      return { ...record, until: at }
    case 'inventory':
    case 'unlisted':
      return { ...record, gone: true }
  }
}

/** What is said once nothing of a tool is found any more. */
export function goneDetection(before: DetectionRecord): DetectionRecord {
  return {
    ...before,
    gone: true,
    state: 'leftover',
    running: before.running === null ? null : false,
    evidence: [],
  }
}

/** Who sees behaviours: while one of them had to leave something out, what is not seen is not gone. */
export const behaviourCollectors: ReadonlySet<string> = new Set(['package', 'behaviour'])

/** Something not seen is not gone while a place where it could be was not seen either. */
export function isHidden(
  gaps: readonly { readonly collector: string; readonly account: string | null }[],
  account: string | null,
  collectors: ReadonlySet<string>,
): boolean {
  return gaps.some(
    (gap) =>
      (gap.account === null || gap.account === account || account === null) &&
      (collectors.has(gap.collector) || gap.collector === 'host'),
  )
}

/** By whom a thing would be seen. */
export function seersOf(record: Exclude<LastingRecord, GapRecord>): ReadonlySet<string> {
  if (record.type === 'detection') return new Set(record.evidence.map(({ kind }) => kind))
  return record.type === 'inventory' ? new Set([record.item]) : behaviourCollectors
}
