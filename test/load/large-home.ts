// A home of 400,000 files in 40 repositories, as builds and package managers leave them behind. Made once into a cache below the
// system's temporary folder, moved into an account's home for a run and out of it again. Only names and sizes are real.
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** The repositories that `fillDeveloperHome` makes, filled. */
const repositories = 40
const packagesPerRepository = 150
/** ext4 allows 65,000 names for one file. */
const maxNames = 60_000

export interface LargeHome {
  /** Where an account's home has to be made, so that moving the files there costs nothing. */
  readonly homeRoot: string
  readonly files: number
  readonly folders: number
  /** Moves the files into a home. */
  readonly moveInto: (home: string) => void
  /** Moves them out again, before the home is removed; with what was written among them since. */
  readonly moveOut: () => void
}

/** Opens the cache; fills it first where it is not there or not whole, which takes half a minute. */
export function openLargeHome(): LargeHome {
  const cache = join(tmpdir(), 'cutoff-bench-large-home-1')
  const tree = join(cache, 'tree')
  const marker = join(cache, 'counts.json')
  let home: string | null = null
  const whole = statSync(tree, { throwIfNoEntry: false }) !== undefined && readCounts(marker)
  const counts = whole || make(cache, tree)
  // While its files are elsewhere it is not whole.
  rmSync(marker, { force: true })
  return {
    homeRoot: cache,
    ...counts,
    moveInto(into) {
      home = into
      moveEntries(tree, into)
    },
    moveOut() {
      if (home !== null) moveEntries(home, tree, new Set(topFolders))
      writeFileSync(marker, JSON.stringify(counts))
    },
  }
}

const topFolders = ['work', '.vscode', '.cursor', '.nvm', '.cache']

interface Counts {
  readonly files: number
  readonly folders: number
}

function readCounts(marker: string): Counts | null {
  if (statSync(marker, { throwIfNoEntry: false }) === undefined) return null
  return JSON.parse(readFileSync(marker, 'utf8')) as Counts // written by moveOut
}

function moveEntries(from: string, to: string, only?: ReadonlySet<string>): void {
  for (const name of readdirSync(from)) {
    if (only === undefined || only.has(name)) renameSync(join(from, name), join(to, name))
  }
}

function make(cache: string, tree: string): Counts {
  console.log('Making a home of 400,000 files, once…')
  rmSync(cache, { recursive: true, force: true })
  mkdirSync(tree, { recursive: true, mode: 0o755 })
  const disk = linkedFiles(tree, join(cache, 'content'))
  const random = randomFrom(7)
  for (let n = 0; n < repositories; n++) fillRepository(disk, `work/project-${n}`, random)
  for (const [editor, count] of [
    ['.vscode', 80],
    ['.cursor', 50],
  ] as const) {
    for (let n = 0; n < count; n++) {
      const folder = `${editor}/extensions/publisher.example-${n}-1.2.${n}`
      const manifest = { publisher: 'publisher', name: `example-${n}`, version: `1.2.${n}` }
      disk.write(`${folder}/package.json`, JSON.stringify(manifest))
      fillPackage(disk, folder, 90)
    }
  }
  for (let n = 0; n < 25; n++) {
    fillPackage(disk, `.nvm/versions/node/v22.20.0/lib/node_modules/example-tool-${n}`, 120)
  }
  for (let n = 0; n < 20_000; n++) disk.add(`.cache/example/${(n % 256).toString(16)}/${n}`)
  return disk.counts()
}

function fillRepository(disk: LinkedFiles, folder: string, random: () => number): void {
  for (let n = 0; n < 400; n++) {
    const group = ((n * 7) % 256).toString(16).padStart(2, '0')
    disk.add(`${folder}/.git/objects/${group}/${n.toString(16).padStart(38, '0')}`)
  }
  const places = ['src', 'src/lib', 'test', 'packages/app/src', 'docs']
  for (let n = 0; n < 300; n++) disk.add(`${folder}/${places[n % 5]}/part-${n % 13}/file-${n}.ts`)
  for (let n = 0; n < packagesPerRepository; n++) {
    const scope = n % 5 === 0 ? `@scope-${n % 7}/` : ''
    const name = `${folder}/node_modules/${scope}package-${n}`
    disk.add(`${name}/package.json`)
    fillPackage(disk, name, Math.max(4, Math.round(114 * random())))
  }
}

/** `count` files below a package's folder, besides its manifest. */
function fillPackage(disk: LinkedFiles, folder: string, count: number): void {
  disk.add(`${folder}/README.md`)
  disk.add(`${folder}/LICENSE`)
  const places = ['dist', 'lib', 'dist/cjs', 'dist/esm', 'src/internal', 'types/a']
  for (let n = 0; n < count - 2; n++) {
    const group = Math.floor(n / 9)
    const place = `${places[group % 6]}${group > 5 ? `/m${group}` : ''}`
    disk.add(`${folder}/${place}/f${n % 9}.${n % 3 === 0 ? 'd.ts' : 'js'}`)
  }
}

interface LinkedFiles {
  /** One more name for the same content. */
  readonly add: (path: string) => void
  readonly write: (path: string, text: string) => void
  readonly counts: () => Counts
}

/** Files that are all one: a name costs a fraction of a file. */
function linkedFiles(tree: string, contentFolder: string): LinkedFiles {
  const folders = new Set<string>()
  let files = 0
  let content = ''
  mkdirSync(contentFolder)
  const place = (path: string): string => {
    const full = join(tree, path)
    const folder = dirname(full)
    if (!folders.has(folder)) {
      mkdirSync(folder, { recursive: true })
      folders.add(folder)
    }
    return full
  }
  return {
    add(path) {
      if (files % maxNames === 0) {
        content = join(contentFolder, String(files))
        writeFileSync(content, '{"name":"example","version":"1.0.0"}\n')
      }
      linkSync(content, place(path))
      files++
    },
    write(path, text) {
      writeFileSync(place(path), text)
    },
    counts: () => ({ files, folders: folders.size }),
  }
}

/** The same numbers each time: a bench that changes by itself measures nothing. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) / 0x7fffffff
}
