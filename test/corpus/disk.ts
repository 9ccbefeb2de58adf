// A made-up machine on a real disk: its files below a folder that stands for `/`, read by the real gateway as it reads a
// container's disk. Processes and accounts stay made up. Needs root, because files have owners.
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { thisDisk } from '../../agent/platform/disk.ts'
import { createFiles } from '../../agent/platform/gateway.ts'
import type { FakeNode } from '../helpers/fake-host.ts'
import { hostOf, type Draft } from './draft.ts'
import type { LaterHost } from './pipeline.ts'

/** Writes the files below `root`, which is empty or not there, and gives the host that sees them as its own. */
export function hostOnDisk(draft: Draft, root: string): LaterHost {
  const made = hostOf(draft)
  const owners = new Map(draft.people.map(({ home, uid }) => [home, uid]))
  const disk = createFiles({
    disk: thisDisk('/proc/self/fd'),
    os: 'linux',
    now: made.now,
    mountTable: '/proc/self/mountinfo',
  })
  mkdirSync(root, { recursive: true })
  for (const { home } of draft.people) write(root, home, { folder: true }, owners)
  // Links last: what they lead to may lie below them in the listing.
  const entries = Object.entries(draft.files)
  for (const [path, node] of entries) if (!isLink(node)) write(root, path, node, owners)
  for (const [path, node] of entries) if (isLink(node)) write(root, path, node, owners)
  return {
    ...made,
    files: {
      os: 'linux',
      refresh: () => disk.refresh(),
      endLook: () => disk.endLook(),
      noteAnswers: () => disk.noteAnswers(),
      wouldAnswerTheSame: (answers, isOver) => disk.wouldAnswerTheSame(answers, isOver),
      reach: (options) => disk.reach({ base: root, ...options }),
      mounts: () => new Map(),
      accessTimes: () => null,
      system: (path, maxBytes) => disk.system(`${root}${path}`, maxBytes),
    },
    put(path, node) {
      if (node === null) rmSync(`${root}${path}`, { recursive: true })
      else write(root, path, node, owners)
    },
  }
}

function isLink(node: FakeNode): boolean {
  return typeof node === 'object' && !(node instanceof Uint8Array) && node.link !== undefined
}

type Owners = ReadonlyMap<string, number>

function write(root: string, path: string, node: FakeNode, owners: Owners): void {
  const given = typeof node === 'string' || node instanceof Uint8Array ? { content: node } : node
  const full = `${root}${path}`
  if (given.folder === true) {
    makeFolders(root, path, owners)
    return
  }
  makeFolders(root, dirname(path), owners)
  rmSync(full, { force: true, recursive: true })
  const owner = given.owner ?? ownerOf(path, owners)
  if (given.link !== undefined) {
    symlinkSync(given.link, full)
    lchownSync(full, owner, owner)
    return
  }
  writeFileSync(full, given.content ?? '')
  if (given.bytes !== undefined) truncateSync(full, given.bytes)
  chmodSync(full, given.mode ?? 0o644)
  chownSync(full, owner, owner)
  if (given.modifiedAt !== undefined) utimesSync(full, given.modifiedAt / 1000, given.modifiedAt / 1000)
}

/** What lies in a home is its account's, unless it is said to be another's. */
function ownerOf(path: string, owners: Owners): number {
  const home = [...owners.keys()].find((one) => path === one || path.startsWith(`${one}/`))
  return home === undefined ? 0 : (owners.get(home) ?? 0)
}

function makeFolders(root: string, path: string, owners: Owners): void {
  if (path === '/') return
  makeFolders(root, dirname(path), owners)
  try {
    mkdirSync(`${root}${path}`)
    chownSync(`${root}${path}`, ownerOf(path, owners), ownerOf(path, owners))
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
}
