// How a parser reads parts of a file that is too large to be read whole: the one who opened it hands this in. Nothing else.

/** The bytes from a position on; fewer than asked for at the end of the file. */
export type ReadAt = (position: number, length: number) => Buffer
