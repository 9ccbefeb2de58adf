// Reads ~/.cargo/.crates.toml, cargo's own list of what `cargo install` installed. Pure; touches no file.

export interface Crate {
  readonly name: string
  readonly version: string
  /** Built from a folder on this machine. */
  readonly local: boolean
  /** Names of the programs that it put into `bin`. */
  readonly commands: readonly string[]
}

export const maxCratesBytes = 1024 * 1024

/** Lines such as `"ripgrep 14.1.0 (registry+https://…)" = ["rg"]`. */
export function parseCargoCrates(bytes: Uint8Array): readonly Crate[] {
  const crates: Crate[] = []
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const match = /^"([A-Za-z0-9_-]{1,64}) (\d[\w.+-]{0,63}) \((path\+)?/.exec(line)
    if (match?.[1] === undefined || match[2] === undefined) continue
    const commands = [...line.slice(line.indexOf(' = [') + 1).matchAll(/"([^"\\/]{1,100})"/g)]
    crates.push({
      name: match[1],
      version: match[2],
      local: match[3] !== undefined,
      commands: commands.flatMap(([, command]) => command ?? []),
    })
  }
  return crates
}
