// Where in a native program stands what its build put there, whichever of the three systems it is for. Pure: reads only through
// the function that it is given.
// Names: of Bun's section and of Node's blob as found in programs of npm packages for the three systems, of Go's as in its
// debug/buildinfo, 2026-11-23.
import { elfHeadBytes } from './elf-header.ts'
import { elfNote } from './elf-note.ts'
import { elfSections } from './elf-section.ts'
import { machOSections } from './mach-o.ts'
import { peFile } from './pe-file.ts'
import { peResource, resourceTypes } from './pe-resource.ts'
import { symbolsFile } from './pe-symbols.ts'
import { withHead, type FileRange, type ReadAt } from './read-at.ts'

type Part = () => FileRange | null

export interface NativeParts {
  /** What Bun built in, behind its length. */
  readonly bun: Part
  /** The blob of a single executable application of Node. */
  readonly nodeBlob: Part
  /** What Go's linker says of the build; of Windows the part that it begins somewhere in. */
  readonly goInfo: Part
  /** Where a program of Rust keeps its texts; null where the compiler says that it is none: not all compilers say. */
  readonly rustTexts: Part
  /** What a program for Windows was called where it was linked, `tool.pdb`. */
  readonly symbols: () => string | null
}

/** Null when the bytes are no program of any of the three. */
export function nativeParts(readAt: ReadAt): NativeParts | null {
  const headed = withHead(readAt, elfHeadBytes)
  return elfParts(headed) ?? machOParts(headed) ?? peParts(headed)
}

const maxCommentBytes = 4 * 1024

function elfParts(readAt: ReadAt): NativeParts | null {
  const section = elfSections(readAt)
  if (section === null) return null
  return {
    bun: () => section('.bun'),
    nodeBlob: () => elfNote(readAt, 'NODE_SEA_BLOB'),
    goInfo: () => section('.go.buildinfo'),
    rustTexts() {
      const comment = section('.comment')
      if (comment === null || comment.bytes > maxCommentBytes) return null
      const isRust = readAt(comment.offset, comment.bytes).includes('rustc version')
      return isRust ? section('.rodata') : null
    },
    symbols: () => null,
  }
}

function machOParts(readAt: ReadAt): NativeParts | null {
  const section = machOSections(readAt)
  if (section === null) return null
  return {
    bun: () => section('__BUN', '__bun'),
    nodeBlob: () => section('NODE_SEA', '__NODE_SEA_BLOB'),
    goInfo: () => section('__DATA', '__go_buildinfo'),
    rustTexts: () => section('__TEXT', '__cstring'),
    symbols: () => null,
  }
}

function peParts(readAt: ReadAt): NativeParts | null {
  const pe = peFile(readAt)
  if (pe === null) return null
  return {
    bun: () => pe.section('.bun'),
    nodeBlob: () => peResource(readAt, pe, resourceTypes.data, 'NODE_SEA_BLOB'),
    goInfo: () => pe.section('.data'),
    rustTexts: () => pe.section('.rdata'),
    symbols: () => symbolsFile(readAt, pe),
  }
}
