// Reads the text fields of one entry that `ioreg` prints: `"IOPlatformUUID" = "…"`. Pure.

/** Null where the entry has no such field, or an empty one. */
export function ioregText(text: string, field: string): string | null {
  for (const [, name, value] of text.matchAll(/^[\s|]*"([^"]+)" = "([^"]*)"\s*$/gm))
    if (name === field) return value === undefined || value === '' ? null : value
  return null
}
