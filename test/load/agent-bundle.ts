// The agent bundled, as packages will carry it: types are gone and no module is looked up in node_modules at its start.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

/** Builds it below `.cache`, in a folder for this purpose alone, and returns its path. */
export async function bundleAgent(root: string, purpose = 'bench'): Promise<string> {
  const folder = join(root, '.cache', purpose, 'agent')
  mkdirSync(folder, { recursive: true })
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    ssr: { noExternal: true },
    build: { ssr: 'agent/main.ts', outDir: folder, emptyOutDir: true, minify: true, target: 'node26' },
  })
  return join(folder, 'main.js')
}
