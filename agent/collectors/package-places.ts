// Where package managers keep what was installed for everybody or an account. Places of managers, not of tools.
// Sources: the managers' own documentation and installs of npm 11, pnpm 10 and 12, yarn 1,
// bun 1.4, deno 2, volta 2, fnm 1, mise 2026.9 (which installs npm's packages itself unless told to use npm).

export interface PackagePlace {
  /** Template of a `node_modules` folder. `*` does not stand for dotted names here; `{uid}` stands for the account's. */
  readonly template: string
  readonly scope: 'installed' | 'cache'
  /** True where dependencies lie beside what was asked for: then only what the manifest above lists counts. */
  readonly listed: boolean
}

export const installed = (template: string): PackagePlace => ({ template, scope: 'installed', listed: false })
export const cached = (template: string): PackagePlace => ({ template, scope: 'cache', listed: true })
export const listed = (template: string): PackagePlace => ({ template, scope: 'installed', listed: true })

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
  installed('~/miniconda3/lib/node_modules'),
  installed('~/miniconda3/envs/*/lib/node_modules'),
  installed('~/miniforge3/lib/node_modules'),
  installed('~/miniforge3/envs/*/lib/node_modules'),
  installed('~/anaconda3/lib/node_modules'),
  installed('~/anaconda3/envs/*/lib/node_modules'),
  installed('~/micromamba/envs/*/lib/node_modules'),
  installed('~/.asdf/installs/nodejs/*/lib/node_modules'),
  installed('~/.local/share/mise/installs/node/*/lib/node_modules'),
  installed('~/.local/share/mise/installs/npm-*/*/lib/node_modules'),
  listed('~/.local/share/mise/installs/npm-*/*/node_modules'),
  installed('~/.local/share/fnm/node-versions/*/installation/lib/node_modules'),
  installed('~/.fnm/node-versions/*/installation/lib/node_modules'),
  installed('~/.volta/tools/image/node/*/lib/node_modules'),
  installed('~/.volta/tools/image/packages/*/lib/node_modules'),
  installed('~/.volta/tools/image/packages/*/*/lib/node_modules'),
  listed('~/.bun/install/global/node_modules'),
  listed('~/.config/yarn/global/node_modules'),
  listed('~/.local/share/pnpm/global/*/node_modules'),
  listed('~/.local/share/pnpm/global/*/*/node_modules'),
  installed('~/.proto/tools/node/*/lib/node_modules'),
  listed('~/.deno/bin/.*/node_modules'),
  cached('~/.npm/_npx/*/node_modules'),
  cached('~/.cache/pnpm/dlx/*/pkg/node_modules'),
  cached('~/.bun/install/cache/.bunx-{uid}/*/node_modules'),
  cached('~/.bun/install/cache/.bunx-{uid}/@*/*/node_modules'),
]

/** What the names of the folders there begin with. */
export const temporaryPackages = 'bunx-'

/** Where older bunx put what it fetched: there only what is the account's own counts. */
export const temporaryPackagePlaces: readonly PackagePlace[] = [
  cached(`/tmp/${temporaryPackages}{uid}-*/node_modules`),
  cached(`/tmp/${temporaryPackages}{uid}-@*/*/node_modules`),
]

/** What Deno fetched: per registry a folder per name, and in it one per version. */
export const denoCachePlace = '~/.cache/deno/npm/*'

/** Files in which npm finds its prefix, beside the account's own: those of the system's usual installations. */
export const systemNpmrcs = ['/etc/npmrc', '/usr/etc/npmrc', '/usr/local/etc/npmrc'] as const
export const homeNpmrcs = ['~/.npmrc', '~/.config/npm/npmrc'] as const

/**
 * Where an archive of a package is unpacked by hand, as far as it can be looked for without a walk: `npm pack` and registries
 * put all of it into a folder `package`.
 */
export const unpackedPlaces = [
  '~/*/package.json',
  '~/*/*/package.json',
  '~/*/*/package/package.json',
] as const

/**
 * Folders with the metadata of Python distributions. `tool`: of a tool's own environment, where only the tool counts;
 * `project` and `cache`: of an environment for projects, and of one that was fetched for a run, where only the catalogue's names count.
 */
export interface PythonPlace {
  readonly template: string
  readonly kind: 'installation' | 'tool' | 'project' | 'cache'
}

const site = 'lib/python3*/site-packages'
const python = (prefix: string): PythonPlace => ({ template: `${prefix}/${site}`, kind: 'installation' })
const pythonTool = (prefix: string): PythonPlace => ({ template: `${prefix}/${site}`, kind: 'tool' })
const pythonProject = (prefix: string): PythonPlace => ({ template: `${prefix}/${site}`, kind: 'project' })
const pythonRun = (prefix: string): PythonPlace => ({ template: `${prefix}/${site}`, kind: 'cache' })

export const systemPythonPlaces: readonly PythonPlace[] = [
  { template: '/usr/local/lib/python3*/dist-packages', kind: 'installation' },
  python('/usr/local'),
  python('/opt/conda'),
  python('/opt/*conda3'),
  python('/opt/miniforge3'),
  pythonTool('/opt/pipx/venvs/*'),
  pythonProject('/opt/conda/envs/*'),
  pythonProject('/opt/*conda3/envs/*'),
  pythonProject('/opt/miniforge3/envs/*'),
]

/** Installations by conda and its kin; each keeps environments in `envs`. */
const condas = ['~/miniconda3', '~/miniforge3', '~/anaconda3', '~/mambaforge', '~/micromamba'] as const

/** Environments first: pyenv has them under a second name among its installations. */
export const homePythonPlaces: readonly PythonPlace[] = [
  ...[...condas, '~/.conda', '~/.local/share/mamba', '~/.pyenv/versions/*'].map((prefix) =>
    pythonProject(`${prefix}/envs/*`),
  ),
  pythonProject('~/.virtualenvs/*'),
  pythonProject('~/.cache/pypoetry/virtualenvs/*'),
  pythonProject('~/.local/share/virtualenvs/*'),
  pythonProject('~/.local/share/hatch/env/virtual/*/*/*'),
  pythonProject('~/.local/share/pdm/venvs/*'),
  pythonProject('~/venvs/*'),
  pythonProject('~/.venvs/*'),
  pythonProject('~/.venv'),
  pythonProject('~/venv'),
  pythonProject('~/*/.venv'),
  pythonProject('~/*/venv'),
  pythonProject('~/*/*/.venv'),
  python('~/.local'),
  python('~/.pyenv/versions/*'),
  python('~/.asdf/installs/python/*'),
  python('~/.local/share/mise/installs/python/*'),
  python('~/.local/share/uv/python/*'),
  ...condas.map(python),
  pythonTool('~/.local/share/uv/tools/*'),
  pythonTool('~/.local/share/pipx/venvs/*'),
  pythonTool('~/.local/pipx/venvs/*'),
  // `pipx run`: in the first since pipx 1.3, where it finds no home of an earlier one.
  pythonRun('~/.cache/pipx/*'),
  pythonRun('~/.local/pipx/.cache/*'),
  pythonTool('~/.pixi/envs/*'),
]

/** What uv fetched from the usual index, in a folder per name; looked at in its cache's documentation 2026-11-23. */
export const uvCachePlace = '~/.cache/uv/wheels-v*/pypi'

/** Homebrew keeps each version of a formula or cask in a folder of its own. */
export const systemBrewPlaces = [
  '/home/linuxbrew/.linuxbrew/Cellar/*/*',
  '/home/linuxbrew/.linuxbrew/Caskroom/*/*',
] as const
export const homeBrewPlaces = ['~/.linuxbrew/Cellar/*/*', '~/.linuxbrew/Caskroom/*/*'] as const

/** Where programs of Go are put by themselves; which module one was built from is in the program. */
export const systemGoPlaces = ['/usr/local/bin/*'] as const
export const homeGoPlaces = ['~/go/bin/*', '~/.asdf/installs/golang/*/packages/bin/*'] as const

/** Profiles of Nix, each a folder with a manifest. An account's own is reached from its home, also where it lies in /nix. */
export const systemNixPlaces = ['/nix/var/nix/profiles/default'] as const
export const homeNixPlaces = ['~/.nix-profile', '~/.local/state/nix/profiles/profile'] as const

/** Where RPM keeps its database. */
export const rpmPlaces = ['/var/lib/rpm', '/usr/lib/sysimage/rpm'] as const
