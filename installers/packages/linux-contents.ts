// What the packages for Linux put on a machine, and where: one list for all of them. Pure.

export interface PackagedFile {
  /** On the machine. */
  readonly path: string
  readonly mode: number
  readonly content: PackagedContent
  /** An administrator may change it: an upgrade keeps the change. */
  readonly settings?: true
}

export type PackagedContent =
  /** In the checkout or in `dist`. */
  | { readonly file: string }
  | { readonly text: string }
  | { readonly compressed: string }
  /** A symbolic link, and where it leads. */
  | { readonly link: string }

export interface LinuxTexts {
  readonly manualPage: string
  readonly changelog: string
  /** The licences of Node and of the libraries inside. */
  readonly licences: string
  /** `/etc/cutoff/settings.yaml`: every setting, none of them set. */
  readonly settings: string
}

/** What systemd starts with the machine; the others start as these need them. */
export const startedUnits = ['cutoff-agent.service', 'cutoff-copies.path'] as const
const units = [...startedUnits, 'cutoff-copies.service'] as const

/** What an account's own systemd runs, in a desktop session: shows notices that come up while somebody is logged in. */
const watchingNews = 'cutoff-notice.path'
const sessionUnits = [watchingNews, 'cutoff-notice.service'] as const
/** Its links are started with every account's desktop. */
const desktopWants = '/usr/lib/systemd/user/graphical-session.target.wants'

/**
 * For the packages' scripts, before a removal: ends what sessions that are open run of it, which would go on without its program.
 * As systemd's own helper for packages does it; takes systemd 248, and with an earlier one it ends with the session.
 */
export const endInSessions = `for number in $(systemctl list-units --plain --no-legend 'user@*.service' | sed -n 's/^user@\\([0-9]*\\)\\.service.*/\\1/p'); do
    timeout -k 1 10 systemctl --user -M "$number@" stop ${sessionUnits.join(' ')} >/dev/null 2>&1 || true
  done`

/**
 * For the packages' scripts: has the agent say why it ends, before it is stopped. With the service's environment, which is none;
 * bounded, and never the reason why a package stays.
 */
export const reportRemoval = {
  removed: reportRemovalLine('report-removal'),
  upgraded: reportRemovalLine('report-removal --upgrade'),
} as const

function reportRemovalLine(command: string): string {
  return `env -i timeout -k 1 15 cutoff-agent ${command} --state /var/lib/cutoff >/dev/null 2>&1 || true`
}

/** @param executable the agent for the machine's processor */
export function linuxContents(
  checkout: string,
  executable: string,
  texts: LinuxTexts,
): readonly PackagedFile[] {
  const own = (name: string) => ({ file: `${checkout}/installers/linux/${name}` })
  const plain = (path: string, content: PackagedContent): PackagedFile => ({ path, mode: 0o644, content })
  const doc = '/usr/share/doc/cutoff-agent'
  return [
    { path: '/usr/bin/cutoff-agent', mode: 0o755, content: { file: executable } },
    { path: '/usr/lib/cutoff/cutoff-hand-out', mode: 0o755, content: own('cutoff-hand-out') },
    ...units.map((name) => plain(`/usr/lib/systemd/system/${name}`, own(name))),
    ...sessionUnits.map((name) => plain(`/usr/lib/systemd/user/${name}`, own(name))),
    {
      path: `${desktopWants}/${watchingNews}`,
      mode: 0o644,
      content: { link: `../${watchingNews}` },
    },
    plain('/usr/lib/sysusers.d/cutoff.conf', own('cutoff.sysusers')),
    plain('/usr/lib/tmpfiles.d/cutoff.conf', own('cutoff.tmpfiles')),
    { ...plain('/etc/xdg/autostart/cutoff-notice.desktop', own('cutoff-notice.desktop')), settings: true },
    { ...plain('/etc/cutoff/settings.yaml', { text: texts.settings }), settings: true },
    plain('/usr/share/man/man1/cutoff-agent.1.gz', { compressed: texts.manualPage }),
    plain(`${doc}/CHANGELOG.md.gz`, { compressed: texts.changelog }),
    plain(`${doc}/licences.txt.gz`, { compressed: texts.licences }),
  ]
}

/** Folders that go with the package, where nobody else's files are in them. */
export const linuxFolders = [
  '/etc/cutoff',
  '/etc/cutoff/conf.d',
  '/usr/lib/cutoff',
  '/usr/share/doc/cutoff-agent',
  desktopWants,
] as const
