// The entry by which a desktop starts the notices at login: what it starts is a command that there is, with options that it takes.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { entryOf } from '../../../agent/cli/registry.ts'
import { parseDesktopEntry } from '../../../agent/parsers/desktop-entry.ts'

const bytes = readFileSync(new URL('../../../installers/linux/cutoff-notice.desktop', import.meta.url))

test('it starts the agent’s notice', async () => {
  expect(parseDesktopEntry(bytes)).toMatchObject({ program: '/usr/bin/cutoff-agent', isApplication: true })
  const exec = /^Exec=(.+)$/mu.exec(bytes.toString())?.[1] ?? ''
  const [, name = '', ...args] = exec.split(' ')
  const command = await entryOf(name)?.load()
  const options = args.filter((word) => word.startsWith('--')).map((word) => word.slice(2))
  expect(options.filter((option) => command?.options[option] === undefined)).toEqual([])
})

test('it speaks both languages, and is in nobody’s menu', () => {
  const text = bytes.toString()
  for (const line of [/^Name=.+$/mu, /^Name\[zh_CN\]=.+$/mu, /^Comment\[zh_CN\]=.+$/mu, /^NoDisplay=true$/mu])
    expect(text).toMatch(line)
})
