// From templates with `*` to the paths that fit them: one listing per wildcard level, never a walk. Many templates are looked
// for together, so that a folder which is not there costs once, not once for each template that leads through it.
import { segmentMatcher } from '#shared/place.ts'
import type { FileInfo, Found, Listing, Obstacle, Reach } from '../platform/files.ts'
import { namesOf } from '../platform/listing-names.ts'

export interface Expanded {
  readonly path: string
  readonly info: FileInfo
}

/** What fits one template, in the order of the listings, and what could not be seen of it. */
export interface Expansion {
  readonly files: readonly Expanded[]
  readonly gaps: readonly Obstacle[]
}

interface ExpandLimits {
  readonly reach: Reach
  /** True once the collector's time is up. */
  readonly isOver: () => boolean
  /** Whether `*` stands for names with a leading dot too; `.*` does in any case. */
  readonly dotted?: boolean
}

export interface ExpandOptions extends ExpandLimits {
  /** Absolute, `~` already replaced. */
  readonly template: string
  readonly onGap: (gap: Obstacle) => void
}

/** Templates by their segments; each value stands for one of them. */
export interface TemplateTree<T> {
  /** By the segment in lower case, as the names of a listing are. */
  readonly literal: ReadonlyMap<string, readonly Literal<TemplateTree<T>>[]>
  readonly wild: readonly Wild<TemplateTree<T>>[]
  /** Of the templates that end here. */
  readonly values: readonly T[]
  /** Of those, and of all that lead through here. */
  readonly below: readonly T[]
}

interface Literal<Tree> {
  readonly segment: string
  readonly below: Tree
}

interface Wild<Tree> {
  readonly segment: string
  readonly fits: (name: string) => boolean
  readonly below: Tree
}

/** No tool keeps more files of one kind; a folder that was filled on purpose must not cost more than this. */
const maxFiles = 20_000
/** From so many names on, a listing is no dearer than a look for each; that of an unchanged folder costs a single look. */
const namesWorthListing = 24
const nothing: Expansion = { files: [], gaps: [] }
const none: ReadonlySet<string> = new Set()

/** Templates relative to the folder that they will be looked for in, without a leading slash. */
export function templateTree<T>(entries: Iterable<readonly [template: string, value: T]>): TemplateTree<T> {
  const root = emptyTree<T>()
  for (const [template, value] of entries) {
    let tree = root
    for (const segment of template.split('/')) {
      tree.below.push(value)
      tree = branch(tree, segment)
    }
    tree.below.push(value)
    tree.values.push(value)
  }
  return finished(root)
}

const noLiteral: ReadonlyMap<string, never> = new Map<string, never>()
const noValues: readonly never[] = []

/** Most of a tree are ends, and trees are kept: what is empty in them is the same for all. */
function finished<T>({ literal, wild, values, below }: GrowingTree<T>): TemplateTree<T> {
  const literals = Array.from(literal, ([segment, tree]) => ({ segment, below: finished(tree) }))
  return {
    literal:
      literals.length === 0 ? noLiteral : Map.groupBy(literals, ({ segment }) => segment.toLowerCase()),
    wild: wild.length === 0 ? noValues : wild.map((one) => ({ ...one, below: finished(one.below) })),
    values: values.length === 0 ? noValues : values,
    // Of an end, all that leads through it ends there.
    below: below.length === values.length ? values : below,
  }
}

interface GrowingTree<T> {
  readonly literal: Map<string, GrowingTree<T>>
  readonly wild: Wild<GrowingTree<T>>[]
  readonly values: T[]
  readonly below: T[]
}

function emptyTree<T>(): GrowingTree<T> {
  return { literal: new Map(), wild: [], values: [], below: [] }
}

function branch<T>(tree: GrowingTree<T>, segment: string): GrowingTree<T> {
  const isWild = segment.includes('*')
  const known = isWild ? tree.wild.find((wild) => wild.segment === segment)?.below : tree.literal.get(segment)
  if (known !== undefined) return known
  const made = emptyTree<T>()
  if (isWild) tree.wild.push({ segment, fits: segmentMatcher(segment), below: made })
  else tree.literal.set(segment, made)
  return made
}

/** The part of a tree that is below a folder without `*` in it; null when no template leads there. */
export function treeBelow<T>(tree: TemplateTree<T>, folder: string): TemplateTree<T> | null {
  let below: TemplateTree<T> | undefined = tree
  for (const segment of folder.split('/'))
    below = below?.literal.get(segment.toLowerCase())?.find((one) => one.segment === segment)?.below
  return below ?? null
}

function isEnd<T>({ wild, literal }: TemplateTree<T>): boolean {
  return wild.length === 0 && literal.size === 0
}

/** What fits one template. Everything that could not be seen goes to `onGap`. */
export function expand(options: ExpandOptions): readonly Expanded[] {
  const { files, gaps } = expandAll(chainOf(options.template), '', options)(options.template)
  for (const gap of gaps) options.onGap(gap)
  return files
}

/** What fits a template, and what may be looked at there. */
export interface Fitting extends Expanded {
  readonly reach: Reach
}

/** What fits templates, each with its own reach; hidden names only where a template names them. */
export function expandEach(
  places: readonly Pick<ExpandOptions, 'template' | 'reach'>[],
  rest: Pick<ExpandOptions, 'onGap' | 'isOver'>,
): readonly Fitting[] {
  return places.flatMap(({ template, reach }) =>
    expand({ ...rest, template, reach, dotted: false }).map(({ path, info }) => ({ path, info, reach })),
  )
}

/** The same templates are asked for at every look. */
const chains = new Map<string, TemplateTree<string>>()
const maxChains = 5_000

function chainOf(template: string): TemplateTree<string> {
  const known = chains.get(template)
  if (known !== undefined) return known
  if (chains.size >= maxChains) chains.clear()
  const made = chain(template)
  chains.set(template, made)
  return made
}

/** A tree of one template: what is literal in it is one step. */
function chain(template: string): TemplateTree<string> {
  const below = [template]
  let tree: TemplateTree<string> = { literal: noLiteral, wild: noValues, values: below, below }
  const steps = template.slice(1).split('/')
  while (steps.length > 0) {
    const last = steps.pop() ?? ''
    if (last.includes('*')) {
      const wild = [{ segment: last, fits: segmentMatcher(last), below: tree }]
      tree = { literal: noLiteral, wild, values: noValues, below }
    } else {
      const from = steps.findLastIndex((step) => step.includes('*')) + 1
      const segment = [...steps.splice(from), last].join('/')
      const literal = new Map([[segment.toLowerCase(), [{ segment, below: tree }]]])
      tree = { literal, wild: noValues, values: noValues, below }
    }
  }
  return tree
}

/**
 * What fits each template of a tree in a folder, by the template's value.
 * @param asBefore asked of a folder that a template ends in: how many files of it whoever asks knows already and has just seen
 *   to be as they were; nothing else in it is then looked at for this template. 0: that is not so
 */
export function expandAll<T>(
  tree: TemplateTree<T>,
  folder: string,
  { reach, isOver, dotted }: ExpandLimits,
  asBefore: (listing: Listing, value: T, fits: (name: string) => boolean) => number = () => 0,
): (value: T) => Expansion {
  const expansions = new Map<T, { files: Expanded[]; gaps: Obstacle[]; known: number }>()
  const full = new Set<T>()
  let over = false

  const expansionOf = (value: T) => {
    let expansion = expansions.get(value)
    if (expansion === undefined) expansions.set(value, (expansion = { files: [], gaps: [], known: 0 }))
    return expansion
  }

  const addGap = (values: readonly T[], gap: Obstacle | null): void => {
    if (gap !== null) for (const value of values) expansionOf(value).gaps.push(gap)
  }

  const isTimeUp = (path: string): boolean => {
    if (!over && isOver()) {
      over = true
      addGap(tree.below, { reason: 'over-budget', path, detail: null })
    }
    return over
  }

  const take = (path: string, values: readonly T[], info: Found<FileInfo>): void => {
    if (!info.ok) {
      addGap(values, info.gap)
      return
    }
    for (const value of values) {
      const { files, known } = expansionOf(value)
      if (files.length + known < maxFiles) files.push({ path, info: info.value })
      else if (!full.has(value)) {
        full.add(value)
        addGap([value], { reason: 'too-many', path, detail: `more than ${maxFiles}` })
      }
    }
  }

  const visit = (path: string, node: TemplateTree<T>): void => {
    if (over) return
    if (node.values.length > 0) take(path, node.values, reach.stat(path))
    if (isEnd(node)) return
    const names = node.wild.length > 0 ? matchWild(path, node) : namesIn(path, node)
    const follow = ({ segment, below }: Literal<TemplateTree<T>>): void => visit(`${path}/${segment}`, below)
    // Not loops: where nothing is compiled, they cost an object for each of a thousand segments.
    if (names === null) node.literal.forEach((literals) => literals.forEach(follow))
    else if (names.size < node.literal.size) names.forEach((name) => node.literal.get(name)?.forEach(follow))
    else
      node.literal.forEach((literals, lower) => {
        if (names.has(lower)) literals.forEach(follow)
      })
  }

  const isAsBefore = (listing: Listing, { fits, below }: Wild<TemplateTree<T>>): boolean => {
    const value = below.values[0]
    if (value === undefined || below.values.length > 1 || isTimeUp(listing.real)) return false
    const expansion = expansionOf(value)
    if (expansion.files.length + expansion.known + listing.entries.length > maxFiles) return false
    const count = asBefore(listing, value, fits)
    expansion.known += count
    return count > 0
  }

  /** Goes on with whatever fits a segment with `*`. Returns the names, null when not all of them are known. */
  const matchWild = (path: string, { wild, literal }: TemplateTree<T>): ReadonlySet<string> | null => {
    const listing = reach.list(path)
    const gap = listing.ok ? listing.value.gap : listing.gap
    for (const { below } of wild) addGap(below.below, gap)
    if (!listing.ok) return gap === null ? none : null
    const { entries, real } = listing.value
    for (const one of wild) {
      const { segment, fits, below } = one
      const leads = !isEnd(below)
      if (!leads && isAsBefore(listing.value, one)) continue
      for (const entry of entries) {
        const { name, kind } = entry
        const isHidden = dotted === false && name.startsWith('.') && !segment.startsWith('.')
        if (isHidden || !fits(name)) continue
        // Only folders, and links that may lead to one, have something below them.
        if (below.values.length === 0 && kind !== 'folder' && kind !== 'link') continue
        if (full.size > 0 && below.below.every((value) => full.has(value))) break
        if (isTimeUp(path)) return null
        if (leads) {
          visit(`${path}/${name}`, below)
          continue
        }
        const info = reach.statIn(listing.value, entry)
        // The very text that it is known by, where no link leads there: what is looked up by it is not hashed twice.
        const isReal = kind === 'file' && real === path && info.ok
        take(isReal ? info.value.real : `${path}/${name}`, below.values, info)
      }
    }
    return gap === null && literal.size > 0 ? namesOf(entries) : null
  }

  /** Null when looking for each name is cheaper, or the only way. */
  const namesIn = (path: string, { literal }: TemplateTree<T>): ReadonlySet<string> | null => {
    if (literal.size < namesWorthListing) return null
    const listing = reach.list(path)
    if (!listing.ok) return listing.gap === null ? none : null
    return listing.value.gap === null ? namesOf(listing.value.entries) : null
  }

  visit(folder, tree)
  return (value) => expansions.get(value) ?? nothing
}
