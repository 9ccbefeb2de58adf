// A registry as MacPorts makes it: made by hand, from the columns that `create_tables` in src/cregistry/sql.c of macports-base gives the
// table (its registry 1.214, looked at 2026-11-23; before 1.2 there was a column `url`). Not captured on a Mac.
import { DatabaseSync } from 'node:sqlite'

/** A port's name, version and state. */
export type Port = readonly [name: string, version: string, state: string]

const columns = [
  'id INTEGER PRIMARY KEY',
  'name TEXT COLLATE NOCASE',
  'portfile TEXT',
  'location TEXT',
  'epoch INTEGER',
  'version TEXT',
  'revision INTEGER',
  'variants TEXT',
  'requested_variants TEXT',
  'state TEXT',
  'date DATETIME',
  'installtype TEXT',
  'archs TEXT',
  'requested INTEGER',
] as const

export function macPortsRegistry(ports: readonly Port[], { withUrl = false } = {}): Buffer {
  const db = new DatabaseSync(':memory:')
  const made: string[] = [...columns]
  if (withUrl) made.splice(3, 0, 'url TEXT')
  db.exec(`CREATE TABLE metadata (key UNIQUE, value); CREATE TABLE ports (${made.join(', ')})`)
  const insert = db.prepare(
    `INSERT INTO ports (name, portfile, location, epoch, version, revision, variants, requested_variants, state, date, installtype,
      archs, requested) VALUES (?, ?, ?, 0, ?, 0, '', '', ?, 1760000000, 'image', 'arm64', 1)`,
  )
  for (const [name, version, state] of ports) {
    const image = `/opt/local/var/macports/software/${name}/${name}-${version}_0.darwin_25.arm64.tbz2`
    insert.run(name, 'f'.repeat(64), image, version, state)
  }
  const bytes = Buffer.from(db.serialize())
  db.close()
  return bytes
}
