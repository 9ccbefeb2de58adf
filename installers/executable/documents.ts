// The papers beside the executables: what is in them, from what they were made, whose licences count. Pure but for reading the
// installed packages; the same sources give the same bytes, so no date and no name of a machine.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { lockedPackage } from './pinned-node.ts'
import type { Target } from './targets.ts'

export interface Built {
  readonly target: Target
  /** Of the executable, in hexadecimal. */
  readonly sha256: string
  readonly nodeIntegrity: string
  /** The target's compiled chunks are in it. */
  readonly compiled: boolean
}

export interface Ingredients {
  readonly agentVersion: string
  readonly nodeVersion: string
  /** npm packages in the bundle. */
  readonly packages: readonly string[]
  /** The checkout. */
  readonly root: string
}

interface Manifest {
  readonly version: string
  readonly license: string
}

function manifestOf(root: string, name: string): Manifest {
  // An installed package's own, which npm has checked.
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as Manifest
}

/** `sha512-BASE64` as other formats want it. */
function sha512Hex(integrity: string): string {
  return Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex')
}

function packageUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}

/** CycloneDX 1.6: the executable, the npm packages in it, and Node with the libraries that it tells it is made of. */
export function billOfMaterials(
  built: Built,
  { agentVersion, nodeVersion, packages, root }: Ingredients,
): object {
  const { target, sha256 } = built
  const libraries = packages.map((name) => {
    const { version, license } = manifestOf(root, name)
    return {
      type: 'library',
      'bom-ref': packageUrl(name, version),
      name,
      version,
      licenses: [{ license: { id: license } }],
      purl: packageUrl(name, version),
      hashes: [{ alg: 'SHA-512', content: sha512Hex(lockedPackage(root, name).integrity) }],
    }
  })
  const node = packageUrl(target.nodePackage, nodeVersion)
  const agent = `cutoff-agent@${agentVersion}`
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': agent,
        name: target.file,
        version: agentVersion,
        licenses: [{ license: { id: 'Apache-2.0' } }],
        hashes: [{ alg: 'SHA-256', content: sha256 }],
      },
    },
    components: [
      {
        type: 'platform',
        'bom-ref': node,
        name: 'node',
        version: nodeVersion,
        cpe: `cpe:2.3:a:nodejs:node.js:${nodeVersion}:*:*:*:*:*:*:*`,
        licenses: [{ license: { id: 'MIT' } }],
        purl: node,
        hashes: [{ alg: 'SHA-512', content: sha512Hex(built.nodeIntegrity) }],
        components: librariesOfNode().map(([name, version]) => ({ type: 'library', name, version })),
      },
      ...libraries,
    ],
    dependencies: [
      { ref: agent, dependsOn: [node, ...libraries.map((library) => library.purl)] },
      ...[node, ...libraries.map((library) => library.purl)].map((ref) => ({ ref })),
    ],
  }
}

/** As the Node that builds tells them of itself, which is of the same version as the one in the executable. */
function librariesOfNode(): readonly (readonly [string, string])[] {
  const { node: _itself, modules: _abi, napi: _interface, ...libraries } = process.versions
  return Object.entries(libraries)
    .flatMap(([name, version]) => (version === undefined ? [] : [[name, version] as const]))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

export interface Source {
  /** The commit, or null outside of git. */
  readonly commit: string | null
  /** Files differ from the commit. */
  readonly changed: boolean
  /** What built it, by name. */
  readonly tools: Readonly<Record<string, string>>
}

/** An in-toto statement with SLSA provenance, unsigned: from which commit, Nodes and tools which files were made. */
export function provenance(
  all: readonly Built[],
  { root, nodeVersion }: Ingredients,
  source: Source,
): object {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: all.map(({ target, sha256 }) => ({ name: target.file, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:cutoff:build-agent:1',
        externalParameters: { targets: all.map(({ target }) => target.name) },
        internalParameters: {
          tools: source.tools,
          compiledAhead: all.filter(({ compiled }) => compiled).map(({ target }) => target.name),
          uncommittedChanges: source.changed,
        },
        resolvedDependencies: [
          ...(source.commit === null ? [] : [{ name: 'source', digest: { gitCommit: source.commit } }]),
          { name: 'package-lock.json', digest: { sha256: lock } },
          ...all.map(({ target, nodeIntegrity }) => ({
            uri: packageUrl(target.nodePackage, nodeVersion),
            digest: { sha512: sha512Hex(nodeIntegrity) },
          })),
        ],
      },
      runDetails: { builder: { id: 'urn:cutoff:build-agent' } },
    },
  }
}

/** The licence texts that have to come with the executables: Node's, with those of its libraries, and the packages'. */
export function licenceTexts({ root, packages }: Ingredients, nodePackage: string): string {
  const parts = [nodePackage, ...packages].map((name) => {
    const folder = join(root, 'node_modules', name)
    if (!existsSync(folder)) throw new Error(`${name} is not installed`)
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    const text =
      file === undefined ? manifestOf(root, name).license : readFileSync(join(folder, file), 'utf8')
    return `${'='.repeat(78)}\n${name === nodePackage ? 'Node.js' : name}\n${'='.repeat(78)}\n\n${text.trim()}\n`
  })
  return parts.join('\n')
}

/** As `sha256sum --check` reads it. */
export function checksums(files: readonly { readonly name: string; readonly sha256: string }[]): string {
  return files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')
}
