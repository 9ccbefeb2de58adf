// What RPM's database lists as installed, where it is an SQLite one; the older formats are a gap. Names no tool.
import { parseRpmHeader, type RpmPackage } from '../parsers/rpm-header.ts'
import { eachRow } from '../parsers/sqlite-table.ts'
import type { OpenFile } from '../platform/files.ts'
import type { PackageLook } from './package-look.ts'
import { rpmPlaces } from './package-places.ts'

/** Databases of other formats: Berkeley DB (until RHEL 8) and ndb (SUSE). */
const otherFormats = ['Packages', 'Packages.db'] as const
/** A header's first entries and their text; the largest have some hundred entries. */
const headerBytes = 24 * 1024
/** 400 MB of pages: as large as the databases of the fullest systems. */
const maxPages = 100_000
/** Keys with which packages are signed stand among them. */
const keyName = 'gpg-pubkey'

export function lookAtRpm(look: PackageLook): void {
  const reach = look.context.host.files.reach({
    roots: rpmPlaces.map((path) => ({ path, owners: null })),
  })
  const seen = new Set<string>()
  for (const place of rpmPlaces) {
    const path = `${place}/rpmdb.sqlite`
    const info = reach.stat(path)
    if (!info.ok) {
      look.list.add(null, info.gap)
      if (otherFormats.some((name) => reach.stat(`${place}/${name}`).ok))
        look.list.add(null, { reason: 'unsupported', path: place, detail: 'rpm-database' })
      continue
    }
    // One of the two places is a link to the other.
    if (seen.has(info.value.identity)) continue
    seen.add(info.value.identity)
    const packages = reach.examined(path, examine)
    if (!packages.ok) look.list.add(null, packages.gap)
    else if (packages.value === null) look.list.add(null, { reason: 'unparsable', path, detail: null })
    else {
      for (const { name, version } of packages.value) {
        look.add({
          account: null,
          manager: 'rpm',
          name,
          version,
          path,
          scope: 'installed',
          installedAt: null,
        })
      }
    }
  }
}

function examine(file: OpenFile): readonly RpmPackage[] | null {
  const packages: RpmPackage[] = []
  const readAt = (position: number, length: number): Buffer => file.readAt(position, length)
  const isRead = eachRow(readAt, 'Packages', maxPages, (row) => {
    const [, header] = row.values(2, headerBytes)
    const found = header instanceof Buffer ? parseRpmHeader(header) : null
    if (found !== null && found.name !== keyName) packages.push(found)
    return true
  })
  return isRead ? packages : null
}
