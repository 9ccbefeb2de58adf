// Notices in a session that is open already: the real agent's copies, handed out, have an account's own systemd show what is new
// on its bus. Nobody logs in meanwhile.
import { describe, expect, test } from 'vitest'
import { whyNoSession } from '../../../helpers/session-bus.ts'
import { onMachine, repository, whyNoMachine } from '../../../helpers/systemd-machine.ts'

const unable = whyNoMachine() ?? whyNoSession()

const wants = '/usr/lib/systemd/user/graphical-session.target.wants'

describe.skipIf(unable !== undefined)(`under systemd${unable === undefined ? '' : ` (${unable})`}`, () => {
  test('an open session is told once, and one without a desktop is not', async () => {
    const printed = await onMachine((folder) => ({
      files: {
        '/etc/passwd':
          'root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n',
        '/etc/group': 'root:x:0:\nann:x:1000:\nbob:x:1001:\n',
        // The bus is the test's own.
        '/etc/systemd/user/dbus.socket': '',
        '/usr/lib/systemd/user/desktop.target':
          '[Unit]\nBindsTo=graphical-session.target\nBefore=graphical-session.target\n',
        '/usr/lib/systemd/user/cutoff-notice.service.d/sources.conf': `[Service]\nExecStart=\nExecStart=/usr/bin/cutoff-agent ${repository}/agent/main.ts notice --wait 30\n`,
        // As user@.service has it, without a login.
        '/etc/systemd/system/session@.service': `[Unit]
DefaultDependencies=no
[Service]
Type=notify
User=%i
Delegate=pids memory
Environment=XDG_RUNTIME_DIR=/run/user/%i LANG=en_GB.UTF-8
ExecStart=/lib/systemd/systemd --user
`,
      },
      wants: ['cutoff-copies.path'],
      script: `
        mkdir /home/ann /home/bob; chown 1000 /home/ann; chown 1001 /home/bob
        for account in 1000 1001; do
          mkdir -p /run/user/$account; chown $account /run/user/$account
        done
        chmod 777 ${folder}
        mkdir -p ${wants}; ln -s ../cutoff-notice.path ${wants}
        setpriv --reuid 1000 --regid 1000 --clear-groups /usr/bin/cutoff-agent ${repository}/test/helpers/desktop-session.ts \
          ${folder}/address ${folder}/titles &
        for try in $(seq 100); do [ -s ${folder}/address ] && break; sleep 0.2; done
        # Where a session's own bus is.
        ln -s $(sed 's/.*path=//; s/,.*//' ${folder}/address) /run/user/1000/bus
        systemctl start session@1000 session@1001
        as() { setpriv --reuid $1 --regid $1 --clear-groups env XDG_RUNTIME_DIR=/run/user/$1 systemctl --user "\${@:2}"; }
        as 1000 start desktop.target
        echo "waits $(as 1000 is-active cutoff-notice.path)"
        echo "without-a-desktop $(as 1001 is-active cutoff-notice.path)"
        echo "before $(cat ${folder}/titles 2>/dev/null | wc -l)"
        systemctl start cutoff-agent.service
        for try in $(seq 60); do [ -s ${folder}/titles ] && break; sleep 0.5; done
        echo "after $(cat ${folder}/titles)"
        as 1000 start cutoff-notice.service
        echo "again $(cat ${folder}/titles | wc -l)"
      `,
      timeoutMs: 55_000,
    }))
    expect(printed.trim().split('\n')).toEqual([
      'waits active',
      'without-a-desktop inactive',
      'before 0',
      'after Your organisation inventories AI coding tools on this device',
      'again 1',
    ])
  })
})
