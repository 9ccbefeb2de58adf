// Versions of sandboxed apps: meta/snap.yaml of a snap, AppStream metadata of a flatpak. Reads a few plain lines. Pure.
import { xmlTokens } from './xml-tokens.ts'

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
  for (const token of xmlTokens(new TextDecoder().decode(bytes))) {
    if (token.is === 'text' || token.is === 'close' || token.element !== 'release') continue
    const version = /\sversion=["']([^"'<>]{1,100})["']/.exec(token.attributes)?.[1]
    if (version !== undefined) return version
  }
  return null
}

function scalar(text: string, key: string): string | null {
  const line = text.split('\n').find((one) => one.startsWith(`${key}:`))
  const value = line?.slice(key.length + 1).trim() ?? ''
  return value === '' || value.length > 200 ? null : value.replace(/^(["'])(.*)\1$/, '$2')
}
