import { expect, test } from 'vitest'
import { languages } from '#shared/words/language.ts'
import { commandHelp } from '../../../../agent/cli/help.ts'
import { commands } from '../../../../agent/cli/registry.ts'
import { helpIn } from '../../../../agent/cli/words/help-words.ts'

test.each(languages.filter((one) => one !== 'en'))(
  'what every command and option does is told in %s',
  async (language) => {
    const loaded = await Promise.all(Object.values(commands).map(({ load }) => load()))
    const abouts = [
      ...Object.values(commands).map(({ about }) => about),
      ...loaded.flatMap(({ options }) => Object.values(options).map(({ about }) => about)),
    ]
    expect([...new Set(abouts.filter((about) => helpIn(language, about) === about))]).toEqual([])
  },
)

test('the help of a command says how it is used, and in which language it can speak', async () => {
  const help = commandHelp(await commands.sent.load(), commands.sent.about, 'zh-CN')
  expect(help).toMatch(/^用法：cutoff-agent sent/u)
  expect(help).toContain('--lang en|zh-CN')
})
