// Name, version and icon of the Windows executable, in place of Node's own. Must happen before the agent is put in.
import { readFileSync, writeFileSync } from 'node:fs'
import { Data, NtExecutable, NtExecutableResource, Resource } from 'resedit'

export interface Description {
  /** Three numbers, as in package.json. */
  readonly version: string
  readonly icon: string
}

const english = 1033
const unicode = 1200

/**
 * Rewrites the executable at `path`. Node's signature goes with it: it is not of this file any more.
 * @throws where the file is no Windows executable or the icon no icon: a bug of the build
 */
export function describeWindowsExecutable(path: string, { version, icon }: Description): void {
  const executable = NtExecutable.from(readFileSync(path), { ignoreCert: true })
  const resources = NtExecutableResource.from(executable)
  for (const group of Resource.IconGroupEntry.fromEntries(resources.entries)) {
    Resource.IconGroupEntry.replaceIconsForResource(
      resources.entries,
      group.id,
      group.lang,
      Data.IconFile.from(readFileSync(icon)).icons.map(({ data }) => data),
    )
  }
  const info = Resource.VersionInfo.fromEntries(resources.entries)[0]
  if (info === undefined) throw new Error('Node for Windows has no version information to replace')
  const words = version.split('.').map(Number)
  const [major = 0, minor = 0, patch = 0] = words
  info.setFileVersion(major, minor, patch, 0, english)
  info.setProductVersion(major, minor, patch, 0, english)
  info.setStringValues(
    { lang: english, codepage: unicode },
    {
      FileDescription: 'Cutoff agent',
      ProductName: 'Cutoff',
      CompanyName: 'Cutoff',
      InternalName: 'cutoff-agent',
      OriginalFilename: 'cutoff-agent.exe',
      LegalCopyright: 'Apache-2.0',
      FileVersion: version,
      ProductVersion: version,
    },
  )
  info.outputToResourceEntries(resources.entries)
  resources.outputResource(executable)
  writeFileSync(path, Buffer.from(executable.generate()))
}
