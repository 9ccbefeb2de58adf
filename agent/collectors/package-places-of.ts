// Which places of package managers each system has. Linux' are in package-places.ts; here what macOS and Windows have besides or
// instead. Sources: the managers' documentation and source (npm, pnpm 10 `getPnpmHomeDir` and cache, yarn 1, fnm, nvm-windows,
// volta, uv, pipx, CPython's site and sysconfig, Homebrew), looked at 2026-11-23; none of it was run on either system.
import type { Platform } from '#shared/tool.ts'
import type { PackagePlace, PythonPlace } from './package-places.ts'
import {
  cached,
  denoCachePlace,
  homeBrewPlaces,
  homeGoPlaces,
  homeNixPlaces,
  homePackagePlaces,
  homePythonPlaces,
  installed,
  listed,
  systemBrewPlaces,
  systemGoPlaces,
  systemNixPlaces,
  systemNpmrcs,
  systemPackagePlaces,
  systemPythonPlaces,
  uvCachePlace,
} from './package-places.ts'

export interface PackagePlaces {
  readonly systemPackages: readonly PackagePlace[]
  readonly homePackages: readonly PackagePlace[]
  readonly systemNpmrcs: readonly string[]
  readonly systemPython: readonly PythonPlace[]
  readonly homePython: readonly PythonPlace[]
  readonly systemBrew: readonly string[]
  readonly homeBrew: readonly string[]
  readonly systemGo: readonly string[]
  readonly homeGo: readonly string[]
  readonly systemNix: readonly string[]
  readonly homeNix: readonly string[]
  readonly denoCaches: readonly string[]
  readonly uvCaches: readonly string[]
  /** Of a prefix that npm was given, where its packages are. */
  readonly modulesOfPrefix: string
}

const site = (template: string, kind: PythonPlace['kind'] = 'installation'): PythonPlace => ({
  template,
  kind,
})

const linux: PackagePlaces = {
  systemPackages: systemPackagePlaces,
  homePackages: homePackagePlaces,
  systemNpmrcs,
  systemPython: systemPythonPlaces,
  homePython: homePythonPlaces,
  systemBrew: systemBrewPlaces,
  homeBrew: homeBrewPlaces,
  systemGo: systemGoPlaces,
  homeGo: homeGoPlaces,
  systemNix: systemNixPlaces,
  homeNix: homeNixPlaces,
  denoCaches: [denoCachePlace],
  uvCaches: [uvCachePlace],
  modulesOfPrefix: 'lib/node_modules',
}

const darwin: PackagePlaces = {
  ...linux,
  systemPackages: [
    installed('/usr/local/lib/node_modules'),
    installed('/opt/*/lib/node_modules'),
    installed('/usr/local/n/versions/node/*/lib/node_modules'),
  ],
  homePackages: [
    ...homePackagePlaces,
    installed('~/Library/Application Support/fnm/node-versions/*/installation/lib/node_modules'),
    listed('~/Library/pnpm/global/*/node_modules'),
    listed('~/Library/pnpm/global/*/*/node_modules'),
    cached('~/Library/Caches/pnpm/dlx/*/pkg/node_modules'),
  ],
  systemNpmrcs: ['/etc/npmrc', '/usr/local/etc/npmrc', '/opt/homebrew/etc/npmrc'],
  systemPython: [
    site('/opt/homebrew/lib/python3*/site-packages'),
    site('/usr/local/lib/python3*/site-packages'),
    site('/Library/Frameworks/Python.framework/Versions/*/lib/python3*/site-packages'),
    site('/opt/*conda3/lib/python3*/site-packages'),
    site('/opt/*conda3/envs/*/lib/python3*/site-packages', 'project'),
  ],
  homePython: [
    ...homePythonPlaces,
    site('~/Library/Python/3*/lib/python/site-packages'),
    site('~/Library/Application Support/pipx/venvs/*/lib/python3*/site-packages', 'tool'),
    site('~/Library/Application Support/pipx/.cache/*/lib/python3*/site-packages', 'cache'),
  ],
  systemBrew: [
    '/opt/homebrew/Cellar/*/*',
    '/opt/homebrew/Caskroom/*/*',
    '/usr/local/Cellar/*/*',
    '/usr/local/Caskroom/*/*',
  ],
  homeBrew: ['~/homebrew/Cellar/*/*', '~/homebrew/Caskroom/*/*'],
  denoCaches: ['~/Library/Caches/deno/npm/*', denoCachePlace],
}

const windowsCondas = ['~/miniconda3', '~/miniforge3', '~/anaconda3', '~/AppData/Local/miniconda3'] as const

const windows: PackagePlaces = {
  systemPackages: [
    installed('/C:/Program Files/nodejs/node_modules'),
    installed('/C:/ProgramData/npm/node_modules'),
  ],
  homePackages: [
    installed('~/AppData/Roaming/npm/node_modules'),
    installed('~/AppData/Roaming/nvm/v*/node_modules'),
    installed('~/AppData/Local/nvm/v*/node_modules'),
    installed('~/AppData/Roaming/fnm/node-versions/*/installation/node_modules'),
    installed('~/AppData/Local/fnm/node-versions/*/installation/node_modules'),
    installed('~/AppData/Local/Volta/tools/image/node/*/node_modules'),
    installed('~/AppData/Local/Volta/tools/image/packages/*/node_modules'),
    installed('~/AppData/Local/Volta/tools/image/packages/*/*/node_modules'),
    installed('~/scoop/persist/nodejs*/bin/node_modules'),
    installed('~/.proto/tools/node/*/node_modules'),
    listed('~/AppData/Local/mise/installs/npm-*/*/node_modules'),
    listed('~/.bun/install/global/node_modules'),
    listed('~/AppData/Local/pnpm/global/*/node_modules'),
    listed('~/AppData/Local/pnpm/global/*/*/node_modules'),
    listed('~/AppData/Local/Yarn/Data/global/node_modules'),
    listed('~/.deno/bin/.*/node_modules'),
    cached('~/AppData/Local/npm-cache/_npx/*/node_modules'),
    cached('~/AppData/Local/pnpm-cache/dlx/*/pkg/node_modules'),
  ],
  systemNpmrcs: ['/C:/Program Files/nodejs/node_modules/npm/npmrc'],
  systemPython: [
    site('/C:/Program Files/Python3*/Lib/site-packages'),
    site('/C:/Program Files/Python/Python3*/Lib/site-packages'),
    site('/C:/ProgramData/*conda3/Lib/site-packages'),
    site('/C:/ProgramData/*conda3/envs/*/Lib/site-packages', 'project'),
  ],
  homePython: [
    ...windowsCondas.map((prefix) => site(`${prefix}/envs/*/Lib/site-packages`, 'project')),
    site('~/.virtualenvs/*/Lib/site-packages', 'project'),
    site('~/AppData/Local/pypoetry/Cache/virtualenvs/*/Lib/site-packages', 'project'),
    site('~/.venv/Lib/site-packages', 'project'),
    site('~/*/.venv/Lib/site-packages', 'project'),
    site('~/*/venv/Lib/site-packages', 'project'),
    site('~/*/*/.venv/Lib/site-packages', 'project'),
    ...windowsCondas.map((prefix) => site(`${prefix}/Lib/site-packages`)),
    site('~/AppData/Local/Programs/Python/Python3*/Lib/site-packages'),
    site('~/AppData/Local/Python/pythoncore-*/Lib/site-packages'),
    site('~/AppData/Roaming/Python/Python3*/site-packages'),
    site('~/AppData/Roaming/uv/python/*/Lib/site-packages'),
    site('~/.pyenv/pyenv-win/versions/*/Lib/site-packages'),
    site('~/scoop/apps/python*/*/Lib/site-packages'),
    site('~/AppData/Roaming/uv/tools/*/Lib/site-packages', 'tool'),
    ...['~/pipx', '~/.local/pipx', '~/AppData/Local/pipx/pipx'].flatMap((home) => [
      site(`${home}/venvs/*/Lib/site-packages`, 'tool'),
      site(`${home}/.cache/*/Lib/site-packages`, 'cache'),
    ]),
  ],
  systemBrew: [],
  homeBrew: [],
  systemGo: [],
  homeGo: ['~/go/bin/*.exe'],
  systemNix: [],
  homeNix: [],
  denoCaches: ['~/AppData/Local/deno/npm/*'],
  uvCaches: ['~/AppData/Local/uv/cache/wheels-v*/pypi'],
  modulesOfPrefix: 'node_modules',
}

export const packagePlaces: Readonly<Record<Platform, PackagePlaces>> = { linux, darwin, windows }
