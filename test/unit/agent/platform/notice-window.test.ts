// Notices in windows, with the program that shows them played by the test.
import { expect, test } from 'vitest'
import { showInWindows } from '../../../../agent/platform/notice-window.ts'
import type { Ask } from '../../../../agent/platform/system-programs.ts'

function windows(fails: (title: string) => boolean) {
  const opened: { args: readonly string[]; input: string | undefined }[] = []
  const ask: Ask = async (program, args, input) => {
    expect(program).toBe('notice')
    opened.push({ args, input })
    return fails(input ?? '') ? null : ''
  }
  return { ask, opened }
}

test('what is said is handed over as input, a title of one line first, and counts as shown once it is closed', async () => {
  const { ask, opened } = windows(() => false)
  const shown: number[] = []
  const notices = [
    { title: 'A\nban', text: 'One.' },
    { title: '--show', text: `${'字'.repeat(9000)}` },
  ]
  expect(await showInWindows(notices, ask, (index) => shown.push(index))).toEqual({ ok: true })
  expect(shown).toEqual([0, 1])
  expect(opened.map(({ args }) => args)).toEqual([['--show'], ['--show']])
  expect(opened[0]?.input).toMatch(/^A\S* ?ban\nOne\.$/)
  expect(opened[1]?.input?.startsWith('--show\n')).toBe(true)
  // As much as installers/windows/notice.c takes.
  expect(Buffer.byteLength(opened[1]?.input ?? '')).toBeLessThan(16_384)
})

test('one that cannot be shown ends it, and is not counted', async () => {
  const { ask } = windows((title) => title.startsWith('B'))
  const shown: number[] = []
  const notices = ['A', 'B', 'C'].map((title) => ({ title, text: '' }))
  expect(await showInWindows(notices, ask, (index) => shown.push(index))).toMatchObject({
    code: 'no-desktop',
  })
  expect(shown).toEqual([0])
})
