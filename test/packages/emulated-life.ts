// The life of a package on an emulated machine with another processor, its agent reporting over TLS to a server on this one: an
// authority from Debian's store, an account with a captured session of a banned tool, the agent's words before upgrade and removal.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DetectionRow, DeviceRow, EventRow, InventoryRow, pageOf } from '#shared/api.ts'
import { repositoryRoot } from '../helpers/repository.ts'
import { startSystemBehindTls, type SystemBehindTls } from '../helpers/system-behind-tls.ts'
import { codexBan } from '../helpers/wire-records.ts'
import { compiler, type EmulatedMachine } from './emulated-machine.ts'
import { packageLife, type Check, type Commands } from './package-life.ts'
import { serverOnlyChecks } from './server-only.ts'
import { escapeCheck, limitChecks } from './unit-limits.ts'

const session =
  '/home/ann/.codex/sessions/2026/11/22/rollout-2026-11-22T20-47-34-00000000-0000-7000-8000-000000000001.jsonl'
const installed = '/home/ann/.npm-global/lib/node_modules/@openai/codex'
const packageJson = '{"name":"@openai/codex","version":"0.169.0","bin":"bin/codex"}'

/**
 * @param versions files of two versions, the older first
 * @param processor as the agent names it
 */
export async function emulatedLife(
  machine: EmulatedMachine,
  commands: Commands,
  versions: readonly [older: string, newer: string],
  processor: string,
): Promise<readonly Check[]> {
  const system = await startSystemBehindTls(machine.host, Date.now())
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-emulated-life-'))
  try {
    system.applyPolicy({ rules: [codexBan] })
    const laid = lay(machine, system, folder)
    const life = await packageLife(machine, commands, versions, {
      patience: 10,
      whileItRuns: async () => [
        ...limitChecks(machine),
        escapeCheck(machine, [compiler]),
        ...(await serverOnlyChecks(machine, machine.address)),
      ],
    })
    return [laid, ...life, ...(await heard(system, processor))]
  } finally {
    await system.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The person with a tool that runs, the authority, and what comes before the package. */
function lay({ sh, bring }: EmulatedMachine, system: SystemBehindTls, folder: string): Check {
  const { token, fingerprint } = system.enrolment()
  const settings = `server: ${system.address}\norganisationKey: "${fingerprint}"\ntokenFile: /etc/cutoff/enrolment-token\n`
  const files = Object.entries({
    'ca.crt': system.authority,
    token,
    '10-check.yaml': settings,
    'package.json': packageJson,
  })
  for (const [name, text] of files) {
    writeFileSync(join(folder, name), text)
    bring(join(folder, name))
  }
  bring(join(repositoryRoot, 'test/fixtures/traces/codex-cli/use.jsonl'))
  const { status, out } = sh(`set -e
useradd --create-home ann
install -D /root/use.jsonl ${session}
install -D -m 644 /root/package.json ${installed}/package.json
install -D /bin/sleep ${installed}/bin/codex
chown -R ann /home/ann
systemd-run --quiet --uid=ann ${installed}/bin/codex infinity
mv /root/ca.crt /usr/local/share/ca-certificates/check.crt
update-ca-certificates
install -D -m 400 /root/token /etc/cutoff/enrolment-token
install -D -m 644 /root/10-check.yaml /etc/cutoff/conf.d/10-check.yaml`)
  return { what: 'the machine is made ready', ok: status === 0, found: status === 0 ? '' : out }
}

/** What the server holds when the package is gone. */
async function heard(system: SystemBehindTls, processor: string): Promise<readonly Check[]> {
  const admin = await system.signIn()
  const { items: devices } = await admin.get('/devices', pageOf(DeviceRow))
  const events = await admin.get(`/devices/${devices[0]?.id}/events?type=agent`, pageOf(EventRow))
  const told = events.items.map(({ summary }) => summary)
  const findings = await admin.findings()
  const { items: inventory } = await admin.get('/inventory', pageOf(InventoryRow))
  const { items: detections } = await admin.get('/detections', pageOf(DetectionRow))
  const check = (what: string, ok: boolean, held: unknown): Check => ({
    what,
    ok,
    found: ok ? '' : JSON.stringify(held).slice(0, 1500),
  })
  return [
    check(
      'it enrolled over TLS, as one device with this processor, and told of a look',
      devices.length === 1 && devices[0]?.arch === processor && devices[0].lastScanAt !== null,
      devices,
    ),
    check(
      'a banned tool’s captured session is a finding for its account',
      findings.length === 1 && findings[0]?.account?.name === 'ann' && findings[0].rule === codexBan.id,
      findings,
    ),
    check(
      'so is its package in the inventory, and its program is seen to run',
      inventory.some(({ name, account }) => name === '@openai/codex' && account?.name === 'ann') &&
        detections.some(
          ({ tool, account, running }) => tool === 'codex-cli' && account?.name === 'ann' && running === true,
        ),
      { inventory, detections },
    ),
    check('its upgrade was told', told.includes('agent-upgrading'), told),
    check('and its removal, as the last', devices[0]?.left?.why === 'removing', devices),
  ]
}
