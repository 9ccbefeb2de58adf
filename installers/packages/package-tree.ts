// The files of a flat package as the tree that its archive and its bill of materials both list: each folder before what is in it.
// Pure.

export interface TreeFile {
  /** On the machine, from the root. */
  readonly path: string
  readonly mode: number
  /** Bytes, or where a symbolic link leads. */
  readonly content: Buffer | { readonly link: string }
}

export interface TreeEntry {
  readonly kind: 'folder' | 'file' | 'link'
  /** As archives of Apple's have it: `.`, `./usr`, `./usr/local`. */
  readonly path: string
  readonly name: string
  /** Place of its folder in the list; null for the root. */
  readonly parent: number | null
  readonly mode: number
  /** A link's is where it leads; a folder has none. */
  readonly bytes: Buffer
}

/** Level by level and in a level by folder and name, as the bill of materials is searched. */
export function packageTree(files: readonly TreeFile[]): readonly TreeEntry[] {
  const byPath = new Map(files.map((file) => [`.${file.path}`, file]))
  const folders = new Set([...byPath.keys()].flatMap((path) => foldersOf(path)))
  const paths = [...folders, ...byPath.keys()].toSorted(byLevel)
  const places = new Map<string, number>()
  return paths.map((path, place) => {
    places.set(path, place)
    const cut = path.lastIndexOf('/')
    const at = {
      path,
      name: path.slice(cut + 1),
      parent: cut === -1 ? null : (places.get(path.slice(0, cut)) ?? null),
    }
    const file = byPath.get(path)
    if (file === undefined) return { ...at, kind: 'folder', mode: 0o755, bytes: Buffer.alloc(0) }
    const { mode, content } = file
    return Buffer.isBuffer(content)
      ? { ...at, kind: 'file', mode, bytes: content }
      : { ...at, kind: 'link', mode, bytes: Buffer.from(content.link) }
  })
}

/** `./usr/bin/x` → `.`, `./usr`, `./usr/bin`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

function byLevel(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  if (left.length !== right.length) return left.length - right.length
  const at = left.findIndex((part, index) => part !== right[index])
  return (left[at] ?? '') < (right[at] ?? '') ? -1 : 1
}
