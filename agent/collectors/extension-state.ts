// Which extensions an editor of the VS Code family holds as disabled, and which its profiles list, from its own state.
// Nothing else of that state is looked at.
import type { ListedExtension } from '../parsers/editor-extensions.ts'
import { disabledKey, parseDisabled, parseExtensionsList } from '../parsers/editor-extensions.ts'
import { eachRow, textOf } from '../parsers/sqlite-table.ts'
import type { Obstacle, OpenFile, Reach } from '../platform/files.ts'

/** One set of extensions that an editor starts with: the usual one, or that of a profile. */
export interface ExtensionSet {
  /** Null: the editor's own list; otherwise what the profile lists. */
  readonly listed: readonly ListedExtension[] | null
  readonly disabled: ReadonlySet<string>
}

export type OnGap = (gap: Obstacle | null) => void

const maxListBytes = 8 * 1024 * 1024
/** Of the table of settings; what extensions keep there is large, but lies in pages that are not read. */
const maxPages = 20_000
const maxValueBytes = 256 * 1024
const nobody: ReadonlySet<string> = new Set()

/** `user`: the editor's folder `User`. The usual set first. */
export function extensionSets(reach: Reach, user: string, onGap: OnGap): readonly ExtensionSet[] {
  const usual = { listed: null, disabled: disabledIn(reach, user, onGap) }
  const profiles = reach.list(`${user}/profiles`)
  if (!profiles.ok) {
    onGap(profiles.gap)
    return [usual]
  }
  onGap(profiles.value.gap)
  const sets = profiles.value.entries.flatMap(({ name, kind }): ExtensionSet[] => {
    if (kind !== 'folder') return []
    const folder = `${user}/profiles/${name}`
    const path = `${folder}/extensions.json`
    const listed = reach.parsed(path, maxListBytes, parseExtensionsList)
    if (!listed.ok) onGap(listed.gap)
    else if (listed.value === null) onGap({ reason: 'unparsable', path, detail: null })
    if (!listed.ok || listed.value === null) return []
    return [{ listed: listed.value, disabled: disabledIn(reach, folder, onGap) }]
  })
  return [usual, ...sets]
}

function disabledIn(reach: Reach, folder: string, onGap: OnGap): ReadonlySet<string> {
  const path = `${folder}/globalStorage/state.vscdb`
  const disabled = reach.examined(path, examine)
  if (!disabled.ok) onGap(disabled.gap)
  else if (disabled.value === null) onGap({ reason: 'unparsable', path, detail: null })
  return disabled.ok ? (disabled.value ?? nobody) : nobody
}

function examine(file: OpenFile): ReadonlySet<string> | null {
  let found: ReadonlySet<string> = nobody
  const readAt = (position: number, length: number): Buffer => file.readAt(position, length)
  const isRead = eachRow(readAt, 'ItemTable', maxPages, (row) => {
    const [key] = row.values(1, 512)
    if (textOf(key) !== disabledKey) return true
    const [, value] = row.values(2, maxValueBytes)
    found = value instanceof Buffer ? parseDisabled(value) : nobody
    return false
  })
  return isRead ? found : null
}
