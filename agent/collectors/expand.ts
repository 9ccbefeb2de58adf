// From a template with `*` to the paths that fit it: one listing per wildcard level, never a walk.
import { segmentFits } from '#shared/place.ts'
import type { FileInfo, Found, Obstacle, Reach } from '../platform/files.ts'

export interface Expanded {
  readonly path: string
  readonly info: FileInfo
}

export interface ExpandOptions {
  readonly reach: Reach
  /** Absolute, `~` already replaced. */
  readonly template: string
  readonly onGap: (gap: Obstacle) => void
  /** True once the collector's time is up. */
  readonly isOver: () => boolean
  /** Whether `*` stands for names with a leading dot too; `.*` does in any case. */
  readonly dotted?: boolean
}

/** No tool keeps more files of one kind; a folder that was filled on purpose must not cost more than this. */
const maxFiles = 20_000

/** What fits the template, in the order of the listings. Everything that could not be seen goes to `onGap`. */
export function expand(options: ExpandOptions): readonly Expanded[] {
  const { reach, template, onGap } = options
  const segments = template.split('/').slice(1)
  const found: Expanded[] = []
  let full = false

  const visit = (folder: string, index: number): void => {
    if (full) return
    let next = index
    let path = folder
    while (next < segments.length && !(segments[next] ?? '').includes('*'))
      path += `/${segments[next++] ?? ''}`
    if (next === segments.length) {
      take(path, reach.stat(path))
      return
    }
    const listing = reach.list(path)
    if (!listing.ok) {
      if (listing.gap !== null) onGap(listing.gap)
      return
    }
    if (listing.value.gap !== null) onGap(listing.value.gap)
    const wanted = segments[next] ?? ''
    const last = next === segments.length - 1
    for (const entry of listing.value.entries) {
      if (full) return
      const isHidden = options.dotted === false && entry.name.startsWith('.') && !wanted.startsWith('.')
      if (isHidden || !segmentFits(wanted, entry.name)) continue
      // Only folders, and links that may lead to one, have something below them.
      if (!last && entry.kind !== 'folder' && entry.kind !== 'link') continue
      if (options.isOver()) {
        full = true
        onGap({ reason: 'over-budget', path, detail: null })
        return
      }
      visit(`${path}/${entry.name}`, next + 1)
    }
  }

  const take = (path: string, info: Found<FileInfo>): void => {
    if (!info.ok) {
      if (info.gap !== null) onGap(info.gap)
      return
    }
    if (found.length >= maxFiles) {
      full = true
      onGap({ reason: 'too-many', path, detail: `more than ${maxFiles}` })
      return
    }
    found.push({ path, info: info.value })
  }

  visit('', 0)
  return found
}
