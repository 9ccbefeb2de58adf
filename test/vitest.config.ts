// The five test projects. A test file belongs to the one whose folder it is in.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

interface ProjectLimits {
  readonly testTimeoutMs: number
  readonly hookTimeoutMs: number
  /** One file after the other: for tests that start servers, browsers or whole programs. */
  readonly serial: boolean
}

function project(name: string, limits: ProjectLimits) {
  return {
    root,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: limits.testTimeoutMs,
      hookTimeout: limits.hookTimeoutMs,
      fileParallelism: !limits.serial,
    },
  }
}

export const projects = [
  project('unit', { testTimeoutMs: 5_000, hookTimeoutMs: 5_000, serial: false }),
  project('repo', { testTimeoutMs: 20_000, hookTimeoutMs: 20_000, serial: false }),
  project('integration', { testTimeoutMs: 60_000, hookTimeoutMs: 60_000, serial: false }),
  project('e2e', { testTimeoutMs: 180_000, hookTimeoutMs: 180_000, serial: true }),
  project('browser', { testTimeoutMs: 60_000, hookTimeoutMs: 180_000, serial: true }),
]

// Vitest loads its configuration from the default export.
export default defineConfig({
  root,
  cacheDir: `${root}.cache/vitest`,
  test: { projects, passWithNoTests: true },
})
