// The entries by which a desktop starts the notices at login: what they start is a command that there is, with options that it
// takes.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entryOf } from '../../../agent/cli/registry.ts'
import { parseDesktopEntry } from '../../../agent/parsers/desktop-entry.ts'
import { backgroundProfile } from '../../../installers/managed/apple-profiles.ts'
import { executables } from '../../../installers/managed/compliance.ts'
import { launchAgent, macContents } from '../../../installers/packages/pkg.ts'
import { repositoryRoot } from '../../helpers/repository.ts'

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

describe.skipIf(spawnSync('python3', ['--version']).error !== undefined)('macOS’ launch agent', () => {
  const agent = propertyListBy(launchAgent())

  test('starts the agent’s notice in each session that has a screen, and again when there is news', async () => {
    expect(agent).toMatchObject({
      RunAtLoad: true,
      WatchPaths: ['/var/lib/cutoff-accounts/news'],
      LimitLoadToSessionType: 'Aqua',
    })
    expect(agent).not.toHaveProperty('KeepAlive')
    const [program, name = '', ...args] = agent.ProgramArguments
    expect(program).toBe(executables.darwin)
    const command = await entryOf(name)?.load()
    const options = args.filter((word) => word.startsWith('--')).map((word) => word.slice(2))
    expect(options.filter((option) => command?.options[option] === undefined)).toEqual([])
  })

  test('is under the name by which the package lays it down and its removal takes it away', () => {
    const path = `/Library/LaunchAgents/${agent.Label}.plist`
    const texts = { manualPage: '', licences: '', settings: '' }
    const contents = macContents(Buffer.alloc(0), join(repositoryRoot, 'installers/macos'), texts)
    expect(contents.filter((file) => file.path === path)).toMatchObject([{ mode: 0o644 }])
    expect(readFileSync(join(repositoryRoot, 'installers/macos/uninstall'), 'utf8')).toContain(` ${path}\n`)
  })

  test('is one of those that nobody is asked about', () => {
    const { PayloadContent } = propertyListBy(backgroundProfile('Example', null)) as unknown as {
      readonly PayloadContent: readonly { readonly Rules?: readonly { readonly RuleValue: string }[] }[]
    }
    const prefixes = PayloadContent.flatMap(({ Rules = [] }) => Rules.map(({ RuleValue }) => RuleValue))
    expect(prefixes.filter((prefix) => agent.Label.startsWith(prefix))).toHaveLength(1)
  })
})

interface LaunchAgent {
  readonly Label: string
  readonly ProgramArguments: readonly string[]
}

/** As Python's plistlib reads it. */
function propertyListBy(text: string): LaunchAgent {
  const script = 'import json, plistlib, sys; json.dump(plistlib.loads(sys.stdin.buffer.read()), sys.stdout)'
  return JSON.parse(execFileSync('python3', ['-c', script], { input: text, encoding: 'utf8' })) as LaunchAgent
}
