// What the gateway tells of a file, over what the system told. Asks nothing of the disk.
import type { Status } from './disk.ts'
import { kindOf } from './disk.ts'
import type { EntryKind, FileInfo, FileVersion } from './files.ts'

/** Of thousands of files that are as they were, next to nothing of this is asked for: it is worked out when it is. */
export class StatusInfo implements FileInfo {
  readonly real: string
  readonly #status: Status

  constructor(real: string, status: Status) {
    this.real = real
    this.#status = status
  }

  get kind(): EntryKind {
    return kindOf(this.#status.mode)
  }

  get bytes(): number {
    return this.#status.size
  }

  get modifiedAt(): number {
    return Math.floor(this.#status.mtimeMs)
  }

  get changedAt(): number {
    return Math.floor(this.#status.ctimeMs)
  }

  get accessedAt(): number {
    return Math.floor(this.#status.atimeMs)
  }

  get createdAt(): number | null {
    const { birthtimeMs } = this.#status
    return birthtimeMs > 0 ? Math.floor(birthtimeMs) : null
  }

  get owner(): number {
    return this.#status.uid
  }

  get executable(): boolean {
    return (this.#status.mode & 0o111) !== 0
  }

  get identity(): string {
    return `${this.#status.dev}:${this.#status.ino}:${this.#status.birthtimeMs}`
  }

  get version(): FileVersion {
    return this.#status
  }
}
