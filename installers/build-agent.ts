// `npm run build:agent`: the agent as one executable per system and processor in `dist`, with its bill of materials, checksums,
// provenance and licences. installers/README.md says how and why so.
//
//   --all            for all targets; without it and --target, for this machine
//   --target NAME    for one, such as win-x64; may be repeated
//   --out FOLDER     in place of dist
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleAgent, type AgentBundle } from './agent-bundle.ts'
import { BuildError } from './executable/build-error.ts'
import { requireTools, toolsFor } from './executable/build-tools.ts'
import { requireListed } from './executable/bundled-packages.ts'
import { prepareChunks, starterOf } from './executable/chunks.ts'
import { billOfMaterials, checksums, licenceTexts, provenance } from './executable/documents.ts'
import type { Built, Ingredients, Source } from './executable/documents.ts'
import { signAdHoc } from './executable/mach-o-signature.ts'
import { pack } from './executable/pack.ts'
import { lockedPackage, pinnedNode } from './executable/pinned-node.ts'
import { runTool } from './executable/run-tool.ts'
import { stripNode, stripProgram } from './executable/strip.ts'
import { ownTarget, targets, type Target } from './executable/targets.ts'
import { describeWindowsExecutable } from './executable/windows-resources.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const own = ownTarget(process.platform, process.arch)

interface Build {
  readonly targets: readonly Target[]
  readonly out: string
}

async function main(args: readonly string[]): Promise<void> {
  const { targets: wanted, out } = readArguments(args)
  requireTools(toolsFor(wanted, own), process.env['PATH'] ?? '', process.getuid?.() === 0)
  const scratch = join(root, '.cache/build-agent')
  mkdirSync(scratch, { recursive: true })
  mkdirSync(out, { recursive: true })
  const folder = mkdtempSync(join(scratch, 'run-'))
  try {
    const bundle = await bundleAgent(root, join(folder, 'bundle'))
    requireListed(bundle.packages)
    const version = packageVersion()
    const built = wanted.map((target) => buildTarget(target, bundle, version, join(folder, target.name), out))
    const nodeVersion = lockedPackage(root, wanted[0]?.nodePackage ?? '').version
    writeDocuments(built, { agentVersion: version, nodeVersion, packages: bundle.packages, root }, out)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readArguments(args: readonly string[]): Build {
  const { values } = parseArgs({
    args: [...args],
    options: {
      all: { type: 'boolean' },
      target: { type: 'string', multiple: true },
      out: { type: 'string' },
    },
  })
  const names = values.all
    ? targets.map(({ name }) => name)
    : (values.target ?? [own?.name ?? 'this machine'])
  const wanted = names.map((name) => {
    const target = targets.find((each) => each.name === name)
    if (target !== undefined) return target
    const known = targets.map((each) => each.name).join(', ')
    throw new BuildError('target-unknown', `There is no executable for ${name}: name one of ${known}.`)
  })
  return { targets: wanted, out: resolve(values.out ?? join(root, 'dist')) }
}

function packageVersion(): string {
  // The checkout's own.
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version
}

function buildTarget(
  target: Target,
  bundle: AgentBundle,
  version: string,
  folder: string,
  out: string,
): Built {
  const startedMs = performance.now()
  mkdirSync(folder)
  const { version: nodeVersion, integrity, path } = pinnedNode(root, target)
  const node = join(folder, 'node')
  stripNode(target, path, node)
  chmodSync(node, 0o755)
  if (target.system === 'win')
    describeWindowsExecutable(node, { version, icon: join(root, 'installers/executable/cutoff.ico') })
  const starter = starterOf(target, own)
  const assets = prepareChunks(bundle, join(folder, 'chunks'), node, starter)
  const executable = pack({ target, node, nodeVersion, assets, starter, folder })
  if (target.system === 'darwin')
    writeFileSync(executable, signAdHoc(readFileSync(executable), 'dev.cutoff.agent'))
  chmodSync(executable, 0o755)
  const sha256 = createHash('sha256').update(readFileSync(executable)).digest('hex')
  // Whole or not at all, also beside one that is running.
  renameSync(executable, join(out, target.file))
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(`${target.file}  ${starter === null ? 'not compiled ahead' : 'compiled ahead'}  ${seconds} s`)
  return { target, sha256, nodeIntegrity: integrity, compiled: starter !== null }
}

function writeDocuments(built: readonly Built[], ingredients: Ingredients, out: string): void {
  const documents = new Map<string, string>()
  const json = (name: string, value: object) => documents.set(name, `${JSON.stringify(value, null, 2)}\n`)
  for (const each of built) json(`${each.target.file}.cdx.json`, billOfMaterials(each, ingredients))
  json('cutoff-agent.provenance.json', provenance(built, ingredients, source()))
  documents.set('cutoff-agent.licences.txt', licenceTexts(ingredients, own?.nodePackage ?? ''))
  const sums = [...documents].map(([name, text]) => ({
    name,
    sha256: createHash('sha256').update(text).digest('hex'),
  }))
  const files = [...built.map(({ target, sha256 }) => ({ name: target.file, sha256 })), ...sums]
  documents.set('SHA256SUMS', checksums(files))
  for (const [name, text] of documents) writeFileSync(join(out, name), text)
}

function source(): Source {
  const git = (...words: readonly string[]) => spawnSync('git', words, { cwd: root, encoding: 'utf8' })
  const commit = git('rev-parse', 'HEAD')
  const stripVersion = runTool([stripProgram, '--version']).match(/version (\S+)/)?.[1] ?? 'unknown'
  return {
    commit: commit.status === 0 ? commit.stdout.trim() : null,
    changed: git('status', '--porcelain').stdout !== '',
    tools: {
      node: process.versions.node,
      [stripProgram]: stripVersion,
      ...Object.fromEntries(
        ['@yao-pkg/pkg', 'resedit', 'rolldown', 'vite'].map((name) => [
          name,
          lockedPackage(root, name).version,
        ]),
      ),
    },
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof BuildError)) throw error
  process.stderr.write(`build:agent: ${error.message} [${error.code}]\n`)
  process.exitCode = 1
}
