// Every npm package whose code is in the executables, and why it has to be. The build fails on any other.
import { BuildError } from './build-error.ts'

export const bundledPackages: Readonly<Record<string, string>> = {
  'jsonc-parser': 'settings of editors are JSON with comments',
  'smol-toml': 'settings of tools in TOML',
  yaml: 'policies for `scan --policy`, and settings of tools in YAML',
  zod: 'checks what the server, the settings and the own state say',
}

/** @throws BuildError `package-unlisted` that names each package without a reason */
export function requireListed(packages: readonly string[]): void {
  const unlisted = packages.filter((name) => !Object.hasOwn(bundledPackages, name))
  if (unlisted.length === 0) return
  throw new BuildError(
    'package-unlisted',
    `The agent's bundle holds ${unlisted.join(', ')}: do without, or give the reason in installers/executable/bundled-packages.ts.`,
  )
}
