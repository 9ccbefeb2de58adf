import { describe, expect, test } from 'vitest'
import { packageCollector } from '../../../../agent/collectors/package.ts'
import { emptyMemory } from '../../../../agent/memory.ts'
import type { FakeTree } from '../../../helpers/fake-host.ts'
import { aNow, fakeHost } from '../../../helpers/fake-host.ts'
import { goProgram } from '../../../helpers/go-program.ts'
import { capturedRpmHeader, rpmDatabase } from '../../../helpers/rpm-database.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'

const mise = '/home/ann/.local/share/mise/installs/npm-tool'
const manifest = (name: string, rest: object = {}) => JSON.stringify({ name, version: '1.0.0', ...rest })
const wanted = { package: [{ manager: 'npm', name: 'tool', ...observed }] } as const

async function packages(files: FakeTree) {
  const { observations, gaps } = await look(packageCollector, fakeHost({ files }))
  return {
    packages: observations.map(
      (one) => `${one.account ?? '-'} ${one.manager} ${one.name}@${one.version ?? '?'} ${one.scope}`,
    ),
    gaps: gaps.map(inShort),
  }
}

describe('packages', () => {
  test.each<[string, FakeTree, string[]]>([
    [
      'of the system',
      { '/usr/lib/node_modules/npm/package.json': manifest('npm') },
      ['- npm npm@1.0.0 installed'],
    ],
    [
      'of nvm, scoped ones included, hidden folders and files not',
      {
        '/home/ann/.nvm/versions/node/v26.10.0/lib/node_modules/@v/tool/package.json': manifest('@v/tool'),
        '/home/ann/.nvm/versions/node/v26.10.0/lib/node_modules/.tool-AbCdEf12/package.json':
          manifest('tool'),
        '/home/ann/.nvm/versions/node/v26.10.0/lib/node_modules/README': 'x',
      },
      ['ann npm @v/tool@1.0.0 installed'],
    ],
    [
      'of a prefix in .npmrc',
      {
        '/home/ann/.npmrc': 'prefix=~/np',
        '/home/ann/np/lib/node_modules/tool/package.json': manifest('tool'),
      },
      ['ann npm tool@1.0.0 installed'],
    ],
    [
      'of pnpm 12 and of older ones, without their stores',
      {
        '/home/ann/.local/share/pnpm/global/v11/abc/package.json': manifest('x', {
          dependencies: { tool: '1' },
        }),
        '/home/ann/.local/share/pnpm/global/v11/abc/node_modules/tool/package.json': manifest('tool'),
        '/home/ann/.local/share/pnpm/global/5/package.json': '{"dependencies":{"old":"1"}}',
        '/home/ann/.local/share/pnpm/global/5/node_modules/old': {
          link: '../.pnpm/old@1.0.0/node_modules/old',
        },
        '/home/ann/.local/share/pnpm/global/5/.pnpm/old@1.0.0/node_modules/old/package.json': manifest('old'),
        '/home/ann/.local/share/pnpm/global/5/.pnpm/node_modules/dep/package.json': manifest('dep'),
      },
      ['ann npm old@1.0.0 installed', 'ann npm tool@1.0.0 installed'],
    ],
    [
      'of bun: what was asked for, not what it brought along',
      {
        '/home/ann/.bun/install/global/package.json': '{"dependencies":{"tool":"^1"}}',
        '/home/ann/.bun/install/global/node_modules/tool/package.json': manifest('tool'),
        '/home/ann/.bun/install/global/node_modules/dep/package.json': manifest('dep'),
      },
      ['ann npm tool@1.0.0 installed'],
    ],
    [
      'fetched by npx',
      {
        '/home/ann/.npm/_npx/849d/package.json': '{"dependencies":{"@v/tool":"^1"}}',
        '/home/ann/.npm/_npx/849d/node_modules/@v/tool/package.json': manifest('@v/tool'),
        '/home/ann/.npm/_npx/849d/node_modules/dep/package.json': manifest('dep'),
      },
      ['ann npm @v/tool@1.0.0 cache'],
    ],
    [
      'fetched by pnpm dlx, bunx and older bunx, nobody else’s',
      {
        '/home/ann/.cache/pnpm/dlx/f9e9/1a20-286b/package.json': '{"dependencies":{"a":"1.6.0"}}',
        '/home/ann/.cache/pnpm/dlx/f9e9/1a20-286b/node_modules/a': { link: '.pnpm/a@1.0.0/node_modules/a' },
        '/home/ann/.cache/pnpm/dlx/f9e9/1a20-286b/node_modules/.pnpm/a@1.0.0/node_modules/a/package.json':
          manifest('a'),
        '/home/ann/.cache/pnpm/dlx/f9e9/pkg': { link: '1a20-286b' },
        '/home/ann/.bun/install/cache/.bunx-1000/b@14/package.json': '{"dependencies":{"b":"14"}}',
        '/home/ann/.bun/install/cache/.bunx-1000/b@14/node_modules/b/package.json': manifest('b'),
        '/home/ann/.bun/install/cache/.bunx-1000/b@14/node_modules/dep/package.json': manifest('dep'),
        '/home/ann/.bun/install/cache/.bunx-1000/@v/c@latest/package.json': '{"dependencies":{"@v/c":"1"}}',
        '/home/ann/.bun/install/cache/.bunx-1000/@v/c@latest/node_modules/@v/c/package.json':
          manifest('@v/c'),
        '/tmp/bunx-1000-d@latest/package.json': { content: '{"dependencies":{"d":"1"}}', owner: 1000 },
        '/tmp/bunx-1000-d@latest/node_modules/d/package.json': { content: manifest('d'), owner: 1000 },
        '/tmp/bunx-1001-e@latest/node_modules/e/package.json': { content: manifest('e'), owner: 1001 },
      },
      ['a', 'b', '@v/c', 'd'].map((name) => `ann npm ${name}@1.0.0 cache`),
    ],
    [
      'of proto and of deno',
      {
        '/home/ann/.proto/tools/node/22.1.0/lib/node_modules/a/package.json': manifest('a'),
        '/home/ann/.deno/bin/.b/package.json': '{"dependencies": {"b": "*"}}',
        '/home/ann/.deno/bin/.b/node_modules/b/package.json': manifest('b'),
        '/home/ann/.cache/deno/npm/registry.example/c/1.0.0/package.json': manifest('c'),
      },
      ['ann npm a@1.0.0 installed', 'ann npm b@1.0.0 installed'],
    ],
    [
      'of a prefix that the system’s npm has',
      {
        '/etc/npmrc': 'cafile=/x\nprefix=${HOME}/all\n',
        '/home/ann/all/lib/node_modules/a/package.json': manifest('a'),
        '/home/ann/.config/npm/npmrc': 'prefix=${XDG_DATA_HOME}/npm',
        '/home/ann/.local/share/npm/lib/node_modules/b/package.json': manifest('b'),
      },
      ['ann npm a@1.0.0 installed', 'ann npm b@1.0.0 installed'],
    ],
    [
      'of Homebrew',
      {
        '/home/linuxbrew/.linuxbrew/Cellar/tool/2.1/bin/tool': '',
        '/home/linuxbrew/.linuxbrew/Caskroom/c/3/c': '',
      },
      ['- homebrew tool@2.1 installed', '- homebrew-cask c@3 installed'],
    ],
    [
      'of Python: a tool’s environment counts as the tool',
      {
        '/home/ann/.local/share/uv/tools/aider-chat/lib/python3.12/site-packages/aider_chat-0.86.1.dist-info/RECORD':
          '',
        '/home/ann/.local/share/uv/tools/aider-chat/lib/python3.12/site-packages/litellm-1.0.0.dist-info/RECORD':
          '',
        '/home/ann/.local/lib/python3.11/site-packages/requests-2.0.0.dist-info/RECORD': '',
      },
      ['ann pypi requests@2.0.0 installed', 'ann pypi aider-chat@0.86.1 installed'],
    ],
    [
      'of Go: what somebody built from a folder is a project',
      {
        '/home/ann/go/bin/tool': {
          content: goProgram('mod\tgithub.com/v/tool\tv1.2.3\th1:x'),
          mode: 0o755,
        },
        '/home/ann/go/bin/own': { content: goProgram('mod\texample.com/own\t(devel)\t'), mode: 0o755 },
        '/home/ann/go/bin/script': { content: '#!/bin/sh\n', mode: 0o755 },
        '/usr/local/bin/tool': { content: goProgram('mod\tgithub.com/v/all\tv2.0.0\th1:x'), mode: 0o755 },
      },
      [
        '- go github.com/v/all@v2.0.0 installed',
        'ann go github.com/v/tool@v1.2.3 installed',
        'ann go example.com/own@? project',
      ],
    ],
    [
      'of RPM, once where one place is a link to the other',
      {
        '/usr/lib/sysimage/rpm/rpmdb.sqlite': rpmDatabase([capturedRpmHeader, Buffer.from('none')]),
        '/var/lib/rpm': { link: '../../usr/lib/sysimage/rpm' },
      },
      ['- rpm acme-tool@1:1.2.3-4 installed'],
    ],
    [
      'of Nix: a profile under two names counts once',
      {
        '/home/ann/.nix-profile': { link: '/home/ann/.local/state/nix/profiles/profile' },
        '/home/ann/.local/state/nix/profiles/profile': { link: 'profile-1-link' },
        '/home/ann/.local/state/nix/profiles/profile-1-link': { link: '/nix/store/aaa-profile' },
        '/nix/store/aaa-profile/manifest.json': JSON.stringify({
          version: 3,
          elements: { tool: { storePaths: [`/nix/store/${'a'.repeat(32)}-tool-1.2`] } },
        }),
        '/nix/var/nix/profiles/default/manifest.nix': '[ { name = "nix-2.18.1"; } ]',
      },
      ['- nix nix@2.18.1 installed', 'ann nix tool@1.2 installed'],
    ],
    [
      'of Nix: a profile in /nix is the account’s whose home leads there',
      {
        '/home/ann/.nix-profile': { link: '/nix/var/nix/profiles/per-user/ann/profile' },
        '/nix/var/nix/profiles/per-user/ann/profile': { link: 'profile-1-link' },
        '/nix/var/nix/profiles/per-user/ann/profile-1-link': { link: '/nix/store/aaa-user-environment' },
        '/nix/store/aaa-user-environment/manifest.nix': '[ { meta = { }; name = "tool-1.2"; } ]',
      },
      ['ann nix tool@1.2 installed'],
    ],
    [
      'of npm by mise, under all names that it gives a version',
      {
        [`${mise}/latest`]: { link: './1.0.0' },
        [`${mise}/1.0.0/package.json`]: '{"name":"mise-npm-install","dependencies":{"tool":"1.0.0"}}',
        [`${mise}/1.0.0/node_modules/tool`]: { link: '.mise/tool@1.0.0/node_modules/tool' },
        [`${mise}/1.0.0/node_modules/.mise/tool@1.0.0/node_modules/tool/package.json`]: manifest('tool'),
        [`${mise}/1.0.0/node_modules/.mise/tool@1.0.0/node_modules/other/package.json`]: manifest('other'),
      },
      ['ann npm tool@1.0.0 installed'],
    ],
    [
      'of cargo and Debian',
      {
        '/home/ann/.cargo/.crates.toml': '[v1]\n"tool 0.1.0 (registry+https://x)" = ["tool"]\n',
        '/var/lib/dpkg/status': 'Package: tool\nStatus: install ok installed\nVersion: 3-1\n',
      },
      ['ann cargo tool@0.1.0 installed', '- deb tool@3-1 installed'],
    ],
    [
      'one folder under two names is one package',
      {
        '/usr/local/lib/node_modules/tool/package.json': manifest('tool'),
        '/usr/lib/node_modules/tool': { link: '/usr/local/lib/node_modules/tool' },
      },
      ['- npm tool@1.0.0 installed'],
    ],
    [
      'a link to somebody’s project is the project, whatever manager made it',
      {
        '/home/ann/.npm-global/lib/node_modules/secret': { link: '/home/ann/work/secret' },
        '/home/ann/work/secret/package.json': manifest('secret'),
        '/home/ann/.local/lib/python3.11/site-packages/secret-2.0.dist-info/direct_url.json': '{}',
        '/home/ann/.cargo/.crates.toml':
          '[v1]\n"secret 0.1.0 (path+file:///home/ann/work/secret)" = ["secret"]\n',
      },
      ['ann npm secret@1.0.0 project', 'ann pypi secret@2.0 project', 'ann cargo secret@0.1.0 project'],
    ],
    ['a folder without a manifest', { '/usr/lib/node_modules/empty/x': '' }, []],
    ['a manifest without a name', { '/usr/lib/node_modules/x/package.json': '{"type":"module"}' }, []],
  ])('%s', async (_title, files, expected) => {
    expect(await packages(files)).toEqual({ packages: expected, gaps: [] })
  })

  test('in full', async () => {
    const path = '/home/ann/.npm-global/lib/node_modules/tool'
    const host = fakeHost({
      files: { [path]: { folder: true, createdAt: aNow - 5000 }, [`${path}/package.json`]: manifest('tool') },
    })
    const { observations } = await look(packageCollector, host)
    expect(observations).toEqual([
      {
        kind: 'package',
        account: 'ann',
        at: aNow,
        manager: 'npm',
        name: 'tool',
        version: '1.0.0',
        path,
        scope: 'installed',
        installedAt: aNow - 5000,
      },
    ])
  })

  test('of what deno fetched only the catalogue’s names are told', async () => {
    const files = {
      '/home/ann/.cache/deno/npm/registry.example/tool/1.0.0/package.json': manifest('tool'),
      '/home/ann/.cache/deno/npm/registry.example/dep/1.0.0/package.json': manifest('dep'),
    }
    const { observations } = await look(packageCollector, fakeHost({ files }), { wanted })
    expect(observations.map(({ name, scope }) => `${name} ${scope}`)).toEqual(['tool cache'])
  })

  test('with the catalogue alone only its packages are told', async () => {
    const files = {
      '/usr/lib/node_modules/tool/package.json': manifest('tool'),
      '/usr/lib/node_modules/other/package.json': manifest('other'),
      '/var/lib/dpkg/status': 'Package: bash\nStatus: install ok installed\nVersion: 5\n',
    }
    const { observations } = await look(packageCollector, fakeHost({ files }), {
      wanted,
      inventory: 'catalogue-only',
    })
    expect(observations.map(({ name }) => name)).toEqual(['tool'])
  })
})

describe('archives unpacked by hand', () => {
  const program = manifest('tool', { bin: 'cli.js' })

  test.each<[string, FakeTree, string[]]>([
    ['in the home', { '/home/ann/package/package.json': program }, ['tool']],
    ['one folder deeper', { '/home/ann/tools/tool-1.0.0/package.json': program }, ['tool']],
    ['as npm pack makes them', { '/home/ann/tools/tool/package/package.json': program }, ['tool']],
    ['of another name', { '/home/ann/tools/package/package.json': manifest('x', { bin: 'cli.js' }) }, []],
    ['without a command', { '/home/ann/tools/package/package.json': manifest('tool') }, []],
    [
      'that are a clone of its source',
      { '/home/ann/src/tool/package.json': program, '/home/ann/src/tool/.git/HEAD': 'ref: x' },
      [],
    ],
    ['in a hidden folder', { '/home/ann/.cache/package/package.json': program }, []],
    [
      'behind a link out of the home',
      { '/home/ann/x': { link: '/srv' }, '/srv/package/package.json': program },
      [],
    ],
  ])('%s', async (_title, files, expected) => {
    const { observations, gaps } = await look(packageCollector, fakeHost({ files }), { wanted })
    expect(observations.map(({ name }) => name)).toEqual(expected)
    expect(gaps).toEqual([])
  })
})

describe('roots that were seen before', () => {
  test('are looked at again, and forgotten once they are gone; one in a usual place counts once', async () => {
    const memory = emptyMemory()
    const project = '/home/ann/src/x/node_modules/tool'
    const archive = '/home/ann/Downloads/package'
    const usual = '/home/ann/.npm-global/lib/node_modules/usual'
    for (const root of [project, archive, usual, `${usual}-gone`, '/home/ann/gone'])
      memory.rememberRoot('ann', root)
    const files = {
      [`${project}/package.json`]: manifest('tool'),
      [`${archive}/package.json`]: manifest('unpacked'),
      [`${usual}/package.json`]: manifest('usual'),
    }

    const { observations } = await look(packageCollector, fakeHost({ files }), { memory })

    expect(observations.map(({ name, scope }) => `${name} ${scope}`)).toEqual([
      'usual installed',
      'tool project',
      'unpacked installed',
    ])
    expect(memory.roots('ann')).toEqual([project, archive, usual])
  })
})

test('a program of Go that was seen elsewhere is looked at again until it is another', async () => {
  const memory = emptyMemory()
  const there = '/home/ann/bin/tool'
  const usual = '/home/ann/go/bin/usual'
  for (const root of [there, usual, '/home/ann/bin/replaced']) memory.rememberRoot('ann', root)
  const program = { content: goProgram('mod\tgithub.com/v/tool\tv1.2.3\th1:x'), mode: 0o755 }
  const files = { [there]: program, [usual]: program, '/home/ann/bin/replaced': '#!/bin/sh\n' }

  const { observations } = await look(packageCollector, fakeHost({ files }), { memory })

  expect(observations.map(({ path, name }) => `${path} ${name}`)).toEqual([
    `${usual} github.com/v/tool`,
    `${there} github.com/v/tool`,
  ])
  expect(memory.roots('ann')).toEqual([there, usual])
})

describe('environments of Python for projects', () => {
  const own = { package: [{ manager: 'pypi', name: 'a-tool', ...observed }] } as const
  const site = 'lib/python3.12/site-packages'
  test.each<[string, FakeTree, string[]]>([
    [
      'only the catalogue’s names',
      {
        [`/home/ann/miniconda3/envs/x/${site}/a_tool-1.0.dist-info/RECORD`]: '',
        [`/home/ann/miniconda3/envs/x/${site}/secret-1.0.dist-info/RECORD`]: '',
        [`/home/ann/miniconda3/${site}/conda-24.1.dist-info/RECORD`]: '',
      },
      ['a-tool 1.0 project', 'conda 24.1 installed'],
    ],
    [
      'of poetry',
      { [`/home/ann/.cache/pypoetry/virtualenvs/x-py3.12/${site}/a_tool-1.0.dist-info/RECORD`]: '' },
      ['a-tool 1.0 project'],
    ],
    [
      'in a folder of somebody’s environments',
      { [`/home/ann/venvs/x/${site}/a_tool-1.0.dist-info/RECORD`]: '' },
      ['a-tool 1.0 project'],
    ],
    [
      'of a project two folders below the home',
      { [`/home/ann/src/x/.venv/${site}/a_tool-1.0.dist-info/RECORD`]: '' },
      ['a-tool 1.0 project'],
    ],
    [
      'one environment under two names is one',
      {
        [`/home/ann/.pyenv/versions/3.12.1/envs/x/${site}/a_tool-1.0.dist-info/RECORD`]: '',
        [`/home/ann/.pyenv/versions/3.12.1/envs/x/${site}/secret-1.0.dist-info/RECORD`]: '',
        '/home/ann/.pyenv/versions/x': { link: '/home/ann/.pyenv/versions/3.12.1/envs/x' },
      },
      ['a-tool 1.0 project'],
    ],
    [
      'fetched by uvx, the catalogue’s names alone',
      {
        '/home/ann/.cache/uv/wheels-v5/pypi/a-tool/0.86.1-py3-none-any': {
          link: '/home/ann/.cache/uv/archive-v0/Abc',
        },
        '/home/ann/.cache/uv/wheels-v5/pypi/a-tool/0.86.1-py3-none-any.http': 'x',
        '/home/ann/.cache/uv/wheels-v5/pypi/secret/1.0-py3-none-any.http': 'x',
      },
      ['a-tool 0.86.1 cache'],
    ],
    [
      'fetched by pipx run, the catalogue’s names alone',
      {
        [`/home/ann/.cache/pipx/2b46ebf5a7cc9ba/${site}/a_tool-0.86.1.dist-info/METADATA`]: 'Name: a-tool',
        [`/home/ann/.cache/pipx/2b46ebf5a7cc9ba/${site}/secret-1.0.dist-info/METADATA`]: 'Name: secret',
        [`/home/ann/.local/pipx/.cache/0a1b2c3d4e5f678/${site}/a_tool-0.85.0.dist-info/METADATA`]: '',
      },
      ['a-tool 0.86.1 cache', 'a-tool 0.85.0 cache'],
    ],
    [
      'of a tool that pipx installed under a suffix',
      {
        [`/home/ann/.local/share/pipx/venvs/a-tool@old/${site}/a_tool-0.86.1.dist-info/METADATA`]: '',
        [`/home/ann/.local/share/pipx/venvs/a-tool@old/${site}/a-1.0.dist-info/METADATA`]: '',
      },
      ['a-tool 0.86.1 installed'],
    ],
  ])('%s', async (_title, files, expected) => {
    const { observations, gaps } = await look(packageCollector, fakeHost({ files }), { wanted: own })
    expect(observations.map((one) => `${one.name} ${one.version} ${one.scope}`)).toEqual(expected)
    expect(gaps).toEqual([])
  })

  test('one that ran is looked at again, in a later version too, until it is gone', async () => {
    const memory = emptyMemory()
    const folder = `/home/ann/deep/er/still/env/${site}`
    memory.rememberRoot('ann', `${folder}/a_tool-1.0.dist-info`)
    memory.rememberRoot('ann', '/home/ann/gone/x-1.0.dist-info')
    const files = { [`${folder}/a_tool-1.1.dist-info/RECORD`]: '' }

    const { observations } = await look(packageCollector, fakeHost({ files }), { memory })

    expect(observations).toMatchObject([{ name: 'a-tool', version: '1.1', scope: 'project' }])
    expect(memory.roots('ann')).toEqual([`${folder}/a_tool-1.0.dist-info`])
  })
})

describe('what is in the way', () => {
  const root = '/home/ann/.npm-global/lib/node_modules'
  test.each<[string, FakeTree, string[]]>([
    [
      'a manifest that is no JSON',
      { [`${root}/a/package.json`]: '{' },
      [`ann unparsable ${root}/a/package.json`],
    ],
    [
      'a manifest of 1 GB',
      { [`${root}/a/package.json`]: { bytes: 1e9 } },
      [`ann too-large ${root}/a/package.json (1000000000 bytes)`],
    ],
    [
      'a package that leads out of the home',
      { [`${root}/a`]: { link: '/root/x' } },
      ['ann outside-home /root'],
    ],
    ['node_modules that leads out of the home', { [root]: { link: '/srv' } }, ['ann outside-home /srv']],
    ['a FIFO', { '/home/ann/.npmrc': { fifo: true } }, ['ann not-regular /home/ann/.npmrc']],
    [
      'names that would lead elsewhere',
      {
        '/home/ann/.bun/install/global/package.json':
          '{"dependencies":{"../../../../../root":"1","@a/../b":"1","..":"1","":"1"}}',
        '/home/ann/.bun/install/global/node_modules/x': '',
      },
      [],
    ],
    [
      'an RPM database of an older format, which is not read',
      { '/var/lib/rpm/Packages': 'x' },
      ['- unsupported /var/lib/rpm (rpm-database)'],
    ],
    [
      'an RPM database that is none',
      { '/var/lib/rpm/rpmdb.sqlite': 'x' },
      ['- unparsable /var/lib/rpm/rpmdb.sqlite'],
    ],
  ])('%s', async (_title, files, expected) => {
    expect(await packages(files)).toEqual({ packages: [], gaps: expected })
  })
})
