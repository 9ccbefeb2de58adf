// Paths as they may leave the device: the words that are the same on every machine stay, everything else becomes `*`.
// What a person or organisation named (projects, clients, users, hosts) is in no list, so it can never pass.
import { placeOf } from '#shared/place.ts'
import type { Tool } from '#shared/tool.ts'

/** Segments of the usual layouts of systems, package managers and editors; lower-case words of general use. */
const usual = [
  '', '~', 'home', 'root', 'Users', 'usr', 'local', 'opt', 'lib', 'lib64', 'libexec', 'share', 'bin', 'sbin', 'etc', 'var',
  'tmp', 'proc', 'snap', 'run', 'mnt', 'media', 'srv', 'Applications', 'Library', 'Application Support', 'Contents', 'MacOS',
  'System', 'Volumes', '%ProgramFiles%', '%ProgramData%', 'Program Files', 'Program Files (x86)', 'ProgramData', 'AppData', 'Local', 'Roaming', 'Programs',
  '.local', '.config', '.cache', 'state', 'applications', 'flatpak', 'app', 'exports', 'node_modules', '.bin', '.npm',
  '_npx', '.npm-global', '.nvm', 'versions', 'node', '.volta', 'tools', 'image', 'packages', '.fnm', 'fnm',
  'node-versions', 'installation', 'installations', '.asdf', 'installs', 'shims', '.nodenv', '.nodebrew', 'n', 'pnpm', 'global',
  '.pnpm', 'store', '.bun', 'install', 'yarn', '.yarn', 'mise', 'pipx', 'venvs', 'uv', '.venv', 'venv', 'site-packages',
  'dist-packages', 'python3', 'pyenv', '.pyenv', '.cargo', '.rustup', 'go', '.deno', '.dotnet', 'homebrew', 'Homebrew',
  'linuxbrew', '.linuxbrew', 'Cellar', 'Caskroom', 'extensions', '.vscode', '.vscode-server', '.vscode-insiders',
  '.vscode-oss', 'Code', 'VSCodium', 'JetBrains', 'plugins', 'User', 'globalStorage', 'workspaceStorage', 'package.json',
  '.bashrc', '.profile', '.zshrc', '.bash_profile', '.zprofile', '.zshenv', 'dpkg', 'status', 'rpm', 'current', 'default',
] as const // prettier-ignore

const homes: ReadonlySet<string> = new Set(['home', 'Users'])

export interface Places {
  /** The template of a path; `home` of the account that it was looked at for. At most 512 characters. */
  readonly template: (path: string, home: string | null) => string
}

/** Knows the usual segments and every literal one in the catalogue's own templates. */
export function placesOf(tools: readonly Tool[]): Places {
  const known = new Set<string>(usual)
  for (const { signals } of tools) {
    const templates = [
      ...(signals.config ?? []),
      ...(signals.trace ?? []),
      ...(signals.executable ?? []),
      ...(signals.mcp ?? []),
    ]
    for (const { place } of templates) {
      for (const segment of place.split('/')) if (!segment.includes('*')) known.add(segment)
    }
  }
  return {
    template(path, home) {
      const place = placeOf(path.replaceAll('\\', '/'), home?.replaceAll('\\', '/') ?? null)
      const segments = place
        .split('/')
        // Below a folder of homes stands a person's name, even where it is also a tool's.
        .map((segment, index, all) =>
          known.has(segment) && !homes.has(all[index - 1] ?? '') ? segment : '*',
        )
      return cut(segments)
    },
  }
}

/** Depth says something too: from the sixteenth segment on, one star stands for the rest. */
function cut(segments: readonly string[]): string {
  const text = (segments.length > 16 ? [...segments.slice(0, 15), '*'] : segments).join('/')
  return text.slice(0, 512)
}

/** The place in a signal's own name, such as `trace:~/.example/*.jsonl`; null for signals that are no place. */
export function placeOfSignal(signal: string): string | null {
  const colon = signal.indexOf(':')
  const kind = signal.slice(0, colon)
  return ['trace', 'config', 'mcp', 'executable'].includes(kind) ? signal.slice(colon + 1) : null
}
