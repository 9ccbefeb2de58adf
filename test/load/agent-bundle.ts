// The agent bundled, as the executables carry it, for benchmarks that run it on plain Node.
import { join } from 'node:path'
import { bundleAgent as bundle, entryChunk } from '../../installers/agent-bundle.ts'

/** Builds it below `.cache`, in a folder for this purpose alone, and returns its path. */
export async function bundleAgent(root: string, purpose = 'bench'): Promise<string> {
  const { folder } = await bundle(root, join(root, '.cache', purpose, 'agent'))
  return join(folder, entryChunk)
}
