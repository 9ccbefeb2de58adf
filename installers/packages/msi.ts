// The package for Windows: its description for wixl as text, and its making with what is compiled from C: the service, the
// notices at login and the set-up.
import { copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from '../executable/run-tool.ts'
import { uuidOf } from '../managed/apple-profiles.ts'
import { element, xmlDocument, type Element } from '../managed/xml.ts'
import { settleSummary } from './msi-summary.ts'
import { dayOf, product, type Release } from './release.ts'

/** What stays the same of all versions, so that each replaces the one before. */
const upgradeCode = uuidOf('msi.upgrade')

/** Given to msiexec as `NAME=value`; the token is kept out of its logs. */
const settings = ['SERVER', 'TOKEN', 'ORGANISATIONKEY'] as const

/** Versions of Windows Installer are three numbers: an early version counts as the one that it is of. */
export function msiVersion(version: string): string {
  return version.replace(/[-+].*$/, '')
}

const files = [
  { id: 'Agent', name: 'cutoff-agent.exe' },
  { id: 'Service', name: 'cutoff-service.exe' },
  { id: 'Notice', name: 'cutoff-notice.exe' },
  { id: 'Licences', name: 'licences.txt' },
  { id: 'Settings', name: 'settings.example.yaml' },
] as const

/** The document that wixl reads; sources are the names of files in the folder where it runs. */
export function wxs(release: Release): string {
  const version = msiVersion(release.version)
  const onlyInstalled = 'NOT REMOVE="ALL"'
  const components = files.map(({ id, name }) =>
    element(
      'Component',
      { Id: id, Guid: uuidOf(`msi.component.${id}`), Win64: 'yes' },
      element('File', { Id: id, Name: name, Source: name, KeyPath: 'yes' }),
      ...(id === 'Service' ? serviceEntries() : []),
      ...(id === 'Notice' ? [runAtLogin()] : []),
    ),
  )
  return xmlDocument(
    element(
      'Wix',
      { xmlns: 'http://schemas.microsoft.com/wix/2006/wi' },
      element(
        'Product',
        {
          Id: uuidOf(`msi.product.${version}`),
          Name: 'Cutoff agent',
          Language: '1033',
          Codepage: '65001',
          Version: version,
          Manufacturer: 'Cutoff',
          UpgradeCode: upgradeCode,
        },
        element('Package', {
          InstallerVersion: '500',
          Compressed: 'yes',
          InstallScope: 'perMachine',
          Comments: `${product.name} ${release.version} of ${dayOf(release)}`,
        }),
        element('MajorUpgrade', {
          DowngradeErrorMessage: 'A later version of the Cutoff agent is installed: remove it first.',
        }),
        element('Media', { Id: '1', Cabinet: 'cutoff.cab', EmbedCab: 'yes' }),
        element('Property', { Id: 'ARPNOMODIFY', Value: '1' }),
        element('Property', { Id: 'ARPHELPLINK', Value: 'https://example.com/cutoff' }),
        element(
          'Directory',
          { Id: 'TARGETDIR', Name: 'SourceDir' },
          element(
            'Directory',
            { Id: 'ProgramFiles64Folder' },
            element('Directory', { Id: 'INSTALLDIR', Name: 'Cutoff' }, ...components),
          ),
        ),
        element(
          'Feature',
          { Id: 'Everything', Level: '1' },
          ...files.map(({ id }) => element('ComponentRef', { Id: id })),
        ),
        element('Binary', { Id: 'Actions', SourceFile: 'configure.dll' }),
        element('CustomAction', {
          Id: 'GiveSettings',
          Property: 'Configure',
          Value: settings.map((name) => `[${name}]`).join('|'),
        }),
        element('CustomAction', { Id: 'Configure', ...deferred('Configure') }),
        element('CustomAction', { Id: 'Purge', ...deferred('Purge') }),
        element('CustomAction', { Id: 'EndNotices', ...deferred('EndNotices') }),
        element(
          'InstallExecuteSequence',
          {},
          // By numbers (InstallInitialize is 1500, InstallFiles 4000, InstallFinalize 6600): of what is said to come before or after
          // another wixl makes one order or another, and a purge came before the service was stopped.
          element('Custom', { Action: 'GiveSettings', Sequence: '1501' }, onlyInstalled),
          element('Custom', { Action: 'EndNotices', Sequence: '1898' }, '1'),
          element('Custom', { Action: 'Configure', Sequence: '3999' }, onlyInstalled),
          // Not where the removal is a part of an upgrade.
          element(
            'Custom',
            { Action: 'Purge', Sequence: '6599' },
            'REMOVE="ALL" AND PURGE="1" AND NOT UPGRADINGPRODUCTCODE',
          ),
        ),
      ),
    ),
  )
}

/** As the system, since only it may write where the settings lie. */
function deferred(entry: string): Readonly<Record<string, string>> {
  return { BinaryKey: 'Actions', DllEntry: entry, Execute: 'deferred', Impersonate: 'no', Return: 'check' }
}

/** For every account, as that account: Windows starts it when the desktop appears. */
function runAtLogin(): Element {
  return element('RegistryValue', {
    Root: 'HKLM',
    Key: String.raw`Software\Microsoft\Windows\CurrentVersion\Run`,
    Name: 'CutoffNotice',
    Type: 'string',
    Value: '"[INSTALLDIR]cutoff-notice.exe"',
  })
}

function serviceEntries(): readonly Element[] {
  const name = 'CutoffAgent'
  return [
    element('ServiceInstall', {
      Id: 'ServiceEntry',
      Name: name,
      DisplayName: 'Cutoff agent',
      Description: 'Inventories AI coding tools and reports their use after a ban.',
      Type: 'ownProcess',
      Start: 'auto',
      ErrorControl: 'normal',
      Account: 'LocalSystem',
    }),
    element('ServiceControl', {
      Id: 'ServiceControl',
      Name: name,
      Start: 'install',
      Stop: 'both',
      Remove: 'uninstall',
      Wait: 'yes',
    }),
  ]
}

export interface MsiOptions {
  readonly release: Release
  /** The checkout. */
  readonly root: string
  readonly executable: string
  readonly licences: string
  /** Every setting, none of them set. */
  readonly settings: string
  /** To work in; is left behind. */
  readonly scratch: string
  /** Where the package goes. */
  readonly out: string
  /** Signs what will run, before it is packed. */
  readonly sign: (file: string) => unknown
}

/** Makes the package; answers its file name. @throws BuildError `tool-failed` */
export function makeMsi({ release, root, out, scratch, sign, ...parts }: MsiOptions): string {
  const folder = join(scratch, 'msi-x64')
  mkdirSync(folder)
  copyFileSync(parts.executable, join(folder, 'cutoff-agent.exe'))
  writeFileSync(join(folder, 'licences.txt'), windowsLines(parts.licences))
  writeFileSync(join(folder, 'settings.example.yaml'), windowsLines(parts.settings))
  const source = (name: string) => join(root, 'installers/windows', name)
  const rights = source('rights.c')
  compile(folder, [source('service.c'), source('account-folders.c'), rights, '-o', 'cutoff-service.exe'])
  compile(folder, ['-shared', source('configure.c'), rights, '-o', 'configure.dll', '-lmsi', '-lole32'])
  runTool([resourceCompiler, '-I', source('.'), source('notice.rc'), 'notice.o'], { cwd: folder })
  const windowed = ['-municode', '-mwindows', source('notice.c'), 'notice.o']
  compile(folder, [...windowed, '-o', 'cutoff-notice.exe', '-lcomctl32'])
  for (const name of ['cutoff-agent.exe', 'cutoff-service.exe', 'cutoff-notice.exe', 'configure.dll'])
    sign(join(folder, name))
  writeFileSync(join(folder, 'cutoff.wxs'), wxs(release))
  // The cabinet holds the files' times, as a clock on the wall shows them.
  for (const { name } of files) utimesSync(join(folder, name), release.at, release.at)
  const made = join(folder, 'cutoff.msi')
  const env = { ...process.env, TZ: 'UTC' }
  runTool(['wixl', '--arch', 'x64', '--output', made, 'cutoff.wxs'], { cwd: folder, env })
  for (const query of corrections) runTool(['msibuild', made, '-q', query])
  const bytes = readFileSync(made)
  settleSummary(bytes, release.at)
  const name = `${product.name}-${release.version}-x64.msi`
  writeFileSync(join(out, name), bytes)
  return name
}

/** What wixl 0.101 leaves out: values that reach the part that installs, what no log may show, and flags of actions. */
const corrections = [
  `UPDATE \`Property\` SET \`Value\` = 'WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;${settings.join(';')};PURGE' WHERE \`Property\` = 'SecureCustomProperties'`,
  "INSERT INTO `Property` (`Property`, `Value`) VALUES ('MsiHiddenProperties', 'TOKEN;GiveSettings;Configure')",
  "UPDATE `CustomAction` SET `Type` = 51 WHERE `Action` = 'GiveSettings'", // Sets a property, nothing else.
  `UPDATE \`CustomAction\` SET \`Type\` = ${1 + 0x400 + 0x800 + 0x2000} WHERE \`Action\` = 'Configure'`, // Library, deferred, as the system, hidden.
  // The program itself, as installed, before the service is stopped (1900); as the system, and whatever comes of it is passed over.
  ...(
    [
      ['ReportRemoval', 'report-removal', 'REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE'],
      ['ReportUpgrade', 'report-removal --upgrade', 'UPGRADINGPRODUCTCODE'],
    ] as const
  ).flatMap(([name, command, condition]) => [
    `INSERT INTO \`CustomAction\` (\`Action\`, \`Type\`, \`Source\`, \`Target\`) VALUES ('${name}', ${18 + 0x40 + 0x400 + 0x800}, 'Agent', '${command} --state "[CommonAppDataFolder]Cutoff\\State"')`,
    `INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Condition\`, \`Sequence\`) VALUES ('${name}', '${condition}', 1899)`,
  ]),
] as const

const compiler = 'x86_64-w64-mingw32-gcc'
const resourceCompiler = 'x86_64-w64-mingw32-windres'

function compile(folder: string, words: readonly string[]): void {
  const flags = [
    '-Os',
    '-s',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-static-libgcc',
    '-Wl,--no-insert-timestamp,--dynamicbase,--nxcompat',
  ]
  runTool([compiler, ...flags, ...words], { cwd: folder })
}

function windowsLines(text: string): string {
  return text.replaceAll(/\r?\n/g, '\r\n')
}
