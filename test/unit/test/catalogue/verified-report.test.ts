import { expect, test } from 'vitest'
import { systemWords } from '../../../catalogue/verified-report.ts'
import { wrongOf } from '../../../catalogue/agent-look.ts'

test.each([
  ['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n', 'Debian 12'],
  ['NAME=Fedora\nVERSION_ID=43\n', 'Fedora 43'],
  ['NAME="Arch Linux"\n', 'Arch'],
  ['', 'Linux'],
])('a system in a few words that name no machine', (release, words) => {
  expect(systemWords(release, 'x64', '26.10.0', '11.19.1')).toBe(`${words}, x64, Node 26.10.0, npm 11.19.1`)
})

test.each<[string, [string, string][], string[]]>([
  ['the tool alone', [['example', 'installed']], []],
  ['nothing', [], ['not detected (installed)']],
  ['a use that was none', [['example', 'used']], ['told as used (installed)']],
  [
    'another tool too',
    [
      ['example', 'started'],
      ['other', 'leftover'],
    ],
    ['other is told too, as leftover (installed)'],
  ],
])('what the agent told wrongly when it told %s', (_, told, wrong) => {
  expect(wrongOf(new Map(told), 'example', ['installed', 'started'], 'installed')).toEqual(wrong)
})
