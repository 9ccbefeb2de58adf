// The service as systemd really runs it: what the agent can do in it, and what nobody can who gets into it.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { brokenPromises, escapeUnits, outcomes, printEscapes } from '../../../helpers/escape-units.ts'
import { compileNative } from '../../../helpers/native-programs.ts'
import {
  compilerAllowed,
  onMachine,
  repository,
  unitRunning,
  whyNoMachine,
} from '../../../helpers/systemd-machine.ts'

const unable = whyNoMachine()
const unit = (name: string) => `/etc/systemd/system/${name}.service`
/** Any library that Node itself has loaded. */
const library = /\S+\/libm\.so\S*/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0] ?? ''
const attempts = `/usr/bin/cutoff-agent ${repository}/test/helpers/escape-attempts.ts /var/lib/cutoff 1 ${library}`

describe.skipIf(unable !== undefined)(`under systemd${unable === undefined ? '' : ` (${unable})`}`, () => {
  test('the agent looks at every account, and each account can read its own copy alone', async () => {
    const agent = `/usr/bin/cutoff-agent ${repository}/agent/main.ts`
    const printed = await onMachine((folder) => ({
      files: {
        '/etc/passwd':
          'root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n',
        '/etc/group': 'root:x:0:\nann:x:1000:\nbob:x:1001:\n',
        '/home/ann/.npmrc': '',
        '/home/bob/.npmrc': '',
        '/etc/systemd/system/homes.service': `[Unit]\nDefaultDependencies=no\nBefore=cutoff-agent.service\n[Service]\nType=oneshot\nExecStart=/bin/sh -c 'chown -R 1000 /home/ann; chown -R 1001 /home/bob; chmod 700 /home/*; cp /bin/sleep /home/ann/claude; chown 1000 /home/ann/claude'\n`,
      },
      wants: ['homes.service', 'cutoff-agent.service', 'cutoff-copies.path'],
      script: `
        setpriv --reuid 1000 --regid 1000 --clear-groups /home/ann/claude 60 &
        # There are copies before the first look, too; those after it are the last for a while.
        handed_out() { [ "$(stat -c %u $1)" = $2 ] && grep -q '"lastScanAt":[0-9]' $1; }
        for try in $(seq 60); do
          handed_out /var/lib/cutoff-accounts/1000.json 1000 && handed_out /var/lib/cutoff-accounts/1001.json 1001 && break
          sleep 0.5
        done 2>/dev/null
        as() { setpriv --reuid $1 --regid $1 --clear-groups env HOME=/home/x "\${@:2}"; }
        main=$(systemctl show -P MainPID cutoff-agent.service)
        echo "uid $(stat -c %U /proc/$main)"
        echo "capabilities $(sed -n 's/^CapEff:\\s*//p' /proc/$main/status)"
        echo "state $(stat -c %a-%U /var/lib/cutoff)"
        echo "copy-of-ann $(stat -c %a-%U /var/lib/cutoff-accounts/1000.json)"
        echo "ann-reads-hers $(as 1000 head -c 1 /var/lib/cutoff-accounts/1000.json)"
        echo "ann-reads-bobs $(as 1000 cat /var/lib/cutoff-accounts/1001.json 2>/dev/null | wc -c)"
        echo "ann-reads-state $(as 1000 ls /var/lib/cutoff 2>/dev/null | wc -l)"
        as 1000 ${agent} status --state /var/lib/cutoff > ${folder}/status 2>&1
        echo "status $?"
        ${agent} doctor 2>&1 | sed -n 's/.*\\(3 of 3 homes\\).*/homes \\1/p'
        umask 077; echo token > /etc/token
        ${agent} enrol --state /var/lib/cutoff --server http://127.0.0.1:9 --token-file /etc/token --organisation-key-fingerprint \
          ${'0'.repeat(64)} > ${folder}/enrol 2>&1
        echo "enrol-by-root $?"
        echo "not-the-agents $(find /var/lib/cutoff ! -user cutoff | wc -l)"
        echo "run-by-root $(${agent} run --state /var/lib/cutoff 2>&1 | grep -o state-foreign)"
      `,
      timeoutMs: 50_000,
    }))
    expect(outcomes(printed)).toMatchObject({
      uid: 'cutoff',
      capabilities: '0000000000080004',
      state: '700-cutoff',
      'copy-of-ann': '400-ann',
      'ann-reads-hers': '{',
      'ann-reads-bobs': '0',
      'ann-reads-state': '0',
      status: '0',
      'homes 3 of 3': 'homes',
      // The server is not there; what root's command opened is the service's all the same.
      'enrol-by-root': '1',
      'not-the-agents': '0',
      'run-by-root': 'state-foreign',
    })
  })

  test('it enrols by files that only root can read, and reports to a server that it finds by name', async () => {
    const server = `/usr/bin/cutoff-agent ${repository}/server/main.ts`
    const service = (command: string) =>
      `[Unit]\nDefaultDependencies=no\n[Service]\nEnvironment=CUTOFF_DATA=/srv/cutoff CUTOFF_LISTEN=127.0.0.1:8740 CUTOFF_PUBLIC_URL=http://localhost:8740\n${command}\n`
    const printed = await onMachine(() => ({
      files: {
        '/etc/systemd/system/server.service': service(`ExecStart=${server} serve`),
        '/etc/systemd/system/cutoff-agent.service.d/log.conf':
          '[Service]\nStandardError=append:/var/log/agent\n',
        // As an agent that ran as root has left it.
        '/var/lib/cutoff/left-over': '',
        '/etc/cutoff/conf.d/10.yaml': 'server: http://localhost:8740\ntokenFile: /etc/cutoff/token\n',
      },
      wants: ['server.service'],
      script: `
        export CUTOFF_DATA=/srv/cutoff
        for try in $(seq 60); do (: < /dev/tcp/127.0.0.1/8740) 2>/dev/null && break; sleep 0.25; done
        (umask 077; ${server} enrol-token --once > /etc/cutoff/token)
        key=$(${server} keys | sed -n 's/^organisation fingerprint *//p')
        printf "organisationKey: '%s'\n" "$key" > /etc/cutoff/conf.d/20.yaml
        systemctl start cutoff-agent.service
        status() { /usr/bin/cutoff-agent ${repository}/agent/main.ts status --state /var/lib/cutoff 2>/dev/null; }
        for try in $(seq 40); do status | grep -q '^Last report *20' && break; sleep 0.5; done
        status | sed -n 's/^Last report *20.*/reported yes/p'
        cat /var/log/agent
        echo "not-the-agents $(find /var/lib/cutoff ! -user cutoff | wc -l)"
      `,
      timeoutMs: 55_000,
    }))
    expect(outcomes(printed)).toMatchObject({ reported: 'yes', 'not-the-agents': '0' })
  })

  test('processes beside it are no container’s, though it has a view of the mounts of its own', async () => {
    const printed = await onMachine((folder) => {
      writeFileSync(
        join(folder, 'neighbours.mjs'),
        `import { linuxHost } from '${repository}/agent/platform/linux.ts'
const { processes, gaps } = linuxHost().processes()
const init = processes.find(({ pid }) => pid === 1)
console.log('contained', init.contained)
console.log('program', init.executable)
console.log('environment', init.variables(new Set(['container']), new Set()) !== null)
console.log('gaps', gaps.length)
`,
      )
      const command = `/usr/bin/cutoff-agent ${folder}/neighbours.mjs`
      return {
        files: {
          [unit('neighbours')]: unitRunning(
            command,
            `${compilerAllowed}StandardOutput=append:/var/log/neighbours\n`,
          ),
        },
        wants: ['neighbours.service'],
        script: 'cat /var/log/neighbours',
        timeoutMs: 50_000,
      }
    })
    expect(outcomes(printed)).toEqual({
      contained: 'false',
      program: '/usr/lib/systemd/systemd',
      environment: 'true',
      gaps: '0',
    })
  })

  test('who gets into it writes, starts and listens nowhere else; what stays open is known', async () => {
    const all = outcomes(
      await onMachine(() => ({
        files: {
          [unit('attempts')]: unitRunning(
            attempts,
            `${compilerAllowed}StandardOutput=append:/var/log/attempts\n`,
          ),
          '/root/.ssh/cutoff-test-key': 'secret',
        },
        wants: ['attempts.service'],
        script: 'cat /var/log/attempts',
        timeoutMs: 50_000,
      })),
    )
    const refused = Object.fromEntries(Object.entries(all).filter(([, outcome]) => outcome !== 'ok'))
    const allowed = Object.keys(all).filter((name) => all[name] === 'ok')
    expect(allowed.toSorted()).toEqual(
      [
        // Its own two folders, its own memory.
        'link-to-passwd',
        'sqlite-state',
        'worker',
        'write-copies',
        'write-state',
        // What the two capabilities leave open, as SECURITY.md says.
        'left-open: key-of-root',
        'left-open: memory-of-root-read',
        'left-open: shadow',
        'left-open: through-root-of-init /tmp',
      ].toSorted(),
    )
    const closedFolders = [
      '/etc',
      '/usr/bin',
      '/home',
      '/root',
      '/tmp',
      '/var/tmp',
      '/var/lib',
      '/run',
      '/dev/shm',
    ]
    expect(refused).toEqual({
      ...Object.fromEntries(closedFolders.map((folder) => [`write ${folder}`, 'EROFS'])),
      'write /proc/sys/kernel': 'ENOENT',
      // Refused by rights before the read-only mount is asked.
      'write-through-link': 'EACCES',
      'give-away': 'EPERM',
      'start-shell': 'EACCES',
      'start-by-loader': 'failed',
      'start-own-program': 'EACCES',
      'load-native-code': expect.stringContaining('failed-to-map-segment') as string,
      'sqlite-attach /etc': expect.stringContaining('unable-to-open-database') as string,
      'sqlite-attach /tmp': expect.stringContaining('unable-to-open-database') as string,
      'signal-root': 'EPERM',
      'memory-of-root-write': 'EACCES',
      listen: 'EPERM',
      'through-root-of-init /etc': 'EACCES',
      'through-root-of-init /etc/passwd': 'EACCES',
    })
  })

  test('native code in it reaches no other process; with the calls that the unit closes, it would', async (context) => {
    const printed = await onMachine((folder) => {
      if (compileNative('escape', folder) === undefined) context.skip('no compiler')
      copyFileSync(join(folder, 'escape'), join(folder, 'escape-copy'))
      const units = escapeUnits(join(folder, 'escape'), join(folder, 'escape-copy'))
      return {
        files: { [unit('closed')]: units.closed, [unit('unlisted')]: units.unlisted },
        wants: ['closed.service', 'unlisted.service'],
        script: printEscapes,
        timeoutMs: 50_000,
      }
    })
    expect(brokenPromises(printed)).toEqual([])
  })
})
