// Places: paths as the catalogue writes them (`~/.claude/projects/*/*.jsonl`), and how a path fits one.
// Pure text; touches no file. A place never names a person: `~` stands for whichever home it is in.

/** Splits a place or template into its segments; `~` and the empty first segment of `/usr` stay. */
export function segmentsOf(place: string): readonly string[] {
  return place.split('/')
}

/**
 * Whether one path segment fits one template segment. `*` stands for any run of characters within the
 * segment, never for a leading dot-only name; everything else is literal.
 */
export function segmentFits(template: string, segment: string): boolean {
  return segmentMatcher(template)(segment)
}

/** The same for one template and many segments. */
export function segmentMatcher(template: string): (segment: string) => boolean {
  if (!template.includes('*')) return (segment) => segment === template
  const parts = template.split('*')
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  const middle = parts.slice(1, -1)
  return (segment) => {
    if (segment === '' || segment === '.' || segment === '..') return false
    if (segment.length < first.length + last.length) return false
    if (!segment.startsWith(first) || !segment.endsWith(last)) return false
    if (middle.length === 0) return true
    let from = first.length
    const end = segment.length - last.length
    for (const part of middle) {
      const found = segment.indexOf(part, from)
      if (found < 0 || found + part.length > end) return false
      from = found + part.length
    }
    return true
  }
}

/** Whether a place (`~/.claude/projects/-src/a.jsonl`) fits a template segment by segment. */
export function placeFits(template: string, place: string): boolean {
  const wanted = segmentsOf(template)
  const given = segmentsOf(place)
  if (wanted.length !== given.length) return false
  return wanted.every((segment, index) => segmentFits(segment, given[index] ?? ''))
}

/** The path as a place: `~/…` when it lies in the home, `%ProgramFiles%/…` in that of Windows, else as it is. Both absolute, `/`-separated, normal. */
export function placeOf(path: string, home: string | null): string {
  if (home === null || home === '' || home === '/') return ofMachine(path)
  if (path === home) return '~'
  const base = home.endsWith('/') ? home : `${home}/`
  return path.startsWith(base) ? `~/${path.slice(base.length)}` : ofMachine(path)
}

/** Windows' own folders by the names that templates have for them; the first two are one, for programs of 64 and 32 bits. */
function ofMachine(path: string): string {
  // Nearly every path is another system's, and there are thousands.
  if (path.charCodeAt(2) !== 0x3a) return path
  return path
    .replace(/^\/[A-Z]:\/Program Files(?: \(x86\))?\//, '%ProgramFiles%/')
    .replace(/^\/[A-Z]:\/ProgramData\//, '%ProgramData%/')
}

/** The path that a `~/…` template means in a home; templates that start at `/` are left as they are. */
export function pathOf(template: string, home: string): string {
  if (template === '~') return home
  return template.startsWith('~/') ? `${home.replace(/\/$/, '')}/${template.slice(2)}` : template
}

/** An index over many templates: finds those that a place fits without trying each one. */
export interface PlaceIndex<T> {
  readonly find: (place: string) => readonly T[]
}

/** Most nodes are ends with nothing below, and there are thousands: a map is made where something is put into it. */
interface Node<T> {
  literal?: Map<string, Node<T>>
  wild?: {
    readonly template: string
    readonly fits: (segment: string) => boolean
    readonly node: Node<T>
  }[]
  readonly values: T[]
}

/** Builds a {@link PlaceIndex} from pairs of template and value. */
export function indexPlaces<T>(entries: Iterable<readonly [template: string, value: T]>): PlaceIndex<T> {
  const root: Node<T> = { values: [] }
  for (const [template, value] of entries) {
    let node = root
    for (const segment of segmentsOf(template)) node = child(node, segment)
    node.values.push(value)
  }
  const folders = new Map<string, readonly Node<T>[]>()

  /** Where the segments of a folder lead; thousands of files lie in a few of them. */
  function nodesAt(folder: string): readonly Node<T>[] {
    const known = folders.get(folder)
    if (known !== undefined) return known
    if (folders.size >= maxFolders) folders.clear()
    const slash = folder.lastIndexOf('/')
    const above = slash < 0 ? [root] : nodesAt(folder.slice(0, slash))
    const made: Node<T>[] = []
    below(above, folder.slice(slash + 1), (node) => made.push(node))
    folders.set(folder, made)
    return made
  }

  return {
    find(place) {
      const slash = place.lastIndexOf('/')
      const above = slash < 0 ? [root] : nodesAt(place.slice(0, slash))
      let found: readonly T[] = none
      // Mostly one node or none: its values are given as they are.
      below(above, place.slice(slash + 1), ({ values }) => {
        if (values.length > 0) found = found.length === 0 ? values : [...found, ...values]
      })
      return found
    },
  }
}

const none: readonly never[] = []

/** Of folders that were asked for, so many are kept. */
const maxFolders = 2_000

function child<T>(node: Node<T>, segment: string): Node<T> {
  const wild = segment.includes('*')
  const known = wild
    ? node.wild?.find(({ template }) => template === segment)?.node
    : node.literal?.get(segment)
  if (known) return known
  const made: Node<T> = { values: [] }
  if (wild) (node.wild ??= []).push({ template: segment, fits: segmentMatcher(segment), node: made })
  else (node.literal ??= new Map()).set(segment, made)
  return made
}

function below<T>(nodes: readonly Node<T>[], segment: string, each: (node: Node<T>) => void): void {
  for (const { literal, wild } of nodes) {
    const own = literal?.get(segment)
    if (own !== undefined) each(own)
    if (wild !== undefined) for (const { fits, node } of wild) if (fits(segment)) each(node)
  }
}
