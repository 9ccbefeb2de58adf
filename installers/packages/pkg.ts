// The package for macOS, flat and with a distribution, as MDM wants it: its descriptions as texts, and its making without
// Apple's tools.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { domain } from '../managed/apple-profiles.ts'
import { executables } from '../managed/compliance.ts'
import { propertyList } from '../managed/property-list.ts'
import { element, xmlDocument } from '../managed/xml.ts'
import { billOfMaterials } from './bill-of-materials.ts'
import { cpio } from './cpio.ts'
import { packageTree, type TreeEntry, type TreeFile } from './package-tree.ts'
import { product, type Release } from './release.ts'
import { xar } from './xar.ts'

export type PkgArchitecture = 'arm64' | 'x64'

/** What launchd starts with the machine, and again two minutes after it failed. */
export function launchDaemon(): string {
  return propertyList({
    Label: domain,
    // As root: launchd has no right to read other accounts' files that could be given alone.
    ProgramArguments: [executables.darwin, 'run', '--state', '/var/lib/cutoff'],
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 120,
    ExitTimeOut: 20,
    Umask: 0o077,
    // Nobody at the machine is to notice it.
    ProcessType: 'Background',
    LowPriorityIO: true,
    Nice: 10,
    StandardErrorPath: '/var/log/cutoff-agent.log',
  })
}

/**
 * What launchd starts in each account's session, with that account's rights: when its desktop appears, and when the agent says that
 * there is news for somebody (agent/account-copies.ts). Between them nothing of it runs.
 */
export function launchAgent(): string {
  return propertyList({
    Label: noticeLabel,
    ProgramArguments: [executables.darwin, 'notice', '--wait', '120'],
    RunAtLoad: true,
    WatchPaths: ['/var/lib/cutoff-accounts/news'],
    // Not for sessions without a screen, such as ssh.
    LimitLoadToSessionType: 'Aqua',
    ProcessType: 'Background',
    LowPriorityIO: true,
    Nice: 10,
  })
}

/** Begins as the rule of the managed login items does (managed/apple-profiles.ts). */
const noticeLabel = 'dev.cutoff.notice'

export interface MacTexts {
  readonly manualPage: string
  readonly licences: string
  /** Every setting, none of them set. */
  readonly settings: string
}

/** @param scripts the folder with `uninstall` */
export function macContents(executable: Buffer, scripts: string, texts: MacTexts): readonly TreeFile[] {
  const plain = (path: string, text: string): TreeFile => ({ path, mode: 0o644, content: Buffer.from(text) })
  return [
    { path: executables.darwin, mode: 0o755, content: executable },
    // For people. What root runs is not there: where Homebrew is in /usr/local, its user may write that folder.
    { path: '/usr/local/bin/cutoff-agent', mode: 0o755, content: { link: executables.darwin } },
    { path: '/Library/Cutoff/uninstall', mode: 0o755, content: readFileSync(join(scripts, 'uninstall')) },
    plain('/Library/Cutoff/licences.txt', texts.licences),
    plain(`/Library/LaunchDaemons/${domain}.plist`, launchDaemon()),
    plain(`/Library/LaunchAgents/${noticeLabel}.plist`, launchAgent()),
    // The installer overwrites what it brings: postinstall makes settings.yaml of it where there is none.
    plain('/Library/Application Support/Cutoff/settings.example.yaml', texts.settings),
    plain('/usr/local/share/man/man1/cutoff-agent.1', texts.manualPage),
  ]
}

/** What the installer reads of the files and scripts. */
export function packageInfo(version: string, entries: readonly TreeEntry[]): string {
  return xmlDocument(
    element(
      'pkg-info',
      {
        'format-version': '2',
        identifier: domain,
        version,
        'install-location': '/',
        auth: 'root',
        // Folders that are there keep their owner and rights.
        'overwrite-permissions': 'false',
        relocatable: 'false',
      },
      element('payload', {
        numberOfFiles: String(entries.length),
        installKBytes: String(kilobytes(entries)),
      }),
      element(
        'scripts',
        {},
        element('preinstall', { file: './preinstall' }),
        element('postinstall', { file: './postinstall' }),
      ),
    ),
  )
}

/** Where it may be installed, and what. */
export function distribution(
  version: string,
  architecture: PkgArchitecture,
  entries: readonly TreeEntry[],
): string {
  return xmlDocument(
    element(
      'installer-gui-script',
      { minSpecVersion: '2' },
      element('title', {}, 'Cutoff agent'),
      element('options', {
        customize: 'never',
        'require-scripts': 'false',
        hostArchitectures: architecture === 'x64' ? 'x86_64' : 'arm64',
      }),
      element('domains', {
        enable_anywhere: 'false',
        enable_currentUserHome: 'false',
        enable_localSystem: 'true',
      }),
      // Node's own.
      element('volume-check', {}, element('allowed-os-versions', {}, element('os-version', { min: '13.5' }))),
      element('choices-outline', {}, element('line', { choice: domain })),
      element('choice', { id: domain, visible: 'false' }, element('pkg-ref', { id: domain })),
      element(
        'pkg-ref',
        { id: domain, version, auth: 'Root', installKBytes: String(kilobytes(entries)) },
        `#${component}`,
      ),
    ),
  )
}

const component = 'cutoff-agent.pkg'

function kilobytes(entries: readonly TreeEntry[]): number {
  return Math.ceil(entries.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1024)
}

export interface PkgOptions {
  readonly release: Release
  readonly architecture: PkgArchitecture
  readonly executable: string
  /** The folder of the scripts. */
  readonly scripts: string
  readonly texts: MacTexts
  /** Where the package goes. */
  readonly out: string
  /** Little compression, for a package that is looked at and thrown away. */
  readonly quick: boolean
}

/** Makes the package; answers its file name. */
export function makePkg({
  release,
  architecture,
  executable,
  scripts,
  texts,
  out,
  quick,
}: PkgOptions): string {
  const { version, at } = release
  const entries = packageTree(macContents(readFileSync(executable), scripts, texts))
  const own = packageTree(
    ['preinstall', 'postinstall'].map((name) => ({
      path: `/${name}`,
      mode: 0o755,
      content: readFileSync(join(scripts, name)),
    })),
  )
  const packed = (list: readonly TreeEntry[]) => gzipSync(cpio(list, at), { level: quick ? 1 : 9 })
  const name = `${product.name}-${version}-${architecture}.pkg`
  const archive = xar(
    [
      { name: 'Distribution', content: Buffer.from(distribution(version, architecture, entries)) },
      {
        name: component,
        content: [
          { name: 'Bom', content: billOfMaterials(entries, at) },
          { name: 'PackageInfo', content: Buffer.from(packageInfo(version, entries)) },
          { name: 'Payload', content: packed(entries) },
          { name: 'Scripts', content: packed(own) },
        ],
      },
    ],
    at,
  )
  writeFileSync(join(out, name), archive)
  return name
}
