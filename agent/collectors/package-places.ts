// Where package managers keep what was installed for everybody or an account. Places of managers, not of tools.
// Sources: the managers' own documentation and installs of npm 11, pnpm 12, yarn 1, bun 1, volta 2, fnm 1.

export interface PackagePlace {
  /** Template of a `node_modules` folder. `*` does not stand for dotted names here. */
  readonly template: string
  readonly scope: 'installed' | 'cache'
  /** True where dependencies lie beside what was asked for: then only what the manifest above lists counts. */
  readonly listed: boolean
}

const installed = (template: string): PackagePlace => ({ template, scope: 'installed', listed: false })
const listed = (template: string): PackagePlace => ({ template, scope: 'installed', listed: true })

export const systemPackagePlaces: readonly PackagePlace[] = [
  installed('/usr/lib/node_modules'),
  installed('/usr/local/lib/node_modules'),
  installed('/opt/*/lib/node_modules'),
  installed('/usr/local/nvm/versions/node/*/lib/node_modules'),
  installed('/usr/local/n/versions/node/*/lib/node_modules'),
  installed('/home/linuxbrew/.linuxbrew/lib/node_modules'),
  listed('/usr/local/share/.config/yarn/global/node_modules'),
]

export const homePackagePlaces: readonly PackagePlace[] = [
  installed('~/.npm-global/lib/node_modules'),
  installed('~/.npm-packages/lib/node_modules'),
  installed('~/.local/lib/node_modules'),
  installed('~/.node_modules/lib/node_modules'),
  installed('~/.nvm/versions/node/*/lib/node_modules'),
  installed('~/.config/nvm/versions/node/*/lib/node_modules'),
  installed('~/n/lib/node_modules'),
  installed('~/.n/lib/node_modules'),
  installed('~/.nodenv/versions/*/lib/node_modules'),
  installed('~/.asdf/installs/nodejs/*/lib/node_modules'),
  installed('~/.local/share/mise/installs/node/*/lib/node_modules'),
  installed('~/.local/share/mise/installs/npm-*/*/lib/node_modules'),
  installed('~/.local/share/fnm/node-versions/*/installation/lib/node_modules'),
  installed('~/.fnm/node-versions/*/installation/lib/node_modules'),
  installed('~/.volta/tools/image/node/*/lib/node_modules'),
  installed('~/.volta/tools/image/packages/*/lib/node_modules'),
  installed('~/.volta/tools/image/packages/*/*/lib/node_modules'),
  listed('~/.bun/install/global/node_modules'),
  listed('~/.config/yarn/global/node_modules'),
  listed('~/.local/share/pnpm/global/*/node_modules'),
  listed('~/.local/share/pnpm/global/*/*/node_modules'),
  { template: '~/.npm/_npx/*/node_modules', scope: 'cache', listed: true },
]

/**
 * Where an archive of a package is unpacked by hand, as far as it can be looked for without a walk: `npm pack` and registries
 * put all of it into a folder `package`.
 */
export const unpackedPlaces = [
  '~/*/package.json',
  '~/*/*/package.json',
  '~/*/*/package/package.json',
] as const

/** Folders with the metadata of Python distributions. `tool`: of a tool's own environment, where only the tool counts. */
export interface PythonPlace {
  readonly template: string
  readonly tool: boolean
}

const python = (template: string): PythonPlace => ({ template, tool: false })
const pythonTool = (template: string): PythonPlace => ({ template, tool: true })

export const systemPythonPlaces: readonly PythonPlace[] = [
  python('/usr/local/lib/python3*/dist-packages'),
  python('/usr/local/lib/python3*/site-packages'),
  pythonTool('/opt/pipx/venvs/*/lib/python3*/site-packages'),
]

export const homePythonPlaces: readonly PythonPlace[] = [
  python('~/.local/lib/python3*/site-packages'),
  python('~/.pyenv/versions/*/lib/python3*/site-packages'),
  python('~/miniconda3/lib/python3*/site-packages'),
  python('~/miniforge3/lib/python3*/site-packages'),
  python('~/anaconda3/lib/python3*/site-packages'),
  pythonTool('~/.local/share/uv/tools/*/lib/python3*/site-packages'),
  pythonTool('~/.local/share/pipx/venvs/*/lib/python3*/site-packages'),
  pythonTool('~/.local/pipx/venvs/*/lib/python3*/site-packages'),
]

/** Homebrew keeps each version of a formula or cask in a folder of its own. */
export const systemBrewPlaces = [
  '/home/linuxbrew/.linuxbrew/Cellar/*/*',
  '/home/linuxbrew/.linuxbrew/Caskroom/*/*',
] as const
export const homeBrewPlaces = ['~/.linuxbrew/Cellar/*/*', '~/.linuxbrew/Caskroom/*/*'] as const

/** Databases of RPM, which this version does not read. */
export const rpmPlaces = ['/var/lib/rpm', '/usr/lib/sysimage/rpm'] as const
