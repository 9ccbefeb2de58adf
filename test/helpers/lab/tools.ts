// Really installs real tools, at pinned versions from the npm registry, into the home of a throwaway account, in the
// ways people do it. Must not fake what a package manager would make.
import { dirname, join } from 'node:path'

import type { Account } from './accounts.ts'
import { mustRunAs, requireSystemCommand } from './commands.ts'
import type { PackageVersion } from './npm.ts'
import { giveNode, prefixOf, runNpm, specOf, warmCache } from './npm.ts'

export interface ToolPackage extends PackageVersion {
  /** The tool's id in the catalogue. */
  readonly tool: ToolId
  readonly bin: string
  /** The file inside the package that `bin` stands for. */
  readonly program: string
}

export type ToolId = 'claude-code' | 'codex-cli' | 'gemini-cli' | 'opencode' | 'pi'

/**
 * - `npm-global`: `npm install -g` into an nvm-style prefix
 * - `npx`: `npx PACKAGE`, which leaves it in `~/.npm/_npx`
 * - `tarball`: `npm pack`, unpacked into `~/tools`, its dependencies beside it, run by path, on no PATH
 * - `native`: Claude Code's own installer's layout, `~/.local/share/claude/versions/VERSION` and a link to it
 */
export type InstallMethod = 'npm-global' | 'npx' | 'tarball' | 'native'

export interface InstalledTool {
  readonly package: ToolPackage
  readonly method: InstallMethod
  /** The words that start it; the tool's own arguments follow. */
  readonly command: readonly string[]
  /** Folder of the package, or of the versions for `native`; undefined for npx, which chooses it by a hash. */
  readonly root: string | undefined
  readonly startedAt: string
  readonly endedAt: string
}

/** Pinned: real tools change from day to day, and the tests say what they were seen to do. */
export const toolPackages = {
  'claude-code': {
    tool: 'claude-code',
    packageName: '@anthropic-ai/claude-code',
    version: '2.1.330',
    bin: 'claude',
    program: 'bin/claude.exe',
  },
  'codex-cli': {
    tool: 'codex-cli',
    packageName: '@openai/codex',
    version: '0.169.0',
    bin: 'codex',
    program: 'bin/codex.js',
  },
  'gemini-cli': {
    tool: 'gemini-cli',
    packageName: '@google/gemini-cli',
    version: '0.61.0',
    bin: 'gemini',
    program: 'bundle/gemini.js',
  },
  opencode: {
    tool: 'opencode',
    packageName: 'opencode-ai',
    version: '1.18.33',
    bin: 'opencode',
    program: 'bin/opencode.exe',
  },
  pi: {
    tool: 'pi',
    packageName: '@mariozechner/pi-coding-agent',
    version: '0.73.1',
    bin: 'pi',
    program: 'dist/cli.js',
  },
} as const satisfies Readonly<Record<ToolId, ToolPackage>>

/** Installs a tool as the account, with the registry within reach. Throws with npm's words when it fails. */
export async function installTool(
  account: Account,
  tool: ToolId,
  method: InstallMethod,
): Promise<InstalledTool> {
  const wanted: ToolPackage = toolPackages[tool]
  await warmCache(account, [wanted])
  const startedAt = new Date().toISOString()
  const { command, root } = await installers[method](account, wanted)
  return { package: wanted, method, command, root, startedAt, endedAt: new Date().toISOString() }
}

/** Uninstalls what `npm-global` installed, as a person would. What the tool left in the home stays. */
export async function uninstallTool(account: Account, tool: ToolId): Promise<void> {
  await runNpm(account, 'npm', ['uninstall', '--global', toolPackages[tool].packageName])
}

type Installer = (account: Account, wanted: ToolPackage) => Promise<Pick<InstalledTool, 'command' | 'root'>>

const installers: Readonly<Record<InstallMethod, Installer>> = {
  'npm-global': async (account, wanted) => {
    await runNpm(account, 'npm', ['install', '--global', '--prefer-offline', specOf(wanted)])
    const root = join(prefixOf(account), 'lib/node_modules', wanted.packageName)
    return { command: [wanted.bin], root }
  },
  npx: async (account, wanted) => {
    await runNpm(account, 'npx', ['--yes', '--prefer-offline', specOf(wanted), '--version'])
    // Later runs find it in ~/.npm/_npx; --offline keeps npx from asking a registry that is out of reach then.
    return { command: ['npx', '--yes', '--offline', specOf(wanted)], root: undefined }
  },
  tarball: async (account, wanted) => {
    const root = join(account.home, 'tools', wanted.bin, 'package')
    await unpack(account, wanted, dirname(root))
    // Not `npm install` alone: in a package's own folder that also runs `prepare`, which is for its authors.
    await runNpm(account, 'npm', ['install', '--omit=dev', '--ignore-scripts', '--prefer-offline'], root)
    await runNpm(account, 'npm', ['run-script', '--if-present', 'postinstall'], root)
    return { command: [join(root, wanted.program)], root }
  },
  native: async (account, wanted) => {
    if (wanted.tool !== 'claude-code')
      throw new Error(`${wanted.tool} has no native layout that the lab knows`)
    // `claude install` would fetch this same program from the vendor, who is out of reach here.
    const platform = { ...wanted, packageName: `${wanted.packageName}-linux-${process.arch}` }
    const scratch = join(account.home, '.cache/claude-download')
    await unpack(account, platform, scratch)
    const versions = join(account.home, '.local/share/claude/versions')
    const words = [requireSystemCommand('sh'), '-c', nativeScript, 'sh', scratch, versions, wanted.version]
    await mustRunAs(account, words)
    return { command: [wanted.bin], root: versions }
  },
}

const nativeScript = `
set -e
mkdir -p "$2" "$HOME/.local/bin"
cp "$1/package/claude" "$2/$3"
ln -s "$2/$3" "$HOME/.local/bin/claude"
rm -r "$1"
`

async function unpack(account: Account, wanted: PackageVersion, into: string): Promise<void> {
  await giveNode(account)
  await mustRunAs(account, [requireSystemCommand('mkdir'), '-p', into])
  const packed = await runNpm(account, 'npm', ['pack', '--silent', '--prefer-offline', specOf(wanted)], into)
  const archive = join(into, packed.stdout.trim())
  await mustRunAs(account, [requireSystemCommand('tar'), '-xzf', archive, '-C', into])
  await mustRunAs(account, [requireSystemCommand('rm'), archive])
}
