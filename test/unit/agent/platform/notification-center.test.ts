// What macOS' osascript would be given: a script that never changes, and the words of a notice as its arguments.
import { expect, test } from 'vitest'
import {
  preferredLanguages,
  showInNotificationCenter,
} from '../../../../agent/platform/notification-center.ts'
import type { Ask } from '../../../../agent/platform/system-programs.ts'

interface Started {
  readonly program: string
  readonly args: readonly string[]
}

/** Answers as osascript does when it works, `failing` times not. */
function recording(failing = 0): { readonly ask: Ask; readonly started: Started[] } {
  const started: Started[] = []
  return {
    started,
    ask: (program, args) => {
      started.push({ program, args })
      return Promise.resolve(started.length <= failing ? null : '')
    },
  }
}

const script = [
  ...['-e', 'on run argv'],
  ...['-e', 'display notification (item 3 of argv) with title (item 1 of argv) subtitle (item 2 of argv)'],
  ...['-e', 'end run'],
]

test.each([
  ['quotes that would end a string', `" & (do shell script "id") & "`, `" & (do shell script "id") & "`],
  ['an option', '-e', '-e'],
  ['a long option', '--help', '--help'],
  ['lines of a script', 'a\nend run\ndo shell script "id"', 'a\\u{a}end run\\u{a}do shell script "id"'],
  ['a zero, which no argument can hold', 'a\0b', 'a\\u{0}b'],
  ['an order of letters that is turned round', 'a\u202Eb', 'a\\u{202e}b'],
  ['half a character', 'a\uD800b', 'a\\u{d800}b'],
  ['words of the shell', '$(id) `id` ; id | id > /etc/x', '$(id) `id` ; id | id > /etc/x'],
  ['Chinese', '禁用后的使用证据', '禁用后的使用证据'],
])('%s is a text as any other', async (_, hostile, given) => {
  const { ask, started } = recording()
  const shown: number[] = []
  const told = await showInNotificationCenter([{ title: hostile, text: hostile }], ask, (index) => {
    shown.push(index)
  })
  expect(told).toEqual({ ok: true })
  expect(shown).toEqual([0])
  expect(started).toEqual([{ program: 'osascript', args: [...script, 'Cutoff', given, given] }])
})

test('no text is longer than the system takes', async () => {
  const { ask, started } = recording()
  await showInNotificationCenter([{ title: 'a'.repeat(1e6), text: '\0'.repeat(1e6) }], ask, () => {})
  expect(Buffer.byteLength(started[0]?.args.join(' ') ?? '')).toBeLessThan(10_000)
})

test('where one is not shown the rest waits, and it does not count', async () => {
  const { ask, started } = recording(1)
  const shown: number[] = []
  const notices = [
    { title: 'one', text: '' },
    { title: 'two', text: '' },
  ]
  const show = () => showInNotificationCenter(notices, ask, (index) => shown.push(index))
  expect(await show()).toMatchObject({ ok: false, code: 'no-notifications' })
  expect({ shown, started: started.length }).toEqual({ shown: [], started: 1 })
  await show()
  expect(shown).toEqual([0, 1])
})

// As Apple's `defaults` is known to print a list; not captured here.
test.each([
  ['(\n    "zh-Hans-CN",\n    "en-CN"\n)\n', ['zh-Hans-CN', 'en-CN']],
  ['(\n    en\n)\n', ['en']],
  ['', []],
  ['2026-11-23 10:00:00.000 defaults[1:2]\nThe domain/default pair of (…) does not exist\n', []],
])('languages in %j', (printed, tags) => {
  expect(preferredLanguages(printed)).toEqual(tags)
})
