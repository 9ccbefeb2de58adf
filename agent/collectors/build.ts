// Which of the catalogue's builds a native program is by its content, whatever it is called and wherever it lies. Names no
// tool; keeps nothing of the file but the name of the build.
import type { Wanted } from '#shared/match.ts'
import { placeFits, segmentFits } from '#shared/place.ts'
import { embeddedProgram, isAppImage, whichHolds } from '../parsers/embedded-program.ts'
import { maxProductBytes, parseProduct } from '../parsers/product-file.ts'
import type { ReadAt } from '../parsers/read-at.ts'
import { signedProgram } from '../parsers/signed-program.ts'
import type { FileInfo, Found, OpenFile, Reach } from '../platform/files.ts'
import { found } from '../platform/files.ts'

/** The smallest of a tool's programs that was looked at has 84 MB (Codex 0.99): what is much smaller is not opened. */
export const minProgramBytes = 16 * 1024 * 1024

/** `file` without a link in it. An unchanged file is not read again: it costs the `lstat` that told so. */
export function buildOf(reach: Reach, file: FileInfo, wanted: Wanted): Found<string | null> {
  if (file.bytes < minProgramBytes || wanted.build.length === 0) return found(null)
  const own = reach.examined(file.real, examinerOf(wanted.build))
  return own.ok && own.value === null ? productBuild(reach, file.real, wanted.build) : own
}

/** An editor of VS Code's family says beside its program which one it is. */
function productBuild(reach: Reach, file: string, builds: Wanted['build']): Found<string | null> {
  const folder = file.slice(0, file.lastIndexOf('/'))
  const product = reach.parsed(`${folder}/resources/app/product.json`, maxProductBytes, parseProduct)
  if (!product.ok) return product.gap === null ? found(null) : product
  const { name, folders } = product.value ?? { name: null, folders: [] }
  const build = builds.find(
    ({ format, entry, holds = [] }) =>
      format === 'vscode' && entry === name && holds.every((text) => folders.includes(text)),
  )
  return found(build?.name ?? null)
}

type Examine = (file: OpenFile) => string | null

/** The gateway keeps what one function made of a file: one function for one catalogue. */
const examiners = new WeakMap<Wanted['build'], Examine>()

function examinerOf(builds: Wanted['build']): Examine {
  const known = examiners.get(builds)
  if (known !== undefined) return known
  const signed = builds.filter(({ format }) => format === 'signed')
  const made: Examine = (file) => {
    const readAt: ReadAt = (position, length) => file.readAt(position, length)
    if (isAppImage(readAt)) return imageBuild(file.info.real, builds)
    return (signed.length > 0 ? signedBuild(readAt, signed) : null) ?? embeddedBuild(file, builds)
  }
  examiners.set(builds, made)
  return made
}

/** A few kilobytes tell: what they leave open is looked for in the content. */
function signedBuild(readAt: ReadAt, builds: Wanted['build']): string | null {
  const program = signedProgram(readAt)
  if (program === null) return null
  const { names, signers } = program
  const build = builds.find(
    ({ entry, holds = [] }) =>
      entry !== undefined && names.includes(entry) && holds.every((signer) => signers.includes(signer)),
  )
  return build?.name ?? null
}

function embeddedBuild(file: OpenFile, builds: Wanted['build']): string | null {
  const program = embeddedProgram((position, length) => file.readAt(position, length), file.info.bytes)
  if (program === null) return null
  const { format, entry, parts } = program
  const candidates = builds.flatMap(({ name, format: wantedFormat, entry: wantedEntry, holds }) => {
    const isEntry = wantedEntry === undefined || (entry !== null && placeFits(wantedEntry, entry))
    return wantedFormat === format && isEntry && holds !== undefined ? [{ name, holds }] : []
  })
  if (candidates.length === 0) return null
  return whichHolds((position, length) => file.glimpse(position, length), parts, candidates)?.name ?? null
}

/** What is in an AppImage is compressed: its name is what tells, and that it is one. */
function imageBuild(file: string, builds: Wanted['build']): string | null {
  const name = file.slice(file.lastIndexOf('/') + 1).toLowerCase()
  const build = builds.find(
    ({ format, entry }) =>
      format === 'appimage' && entry !== undefined && segmentFits(entry.toLowerCase(), name),
  )
  return build?.name ?? null
}
