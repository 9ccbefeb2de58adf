// The package for Red Hat, Fedora and SUSE: its spec as text, and its making by rpmbuild.
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from '../executable/run-tool.ts'
import {
  endInSessions,
  linuxFolders,
  reportRemoval,
  startedUnits,
  type PackagedFile,
} from './linux-contents.ts'
import { dayOf, descriptionLines, product, type Release } from './release.ts'
import { stage } from './stage.ts'

export type RpmArchitecture = 'x86_64' | 'aarch64'

/** @param root with the files of the package in place */
export function spec(
  release: Release,
  files: readonly PackagedFile[],
  root: string,
  compression: RpmOptions['compression'],
): string {
  const units = startedUnits.join(' ')
  const [year, month, day] = dayOf(release).split('-')
  const changelogDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
    .toUTCString()
    .replace(/^(\w+), (\d+) (\w+) (\d+).*$/, '$1 $3 $2 $4')
  const listed = files.map(
    ({ path, mode, settings, content }) =>
      `%attr(${'link' in content ? '-' : octal(mode)}, root, root) ${kindOf(path, settings)}${path}`,
  )
  return `# What is inside is built already: nothing is compiled, stripped or searched here.
%global debug_package %{nil}
%global __strip /bin/true
%global __os_install_post %{nil}
%global _build_id_links none
%global source_date_epoch_from_changelog 0
%global _binary_payload ${compression === 'zstd' ? 'w19' : 'w1'}.zstdio

Name: ${product.name}
Version: ${release.version.replace('-', '~')}
Release: 1
Summary: ${upper(product.summary)}
License: ${product.licence}
URL: https://example.com/cutoff
Vendor: Cutoff
Packager: ${product.maintainer}
Group: System Environment/Daemons
AutoReqProv: no
Requires: libc.so.6(GLIBC_2.28)(64bit)
Requires: libstdc++.so.6(GLIBCXX_3.4.21)(64bit)
Requires: libgcc_s.so.1()(64bit)
Requires: libatomic.so.1()(64bit)
Requires: systemd
Recommends: ca-certificates

%description
${descriptionLines(78).join('\n')}

%install
mkdir -p %{buildroot}
cp -a ${root}/. %{buildroot}/

# The program is still the one of the version before.
%pre
if [ "$1" -ge 2 ] && [ -d /run/systemd/system ]; then
  ${reportRemoval.upgraded}
fi

%post
systemd-sysusers cutoff.conf >/dev/null 2>&1 || :
systemd-tmpfiles --create cutoff.conf >/dev/null 2>&1 || :
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload >/dev/null 2>&1 || :
fi
if [ "$1" -eq 1 ]; then
  systemctl enable ${units} >/dev/null 2>&1 || :
  if [ -d /run/systemd/system ]; then
    systemctl start ${units} >/dev/null 2>&1 || :
  fi
fi

%preun
if [ "$1" -eq 0 ]; then
  systemctl --no-reload disable ${units} >/dev/null 2>&1 || :
  if [ -d /run/systemd/system ]; then
    ${reportRemoval.removed}
    systemctl stop ${units} >/dev/null 2>&1 || :
    ${endInSessions}
  fi
fi

%postun
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload >/dev/null 2>&1 || :
  if [ "$1" -ge 1 ]; then
    systemctl try-restart ${units} >/dev/null 2>&1 || :
  fi
fi

%files
${linuxFolders.map((path) => `%dir %attr(0755, root, root) ${path}`).join('\n')}
${listed.join('\n')}

%changelog
* ${changelogDay} ${product.maintainer} - ${release.version.replace('-', '~')}-1
- See CHANGELOG.md.gz
`
}

function kindOf(path: string, settings: true | undefined): string {
  if (settings === true) return '%config(noreplace) '
  return path.startsWith('/usr/share/man/') || path.startsWith('/usr/share/doc/') ? '%doc ' : ''
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

function upper(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`
}

export interface RpmOptions {
  readonly release: Release
  readonly architecture: RpmArchitecture
  readonly files: readonly PackagedFile[]
  readonly scratch: string
  readonly out: string
  /** `quick` for a package that is looked at and thrown away. */
  readonly compression: 'zstd' | 'quick'
}

/** Makes the package; answers its file name. @throws BuildError `tool-failed` */
export function makeRpm({ release, architecture, files, scratch, out, compression }: RpmOptions): string {
  const folder = join(scratch, `rpm-${architecture}`)
  const root = join(folder, 'root')
  mkdirSync(root, { recursive: true })
  stage(root, files, linuxFolders, release.at)
  const path = join(folder, 'cutoff-agent.spec')
  writeFileSync(path, spec(release, files, root, compression))
  const defines = {
    _topdir: folder,
    _buildhost: 'cutoff',
    use_source_date_epoch_as_buildtime: '1',
    clamp_mtime_to_source_date_epoch: '1',
  }
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(release.at) }
  runTool(
    [
      ...['rpmbuild', '-bb', '--quiet', '--target', `${architecture}-linux`],
      ...Object.entries(defines).flatMap(([name, value]) => ['--define', `${name} ${value}`]),
      path,
    ],
    { env },
  )
  const built = join(folder, 'RPMS', architecture)
  const [name] = readdirSync(built)
  if (name === undefined) throw new Error(`rpmbuild made nothing in ${built}`)
  renameSync(join(built, name), join(out, name))
  return name
}
