// Which of the catalogue's builds a native program is by its content, whatever it is called and wherever it lies. Names no
// tool; keeps nothing of the file but the name of the build.
import type { Wanted } from '#shared/match.ts'
import { placeFits } from '#shared/place.ts'
import { embeddedProgram, whichHolds } from '../parsers/embedded-program.ts'
import type { FileInfo, Found, OpenFile, Reach } from '../platform/files.ts'
import { found } from '../platform/files.ts'

/** The smallest of a tool's programs that was looked at has 84 MB (Codex 0.99): what is much smaller is not opened. */
const minBytes = 16 * 1024 * 1024

/** `file` without a link in it. An unchanged file is not read again: it costs the `lstat` that told so. */
export function buildOf(reach: Reach, file: FileInfo, wanted: Wanted): Found<string | null> {
  if (file.bytes < minBytes || wanted.build.length === 0) return found(null)
  return reach.examined(file.real, examinerOf(wanted.build))
}

type Examine = (file: OpenFile) => string | null

/** The gateway keeps what one function made of a file: one function for one catalogue. */
const examiners = new WeakMap<Wanted['build'], Examine>()

function examinerOf(builds: Wanted['build']): Examine {
  const known = examiners.get(builds)
  if (known !== undefined) return known
  const made: Examine = (file) => {
    const program = embeddedProgram((position, length) => file.readAt(position, length), file.info.bytes)
    if (program === null) return null
    const { format, entry, parts } = program
    const candidates = builds.filter(
      (signal) =>
        signal.format === format &&
        (signal.entry === undefined || (entry !== null && placeFits(signal.entry, entry))),
    )
    if (candidates.length === 0) return null
    const read = (position: number, length: number): Buffer => file.glimpse(position, length)
    return whichHolds(read, parts, candidates)?.name ?? null
  }
  examiners.set(builds, made)
  return made
}
