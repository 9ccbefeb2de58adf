// What executables are made for: one line each.
import { nodePackages } from '../bootstrap.mjs'

export interface Target {
  /** As in the executable's name: `cutoff-agent-linux-x64`. */
  readonly name: string
  readonly system: 'linux' | 'darwin' | 'win'
  readonly arch: 'x64' | 'arm64'
  /** The npm package with its Node. */
  readonly nodePackage: string
  /** The executable's file name in `dist`. */
  readonly file: string
}

/** As `process.platform` and npm call them. */
const platforms = { linux: 'linux', darwin: 'darwin', win: 'win32' } as const

function target(system: Target['system'], arch: Target['arch']): Target {
  const nodePackage = nodePackages[`${platforms[system]}-${arch}`]
  if (nodePackage === undefined) throw new Error(`no Node is pinned for ${system}-${arch}`)
  const name = `${system}-${arch}`
  return { name, system, arch, nodePackage, file: `cutoff-agent-${name}${system === 'win' ? '.exe' : ''}` }
}

export const targets: readonly Target[] = [
  target('linux', 'x64'),
  target('linux', 'arm64'),
  target('darwin', 'arm64'),
  target('darwin', 'x64'),
  target('win', 'x64'),
]

/** The target of the machine that builds, as `process.platform` and `process.arch` name it. */
export function ownTarget(platform: string, arch: string): Target | undefined {
  return targets.find((each) => platforms[each.system] === platform && each.arch === arch)
}
