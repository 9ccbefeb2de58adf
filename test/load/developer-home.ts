// A generated home that looks like a busy developer's: folders with session records of several tools (their real, captured
// records, dated anew), repositories, global packages. For measuring, not for judging: nothing in it was used.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Account } from '../helpers/lab/accounts.ts'

const fixtures = fileURLToPath(new URL('../fixtures/traces/', import.meta.url))
const dayMs = 86_400_000
const filesPerFolder = 20

export interface DeveloperHome {
  readonly sessionFolders: number
  readonly sessionFiles: number
  readonly repositories: number
  readonly packages: number
}

export const homeWords = (home: DeveloperHome): string =>
  `${home.sessionFolders} folders with ${home.sessionFiles} session files, ${home.repositories} repositories, ${home.packages} global packages`

/** Fills an account's home. `now`: ms since 1970; records are dated within the 60 days before it. */
export function fillDeveloperHome(account: Account, now: number): DeveloperHome {
  const write = (path: string, text: string, at = now): void => {
    const file = join(account.home, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    utimesSync(file, at / 1000, at / 1000)
  }
  let files = 0
  const folders = sessionFolders(now)
  for (const { tool, folder, name } of folders) {
    const record = readFileSync(join(fixtures, tool, 'use.jsonl'), 'utf8')
    for (let n = 0; n < filesPerFolder; n++) {
      files++
      const at = now - dayMs * (1 + ((files * 7) % 59)) + n * 60_000
      write(`${folder}/${name(n)}`, datedAnew(record, at), at + 60_000)
    }
  }
  const modules = '.nvm/versions/node/v22.20.0/lib/node_modules'
  const packages = [...installed, ...Array.from({ length: 27 }, (_, n) => [`example-tool-${n}`, `1.${n}.0`])]
  for (const [name = '', version = ''] of packages) {
    write(`${modules}/${name}/package.json`, JSON.stringify({ name, version, bin: { x: 'cli.js' } }))
    write(`${modules}/${name}/cli.js`, '#!/usr/bin/env node\n')
  }
  const repositories = 40
  for (let n = 0; n < repositories; n++) {
    write(`work/project-${n}/.git/HEAD`, 'ref: refs/heads/main\n')
    write(`work/project-${n}/package.json`, JSON.stringify({ name: `project-${n}`, version: '0.0.0' }))
    for (let m = 0; m < 10; m++) write(`work/project-${n}/src/module-${m}.ts`, 'export {}\n')
  }
  execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, account.home])
  return { sessionFolders: folders.length, sessionFiles: files, repositories, packages: packages.length }
}

const installed = [
  ['@anthropic-ai/claude-code', '2.1.330'],
  ['@openai/codex', '0.169.0'],
  ['@mariozechner/pi-coding-agent', '0.73.1'],
]

interface SessionFolder {
  readonly tool: string
  readonly folder: string
  readonly name: (n: number) => string
}

/** 100 folders in which sessions are recorded, as each tool lays them out. */
function sessionFolders(now: number): readonly SessionFolder[] {
  const many = (count: number, make: (n: number) => SessionFolder) =>
    Array.from({ length: count }, (_, n) => make(n))
  const id = (n: number, m: number) =>
    `00000000-0000-4000-8000-${String(n).padStart(6, '0')}${String(m).padStart(6, '0')}`
  return [
    ...many(60, (n) => ({
      tool: 'claude-code',
      folder: `.claude/projects/-home-dev-work-project-${n}`,
      name: (m) => `${id(n, m)}.jsonl`,
    })),
    ...many(20, (n) => {
      const day = new Date(now - n * dayMs).toISOString().slice(0, 10)
      return {
        tool: 'codex-cli',
        folder: `.codex/sessions/${day.replaceAll('-', '/')}`,
        name: (m) => `rollout-${day}T08-00-00-${id(n, m)}.jsonl`,
      }
    }),
    ...many(20, (n) => ({
      tool: 'pi',
      folder: `.pi/agent/sessions/--home-dev-work-project-${n}--`,
      name: (m) => `2026-01-01T08-00-00-000Z_${id(n, m)}.jsonl`,
    })),
  ]
}

/** Moves every time in a captured record by as much as brings the first one to `at`. */
function datedAnew(record: string, at: number): string {
  const stamp = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g
  const first = Date.parse(record.match(stamp)?.[0] ?? '')
  return record.replace(stamp, (time) => new Date(Date.parse(time) - first + at).toISOString())
}
