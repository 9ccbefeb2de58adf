// Folders that end up on a PATH: the system's, and those that version and package managers add. Places of managers,
// not of tools. Sources: the managers' documentation and set-up scripts, looked at 2026-11-22.

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
