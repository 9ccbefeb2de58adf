// What the gateway keeps between looks: listings of unchanged folders and values of unchanged files, bounded. Asks nothing of
// the disk.
import type { Entry, FileVersion } from './files.ts'

const maxRememberedEntries = 60_000

export interface KnownListing {
  readonly version: FileVersion
  readonly entries: readonly Entry[]
}
interface KnownFile {
  readonly version: FileVersion
  readonly value: unknown
}
/** What outlives a look: listings of unchanged folders and parsed values of unchanged files. */
export interface Kept {
  readonly listings: Map<string, KnownListing>
  entries: number
  /** Folders with too many entries to keep, and as they then were. */
  readonly crowded: Map<string, FileVersion>
  readonly files: Map<object, Map<string, KnownFile>>
}

export function nothingKept(): Kept {
  return { listings: new Map(), entries: 0, crowded: new Map(), files: new Map() }
}

/** @param settled whether a change would show in the folder's times */
export function rememberListing(kept: Kept, path: string, listing: KnownListing, settled: boolean): void {
  const before = kept.listings.get(path)
  if (before !== undefined) {
    kept.entries -= before.entries.length + 1
    kept.listings.delete(path)
  }
  if (!settled) return
  if (kept.entries > maxRememberedEntries) {
    kept.listings.clear()
    kept.entries = 0
  }
  kept.listings.set(path, listing)
  kept.entries += listing.entries.length + 1
}
