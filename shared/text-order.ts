// The order of texts that is the same on every machine, whatever its language: by code units.

/** For `toSorted`. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
