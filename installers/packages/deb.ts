// The package for Debian and Ubuntu: its control files as texts, and its making by dpkg-deb.
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from '../executable/run-tool.ts'
import {
  endInSessions,
  linuxFolders,
  reportRemoval,
  startedUnits,
  type PackagedFile,
} from './linux-contents.ts'
import { descriptionLines, product, type Release } from './release.ts'
import { dateAll, stage } from './stage.ts'

export type DebArchitecture = 'amd64' | 'arm64'

/** @param kilobytes installed */
export function control(release: Release, architecture: DebArchitecture, kilobytes: number): string {
  return `${[
    `Package: ${product.name}`,
    `Version: ${release.version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${product.maintainer}`,
    `Installed-Size: ${kilobytes}`,
    // Node's own; systemd makes the account and runs the service.
    'Depends: libc6 (>= 2.28), libstdc++6 (>= 6), libgcc-s1 | libgcc1, libatomic1, systemd, init-system-helpers (>= 1.54~)',
    'Recommends: ca-certificates',
    'Section: admin',
    'Priority: optional',
    'Homepage: https://example.com/cutoff',
    `Description: ${product.summary}`,
    ...descriptionLines(78).map((line) => ` ${line}`),
  ].join('\n')}\n`
}

/** As debhelper writes them for a package with a service and an account of its own. */
export const maintainerScripts = {
  postinst: `#!/bin/sh
set -e
# The three others: a removal or an upgrade was given up half way.
if [ "$1" = configure ] || [ "$1" = abort-upgrade ] || [ "$1" = abort-remove ] || [ "$1" = abort-deconfigure ]; then
  systemd-sysusers cutoff.conf
  systemd-tmpfiles --create cutoff.conf || true
  for unit in ${startedUnits.join(' ')}; do
    deb-systemd-helper unmask "$unit" >/dev/null || true
    if deb-systemd-helper --quiet was-enabled "$unit"; then
      deb-systemd-helper enable "$unit" >/dev/null || true
    else
      deb-systemd-helper update-state "$unit" >/dev/null || true
    fi
  done
  if [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload >/dev/null || true
    if [ -n "$2" ]; then action=restart; else action=start; fi
    deb-systemd-invoke "$action" ${startedUnits.join(' ')} >/dev/null || true
  fi
fi
exit 0
`,
  prerm: `#!/bin/sh
set -e
if [ "$1" = upgrade ] && [ -d /run/systemd/system ]; then
  ${reportRemoval.upgraded}
fi
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  ${reportRemoval.removed}
  deb-systemd-invoke stop ${startedUnits.join(' ')} >/dev/null || true
  ${endInSessions}
fi
exit 0
`,
  postrm: `#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
  systemctl --system daemon-reload >/dev/null || true
fi
if [ "$1" = remove ] && command -v deb-systemd-helper >/dev/null; then
  deb-systemd-helper mask ${startedUnits.join(' ')} >/dev/null || true
fi
if [ "$1" = purge ]; then
  if command -v deb-systemd-helper >/dev/null; then
    deb-systemd-helper purge ${startedUnits.join(' ')} >/dev/null || true
    deb-systemd-helper unmask ${startedUnits.join(' ')} >/dev/null || true
  fi
  # What the agent knew and the token that it enrolled with: a purge leaves nothing.
  rm -rf /var/lib/cutoff /var/lib/cutoff-accounts /etc/cutoff
  if getent passwd cutoff >/dev/null && command -v userdel >/dev/null; then
    userdel cutoff || true
  fi
fi
exit 0
`,
} as const

/** What lintian would say, each with its reason. */
const overrides = `# The agent is Node.js with its program inside, as one file: its libraries and its making are Node's own.
cutoff-agent: embedded-library
cutoff-agent: hardening-no-pie
# Packages that are installed are what it inventories; dpkg-query for each look would cost a laptop more.
cutoff-agent: uses-dpkg-database-directly
# It is made for organisations, not for Debian's archive.
cutoff-agent: initial-upload-closes-no-bugs
`

const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Cutoff
Comment: The licences of Node.js and of the libraries inside are in
 /usr/share/doc/cutoff-agent/licences.txt.gz.

Files: *
Copyright: 2026 The Cutoff authors
License: Apache-2.0
 On Debian systems, the text of the Apache License, version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.
`

/** Debian's own form of it. */
function changelog(release: Release): string {
  const date = new Date(release.at * 1000).toUTCString().replace('GMT', '+0000')
  return `${product.name} (${release.version}) stable; urgency=medium

  * What changed is in /usr/share/doc/cutoff-agent/CHANGELOG.md.gz.

 -- ${product.maintainer}  ${date}
`
}

function documents(release: Release): readonly PackagedFile[] {
  const plain = (path: string, content: PackagedFile['content']): PackagedFile => ({
    path,
    mode: 0o644,
    content,
  })
  return [
    plain('/usr/share/lintian/overrides/cutoff-agent', { text: overrides }),
    plain('/usr/share/doc/cutoff-agent/copyright', { text: copyright }),
    plain('/usr/share/doc/cutoff-agent/changelog.gz', { compressed: changelog(release) }),
  ]
}

export interface DebOptions {
  readonly release: Release
  readonly architecture: DebArchitecture
  readonly files: readonly PackagedFile[]
  /** To work in; is left behind. */
  readonly scratch: string
  /** Where the package goes. */
  readonly out: string
  /** `none` for a package that is looked at and thrown away. */
  readonly compression: 'xz' | 'none'
}

/** Makes the package; answers its file name. @throws BuildError `tool-failed` */
export function makeDeb({ release, architecture, files, scratch, out, compression }: DebOptions): string {
  const folder = join(scratch, `deb-${architecture}`)
  const all = [...files, ...documents(release)]
  stage(folder, all, linuxFolders, release.at)
  const bytes = all.reduce((sum, { path }) => sum + statSync(join(folder, path)).size, 0)
  const own = join(folder, 'DEBIAN')
  mkdirSync(own)
  writeFileSync(join(own, 'control'), control(release, architecture, Math.ceil(bytes / 1024)))
  const conffiles = files.filter(({ settings }) => settings).map(({ path }) => `${path}\n`)
  writeFileSync(join(own, 'conffiles'), conffiles.join(''))
  writeFileSync(join(own, 'md5sums'), md5sums(folder, all))
  for (const [name, text] of Object.entries(maintainerScripts))
    writeFileSync(join(own, name), text, { mode: 0o755 })
  dateAll(folder, release.at)
  const name = `${product.name}_${release.version}_${architecture}.deb`
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(release.at) }
  runTool(['dpkg-deb', '--root-owner-group', `-Z${compression}`, '--build', folder, join(out, name)], { env })
  return name
}

function md5sums(folder: string, files: readonly PackagedFile[]): string {
  const listed = files
    .filter(({ settings, content }) => settings !== true && !('link' in content))
    .map(({ path }) => path.slice(1))
  return runTool(['md5sum', '--', ...listed], { cwd: folder })
}
