// What a server sees of upgrades, of a version that does not start, and of removals: packages in a booted machine, the agent as its
// service, a server that it reports to.
import { mkdirSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { schemaVersion } from '../../agent/state/database.ts'
import type { Container } from './container.ts'
import type { Check, Commands } from './package-life.ts'
import { portWithin, startServerWithin } from './server-within.ts'

/** Whether a connection to the server is open: its port, as the kernel lists it. */
const isAsked = `grep -q ':${portWithin.toString(16).toUpperCase()} 01 ' /proc/net/tcp`

/**
 * @param versions files of two versions, the older first
 * @param folder of its own, for what the server keeps
 */
export async function lastWordChecks(
  container: Container,
  commands: Commands,
  versions: readonly [older: string, newer: string],
  folder: string,
): Promise<readonly Check[]> {
  const { sh, bring } = container
  const [older, newer] = [bring(versions[0]), bring(versions[1])]
  const checks: Check[] = []
  const check = (what: string, ok: boolean, found = ''): void => {
    checks.push({ what, ok, found: ok ? '' : found.trim().slice(-1500) })
  }
  const does = (what: string, command: string): void => {
    const { status, out } = sh(command)
    check(what, status === 0, out)
  }
  mkdirSync(folder)
  sh('rm -rf /var/lib/cutoff')
  const server = await startServerWithin(container, folder)
  const comes = async (what: string, holds: () => boolean, seconds = 60): Promise<void> => {
    for (let waited = 0; !holds() && waited < seconds; waited++) await sleep(1000)
    const log = sh('journalctl -u cutoff-agent -n 20 --no-pager -o cat; ls -la /var/lib/cutoff').out
    check(what, holds(), `${String(server.left())} ${server.events().slice(-6).join(' | ')}\n${log}`)
  }
  const count = (code: string): number => server.events().filter((event) => event.startsWith(code)).length
  const number = (schema: number): void => {
    const database = new DatabaseSync(container.pathOf('/var/lib/cutoff/state.sqlite'))
    database.exec(`PRAGMA user_version = ${schema}; PRAGMA application_id = ${0x43750000 + schema}`)
    database.close()
  }
  try {
    sh(
      `mkdir -p /etc/cutoff/conf.d && printf '%s' '${server.token}' > /etc/cutoff/token && printf '%stokenFile: /etc/cutoff/token\\n' '${server.settings}' > /etc/cutoff/conf.d/10-check.yaml`,
    )
    does('installs', commands.install(older))
    sh('chown cutoff /etc/cutoff/token && chmod 400 /etc/cutoff/token && systemctl restart cutoff-agent')
    await comes('it reports to a server', () => server.left() === null && count('agent-started') > 0)
    const started = count('agent-started')
    does('is upgraded', commands.upgrade(newer))
    await comes(
      'the version before told the server that it is replaced',
      () => count('agent-upgrading') === 1,
    )
    await comes(
      'and the new one that it runs',
      () => count('agent-started') > started && server.left() === null,
    )

    if (commands.unpack !== null) {
      const identity = sh('cat /var/lib/cutoff/identity.json').out
      // The one executable that is here knows one schema: the state is given the next one's number, as a later version leaves it.
      sh('systemctl stop cutoff-agent')
      does('an older version is unpacked over it', commands.unpack(older))
      number(schemaVersion + 1)
      sh('dpkg --configure cutoff-agent; sleep 3')
      check('the last that the server heard is that it is replaced', server.left() === 'upgrading')
      const said = /made by a later version of the agent than this one.*\[state-newer\]/
      for (const command of [
        'journalctl -u cutoff-agent -n 30 --no-pager -o cat',
        'cutoff-agent status',
        'cutoff-agent doctor | tr -s "\\n " " "',
      ]) {
        const { out } = sh(command)
        check(`${command.split(' -')[0]} says that the state is of a later version`, said.test(out), out)
      }
      sh('systemctl stop cutoff-agent')
      number(schemaVersion)
      does('the later version is installed again', commands.upgrade(newer))
      await comes('and tells of the start that failed', () => count('agent-start-failed') === 1)
      await comes('and that it runs', () => server.left() === null)
      check('its identity is as before', sh('cat /var/lib/cutoff/identity.json').out === identity)
      check('no state was begun anew', count('agent-new-epoch') === 0)
    }

    const stops = count('agent-stopping')
    does('is removed', commands.remove)
    check(
      'the server was told while it was',
      server.left() === 'removing',
      server.events().slice(-6).join(' | '),
    )
    check('in the place of a plain stop', count('agent-stopping') === stops)
    does('is installed again', commands.install(newer))
    await comes('and the server hears of it as before', () => server.left() === null)
    sh('systemctl stop cutoff-agent')
    await comes('a stop is no removal', () => server.left() === null)
    does('is removed while it is stopped', commands.remove)
    check(
      'the server was told all the same',
      server.left() === 'removing',
      server.events().slice(-6).join(' | '),
    )

    does('is installed again', commands.install(newer))
    await comes('and runs', () => server.left() === null)
    sh('systemctl stop cutoff-agent')
    does(
      'an account without rights cannot have it said',
      '! setpriv --reuid=65534 --regid=65534 --clear-groups cutoff-agent report-removal --state /var/lib/cutoff',
    )
    check('and nobody heard of it', server.left() === null)
    server.hang()
    sh('systemctl start cutoff-agent')
    await comes('a report is on its way, and not answered', () => sh(isAsked).status === 0)
    sh('systemctl stop cutoff-agent')
    const ended = sh('systemctl show -P Result cutoff-agent').out.trim()
    check('it ends in order all the same, before systemd loses patience', ended === 'success', ended)
    const { status, out } = sh(`start=$(date +%s); ${commands.remove}; echo $? $(($(date +%s) - start))`)
    const [, code = '1', seconds = '99'] = /^(\d+) (\d+)$/m.exec(out) ?? []
    check(
      'is removed within seconds where no server answers',
      status === 0 && code === '0' && Number(seconds) < 30,
      out,
    )
    sh('rm -rf /etc/cutoff /var/lib/cutoff')
  } finally {
    await server.close()
  }
  return checks
}
