// Under Wine: an account that is not logged on, whose registry is a file in its home. Wine keeps no hives of its own: this one hivex
// wrote (test/fixtures/registry/hives).
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hiveFixture } from '../helpers/hives.ts'
import { readText } from '../helpers/repository.ts'
import type { Ran, Wine } from './wine.ts'

const profile = String.raw`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\S-1-5-21-1-2-3-1001`
/** What the hive's Run key starts, where nothing else leads to. */
const files: Readonly<Record<string, string>> = {
  'tools/gemini.cmd': readText('test/fixtures/shims/gemini.cmd'),
  'tools/node_modules/@google/gemini-cli/package.json':
    '{"name":"@google/gemini-cli","version":"1.2.3","bin":"bundle/gemini.js"}',
  'tools/node_modules/@google/gemini-cli/bundle/gemini.js': '#!/usr/bin/env node\n',
}

/** Adds the account `ann` to the prefix. */
export function closedHiveRead(wine: Wine, run: (...words: string[]) => Ran) {
  const home = join(wine.drive, 'users/ann')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), text)
  }
  // Who may list this folder is an administrator to the agent, and is told of other accounts, too. Wine has none.
  const config = join(wine.drive, 'windows/system32/config')
  mkdirSync(config)
  const image = String.raw`C:\users\ann`
  wine.tool('reg', 'add', profile, '/v', 'ProfileImagePath', '/t', 'REG_EXPAND_SZ', '/d', image, '/f')
  const without = toolsOfAnn(run)
  writeFileSync(join(home, 'NTUSER.DAT'), hiveFixture('hives/hivex.dat'))
  const told = toolsOfAnn(run)
  rmdirSync(config)
  return {
    what: 'reads what is installed for, and started by, an account that is not logged on from its hive',
    ok: without === '' && told === 'codebuddy installed, gemini-cli installed, zed installed',
    found: told,
  }
}

interface Detected {
  readonly tool: string
  readonly account: string | null
  readonly state: string
}

function toolsOfAnn(run: (...words: string[]) => Ran): string {
  const { stdout } = run('scan', '--json')
  try {
    const { detections } = JSON.parse(stdout) as { detections: readonly Detected[] }
    return detections
      .flatMap(({ tool, account, state }) => (account === 'ann' ? [`${tool} ${state}`] : []))
      .toSorted()
      .join(', ')
  } catch {
    return `no document: ${stdout.slice(0, 200)}`
  }
}
