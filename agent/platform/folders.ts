// Resolves paths one component at a time, so that no link leads out of the given roots and no remote mount is touched.
// Every resolved folder is remembered for the length of a look: a child of a missing folder costs no system call.
import { withoutTrailingSlash } from '../parsers/plain-text.ts'
import type { Mount } from '../parsers/mountinfo.ts'
import { isLocalType } from '../parsers/mountinfo.ts'
import type { Disk, Status } from './disk.ts'
import { kindOf } from './disk.ts'
import type { Entry, Found, Root, SeenFile } from './files.ts'
import { found, isUnchanged, missing, refused } from './files.ts'
import { isPlain } from './listing-names.ts'

/** A folder that was resolved: its real path, and the root that it lies in (null: only on the way to one). */
export interface Folder {
  readonly real: string
  readonly root: Root | null
  /** As it was when it was resolved; null for `/` and for what a `..` led to. */
  readonly status: Status | null
}

/** A folder of this look, with what was asked of it. */
interface SeenFolder extends Folder {
  probes: number
  /** Null: not known, and not to be known in this look. */
  names: ReadonlySet<string> | null
}

/** What is at a path, links followed. */
export interface Located {
  readonly real: string
  readonly root: Root
  readonly status: Status
}

export interface Folders {
  locate(path: string): Found<Located>
  /** The same for what was just listed in a folder, by the folder's real path. */
  listed(folder: string, entry: Entry): Found<Located>
  /** Whether each of these files, all in one folder, is as it was. */
  areUnchanged(folder: string, files: readonly SeenFile[]): boolean
}

/** The bound of Linux itself (ELOOP). */
const maxLinks = 40
const maxPathLength = 4096
/** So many probes of one folder cost more than listing it. */
const probesWorthListing = 16
/** Found paths that are remembered: few, so that a look at thousands of files does not hold on to each of them. */
const mostLocated = 64

export interface FoldersOptions {
  readonly disk: Disk
  readonly roots: readonly Root[]
  readonly mounts: ReadonlyMap<string, string>
  /** Put before every path that goes to the disk; '' or `/proc/PID/root`. */
  readonly base: string
  /**
   * Every name in a folder, where that is known for the folder as it is now; null where it is not. `worthListing`: so much is
   * asked of the folder that listing it costs less.
   */
  readonly namesIn: (folder: Folder, worthListing: boolean) => ReadonlySet<string> | null
}

/** Mount points and their types; the later of two on one point is on top. */
export function mountTable(mounts: readonly Mount[]): ReadonlyMap<string, string> {
  return new Map(mounts.map((mount) => [mount.point, mount.type]))
}

export function foldersWithin(options: FoldersOptions): Folders {
  const { disk, base } = options
  const remote = new Map([...options.mounts].filter(([, type]) => !isLocalType(type)))
  const known = new Map<string, Found<SeenFolder>>()
  /** What was found last: a folder of shims has a hundred ways to one file, and what is read was asked for just before. */
  const located = new Map<string, Found<Located>>()
  let roots: readonly Root[] = []
  let open = true
  // A root's own path was given by the system (passwd), not by a user: links above it are followed wherever they lead,
  // and the root counts under both names.
  const both = options.roots.flatMap((root) => {
    const real = folder(root.path, 0)
    if (real.ok && real.value.real !== root.path) return [root, { ...root, path: real.value.real }]
    return [root]
  })
  open = false
  // What was learnt above was learnt without the fence.
  known.clear()
  located.clear()
  roots = both

  function rootOf(path: string): Root | null | undefined {
    if (open) return null
    let onTheWay = false
    for (const root of roots) {
      if (within(path, root.path)) return root
      if (within(root.path, path)) onTheWay = true
    }
    return onTheWay ? null : undefined
  }

  /** What lies at a real path directly below a resolved folder, as the disk has it; links are not followed. */
  function step(
    parent: SeenFolder,
    real: string,
    name: string,
  ): Found<{ real: string; root: Root | null; status: Status }> {
    if (lacks(parent, name)) return missing
    const root = parent.root ?? rootOf(real)
    if (root === undefined) return refused('outside-home', real)
    const type = remote.size === 0 ? undefined : remote.get(real)
    if (type !== undefined) return refused('remote-mount', real, type)
    let status: Status | undefined
    try {
      status = disk.lstat(base === '' ? real : base + real)
    } catch (error) {
      return fromError(error, real)
    }
    return status === undefined ? missing : found({ real, root, status })
  }

  /** Whether the folder is known to have no such name, as most that are asked for: that costs no system call. */
  function lacks(parent: SeenFolder, name: string): boolean {
    parent.probes += 1
    if (parent.names === null && (parent.probes === 1 || parent.probes === probesWorthListing))
      parent.names = open ? null : options.namesIn(parent, parent.probes === probesWorthListing)
    // Where a file system takes names of other case for the same, the same is taken here.
    return parent.names !== null && !parent.names.has(name.toLowerCase()) && isPlain(name)
  }

  function folder(path: string, links: number): Found<SeenFolder> {
    if (path === '' || path === '/') return found(seen('/', rootOf('/') ?? null, null))
    const remembered = known.get(path)
    if (remembered !== undefined) return remembered
    const resolved = folderUncached(path, links)
    // How deep a chain of links is depends on where it was entered.
    if (resolved.ok || resolved.gap?.reason !== 'too-deep') known.set(path, resolved)
    return resolved
  }

  function folderUncached(path: string, links: number): Found<SeenFolder> {
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    const parent = folder(path.slice(0, Math.max(slash, 0)), links)
    if (!parent.ok || name === '' || name === '.') return parent
    if (name === '..') return up(parent.value, path)
    const next = step(parent.value, below(parent.value, name), name)
    if (!next.ok) return next
    const { real, root, status } = next.value
    const kind = kindOf(status.mode)
    if (kind === 'folder') return found(seen(real, root, status))
    if (kind !== 'link') return missing
    const target = follow(parent.value, real, links)
    return target.ok ? folder(target.value, links + 1) : target
  }

  function up(current: Folder, path: string): Found<SeenFolder> {
    const real = current.real.slice(0, Math.max(current.real.lastIndexOf('/'), 1))
    const root = rootOf(real)
    if (root === undefined) return refused('outside-home', path)
    return found(seen(real, root, null))
  }

  /** Where a link leads, as a path; relative ones from its real folder. */
  function follow(parent: Folder, real: string, links: number): Found<string> {
    if (links >= maxLinks) return refused('too-deep', real, 'ELOOP')
    let target: string
    try {
      target = disk.readlink(base + real)
    } catch (error) {
      // No link any more: something else was put in its place since it was looked at.
      if (codeOf(error) === 'EINVAL') return refused('changed-while-read', real, 'EINVAL')
      return fromError(error, real)
    }
    const path = target.startsWith('/') ? target : `${parent.real}/${target}`
    return path.length > maxPathLength ? refused('too-deep', real, 'ENAMETOOLONG') : found(trimmed(path))
  }

  let lastListed: { readonly path: string; readonly root: Root | null | undefined } | null = null

  // Probes come folder by folder: the one before is nearly always the one of this path, too.
  let lastPath = ''
  let last: Found<SeenFolder> | null = null

  function parentOf(path: string, slash: number, links: number): Found<SeenFolder> {
    if (last !== null && slash === lastPath.length && path.startsWith(lastPath)) return last
    const parentPath = path.slice(0, Math.max(slash, 0))
    const parent = folder(parentPath, links)
    last = parent.ok || parent.gap === null ? parent : null
    lastPath = parentPath
    return parent
  }

  function remembered(path: string, links: number, asked: string): Found<Located> {
    const before = located.get(path)
    if (before !== undefined) return before
    const now = locate(path, links, asked)
    if (located.size >= mostLocated) located.clear()
    if (now.ok) located.set(path, now)
    return now
  }

  function locate(path: string, links: number, asked: string): Found<Located> {
    const slash = path.lastIndexOf('/')
    if (isDotted(path, slash)) return locateFolder(path, links, asked)
    const resolved = known.get(path)
    if (resolved?.ok === true && resolved.value.status !== null) {
      const { real, root, status } = resolved.value
      return root === null ? refused('outside-home', asked) : found({ real, root, status })
    }
    const above = parentOf(path, slash, links)
    if (!above.ok) return above
    const parent = above.value
    const name = path.slice(slash + 1)
    const next = step(parent, parent.real === lastPath ? path : below(parent, name), name)
    if (!next.ok) return next
    const { real, root, status } = next.value
    const kind = kindOf(status.mode)
    if (kind !== 'link') {
      if (root === null) return refused('outside-home', asked)
      // What is asked of a folder first is mostly followed by what is asked of the things in it.
      if (kind === 'folder') known.set(path, found(seen(real, root, status)))
      return found({ real, root, status })
    }
    const target = follow(parent, real, links)
    return target.ok ? remembered(target.value, links + 1, asked) : target
  }

  function locateFolder(path: string, links: number, asked: string): Found<Located> {
    const resolved = folder(path, links)
    if (!resolved.ok) return resolved
    const { real, root } = resolved.value
    if (root === null) return refused('outside-home', asked)
    try {
      const status = disk.lstat(base + real)
      return status === undefined ? missing : found({ real, root, status })
    } catch (error) {
      return fromError(error, real)
    }
  }

  return {
    listed(folderPath, { name, kind }) {
      if (lastListed?.path !== folderPath) lastListed = { path: folderPath, root: rootOf(folderPath) }
      const { root } = lastListed
      const path = folderPath === '/' ? `/${name}` : `${folderPath}/${name}`
      const type = remote.size === 0 ? undefined : remote.get(path)
      if (kind === 'link' || root === undefined || root === null || type !== undefined)
        return remembered(path, 0, path)
      try {
        const status = disk.lstat(base === '' ? path : base + path)
        if (status === undefined) return missing
        // Something else was put in its place meanwhile.
        return kindOf(status.mode) === 'link'
          ? remembered(path, 0, path)
          : found({ real: path, root, status })
      } catch (error) {
        return fromError(error, path)
      }
    },
    areUnchanged(folderPath, files) {
      const root = rootOf(folderPath)
      if (root === undefined || root === null) return false
      try {
        return files.every(({ real, version }) => {
          if (remote.size > 0 && remote.has(real)) return false
          const status = disk.lstat(base === '' ? real : base + real)
          return status !== undefined && isUnchanged(status, version)
        })
      } catch (error) {
        fromError(error, folderPath)
        return false
      }
    },
    locate(path) {
      if (path.charCodeAt(0) !== 0x2f) return missing
      if (path.length > maxPathLength) return refused('too-deep', path.slice(0, 200), 'ENAMETOOLONG')
      return remembered(path, 0, path)
    },
  }
}

function seen(real: string, root: Root | null, status: Status | null): SeenFolder {
  return { real, root, status, probes: 0, names: null }
}

function below(parent: Folder, name: string): string {
  return parent.real === '/' ? `/${name}` : `${parent.real}/${name}`
}

/** Whether the last segment is empty, `.` or `..`: then the path is a folder's own. */
function isDotted(path: string, slash: number): boolean {
  const length = path.length - slash - 1
  if (length > 2) return false
  const name = path.slice(slash + 1)
  return name === '' || name === '.' || name === '..'
}

export function within(path: string, root: string): boolean {
  if (root === '/') return true
  return path.startsWith(root) && (path.length === root.length || path[root.length] === '/')
}

function trimmed(path: string): string {
  return withoutTrailingSlash(path)
}

/** What a failed system call means; nothing here is a bug of ours. */
export function fromError(error: unknown, path: string): Found<never> {
  const code = codeOf(error)
  // A path with a NUL in it is refused by Node itself: there can be no such file.
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ERR_INVALID_ARG_VALUE') return missing
  if (code === 'EACCES' || code === 'EPERM') return refused('denied', path, code)
  return refused('failed', path, code ?? 'unknown')
}

export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) throw error
  return typeof error.code === 'string' ? error.code : null
}
