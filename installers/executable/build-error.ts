// A failure of a build that the person who builds can act on.

/** One sentence that says what failed, on what and what to do, with a stable code. */
export class BuildError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
