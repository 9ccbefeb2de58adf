// Parts of real programs for the three systems, as captured in test/fixtures/builds.
import { readdirSync, readFileSync } from 'node:fs'
import type { ReadAt } from '../../agent/parsers/read-at.ts'

interface Capture {
  readonly of: string
  readonly bytes: number
  readonly reads: readonly (readonly [position: number, base64: string])[]
}

export interface CapturedBuild {
  /** Of the whole file. */
  readonly bytes: number
  readonly parts: readonly { readonly position: number; readonly bytes: Buffer }[]
}

const folder = new URL('../fixtures/builds/', import.meta.url)

export const captured: ReadonlyMap<string, CapturedBuild> = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const { bytes, reads } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Capture
      const parts = reads.map(([position, base64]) => ({ position, bytes: Buffer.from(base64, 'base64') }))
      return [file.slice(0, -'.json'.length), { bytes, parts }] as const
    }),
)

export function capturedBuild(name: string): CapturedBuild {
  const found = captured.get(name)
  if (found === undefined) throw new Error(`no test/fixtures/builds/${name}.json`)
  return found
}

/** What was captured of a file, and nothing else; asking for what no file can have is a bug. */
export function captureReader({ parts }: CapturedBuild): ReadAt {
  return (position, length) => {
    if (!Number.isSafeInteger(position) || position < 0 || length < 0)
      throw new Error(`${position} ${length}`)
    const part = parts.find(
      (one) => position >= one.position && position + length <= one.position + one.bytes.length,
    )
    return part === undefined
      ? Buffer.alloc(0)
      : part.bytes.subarray(position - part.position, position - part.position + length)
  }
}

/** The same with one byte of one part changed. */
export function broken(
  { bytes, parts }: CapturedBuild,
  part: number,
  at: number,
  value: number,
): CapturedBuild {
  return {
    bytes,
    parts: parts.map((one, index) => {
      if (index !== part) return one
      const changed = Buffer.from(one.bytes)
      changed[at] = value
      return { ...one, bytes: changed }
    }),
  }
}
