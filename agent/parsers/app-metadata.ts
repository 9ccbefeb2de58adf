// Versions of sandboxed apps: meta/snap.yaml of a snap, AppStream metadata of a flatpak. Reads a few plain lines. Pure.

export interface SnapMetadata {
  readonly version: string | null
  /** `app` where the file says nothing else; others are what apps are built on. */
  readonly type: string
}

export const maxMetadataBytes = 1024 * 1024

/** Top-level scalars of snap.yaml. */
export function parseSnapMetadata(bytes: Uint8Array): SnapMetadata {
  const text = new TextDecoder().decode(bytes)
  return { version: scalar(text, 'version'), type: scalar(text, 'type') ?? 'app' }
}

/** The version of the first `<release>`, which is the newest; null where there is none. */
export function parseAppStreamVersion(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes)
  return /<release\b[^>]*?\sversion=["']([^"'<>]{1,100})["']/.exec(text)?.[1] ?? null
}

function scalar(text: string, key: string): string | null {
  const value = new RegExp(`^${key}:[ \\t]*(.{1,200}?)[ \\t]*$`, 'm').exec(text)?.[1]
  return value === undefined ? null : value.replace(/^(["'])(.*)\1$/, '$2')
}
