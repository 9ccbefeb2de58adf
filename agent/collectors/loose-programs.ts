// Programs that lie where people put what they download, on no PATH: AppImages, editors that were unpacked by hand, and what an
// account's own desktop entries start. Names no tool: what each is, its content tells (build.ts).
import type { Account } from '#shared/observation.ts'
import { maxEntryBytes, parseDesktopEntry } from '../parsers/desktop-entry.ts'
import { maxProductBytes, parseProduct } from '../parsers/product-file.ts'
import type { Reach } from '../platform/files.ts'
import type { Expanded } from './expand.ts'
import { expandAll, templateTree } from './expand.ts'
import type { GapList } from './gap.ts'

/** Below a home; `''` is the home itself. */
const folders = [
  '',
  'Applications/',
  'AppImages/',
  'Apps/',
  'apps/',
  'bin/',
  'Desktop/',
  'Downloads/',
  'opt/',
  'programs/',
  'software/',
  'tools/',
  '.local/',
  '.local/bin/',
  '.local/lib/',
  '.local/opt/',
  '.local/share/',
] as const
const product = 'resources/app/product.json'
const images = folders.flatMap((folder) => [`${folder}*.AppImage`, `${folder}*.appimage`])
/** `--appimage-extract` unpacks into a folder `squashfs-root`, below which lies what else would lie below `/`. */
const homeProducts = [
  ...folders.map((folder) => `${folder}*/${product}`),
  ...folders.map((folder) => `${folder}squashfs-root/usr/share/*/${product}`),
]
const systemProducts = [
  `opt/*/${product}`,
  `opt/*/usr/share/*/${product}`,
  `usr/local/*/${product}`,
  `usr/local/lib/*/${product}`,
  `usr/local/share/*/${product}`,
] as const
const entries = '.local/share/applications'

const homeTree = templateTree([...images, ...homeProducts].map((one) => [one, one]))
const systemTree = templateTree(systemProducts.map((one) => [one, one]))

const homes = `{${folders.map((folder) => `~/${folder}`.replace(/\/$/, '')).join(',')}}`

/** As the person at the keyboard reads it. */
export const loosePlaces = [
  `${homes}/*.AppImage: the catalogue’s only`,
  `${homes}/{*,squashfs-root/usr/share/*}/${product}, ${systemProducts.map((place) => `/${place}`).join(', ')}: the catalogue’s editors only`,
  `~/${entries}/*.desktop: the program of each, where it is one of the catalogue’s`,
] as const

/** Absolute paths of programs; whether each is there and may be started is the caller's to see. `account` null: the system's. */
export function loosePrograms(
  reach: Reach,
  account: Account | null,
  list: GapList,
  isOver: () => boolean,
): readonly string[] {
  const who = account?.name ?? null
  const tree = account === null ? systemTree : homeTree
  const expansions = expandAll(tree, account?.home ?? '', { reach, isOver })
  const found: Expanded[] = []
  for (const template of tree.below) {
    const { files, gaps } = expansions(template)
    for (const gap of gaps) list.add(who, gap)
    found.push(...files)
  }
  const programs = found.flatMap(({ path }) => {
    if (!path.endsWith(product)) return [path]
    const said = reach.parsed(path, maxProductBytes, parseProduct)
    if (!said.ok) list.add(who, said.gap)
    return said.ok && said.value !== null ? [path.slice(0, -product.length) + said.value.name] : []
  })
  return account === null ? programs : [...programs, ...entryPrograms(reach, account, list)]
}

/** The app collector has parsed the same files: an unchanged one costs an `lstat`. */
function entryPrograms(reach: Reach, account: Account, list: GapList): readonly string[] {
  const folder = `${account.home}/${entries}`
  const listing = reach.list(folder)
  if (!listing.ok) {
    list.add(account.name, listing.gap)
    return []
  }
  return listing.value.entries.flatMap(({ name }) => {
    if (!name.endsWith('.desktop')) return []
    const entry = reach.parsed(`${folder}/${name}`, maxEntryBytes, parseDesktopEntry)
    const program = entry.ok ? entry.value.program : null
    return program?.startsWith('/') === true ? [program] : []
  })
}
