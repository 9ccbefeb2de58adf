import { expect, test } from 'vitest'
import { commands } from '../../../../agent/cli/registry.ts'
import { manualPage } from '../../../../installers/packages/man-page.ts'

test('every command and option is in the manual, as nothing that roff would take for its own', async () => {
  const entries = await Promise.all(
    Object.values(commands).map(async ({ about, load }) => ({ about, command: await load() })),
  )
  const page = manualPage(entries, '1.2.3', '2026-07-12')
  for (const { command } of entries) {
    expect(page).toContain(`cutoff\\-agent ${command.name.replaceAll('-', '\\-')}`)
    for (const name of Object.keys(command.options))
      expect(page).toContain(`\\-\\-${name.replaceAll('-', '\\-')}`)
  }
  const requests = page.split('\n').filter((line) => /^[.']/.test(line))
  expect(requests.filter((line) => !/^\.(TH|SH|SS|TP|PP|B|I)( |$)/.test(line))).toEqual([])
})
