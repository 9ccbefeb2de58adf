// By whom a program of macOS or Windows says that it was signed, and what that maker calls it: both stay when the file is renamed.
// Nothing is verified, as for code-signature.ts: who copies a name has it too. Pure: reads a few parts, through the function
// that it is given. Formats: code-signature.ts; WIN_CERTIFICATE of Microsoft's PE Format, the names in X.509 certificates as DER
// (X.520).
import { codeSignature } from './code-signature.ts'
import { peFile, type PeFile } from './pe-file.ts'
import { versionText } from './pe-resource.ts'
import { symbolsFile } from './pe-symbols.ts'
import type { ReadAt } from './read-at.ts'

export interface SignedProgram {
  /** On macOS what the signature calls it; on Windows its product, and the file of its symbols. */
  readonly names: readonly string[]
  /** On macOS a team; on Windows the organisations of all certificates in the signature, of who issued them too. */
  readonly signers: readonly string[]
}

/** Null when there is no signature, or none that names anybody. */
export function signedProgram(readAt: ReadAt): SignedProgram | null {
  const pe = peFile(readAt)
  if (pe !== null) return signedPe(readAt, pe)
  const signature = codeSignature(readAt)
  if (signature?.team == null || signature.identifier === null) return null
  return { names: [signature.identifier], signers: [signature.team] }
}

function signedPe(readAt: ReadAt, pe: PeFile): SignedProgram | null {
  const signers = organisationsIn(readAt, pe)
  if (signers.length === 0) return null
  const names = [versionText(readAt, pe, 'ProductName'), symbolsFile(readAt, pe)]
  return { names: names.filter((name) => name !== null), signers }
}

const maxCertificateBytes = 64 * 1024
/** The object identifier 2.5.4.10, organizationName. */
const organisationName = Buffer.from([0x06, 0x03, 0x55, 0x04, 0x0a])
/** UTF8String and PrintableString. */
const textTags: ReadonlySet<number> = new Set([0x0c, 0x13])
const maxOrganisations = 100

function organisationsIn(readAt: ReadAt, pe: PeFile): readonly string[] {
  const range = pe.directory('certificate')
  if (range === null || range.bytes > maxCertificateBytes) return []
  const bytes = readAt(range.offset, range.bytes)
  const names = new Set<string>()
  let at = bytes.indexOf(organisationName)
  for (let left = maxOrganisations; at !== -1 && left > 0; left -= 1) {
    const tag = at + organisationName.length
    const length = bytes[tag + 1] ?? 0x80
    // A length of 128 or more is written in another way, and no organisation's name.
    if (textTags.has(bytes[tag] ?? 0) && length < 0x80)
      names.add(bytes.toString('utf8', tag + 2, tag + 2 + length))
    at = bytes.indexOf(organisationName, tag)
  }
  return [...names]
}
