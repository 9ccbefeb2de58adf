// How a parser reads parts of a file that is too large to be read whole: the one who opened it hands this in. Nothing else.

/** The bytes from a position on; fewer than asked for at the end of the file. */
export type ReadAt = (position: number, length: number) => Buffer

/** A part of a file. */
export interface FileRange {
  readonly offset: number
  readonly bytes: number
}

/** Whether a range can be asked for at all; numbers in a file are whatever somebody wrote. */
export function isRange({ offset, bytes }: FileRange): boolean {
  return Number.isSafeInteger(offset) && Number.isSafeInteger(bytes)
}

/** The same reader with the first bytes read once, which every question about a format begins with. */
export function withHead(readAt: ReadAt, headBytes: number): ReadAt {
  const head = readAt(0, headBytes)
  return (position, length) =>
    position + length <= headBytes ? head.subarray(position, position + length) : readAt(position, length)
}
