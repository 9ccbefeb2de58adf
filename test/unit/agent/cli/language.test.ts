import { expect, test } from 'vitest'
import { languageOf, namedLanguage } from '../../../../agent/cli/language.ts'

test.each<[Record<string, string>, string]>([
  [{ LANG: 'zh_CN.UTF-8' }, 'zh-CN'],
  [{ LANG: 'zh_CN' }, 'zh-CN'],
  [{ LANG: 'zh_CN.utf8@x' }, 'zh-CN'],
  [{ LANG: 'zh_CN.GB18030' }, 'en'],
  [{ LANG: 'de_DE.UTF-8' }, 'en'],
  [{ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'en_GB.UTF-8' }, 'en'],
  [{ LANG: 'en_GB.UTF-8', LC_MESSAGES: 'en_GB.UTF-8', LC_ALL: 'zh_CN.UTF-8' }, 'zh-CN'],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: '' }, 'zh-CN'],
  [{ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'en'],
  [{}, 'zh-CN'],
])('with %j people are spoken to in %s', (env, language) => {
  expect(languageOf(env, () => 'zh-Hans-CN')).toBe(language)
})

test.each([
  ['zh-CN', 'zh-CN'],
  ['zh_cn', 'zh-CN'],
  ['zh', 'zh-CN'],
  ['EN', 'en'],
  ['fr', null],
  ['', null],
])('--lang %s names %s', (name, language) => {
  expect(namedLanguage(name)).toBe(language)
})
