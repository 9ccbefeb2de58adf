// The life of a package on a machine: installed, used, upgraded, removed. What is asked is the same of both kinds.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Container } from './container.ts'

export interface Check {
  readonly what: string
  readonly ok: boolean
  readonly found: string
}

export interface Commands {
  readonly install: (file: string) => string
  readonly upgrade: (file: string) => string
  /** The first half of it, after which the files are there and the service is as before; null where the kind has no halves. */
  readonly unpack: ((file: string) => string) | null
  readonly remove: string
  /** Removes what is kept after a removal, too; null where the kind has no such thing. */
  readonly purge: string | null
}

export const debCommands: Commands = {
  install: (file) => `dpkg -i ${file}`,
  upgrade: (file) => `dpkg -i ${file}`,
  unpack: (file) => `dpkg --unpack ${file}`,
  remove: 'dpkg -r cutoff-agent',
  purge: 'dpkg -P cutoff-agent',
}

/** What it depends on is there by Debian's packages, which its database does not know. */
export const rpmCommands: Commands = {
  install: (file) => `rpm -i --nodeps ${file}`,
  upgrade: (file) => `rpm -U --nodeps ${file}`,
  unpack: null,
  remove: 'rpm -e --nodeps cutoff-agent',
  purge: null,
}

const mainPid = 'systemctl show -P MainPID cutoff-agent'
const own = '/var/lib/cutoff/identity.json'

/** As a desktop brings it: targets of its kind cannot be started by hand. */
const desktop = '[Unit]\\nBindsTo=graphical-session.target\\nBefore=graphical-session.target\\n'
/** An account whose session is open all the time. */
const ofSession = 'systemctl --user -M bea@'

export interface LifeOptions {
  /** How many times longer than usual is waited. */
  readonly patience?: number
  /** Asked of the first version, when it has looked at everything. */
  readonly whileItRuns?: () => readonly Check[] | Promise<readonly Check[]>
}

/** @param versions files of two versions, the older first */
export async function packageLife(
  { sh, bring }: Pick<Container, 'sh' | 'bring'>,
  commands: Commands,
  versions: readonly [older: string, newer: string],
  { patience = 1, whileItRuns = () => [] }: LifeOptions = {},
): Promise<readonly Check[]> {
  const checks: Check[] = []
  const check = (what: string, ok: boolean, found = ''): void => {
    checks.push({ what, ok, found: ok ? '' : found.trim().slice(-600) })
  }
  const does = (what: string, command: string): void => {
    const { status, out } = sh(command)
    check(what, status === 0, out)
  }
  const says = (what: string, command: string, expected: RegExp): void => {
    const { out } = sh(command)
    check(what, expected.test(out), out)
  }
  /** Waits for what the service does in its own time. */
  const comes = async (what: string, command: string, seconds = 30): Promise<void> => {
    let last = sh(command)
    for (let waited = 0; last.status !== 0 && waited < seconds * patience; waited++) {
      await sleep(1000)
      last = sh(command)
    }
    check(what, last.status === 0, `${last.out}${sh('journalctl -u cutoff-agent -n 20 --no-pager').out}`)
  }
  const [older, newer] = [bring(versions[0]), bring(versions[1])]

  does('installs', commands.install(older))
  await comes('the service runs', 'systemctl is-active --quiet cutoff-agent')
  says(
    'under an account of its own',
    'ps -o user= -C node-MainThread,cutoff-agent 2>/dev/null || stat -c %U /proc/$(systemctl show -P MainPID cutoff-agent)',
    /^cutoff\b/m,
  )
  says(
    'and starts with the machine',
    'systemctl is-enabled cutoff-agent cutoff-copies.path',
    /^enabled\nenabled$/m,
  )
  await comes('it makes an identity', `test -s ${own}`)
  says('that nobody else can read', `stat -c '%a %U' ${own} /var/lib/cutoff`, /^600 cutoff\n700 cutoff$/m)
  await comes('it looks at everything', 'cutoff-agent status --json | grep -q \'"lastLookAt":"\'')
  says('it says how it is', 'cutoff-agent status --json', /"running":true/)
  does('its page is in the manual', 'test -s /usr/share/man/man1/cutoff-agent.1.gz')
  says(
    'an account that is nobody sees nothing of the state',
    'setpriv --reuid=65534 --regid=65534 --clear-groups cat /var/lib/cutoff/identity.json',
    /Permission denied/,
  )
  checks.push(...(await whileItRuns()))
  sh(`useradd --create-home bea; printf '${desktop}' > /etc/systemd/user/desktop.target`)
  does(
    'a session with a desktop is opened',
    `systemctl start user@$(id -u bea) && ${ofSession} start desktop.target`,
  )
  says('news are waited for in it', `${ofSession} is-active cutoff-notice.path`, /^active$/m)

  const identity = sh(`cat ${own}`).out
  sh("sed -i 's/^# scanSeconds: .*/scanSeconds: 7200/' /etc/cutoff/settings.yaml")
  sh('kill -9 $(systemctl show -P MainPID cutoff-agent); sleep 1; systemctl restart cutoff-agent')
  // A start that is cut off before it has begun cannot tell why.
  await comes('it is up again after kill -9', 'cutoff-agent status --json | grep -q \'"running":true\'')
  const before = sh(mainPid).out
  does('upgrades', commands.upgrade(newer))
  await comes('the service runs again', 'systemctl is-active --quiet cutoff-agent')
  check('it was started anew', sh(mainPid).out !== before)
  check('its identity is as before', sh(`cat ${own}`).out === identity)
  says('a changed setting is kept', 'cat /etc/cutoff/settings.yaml', /^scanSeconds: 7200$/m)

  does('is removed', commands.remove)
  says('the service has ended', 'systemctl is-active cutoff-agent', /inactive|unknown|failed/)
  says(
    'nothing waits for news in the open session',
    `${ofSession} is-active cutoff-notice.path cutoff-notice.service`,
    /^inactive\ninactive$/m,
  )
  says('no process of it is left', "ls -l /proc/[0-9]*/exe 2>/dev/null | grep '/usr/bin/cutoff-agent'", /^$/)
  says('no program', 'ls /usr/bin/cutoff-agent /usr/lib/cutoff 2>&1', /No such file[\s\S]*No such file/)
  check('its state is kept', sh(`cat ${own}`).out === identity)
  if (commands.purge !== null) {
    does('is purged', commands.purge)
    says(
      'nothing is left but what accounts keep themselves',
      "find / -xdev -path /proc -prune -o -path /root -prune -o -path '/home/*/.local/state/cutoff-notices' -prune -o -name '*cutoff*' -print -o -user cutoff -print 2>&1 | grep -v '^/var/log\\|^/var/lib/dpkg\\|^/run'",
      /^(find: .*cutoff.* is not the name of a known user\n?)?$/,
    )
  }
  says(
    'no unit, no link that leads nowhere, and no folder that is empty for it',
    "find /usr/lib/systemd /lib/systemd/system /etc/systemd \\( -name '*cutoff*' ! -lname /dev/null -o -xtype l -o -path '*/user/*' -empty -type d \\) -print",
    /^$/,
  )
  return checks
}
