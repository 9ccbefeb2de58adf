// The files that a run made or changed, as a short list of places: what differs from one account, day or version to the
// next becomes `*`, and crowded folders become one place. Pure.

/** More would be a listing and no fact. */
const maxPlaces = 30
/** More files of one ending in one folder are one place. */
const maxAlike = 3
/** A folder inside the tool's own in which more than this changed is named as a whole. */
const maxOfFolder = 8
const maxLength = 160

/** Words that stand in a path by chance: this account's name, the version that arrived. */
export type Passing = readonly string[]

/**
 * Places for paths that begin with `~/` or `/tmp/`; an empty folder ends with a slash. A last segment of `*` stands for
 * everything below.
 */
export function placesTouched(paths: readonly string[], passing: Passing = []): readonly string[] {
  let places = alikeAsOne(unique(paths.map((path) => placeOf(path, passing))))
  const inner = (): string | null => crowded(places, maxOfFolder, 1)
  for (let folder = inner(); folder !== null; folder = inner()) places = fold(places, folder)
  while (places.length > maxPlaces) {
    const folder = crowded(places, 1, 0)
    if (folder === null) return places.slice(0, maxPlaces)
    places = fold(places, folder)
  }
  return places
}

function placeOf(path: string, passing: Passing): string {
  const segments = path.replaceAll(/\/\d{4}\/\d{2}\/\d{2}(?=\/|$)/g, '/*/*/*').split('/')
  const varied = segments.map((segment, at) => (at === 0 ? segment : variedSegment(segment, passing)))
  return varied.join('/').slice(0, maxLength)
}

const varying: readonly RegExp[] = [
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi,
  /\d{4}-\d{2}-\d{2}(?:[T_ -]?\d{2}[-:_.]?\d{2}(?:[-:_.]?\d{2})?(?:[.-]?\d+)?Z?)?/g,
  /\d+\.\d+\.\d+(?:-[0-9a-z.-]*[0-9a-z])?/gi,
  /(?<![a-z0-9])(?=[a-f]*\d)[0-9a-f]{7,}(?![a-z0-9])/gi,
  // Names made by chance, such as mkdtemp's: figures or capitals within letters.
  /(?<=[-_.])(?=[A-Za-z]*\d|[a-z]+[A-Z]|[A-Z]+[a-z]+[A-Z])[A-Za-z0-9]{6,}(?=$|\.)/g,
  /\d{4,}(?:\.\d+)*/g,
]

function variedSegment(segment: string, passing: Passing): string {
  const known = passing.filter(Boolean).reduce((text, word) => text.replaceAll(word, '*'), segment)
  const varied = varying.reduce((text, pattern) => text.replace(pattern, '*'), known)
  // What stands between two things that vary does so too.
  return varied.replace(/\*(?:[-_.]?\*|[-_.][a-z0-9]+[-_.][a-z]?\*)+/g, '*')
}

function alikeAsOne(places: readonly string[]): readonly string[] {
  const alike = (place: string): string => place.replace(/[^/]*?(\.[^./]+)?$/, '*$1')
  const counts = new Map<string, number>()
  for (const place of places) counts.set(alike(place), (counts.get(alike(place)) ?? 0) + 1)
  // A name without an ending has nothing in common with the next one.
  const isMany = (place: string) => !alike(place).endsWith('/*') && (counts.get(alike(place)) ?? 0) > maxAlike
  return unique(places.map((place) => (isMany(place) ? alike(place) : place)))
}

/** The deepest folder with more than so many places, all below it counted, and so far inside of the tool's own. */
function crowded(places: readonly string[], limit: number, inside: number): string | null {
  const counts = new Map<string, number>()
  for (const place of places)
    for (const folder of foldersOf(place).slice(inside)) counts.set(folder, (counts.get(folder) ?? 0) + 1)
  const many = [...counts].filter(([, count]) => count > limit).map(([folder]) => folder)
  const depth = (folder: string) => folder.split('/').length
  return many.toSorted((a, b) => depth(b) - depth(a) || (a < b ? -1 : 1))[0] ?? null
}

/** Its folders from the tool's own on: `~`, `/tmp`, `~/.config` and the like are everybody's. */
function foldersOf(place: string): readonly string[] {
  const segments = place.replace(/\/$/, '').split('/').slice(0, -1)
  const shared = place.startsWith('~/') && commonFolders.some((folder) => place.startsWith(`${folder}/`))
  const first = place.startsWith('/tmp/') ? 3 : shared ? 3 + (place.startsWith('~/.local/') ? 1 : 0) : 2
  return segments.map((_, at) => segments.slice(0, at + 1).join('/')).slice(first - 1)
}

const commonFolders = ['~/.config', '~/.cache', '~/.local/share', '~/.local/state', '~/.local/bin']

function fold(places: readonly string[], folder: string): readonly string[] {
  return unique(places.map((place) => (place.startsWith(`${folder}/`) ? `${folder}/*` : place)))
}

function unique(places: readonly string[]): readonly string[] {
  return [...new Set(places)].toSorted()
}
