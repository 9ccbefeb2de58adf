// What MacPorts' own database lists as active, in its usual prefix. Names no tool.
// The table: `create_tables` in src/cregistry/sql.c of macports-base (its registry 1.214), looked at 2026-11-23; not run.
import { eachRow, textOf } from '../parsers/sqlite-table.ts'
import type { OpenFile, Reach } from '../platform/files.ts'
import type { PackageLook } from './package-look.ts'

export const macPortsRegistry = '/opt/local/var/macports/registry/registry.db'

/** A row without its last columns: names, versions and the paths of its port's files. */
const rowBytes = 16 * 1024
/** 400 MB of pages of 4 KiB. The table of files, by far the largest, is not walked. */
const maxPages = 100_000

interface Port {
  readonly name: string
  readonly version: string
}

export function lookAtMacPorts(look: PackageLook, reach: Reach): void {
  const ports = reach.examined(macPortsRegistry, examine)
  if (!ports.ok) return look.list.add(null, ports.gap)
  if (ports.value === null)
    return look.list.add(null, { reason: 'unparsable', path: macPortsRegistry, detail: null })
  // Left behind by a `port` that is at work or was killed: what is in it is not in the database yet.
  const log = reach.stat(`${macPortsRegistry}-wal`)
  if (log.ok && log.value.bytes > 0)
    look.list.add(null, { reason: 'unsupported', path: log.value.real, detail: 'write-ahead-log' })
  for (const { name, version } of ports.value) {
    look.add({
      account: null,
      manager: 'macports',
      name,
      version,
      path: macPortsRegistry,
      scope: 'installed',
      installedAt: null,
    })
  }
}

/** Null for what is no such database, or one of an older layout. */
function examine(file: OpenFile): readonly Port[] | null {
  const ports: Port[] = []
  let isKnown = true
  const isRead = eachRow(
    (position, length) => file.readAt(position, length),
    'ports',
    maxPages,
    (row) => {
      const [, name, , , , version, , , , state] = row.values(10, rowBytes).map(textOf)
      // `imaged`: an archive that was kept, of which no file lies where it could be started.
      isKnown = state === 'installed' || state === 'imaged'
      if (typeof name === 'string' && typeof version === 'string' && state === 'installed')
        ports.push({ name, version })
      return isKnown
    },
  )
  return isRead && isKnown ? ports : null
}
