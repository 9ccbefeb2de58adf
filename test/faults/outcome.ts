// What a harness found.

export interface Outcome {
  readonly name: string
  readonly runs: number
  /** In words; none when the promise was kept. */
  readonly failures: readonly string[]
  readonly notes: readonly string[]
}
