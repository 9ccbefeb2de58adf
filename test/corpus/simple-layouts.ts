// Tools of which one or two files are all that an installation leaves: programs of their makers, desktop applications, plug-ins
// by the name of a folder. From the makers' documents, each named; not from the catalogue.
import type { FakeNode } from '../helpers/fake-host.ts'
import { elf, json, script, type Draft, type Person } from './draft.ts'
import { addDeb, desktopEntry, type OtherLayout } from './other-layouts.ts'

type Files = (home: string) => Readonly<Record<string, FakeNode>>

function simple(surface: string, tool: string, seen: string, files: Files): OtherLayout {
  return {
    surface,
    tool,
    seen,
    install: (draft: Draft, { home }: Person) => void Object.assign(draft.files, files(home)),
  }
}

const maker = 'maker’s own installer'
const chromium = 'Chromium keeps Extensions/ID/VERSION_0/manifest.json in a profile; id of the web store'
const store = '/nix/store/0c1xk9yq6w8s0c1xk9yq6w8s0c1xk9yq-claude-code-2.1.330'
const environment = '/nix/store/9nvxk9yq6w8s0c1xk9yq6w8s0c1xk9yq-user-environment'
const manifest = '/nix/store/a36lazdyn4r186wagbvq1lrry7hs95p3-env-manifest.nix'
const listedByNixEnv: Draft['files'] = {
  [`${environment}/manifest.nix`]: { link: manifest },
  [manifest]: `[ { meta = { }; name = "claude-code-2.1.330"; out = { outPath = "${store}"; }; outPath = "${store}"; outputs = [ "out" ]; system = "x86_64-linux"; type = "derivation"; } ]`,
}

export const simpleLayouts: readonly OtherLayout[] = [
  simple(maker, 'cursor-cli', 'cursor.com/install: ~/.local/share/cursor-agent/versions/VERSION', (home) => ({
    [`${home}/.local/share/cursor-agent/versions/2026.09.01-1a2b3c4/cursor-agent`]: script(
      '#!/usr/bin/env bash\nexec "$NODE" index.js "$@"\n',
    ),
    [`${home}/.local/bin/cursor-agent`]: {
      link: `${home}/.local/share/cursor-agent/versions/2026.09.01-1a2b3c4/cursor-agent`,
    },
  })),
  simple(maker, 'amp', 'ampcode.com/install.sh: ~/.amp/bin/amp', (home) => ({
    [`${home}/.amp/bin/amp`]: elf(101_238_240),
    [`${home}/.local/bin/amp`]: { link: `${home}/.amp/bin/amp` },
  })),
  simple(
    maker,
    'kiro-cli',
    'kiro.dev, CLI installation: kiro-cli and kiro-cli-chat in ~/.local/bin',
    (home) => ({
      [`${home}/.local/bin/kiro-cli`]: elf(60_000_000),
      [`${home}/.local/bin/kiro-cli-chat`]: elf(120_000_000),
    }),
  ),
  simple(maker, 'zed', 'zed.dev/install.sh: ~/.local/zed.app, link in ~/.local/bin', (home) => ({
    [`${home}/.local/zed.app/bin/zed`]: elf(5_000_000),
    [`${home}/.local/zed.app/libexec/zed-editor`]: elf(300_000_000),
    [`${home}/.local/bin/zed`]: { link: `${home}/.local/zed.app/bin/zed` },
  })),
  ...(
    [
      ['goose', 'block/goose, download_cli.sh: GOOSE_BIN_DIR, ~/.local/bin'],
      ['droid', 'docs.factory.ai, installation: the script puts droid into ~/.local/bin'],
    ] as const
  ).map(([name, seen]) =>
    simple('program in ~/.local/bin, never started', name, seen, (home) => ({
      [`${home}/.local/bin/${name}`]: elf(90_000_000),
    })),
  ),
  simple(
    'AppImage in ~/Applications',
    'cursor',
    'Cursor’s download for Linux; appimaged’s folder',
    (home) => ({
      [`${home}/Applications/Cursor-3.1.14-x86_64.AppImage`]: elf(200_000_000),
    }),
  ),
  ...(
    [
      ['monica', 'ofpnmcalabcbjgholdjcjblkibolbppb'],
      ['claude-in-chrome', 'fcoeoabgfenejglbffodgkkbkcdhcgfn'],
    ] as const
  ).map(([tool, id]) =>
    simple('browser extension', tool, chromium, (home) => ({
      [`${home}/.config/google-chrome/Default/Extensions/${id}/1.0.63_0/manifest.json`]: json({
        manifest_version: 3,
        name: '__MSG_appName__',
        version: '1.0.63',
      }),
    })),
  ),
  ...(
    [
      ['supermaven', 'supermaven-nvim'],
      ['augment-code', 'augment.vim'],
    ] as const
  ).map(([tool, folder]) =>
    simple(
      'Neovim plug-in',
      tool,
      'lazy.nvim’s documentation: ~/.local/share/nvim/lazy/REPOSITORY',
      (home) => ({
        [`${home}/.local/share/nvim/lazy/${folder}/plugin/a.lua`]: '-- a plug-in\n',
      }),
    ),
  ),
  ...(['windsurf', 'kiro', 'antigravity', 'trae'] as const).map((tool): OtherLayout => ({
    surface: 'deb',
    tool,
    seen: 'editors built on VS Code: package and /usr/share folder of their name',
    machineWide: true,
    install(draft) {
      addDeb(draft, tool, '1.107.0')
      draft.files[`/usr/share/${tool}/${tool}`] = elf(190_000_000)
      draft.files[`/usr/share/applications/${tool}.desktop`] = desktopEntry(
        tool,
        `/usr/share/${tool}/${tool}`,
      )
    },
  })),
  {
    surface: 'built into the editor',
    tool: 'github-copilot',
    seen: 'seen here 2026-11-23: extensions/copilot of VS Code 1.139.1 (in code-server 4.139.1); its deb’s folder by what others say of it',
    machineWide: true,
    install(draft) {
      addDeb(draft, 'code', '1.116.0-1')
      draft.files['/usr/share/code/code'] = elf(190_000_000)
      draft.files['/usr/share/code/resources/app/extensions/copilot/package.json'] = json({
        publisher: 'GitHub',
        name: 'copilot-chat',
        version: '0.40.0',
      })
    },
  },
  {
    surface: 'Flatpak',
    tool: 'zed',
    seen: 'seen here 2026-11-23: Flatpak 1.14.10 (Debian 12) from a local repository, whole tree; dev.zed.Zed on Flathub',
    machineWide: true,
    install(draft) {
      const version = '/var/lib/flatpak/app/dev.zed.Zed/x86_64/stable/0a1b2c3d'
      draft.files[`${version}/metadata`] = '[Application]\nname=dev.zed.Zed\n'
      const exported = 'share/applications/dev.zed.Zed.desktop'
      draft.files[`${version}/export/${exported}`] = desktopEntry('Zed', '/usr/bin/flatpak')
      draft.files[`/var/lib/flatpak/exports/${exported}`] = {
        link: `../../../app/dev.zed.Zed/current/active/export/${exported}`,
      }
      draft.files['/var/lib/flatpak/app/dev.zed.Zed/current'] = { link: 'x86_64/stable' }
      draft.files['/var/lib/flatpak/app/dev.zed.Zed/x86_64/stable/active'] = { link: '0a1b2c3d' }
    },
  },
  nixProfile(
    'Nix profile',
    'seen here 2026-11-23: nix-env -i of Nix 2.34.8 (Debian sid), of a local derivation; the wrapper is nixpkgs’',
    ({ home }) => `${home}/.local/state/nix/profiles`,
  ),
  nixProfile(
    'nix profile',
    'seen here 2026-11-23: nix profile add of Nix 2.34.8 (Debian sid), of a path in the store; the wrapper is nixpkgs’',
    ({ home }) => `${home}/.local/state/nix/profiles`,
    {
      [`${environment}/manifest.json`]: json({
        elements: { 'claude-code': { active: true, priority: 5, storePaths: [store] } },
        version: 3,
      }),
    },
  ),
  nixProfile(
    'Nix profile of before 2.14',
    'seen here 2026-11-23: nix-env -i and nix profile install of Nix 2.8.0 (Debian 12), of a local derivation: with one package the profile’s bin is a link',
    ({ name }) => `/nix/var/nix/profiles/per-user/${name}`,
  ),
]

/** nixpkgs’ claude-code: an npm package behind a wrapper. */
function nixProfile(
  surface: string,
  seen: string,
  profiles: (person: Person) => string,
  listed: Draft['files'] = listedByNixEnv,
): OtherLayout {
  return {
    surface,
    tool: 'claude-code',
    seen,
    install(draft, person) {
      const root = `${store}/lib/node_modules/@anthropic-ai/claude-code`
      const profile = `${profiles(person)}/profile`
      Object.assign(draft.files, {
        [`${root}/package.json`]: json({
          name: '@anthropic-ai/claude-code',
          version: '2.1.330',
          bin: { claude: 'cli.js' },
        }),
        [`${root}/cli.js`]: script('#!/usr/bin/env node\n'),
        [`${store}/bin/.claude-wrapped`]: { link: `${root}/cli.js` },
        [`${store}/bin/claude`]: script(
          `#! /nix/store/1bashk9yq6w8s0c1xk9yq6w8s0c1xk9y-bash-5.3/bin/bash -e\nexport DISABLE_AUTOUPDATER='1'\nexec -a "$0" "${store}/bin/.claude-wrapped"  "$@"\n`,
        ),
        [`${environment}/bin`]: { link: `${store}/bin` },
        ...listed,
        [`${person.home}/.nix-profile`]: { link: profile },
        [profile]: { link: 'profile-1-link' },
        [`${profile}-1-link`]: { link: environment },
      })
    },
  }
}
