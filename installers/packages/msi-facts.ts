// What a finished package for Windows says of itself, read by msitools from its tables.
import { BuildError } from '../executable/build-error.ts'
import { runTool } from '../executable/run-tool.ts'
import type { MsiFacts } from './intunewin.ts'

const systemFolders: ReadonlySet<string> = new Set([
  'AdminToolsFolder',
  'CommonAppDataFolder',
  'FontsFolder',
  'System16Folder',
  'System64Folder',
  'SystemFolder',
  'TempFolder',
  'WindowsFolder',
  'WindowsVolume',
])
/** Roots of the table `Registry`: the machine, all users, and what is the machine's where it is installed for the machine. */
const machineRoots: ReadonlySet<string> = new Set(['2', '3', '-1'])

/** @throws BuildError `tool-failed`; `msi-incomplete` where it does not say what device management has to know */
export function msiFacts(file: string): MsiFacts {
  const tables = new Set(runTool(['msiinfo', 'tables', file]).split(/\r?\n/))
  const rows = (table: string) =>
    tables.has(table) ? rowsOf(runTool(['msiinfo', 'export', file, table])) : []
  const properties = new Map(rows('Property').map(([name = '', value = '']) => [name, value]))
  const known = (name: string, value: string | undefined): string => {
    if (value !== undefined && value !== '') return value
    throw new BuildError('msi-incomplete', `${file} has no ${name}: was it made by build:installers?`)
  }
  const property = (name: string) => known(name, properties.get(name))
  const code = /\{[0-9A-F-]{36}\}/i.exec(runTool(['msiinfo', 'suminfo', file]))?.[0]
  return {
    productCode: property('ProductCode'),
    productName: property('ProductName'),
    productVersion: property('ProductVersion'),
    packageCode: known('package code', code),
    upgradeCode: property('UpgradeCode'),
    publisher: property('Manufacturer'),
    perMachine: properties.get('ALLUSERS') === '1',
    services: rows('ServiceInstall').length > 0,
    dataSources: rows('ODBCDataSource').length > 0,
    registryKeys: rows('Registry').some(([, root = '']) => machineRoots.has(root)),
    systemFolders: rows('Directory').some(([name = '']) => systemFolders.has(name)),
  }
}

/** The table as msiinfo prints it: names, kinds and keys come first. */
function rowsOf(text: string): readonly (readonly string[])[] {
  return text
    .split(/\r?\n/)
    .slice(3)
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
}
