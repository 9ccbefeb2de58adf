// Reads name and version from the header of an installed RPM package, as its database keeps it. Pure; touches no file.
// Format: RPM's own documentation, "Package format", header structure, looked at 2026-11-23.

export interface RpmPackage {
  readonly name: string
  /** `1.2.3-4`, with a leading `1:` where it has an epoch. */
  readonly version: string
}

const tags = { name: 1000, version: 1001, release: 1002, epoch: 1003 } as const
const types = { int32: 4, string: 6 } as const
const maxEntries = 10_000
const maxTextBytes = 300

/** Null when the bytes are no header with a name. The first bytes are enough: these tags come first. */
export function parseRpmHeader(bytes: Buffer): RpmPackage | null {
  if (bytes.length < 8) return null
  const count = bytes.readUInt32BE(0)
  if (count > maxEntries) return null
  const store = 8 + 16 * count
  const find = (tag: number, type: number): number | null => {
    for (let at = 8; at + 16 <= Math.min(store, bytes.length); at += 16) {
      if (bytes.readUInt32BE(at) === tag && bytes.readUInt32BE(at + 4) === type)
        return store + bytes.readUInt32BE(at + 8)
    }
    return null
  }
  const text = (tag: number): string | null => {
    const at = find(tag, types.string)
    const end = at === null ? -1 : bytes.indexOf(0, at)
    return at === null || end <= at || end - at > maxTextBytes ? null : bytes.toString('utf8', at, end)
  }
  const name = text(tags.name)
  const version = text(tags.version)
  if (name === null || version === null) return null
  const release = text(tags.release)
  const at = find(tags.epoch, types.int32)
  const epoch = at === null || at + 4 > bytes.length ? 0 : bytes.readUInt32BE(at)
  return {
    name,
    version: `${epoch > 0 ? `${epoch}:` : ''}${version}${release === null ? '' : `-${release}`}`,
  }
}
