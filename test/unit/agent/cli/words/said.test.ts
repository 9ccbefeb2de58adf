// What the command line says in every language: nothing that goes in is lost, nothing is left in another one.
import { expect, test } from 'vitest'
import { languages } from '#shared/words/language.ts'
import { chainWords } from '../../../../../agent/cli/words/chain-words.ts'
import { doctorOwnWords } from '../../../../../agent/cli/words/doctor-own-words.ts'
import { doctorServerWords } from '../../../../../agent/cli/words/doctor-server-words.ts'
import { doctorWords } from '../../../../../agent/cli/words/doctor-words.ts'
import { failureWords } from '../../../../../agent/cli/words/failure-words.ts'
import { helpWords } from '../../../../../agent/cli/words/help-words.ts'
import { noticeWords } from '../../../../../agent/cli/words/notice-words.ts'
import { privacyWords } from '../../../../../agent/cli/words/privacy-words.ts'
import { recordWords } from '../../../../../agent/cli/words/record-words.ts'
import { counted, listed, sentences, setOff } from '../../../../../agent/cli/words/said.ts'
import { scanWords } from '../../../../../agent/cli/words/scan-words.ts'
import { statusWords } from '../../../../../agent/cli/words/status-words.ts'
import { toolWords } from '../../../../../agent/cli/words/tool-words.ts'

const pages = {
  chainWords,
  doctorOwnWords,
  doctorServerWords,
  doctorWords,
  failureWords,
  helpWords,
  noticeWords,
  privacyWords,
  recordWords,
  scanWords,
  statusWords,
  toolWords,
}

type Said = string | null | ((...given: string[]) => string) | { readonly [key: string]: Said }

/** Each text by its path; functions are given names that can be found again. */
function textsIn(said: Said, path: string): readonly (readonly [string, string])[] {
  if (said === null) return []
  if (typeof said === 'string') return [[path, said]]
  if (typeof said === 'function')
    return [[path, said(...Array.from({ length: 9 }, (_, index) => `<${index}>`))]]
  return Object.entries(said).flatMap(([key, inner]) => textsIn(inner, `${path}.${key}`))
}

const table = languages.flatMap((language) =>
  Object.entries(pages).flatMap(([page, words]) =>
    textsIn(words[language] as unknown as Said, page).map(([path, text]) => ({ language, path, text })),
  ),
)

test('whatever goes into a text comes out of it, in every language', () => {
  const holes = (text: string) =>
    [...text.matchAll(/<\d>/gu)]
      .map(([hole]) => hole)
      .toSorted()
      .join(' ')
  const english = new Map(
    table.filter((one) => one.language === 'en').map(({ path, text }) => [path, holes(text)]),
  )
  const odd = table.filter(({ path, text }) => holes(text) !== (english.get(path) ?? ''))
  expect(odd).toEqual([])
})

test('nothing in Chinese was left in English', () => {
  const left = table.filter(
    ({ language, text }) => language === 'zh-CN' && !/\p{Script=Han}|^<|^[^A-Za-z]*$/u.test(text),
  )
  expect(left).toEqual([])
})

test.each([
  ['en', 'A. B.', 'a, b'],
  ['zh-CN', 'A.B.', 'a、b'],
] as const)('in %s sentences are joined as %j', (language, text, list) => {
  expect(sentences(language, ['A.', null, '', 'B.'])).toBe(text)
  expect(listed(language, ['a', 'b'])).toBe(list)
})

test.each([
  ['示例公司', '由示例公司安排'],
  ['Example Ltd', '由 Example Ltd 安排'],
  ['Smith & <b>Sons</b>', '由 Smith & <b>Sons</b> 安排'],
  ['示例 GmbH', '由示例 GmbH 安排'],
])('in Chinese, %s is set off where it is Latin', (name, text) => {
  expect(`由${setOff(name)}安排`).toBe(text)
})

test.each([
  [0, '0 records'],
  [1, '1 record'],
  [2, '2 records'],
])('in English, %d is counted as %s', (count, text) => expect(counted(count, 'record')).toBe(text))
