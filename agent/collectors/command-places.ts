// Folders that end up on a PATH: the system's, and those that version and package managers add. Places of managers,
// not of tools. Sources: the managers' documentation and set-up scripts, looked at 2026-11-22.
import type { Platform } from '#shared/tool.ts'

/** Filled by the distribution's package manager: only wanted names are looked for. */
export const distributionFolders = ['/usr/bin', '/usr/sbin', '/usr/games', '/bin', '/sbin'] as const

/** Of every account, and not the distribution's. `*` does not stand for dotted names. */
export const systemFolders = [
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/local/games',
  '/opt/*/bin',
  '/snap/bin',
  '/var/lib/snapd/snap/bin',
  '/var/lib/flatpak/exports/bin',
  '/home/linuxbrew/.linuxbrew/bin',
  '/nix/var/nix/profiles/default/bin',
  '/usr/local/go/bin',
  '/usr/local/nvm/versions/node/*/bin',
] as const

/** In homes, whatever the start-up files say: managers add them in ways that cannot be read without running them. */
export const homeFolders = [
  '~/bin',
  '~/.local/bin',
  '~/.bin',
  '~/.npm-global/bin',
  '~/.npm-packages/bin',
  '~/.nvm/versions/node/*/bin',
  '~/.config/nvm/versions/node/*/bin',
  '~/n/bin',
  '~/.n/bin',
  '~/.nodenv/shims',
  '~/.nodenv/versions/*/bin',
  '~/.asdf/shims',
  '~/.local/share/mise/shims',
  '~/.local/share/mise/installs/*/*/bin',
  '~/.local/share/mise/installs/npm-*/*/node_modules/.bin',
  '~/.local/share/fnm/node-versions/*/installation/bin',
  '~/.fnm/node-versions/*/installation/bin',
  '~/.volta/bin',
  '~/.bun/bin',
  '~/.deno/bin',
  '~/.local/share/pnpm',
  '~/.local/share/pnpm/bin',
  '~/.yarn/bin',
  '~/.config/yarn/global/node_modules/.bin',
  '~/.cargo/bin',
  '~/go/bin',
  '~/.pyenv/shims',
  '~/.rbenv/shims',
  '~/.nix-profile/bin',
  '~/.linuxbrew/bin',
  '~/.pixi/bin',
  '~/.local/share/flatpak/exports/bin',
  '~/Applications',
] as const

/** Files that the system's log-in reads for everybody. */
export const systemStartup = [
  '/etc/environment',
  '/etc/profile',
  '/etc/bash.bashrc',
  '/etc/zsh/zshenv',
  '/etc/zsh/zprofile',
  '/etc/zsh/zshrc',
] as const
export const systemStartupFolders = ['/etc/profile.d', '/etc/fish/conf.d'] as const

export const homeStartup = [
  '.profile',
  '.bash_profile',
  '.bash_login',
  '.bashrc',
  '.bash_aliases',
  '.zshenv',
  '.zprofile',
  '.zshrc',
  '.zlogin',
  '.config/zsh/.zshrc',
  '.config/fish/config.fish',
  '.kshrc',
] as const
export const homeStartupFolders = ['.config/fish/conf.d', '.config/environment.d'] as const

export interface CommandPlaces {
  readonly distribution: readonly string[]
  readonly system: readonly string[]
  readonly home: readonly string[]
  readonly systemStartup: readonly string[]
  readonly systemStartupFolders: readonly string[]
  /** Files with a folder of PATH on each line, and folders of such files (path_helper(8)). */
  readonly paths: readonly string[]
  readonly pathsFolders: readonly string[]
}

/** Of macOS and Windows from the managers' documentation, looked at 2026-11-23; none of it was run there. */
export const commandPlaces: Readonly<Record<Platform, CommandPlaces>> = {
  linux: {
    distribution: distributionFolders,
    system: systemFolders,
    home: homeFolders,
    systemStartup,
    systemStartupFolders,
    paths: [],
    pathsFolders: [],
  },
  darwin: {
    distribution: ['/usr/bin', '/usr/sbin', '/bin', '/sbin'],
    system: ['/usr/local/bin', '/usr/local/sbin', '/opt/*/bin', '/opt/homebrew/sbin', '/usr/local/go/bin'],
    home: [
      ...homeFolders,
      '~/Library/pnpm',
      '~/Library/Python/3*/bin',
      '~/Library/Application Support/fnm/node-versions/*/installation/bin',
    ],
    systemStartup: ['/etc/profile', '/etc/bashrc', '/etc/zshenv', '/etc/zprofile', '/etc/zshrc'],
    systemStartupFolders: [],
    paths: ['/etc/paths'],
    pathsFolders: ['/etc/paths.d'],
  },
  windows: {
    distribution: [],
    system: [
      '/C:/Program Files/nodejs',
      '/C:/ProgramData/chocolatey/bin',
      '/C:/ProgramData/scoop/shims',
      '/C:/Program Files/WinGet/Links',
      '/C:/Program Files/Python3*/Scripts',
    ],
    home: [
      '~/bin',
      '~/.local/bin',
      '~/AppData/Roaming/npm',
      '~/AppData/Roaming/nvm/v*',
      '~/AppData/Local/nvm/v*',
      '~/AppData/Roaming/fnm/node-versions/*/installation',
      '~/AppData/Local/Volta/bin',
      '~/AppData/Local/pnpm',
      '~/AppData/Local/pnpm/bin',
      '~/AppData/Local/Yarn/bin',
      '~/AppData/Local/Yarn/Data/global/node_modules/.bin',
      '~/.bun/bin',
      '~/.deno/bin',
      '~/.cargo/bin',
      '~/go/bin',
      '~/scoop/shims',
      '~/AppData/Local/Microsoft/WinGet/Links',
      '~/AppData/Local/Microsoft/WindowsApps',
      '~/AppData/Local/Programs/Python/Python3*/Scripts',
      '~/AppData/Roaming/Python/Python3*/Scripts',
      '~/AppData/Local/mise/shims',
    ],
    systemStartup: [],
    systemStartupFolders: [],
    paths: [],
    pathsFolders: [],
  },
}
