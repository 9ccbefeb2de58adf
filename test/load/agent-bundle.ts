// The agent as packages carry it, for benchmarks: bundled on plain Node, with the flags that the executable has.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { bundleAgent as bundle, entryChunk, sourcesNamed } from '../../installers/agent-bundle.ts'
import { withoutUnusedSchemas } from '../../installers/unused-schemas.ts'
import { engineFlags } from '../../installers/executable/chunks.ts'
import { ownTarget } from '../../installers/executable/targets.ts'

/** Builds it below `.cache`, in a folder for this purpose alone, and returns its path. */
export async function bundleAgent(root: string, purpose = 'bench'): Promise<string> {
  const { folder } = await bundle(root, join(root, '.cache', purpose, 'agent'))
  return join(folder, entryChunk)
}

/** The executable for this machine in `dist`; undefined where `npm run build:agent` has not made it. */
export function executableIn(root: string): string | undefined {
  const path = join(root, 'dist', ownTarget(process.platform, process.arch)?.file ?? 'none')
  return existsSync(path) ? path : undefined
}

/** Words that start the executable if there is one, else the bundle on Node with the same flags. */
export function packagedAgent(root: string, bundled: string): readonly string[] {
  const executable = executableIn(root)
  return executable === undefined ? [process.execPath, ...engineFlags, bundled] : [executable]
}

/** A script of this folder with the agent in it, bundled: words that start it as the executable would run it. */
export async function bundledScript(root: string, name: string): Promise<readonly string[]> {
  const outDir = join(root, '.cache/bench', name)
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    ssr: { noExternal: true },
    define: sourcesNamed(root),
    plugins: [withoutUnusedSchemas],
    build: { ssr: `test/load/${name}.ts`, outDir, emptyOutDir: true, minify: true, target: 'node26' },
  })
  return [process.execPath, ...engineFlags, join(outDir, `${name}.js`)]
}
