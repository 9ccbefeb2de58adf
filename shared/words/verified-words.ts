// What came of installing and starting a tool for the catalogue, in sentences. Pure.
import type { Verified, VerifiedPackage } from '../tool.ts'
import { listedPhrases, phrase, plain, type Phrase } from './phrase.ts'
import type { Words } from './vocabulary.ts'

export interface VerifiedWords {
  readonly head: Phrase
  /** One entry per package. */
  readonly packages: readonly (readonly Phrase[])[]
}

export function verifiedWords(words: Words, verified: Verified): VerifiedWords {
  return {
    head: phrase(words.tool.verified.head, { day: plain(verified.on), system: plain(verified.system) }),
    packages: verified.packages.map((one) => packagePhrases(words, one)),
  }
}

function packagePhrases(words: Words, given: VerifiedPackage): readonly Phrase[] {
  const terms = words.tool.verified
  const codes = (texts: readonly string[]): Phrase =>
    listedPhrases(
      texts.map((text) => [{ text, code: true }]),
      words.tool.and,
      words.tool.comma,
    )
  const { name, outcome, why, version, deprecated, commands = {}, use, touched, detected } = given
  const steps = [
    ...(touched === undefined ? [] : (['install', 'version'] as const)),
    ...(touched === undefined || use === undefined ? [] : (['use'] as const)),
  ]
  return [
    phrase(terms.outcome[outcome], { name }),
    ...(why === undefined ? [] : [plain(why)]),
    ...(version === undefined ? [] : [phrase(terms.version, { version: plain(version) })]),
    ...(deprecated === undefined ? [] : [phrase(terms.deprecated, { text: plain(deprecated) })]),
    ...(given.with === undefined ? [] : [phrase(terms.with, { packages: codes(given.with) })]),
    ...Object.entries(commands).map(([command, how]) => phrase(terms.command[how], { name: command })),
    ...(use === undefined ? [] : [plain(terms.use[use])]),
    ...steps.map((step) => {
      const files = touched?.[step] ?? []
      return files.length === 0
        ? plain(terms.untouched[step])
        : phrase(terms.touched[step], { files: codes(files) })
    }),
    ...(detected === undefined ? [] : [plain(terms.detected[detected ? 'yes' : 'no'])]),
  ]
}
