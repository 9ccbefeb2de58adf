import { describe, expect, test } from 'vitest'
import { inventoryRecords } from '../../../../agent/report/inventory.ts'
import type {
  CommandObservation,
  ExtensionObservation,
  Observation,
  PackageManager,
} from '../../../../shared/observation.ts'

const context = {
  homeOf: (account: string | null) => (account === null ? null : `/home/${account}`),
  configTemplate: () => null,
}

function told(observation: Observation): readonly string[] {
  const records = inventoryRecords([observation], context)
  return [...records.values()].map(({ item, source, name }) => `${item} ${source} ${name}`)
}

function command(account: string | null, path: string, manager: PackageManager | null): CommandObservation {
  const own = manager === null ? null : { manager, name: 'm', version: null, root: path }
  return {
    kind: 'command',
    account,
    at: 1,
    name: 'x',
    path,
    target: path,
    bytes: 1,
    format: 'elf',
    package: own,
  }
}

function extension(status: ExtensionObservation['status']): ExtensionObservation {
  return {
    kind: 'extension',
    account: 'ann',
    at: 1,
    host: 'vscode',
    id: 'v.t',
    version: '1',
    path: '/e',
    status,
  }
}

describe('what of it is in the inventory', () => {
  test.each<[string, Observation, readonly string[]]>([
    ['a command without a package', command(null, '/usr/local/bin/x', null), ['command elf x']],
    ['one that a package owns', command(null, '/usr/local/bin/x', 'npm'), []],
    ['a program of Go, which no list has', command(null, '/opt/x/bin/x', 'go'), ['command elf x']],
    ['one out of Nix’s store', command(null, '/nix/store/a/bin/x', 'nix'), ['command elf x']],
    ['a program of Go in a home', command('ann', '/home/ann/bin/x', 'go'), []],
    ['an extension', extension('installed'), ['extension vscode v.t']],
    ['one that is switched off', extension('disabled'), ['extension vscode v.t']],
    ['one left over', extension('leftover'), []],
  ])('%s', (_title, observation, expected) => {
    expect(told(observation)).toEqual(expected)
  })
})
