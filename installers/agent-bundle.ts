// The agent as one small tree of CommonJS chunks: types are gone, nothing is looked up in node_modules, and what a command
// does not need is in a chunk that it does not load. Executables and benchmarks are made from the same.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build, type Rolldown } from 'vite'
import { withoutUnusedSchemas } from './unused-schemas.ts'

export interface AgentBundle {
  readonly folder: string
  /** File names in the folder. They refer to each other as `./name`. */
  readonly chunks: readonly string[]
  /** Names of the npm packages whose code is in it, sorted. */
  readonly packages: readonly string[]
}

/** The chunk that starts the agent. */
export const entryChunk = 'agent.cjs'

/**
 * Bundles the agent of the checkout `root` into `folder`, which it empties first. The same sources give the same bytes,
 * wherever the checkout lies. Throws where the sources do not bundle.
 */
export async function bundleAgent(root: string, folder: string): Promise<AgentBundle> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root,
    ssr: { noExternal: true },
    define: sourcesNamed(root),
    plugins: [withoutUnusedSchemas],
    build: {
      ssr: 'agent/main.ts',
      outDir: folder,
      emptyOutDir: true,
      minify: true,
      target: 'node26',
      rolldownOptions: {
        output: {
          format: 'cjs',
          entryFileNames: entryChunk,
          chunkFileNames: '[name]-[hash].cjs',
          // The tools' whole files, which `explain` reads one of, together rather than in two hundred chunks.
          codeSplitting: { groups: [{ name: 'tool-files', test: /shared[\\/]catalogue[\\/]tools[\\/]/ }] },
        },
      },
    },
  })
  const chunks = outputOf(built).filter((item) => item.type === 'chunk')
  return { folder, chunks: chunks.map(({ fileName }) => fileName).toSorted(), packages: packagesIn(chunks) }
}

/**
 * What stands for the name of the program in its sources (agent/version.ts): a digest of them all, and of what they are built
 * with. The same wherever the checkout lies.
 */
export function sourcesNamed(root: string): Readonly<Record<string, string>> {
  const files = ['agent', 'shared'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')] : [],
    ),
  )
  const digest = createHash('sha256')
  for (const file of ['package-lock.json', ...files.toSorted()])
    digest
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  return { cutoffSources: JSON.stringify(digest.digest('base64url')) }
}

// Without watch mode and with one environment there is one output.
function outputOf(
  built: Awaited<ReturnType<typeof build>>,
): readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[] {
  if (Array.isArray(built) || !('output' in built))
    throw new Error('the bundler answered with no single output')
  return built.output
}

function packagesIn(chunks: readonly Rolldown.OutputChunk[]): readonly string[] {
  const files = chunks.flatMap(({ modules }) => Object.keys(modules))
  const names = files.flatMap(
    (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file.replaceAll('\\', '/'))?.[1] ?? [],
  )
  return [...new Set(names)].toSorted()
}
