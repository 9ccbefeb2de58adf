// The walk-throughs of installers/README.md: what they tell to type is typed, and what they name is there. The commands for a
// Linux machine are typed into one by `npm run check:packages` (test/packages/walk-through.ts).
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { managedFiles } from '../../../installers/managed/files.ts'
import { launchDaemon } from '../../../installers/packages/pkg.ts'
import { readText, repositoryRoot } from '../../helpers/repository.ts'
import { machineCommands, serverCommands, walkThrough } from '../../helpers/walk-through.ts'

const folder = mkdtempSync(join(tmpdir(), 'cutoff-walk-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function type(command: string): string {
  const env = { ...process.env, CUTOFF_DATA: join(folder, 'server') }
  return execFileSync('sh', ['-c', command], { cwd: repositoryRoot, encoding: 'utf8', env })
}

test('on the server: the fingerprint, a token, and the files that hold the one and not the other', () => {
  const [keys = '', token = '', managed = '', ...others] = serverCommands
  expect(others).toEqual([])
  const fingerprint = /^organisation fingerprint +([0-9a-f ]{64,})$/m.exec(type(keys))?.[1] ?? ''
  expect(type(token)).toMatch(/^[\w-]{43}\n$/)
  expect(managed).toContain('organisationKey=FINGERPRINT')
  const out = join(folder, 'managed')
  const said = type(`${managed.replace('FINGERPRINT', `'${fingerprint}'`)} --out ${out}`)
  expect(said).toContain(`an Ansible role are in ${out}.`)
  expect(readFileSync(join(out, 'linux/50-organisation.yaml'), 'utf8')).toContain(
    `\norganisationKey: '${fingerprint}'\n`,
  )
})

test('on a machine nothing is to be typed but on Linux, where the packages’ check types it', () => {
  expect([...machineCommands.keys()]).toEqual(['Linux'])
})

const readme = readText('installers/README.md')
const generated = [
  ...managedFiles(
    {
      name: 'Example',
      values: {},
      macos: { codeRequirement: 'identifier x', teamIdentifier: null },
      moreInfo: 'https://example.com',
    },
    '1.2.3',
  ).keys(),
]

test('every generated file is in the table, and no other', () => {
  const table = readme.slice(
    readme.indexOf('\n## Files for device management'),
    readme.indexOf('\n## From token'),
  )
  const named = [...table.matchAll(/`((?:macos|windows|linux)\/[\w./-]+\.\w+)`/g)].map(
    ([, path = '']) => path,
  )
  expect(new Set(named)).toEqual(new Set(generated.filter((path) => path !== 'settings.md')))
})

test('the walk-throughs name no file that is not made', () => {
  const named = [...walkThrough.matchAll(/`([\w-]+\.(?:mobileconfig|sh|zsh|ps1|json|xml|admx))`/g)].map(
    ([, name = '']) => name,
  )
  expect(named.length).toBeGreaterThan(20)
  const names = generated.map((path) => basename(path))
  expect(named.filter((name) => !names.includes(name))).toEqual([])
})

test('what msiexec is given is what the package takes', () => {
  const taken = readText('installers/packages/msi.ts')
  const given = [...readme.matchAll(/`?msiexec \/[ix] [^`\n]+/g)].flatMap(([line]) => [
    ...line.matchAll(/ ([A-Z]{3,})=/g),
  ])
  expect(given.length).toBeGreaterThan(5)
  expect(given.map(([, name = '']) => name).filter((name) => !taken.includes(name))).toEqual([])
})

test('launchd and Windows are told the names of the services', () => {
  const label = /launchctl kickstart -k system\/([\w.]+)/.exec(walkThrough)?.[1] ?? ''
  expect(launchDaemon()).toContain(`<string>${label}</string>`)
  const service = /Restart-Service (\w+)/.exec(walkThrough)?.[1] ?? ''
  expect(readText('installers/packages/msi.ts')).toContain(`'${service}'`)
})
