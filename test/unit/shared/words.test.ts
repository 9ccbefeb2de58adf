// Every code has words, and they read as sentences. That none is missing is the compiler's business.
import { describe, expect, test } from 'vitest'
import { FindingStatus, ReasonCode } from '#shared/finding.ts'
import { GapReason } from '#shared/observation.ts'
import { problems } from '#shared/problem.ts'
import { readMissing, rowWords, wordsOf } from '#shared/words.ts'
import { languageFor, languages } from '#shared/words/language.ts'

const words = wordsOf('en')

/** Every text of a table by its path. */
function textsIn(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (typeof value === 'string') return new Map([[path, value]])
  return new Map(Object.entries(value ?? {}).flatMap(([key, inner]) => [...textsIn(inner, `${path}.${key}`)]))
}

describe('words', () => {
  test('the words have the codes of the schemas and no others', () => {
    expect(Object.keys(words.status).toSorted()).toEqual(FindingStatus.options.toSorted())
    expect(Object.keys(words.reason).toSorted()).toEqual(ReasonCode.options.toSorted())
    expect(Object.keys(words.gap).toSorted()).toEqual(GapReason.options.toSorted())
    expect(Object.keys(words.problem).toSorted()).toEqual(Object.keys(problems).toSorted())
  })

  test('sentences begin with a capital and end with a stop', () => {
    const sentences = [
      ...Object.values(words.status).flatMap((term) => [term.about, term.next]),
      ...Object.values(words.reason),
      ...Object.values(words.wouldChange),
      ...Object.values(words.gap).map((term) => term.about),
      ...Object.values(words.problem),
    ]
    expect(sentences.filter((sentence) => !/^[A-Z].*\.$/u.test(sentence))).toEqual([])
  })

  test('no sentence says that somebody is guilty', () => {
    const all = JSON.stringify(languages.map(wordsOf))
    expect(all).not.toMatch(/guilt|offender|culprit|offence|caught|罪|肇事|抓获|嫌犯|违法/iu)
  })

  test.each(languages.filter((one) => one !== 'en'))(
    '%s has the same holes as English, entry by entry',
    (language) => {
      const holes = (text: string) => [...text.matchAll(/\{\w+\}/gu)].map(([hole]) => hole).toSorted()
      const english = textsIn(words)
      const others = textsIn(wordsOf(language))
      const odd = [...english].filter(
        ([key, text]) => JSON.stringify(holes(text)) !== JSON.stringify(holes(others.get(key) ?? '')),
      )
      expect(odd).toEqual([])
    },
  )

  test('Chinese sentences end as such', () => {
    const chinese = wordsOf('zh-CN')
    const sentences = [
      ...Object.values(chinese.status).flatMap((term) => [term.about, term.next]),
      ...Object.values(chinese.reason),
      ...Object.values(chinese.wouldChange),
      ...Object.values(chinese.gap).map((term) => term.about),
      ...Object.values(chinese.problem),
    ]
    expect(sentences.filter((sentence) => !/\p{Script=Han}.*。$/u.test(sentence))).toEqual([])
  })

  test('a row of the table has words, anything else has none', () => {
    expect(rowWords(words, 9)?.result).toBe('suspected')
    expect(rowWords(words, null)).toBeNull()
    expect(rowWords(words, 11)).toBeNull()
  })

  test.each([
    [['en-GB', 'de'], 'en'],
    [['zh-CN', 'en'], 'zh-CN'],
    [['zh-Hant-TW'], 'zh-CN'],
    [['fr', 'en-GB'], 'en'],
    [[], 'en'],
  ])('of %j it speaks %s', (preferred, language) => {
    expect(languageFor(preferred)).toBe(language)
  })

  test.each([
    ['owner', { code: 'owner', name: null, text: words.missing.owner }],
    ['group ai-research', { code: 'group', name: 'ai-research', text: words.missing.group }],
    ['moon', { code: 'other', name: 'moon', text: words.missing.other }],
  ])('of “%s” it is told what is missing, and its name', (entry, told) => {
    expect(readMissing(words, entry)).toEqual(told)
  })
})
