// The inventory as it leaves the device: names and versions of what is installed, of no file in a project, with no time at all.
import type { ConfigObservation, Observation, PackageRef } from '#shared/observation.ts'
import type { InventoryRecord } from '#shared/protocol.ts'
import { versionText } from './evidence.ts'

export interface InventoryContext {
  readonly homeOf: (account: string | null) => string | null
  /** The catalogue's template that a config file fits; null when none. */
  readonly configTemplate: (o: ConfigObservation) => string | null
}

/** One record per item and account; where there are several versions, the last in order of text. */
export function inventoryRecords(
  observations: readonly Observation[],
  context: InventoryContext,
): Map<string, InventoryRecord> {
  const records = new Map<string, InventoryRecord>()
  for (const observation of observations) {
    const record = recordOf(observation, context)
    if (record === null) continue
    const key = inventoryKey(record)
    const before = records.get(key)
    if (before === undefined || (before.version ?? '') < (record.version ?? '')) records.set(key, record)
  }
  return records
}

export function inventoryKey({ item, account, source, name }: InventoryRecord): string {
  return `inventory\0${item}\0${account ?? ''}\0${source}\0${name}`
}

function recordOf(o: Observation, context: InventoryContext): InventoryRecord | null {
  const { account } = o
  switch (o.kind) {
    case 'package':
      return o.scope === 'installed' ? itemRecord('package', account, o.manager, o.name, o.version) : null
    case 'extension':
      return o.status === 'leftover' ? null : itemRecord('extension', account, o.host, o.id, o.version)
    case 'app':
      // A person's own desktop entries are shortcuts to anything, with any name.
      return o.idKind === 'desktop' && inHome(o.path, o.account, context)
        ? null
        : itemRecord('app', account, o.idKind, o.id, o.version)
    case 'command':
      // What a package owns is in the list by its package; what lies in a home without one is a person's own script.
      return isListed(o.package) || inHome(o.path, o.account, context) || inHome(o.target, o.account, context)
        ? null
        : itemRecord('command', account, o.format, o.name, null)
    case 'config': {
      const template = context.configTemplate(o)
      return template === null ? null : itemRecord('config', account, 'catalogue', template, null)
    }
    case 'process':
    case 'mcp-server':
    case 'trace':
    case 'behaviour':
      return null
  }
}

/** A program of Go, and one in Nix's store, tells its package wherever it lies; not every such place is in a list. */
function isListed(own: PackageRef | null): boolean {
  return own !== null && own.manager !== 'go' && own.manager !== 'nix'
}

function itemRecord(
  item: InventoryRecord['item'],
  account: string | null,
  source: string,
  name: string,
  version: string | null,
): InventoryRecord | null {
  if (name === '' || name.length > 300) return null
  return { type: 'inventory', item, account, source, name, version: versionText(version), gone: false }
}

function inHome(path: string, account: string | null, context: InventoryContext): boolean {
  const home = context.homeOf(account)
  return home !== null && home !== '/' && (path === home || path.startsWith(`${home.replace(/\/$/, '')}/`))
}
