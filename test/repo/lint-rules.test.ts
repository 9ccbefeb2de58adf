// The rules of the dependency order fire where they should: an override replaces the base rule, and what one
// forgets to repeat would slip through unseen.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { repositoryRoot } from '../helpers/repository.ts'

/** What a file does, by name: titles stay readable. */
const sources = {
  'starts a child': "import { spawn } from 'node:child_process'\nexport const x = spawn\n",
  'uses the network': "import got from 'got'\nexport const x = got\n",
  'opens a socket': "import { createConnection } from 'node:net'\nexport const x = createConnection\n",
  fetches: "export const x = fetch('https://example.com')\n",
  'opens files': "import { readFileSync } from 'node:fs'\nexport const x = readFileSync\n",
  'speaks SQL': "import { DatabaseSync } from 'node:sqlite'\nexport const x = DatabaseSync\n",
  'asks for the platform': 'export const x = process.platform\n',
  'reads the clock': 'export const x = Date.now()\n',
  'imports the sync': "import { x } from '../sync/a.ts'\nexport const y = x\n",
  'imports the agent': "import { x } from '../agent/scan.ts'\nexport const y = x\n",
  'imports the server': "import { x } from '../server/app.ts'\nexport const y = x\n",
  'imports the exporters': "import { x } from '../exports/a.ts'\nexport const y = x\n",
  'imports the store': "import { x } from '../store/a.ts'\nexport const y = x\n",
  'is half of a cycle': "import { b } from './cycle-b.ts'\nexport const a = () => b\n",
  'is the other half': "import { a } from './cycle-a.ts'\nexport const b = () => a\n",
  'has any': 'export const x: any = 1\n',
  'lets a promise float': 'async function f() {}\nf()\n',
  'forgets a case':
    "export function f(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1\n  }\n  return 2\n}\n",
  'is long': Array.from({ length: 301 }, (_, line) => `export const x${line} = ${line}\n`).join(''),
} as const

const imports = 'eslint(no-restricted-imports)'
const properties = 'eslint(no-restricted-properties)'
const globals = 'eslint(no-restricted-globals)'

type Case = readonly [path: string, does: keyof typeof sources, rule: string | undefined]

function each(paths: readonly string[], does: keyof typeof sources, rule: string): readonly Case[] {
  return paths.map((path) => [path, does, rule])
}

const server = ['server/app.ts', 'server/api/a.ts', 'server/exports/a.ts', 'server/jobs/a.ts']
const agent = ['agent/scan.ts', 'agent/collectors/a.ts', 'agent/parsers/a.ts']
const cases: readonly Case[] = [
  ...each(
    [...agent, ...server, 'agent/sync/a.ts', 'agent/outbox.ts', 'server/store/a.ts'],
    'starts a child',
    imports,
  ),
  ...each([...agent, 'agent/platform/a.ts', 'agent/state.ts'], 'uses the network', imports),
  ...each([...agent, 'agent/platform/a.ts', 'agent/state.ts', 'shared/a.ts'], 'fetches', globals),
  ...each(
    [...agent, 'agent/sync/a.ts', 'agent/outbox.ts', 'shared/a.ts', 'server/web/a.ts'],
    'opens files',
    imports,
  ),
  ...each([...agent, ...server, 'agent/sync/a.ts', 'shared/a.ts'], 'speaks SQL', imports),
  ...each([...agent, ...server, 'server/store/a.ts', 'shared/a.ts'], 'asks for the platform', properties),
  ['agent/platform/a.ts', 'opens a socket', imports],
  ['agent/platform/session-bus.ts', 'opens a socket', undefined],
  ['agent/platform/session-bus.ts', 'uses the network', imports],
  ['shared/a.ts', 'reads the clock', properties],
  ['agent/collectors/a.ts', 'imports the sync', imports],
  ['agent/a.ts', 'imports the server', imports],
  ['server/a.ts', 'imports the agent', imports],
  ['shared/a.ts', 'imports the agent', imports],
  ['server/api/a.ts', 'imports the exporters', imports],
  ['server/web/a.ts', 'imports the store', imports],
  ['shared/cycle-a.ts', 'is half of a cycle', 'import(no-cycle)'],
  ['shared/cycle-b.ts', 'is the other half', 'import(no-cycle)'],
  ['agent/a.ts', 'has any', 'typescript(no-explicit-any)'],
  ['agent/a.ts', 'lets a promise float', 'typescript(no-floating-promises)'],
  ['agent/a.ts', 'forgets a case', 'typescript(switch-exhaustiveness-check)'],
  ['agent/a.ts', 'is long', 'eslint(max-lines)'],
  ['agent/platform/commands.ts', 'starts a child', undefined],
  ['agent/platform/host.ts', 'asks for the platform', undefined],
  ['agent/platform/files.ts', 'opens files', undefined],
  ['agent/sync/transport.ts', 'uses the network', undefined],
  ['agent/outbox.ts', 'speaks SQL', undefined],
  ['server/store/database.ts', 'speaks SQL', undefined],
  ['installers/build.ts', 'starts a child', undefined],
  ['installers/build.ts', 'asks for the platform', undefined],
  ['test/unit/a.ts', 'starts a child', undefined],
]

interface Diagnostic {
  readonly code: string
  readonly filename: string
}

let root = ''
let found: readonly Diagnostic[] = []

/** Several cases may be about one path: each gets a name of its own, but those that import each other. */
function placeOf(index: number, path: string): string {
  return path.includes('cycle') ? path : path.replace(/\.ts$/, `-${index}.ts`)
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lint-'))
  for (const path of ['.oxlintrc.json', 'package.json', 'tsconfig.json'])
    cpSync(join(repositoryRoot, path), join(root, path))
  const folders = ['shared', 'agent', 'server', 'server/web', 'installers', 'test']
  for (const folder of folders) {
    mkdirSync(join(root, folder))
    cpSync(join(repositoryRoot, folder, 'tsconfig.json'), join(root, folder, 'tsconfig.json'))
  }
  symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'), 'junction')
  for (const [index, [path, does]] of cases.entries()) {
    const place = join(root, placeOf(index, path))
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, sources[does])
  }
  const oxlint = join(repositoryRoot, 'node_modules/oxlint/bin/oxlint')
  const run = spawnSync(
    process.execPath,
    [oxlint, '--type-aware', '--format', 'json', 'agent', 'server', 'shared', 'installers', 'test'],
    { cwd: root, encoding: 'utf8', maxBuffer: 64_000_000 },
  )
  found = JSON.parse(run.stdout).diagnostics
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test.each(cases.map(([path, does, rule], index) => ({ path, does, rule, index })))(
  '$path that $does is answered with $rule',
  ({ path, rule, index }) => {
    const place = placeOf(index, path)
    const codes = found
      .filter(({ filename }) => filename.replaceAll('\\', '/') === place)
      .map(({ code }) => code)
    expect([...new Set(codes)]).toEqual(rule === undefined ? [] : [rule])
  },
)
