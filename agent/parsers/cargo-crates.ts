// Reads ~/.cargo/.crates.toml, cargo's own list of what `cargo install` installed. Pure; touches no file.

export interface Crate {
  readonly name: string
  readonly version: string
}

export const maxCratesBytes = 1024 * 1024

/** Lines such as `"ripgrep 14.1.0 (registry+https://…)" = ["rg"]`. */
export function parseCargoCrates(bytes: Uint8Array): readonly Crate[] {
  const crates: Crate[] = []
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const match = /^"([A-Za-z0-9_-]{1,64}) (\d[\w.+-]{0,63}) \(/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined) crates.push({ name: match[1], version: match[2] })
  }
  return crates
}
