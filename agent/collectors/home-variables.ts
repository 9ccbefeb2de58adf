// Variables that move folders of no one tool: the desktop standard's, and those of version and package managers. Those of
// tools are in the catalogue. Sources: the XDG Base Directory Specification and the managers' documentation, looked at
// 2026-11-24.

export interface HomeVariable {
  readonly variable: string
  /** What the folder that it names stands for. */
  readonly place: string
}

/** Where programs keep data, settings and state: a tool's own folder lies in each. */
export const standardHomes: readonly HomeVariable[] = [
  { variable: 'XDG_DATA_HOME', place: '~/.local/share' },
  { variable: 'XDG_CONFIG_HOME', place: '~/.config' },
  { variable: 'XDG_STATE_HOME', place: '~/.local/state' },
  { variable: 'XDG_CACHE_HOME', place: '~/.cache' },
]

/** Where programs are installed: an administrator may have put it among the system's. */
const managerHomes: readonly HomeVariable[] = [
  { variable: 'NVM_DIR', place: '~/.nvm' },
  { variable: 'FNM_DIR', place: '~/.local/share/fnm' },
  { variable: 'VOLTA_HOME', place: '~/.volta' },
  { variable: 'NODENV_ROOT', place: '~/.nodenv' },
  { variable: 'N_PREFIX', place: '~/n' },
  { variable: 'ASDF_DATA_DIR', place: '~/.asdf' },
  { variable: 'MISE_DATA_DIR', place: '~/.local/share/mise' },
  { variable: 'PROTO_HOME', place: '~/.proto' },
  { variable: 'NPM_CONFIG_PREFIX', place: '~/.npm-global' },
  { variable: 'npm_config_prefix', place: '~/.npm-global' },
  { variable: 'NPM_CONFIG_CACHE', place: '~/.npm' },
  { variable: 'npm_config_cache', place: '~/.npm' },
  { variable: 'PNPM_HOME', place: '~/.local/share/pnpm' },
  { variable: 'BUN_INSTALL', place: '~/.bun' },
  { variable: 'DENO_INSTALL', place: '~/.deno' },
  { variable: 'DENO_INSTALL_ROOT', place: '~/.deno' },
  { variable: 'DENO_DIR', place: '~/.cache/deno' },
  { variable: 'CARGO_HOME', place: '~/.cargo' },
  { variable: 'GOPATH', place: '~/go' },
  { variable: 'GOBIN', place: '~/go/bin' },
  { variable: 'PYENV_ROOT', place: '~/.pyenv' },
  { variable: 'PYTHONUSERBASE', place: '~/.local' },
  { variable: 'PIPX_HOME', place: '~/.local/share/pipx' },
  { variable: 'PIPX_BIN_DIR', place: '~/.local/bin' },
  { variable: 'UV_TOOL_DIR', place: '~/.local/share/uv/tools' },
  { variable: 'UV_TOOL_BIN_DIR', place: '~/.local/bin' },
  { variable: 'UV_PYTHON_INSTALL_DIR', place: '~/.local/share/uv/python' },
  { variable: 'UV_CACHE_DIR', place: '~/.cache/uv' },
  { variable: 'POETRY_VIRTUALENVS_PATH', place: '~/.cache/pypoetry/virtualenvs' },
  { variable: 'WORKON_HOME', place: '~/.virtualenvs' },
  { variable: 'MAMBA_ROOT_PREFIX', place: '~/micromamba' },
  { variable: 'PIXI_HOME', place: '~/.pixi' },
  { variable: 'RBENV_ROOT', place: '~/.rbenv' },
  { variable: 'VSCODE_EXTENSIONS', place: '~/.vscode/extensions' },
  { variable: 'VSCODE_PORTABLE', place: '~/.vscode' },
]

export const homeVariables: readonly HomeVariable[] = [...standardHomes, ...managerHomes]

/** Places of which the folder may be one of the system's, where programs are everybody's. */
export const managerPlaces: ReadonlySet<string> = new Set(managerHomes.map(({ place }) => place))
