// Under Wine, in a prefix of its own: the Windows executable enrols at a real server with what an installation leaves for it, and
// reports a home with a banned tool and a captured session of it, over TLS of an authority that Windows' own store has; then what
// the server holds is looked at, the whole of it.
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { DeviceRow, EventRow, InventoryRow, pageOf } from '#shared/api.ts'
import { WireRecord } from '#shared/protocol.ts'
import { readText } from '../helpers/repository.ts'
import { until, type System } from '../helpers/system.ts'
import { startSystemBehindTls, type SystemBehindTls } from '../helpers/system-behind-tls.ts'
import { codexBan } from '../helpers/wire-records.ts'
import type { Check } from './targets-checked.ts'
import { trustOnWindows } from './windows-trust.ts'
import { openWine, type Started, type Wine } from './wine.ts'

const session = '00000000-0000-7000-8000-000000000001'
/** Of the record's last line in which the model answers. */
const answeredAt = Date.parse('2026-11-22T20:47:36.656Z')
/** Stands in the record wherever the capture was scrubbed: the working folder, the prompts, the answers. */
const secret = String.raw`C:\users\someone\private-project`

/** Every text with a sign of a path in it that may be sent: names of the catalogue, places as templates, `/` for the machine. */
const published = [
  '/',
  '@openai/codex',
  'package:npm:@openai/codex',
  'trace:~/.codex/sessions/*/*/*/rollout-*.jsonl',
  '~/.codex/sessions/*/*/*/rollout-*.jsonl',
  '~/AppData/Roaming/*/node_modules/*/codex',
]

/** @param wine how Wine is started @param executable as it is shipped */
export async function windowsCheckIn(wine: string, executable: string): Promise<readonly Check[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-wine-check-in-'))
  const system = await startSystemBehindTls('localhost', Date.now())
  const opened = openWine(wine, folder)
  try {
    system.applyPolicy({ rules: [codexBan] })
    layHome(opened.home)
    layInstallation(opened, system)
    const untrusted = await refusalCheck(opened, executable, system)
    trustOnWindows(opened, system.authority)
    return [untrusted, ...(await checksOf(opened, executable, system))]
  } finally {
    opened.close()
    await system.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 })
  }
}

function layHome(home: string): void {
  const packages = join(home, 'AppData/Roaming/npm/node_modules/@openai/codex')
  put(join(packages, 'package.json'), '{"name":"@openai/codex","version":"0.169.0","bin":"cli.js"}')
  put(join(packages, 'cli.js'), '#!/usr/bin/env node\n')
  const record = join(home, `.codex/sessions/2026/11/22/rollout-2026-11-22T20-47-34-${session}.jsonl`)
  const captured = readText('test/fixtures/traces/codex-cli/use.jsonl')
  put(record, captured.replaceAll('"…"', JSON.stringify(secret)))
  utimesSync(record, answeredAt / 1000, answeredAt / 1000)
}

/** As msiexec is told SERVER, TOKEN and ORGANISATIONKEY (installers/windows/configure.c), and a pin. */
function layInstallation({ drive }: Wine, system: SystemBehindTls): void {
  const { token, fingerprint } = system.enrolment()
  const data = join(drive, 'ProgramData/Cutoff')
  put(join(data, 'enrolment-token'), token)
  const settings = {
    server: system.address,
    certificatePin: system.pin,
    organisationKey: fingerprint,
    tokenFile: String.raw`C:\ProgramData\Cutoff\enrolment-token`,
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name}: '${value}'\r\n`)
  put(join(data, 'conf.d/10-installer.yaml'), lines.join(''))
  // Who may list it is an administrator, as the service is; Wine has no such folder.
  mkdirSync(join(drive, 'windows/system32/config'), { recursive: true })
}

const stateFolder = String.raw`C:\ProgramData\Cutoff\State`

/** Before the authority is in the store. */
async function refusalCheck(opened: Wine, executable: string, system: SystemBehindTls): Promise<Check> {
  const agent = opened.start(executable, 'run', '--state', stateFolder)
  const refused = await says(agent, 'certificate-untrusted')
  await stopped(agent)
  const { items } = await (await system.signIn()).get('/devices', pageOf(DeviceRow))
  return {
    what: 'believes no server whose authority Windows does not trust',
    ok: refused && items.length === 0,
    found: refused ? '' : agent.said().slice(0, 1500),
  }
}

async function checksOf(
  opened: Wine,
  executable: string,
  system: SystemBehindTls,
): Promise<readonly Check[]> {
  const admin = await system.signIn()
  const account = basename(opened.home)
  const checks: Check[] = []
  const agent = opened.start(executable, 'run', '--state', stateFolder)
  const check = (what: string, ok: boolean, held: unknown): void => {
    checks.push({ what, ok, found: ok ? '' : `${JSON.stringify(held)} ${agent.said()}`.slice(0, 1500) })
  }

  const devices = async () => (await admin.get('/devices', pageOf(DeviceRow))).items
  const judged = until('a finding with its marks', async () =>
    (await admin.findings()).some(({ marks }) => marks.length > 0),
  )
  await judged.catch(() => undefined) // what is missing is told below
  const enrolled = await devices()
  check(
    'enrols over TLS at a server whose authority Windows’ store has, with what an installation leaves for it, as one Windows device',
    enrolled.length === 1 && enrolled[0]?.os === 'windows' && enrolled[0].lastScanAt !== null,
    enrolled,
  )
  const findings = await admin.findings()
  const [finding] = findings
  const [mark] = finding?.marks ?? []
  check(
    'a banned tool’s captured session is a finding for the account of that home, at the session’s time',
    findings.length === 1 &&
      finding?.account?.name === account &&
      finding.rule === codexBan.id &&
      finding.status === 'suspected' &&
      finding.marks.length === 1 &&
      mark?.kind === 'session' &&
      mark.basis === 'found' &&
      Math.abs(mark.at - answeredAt) <= mark.uncertaintyMs,
    findings,
  )
  const inventory = (await admin.get('/inventory', pageOf(InventoryRow))).items
  check(
    'the inventory has the tool’s package for that account, and nothing else',
    inventory.length === 1 &&
      inventory.every(
        ({ name, version, source, account: whose }) =>
          `${source} ${name} ${version} ${whose?.name}` === `npm @openai/codex 0.169.0 ${account}`,
      ),
    inventory,
  )

  system.show('other')
  const refused = await says(agent, 'certificate-pin')
  system.show('pinned')
  check('believes the pinned key alone, whatever Windows trusts', refused, null)

  const code = await stopped(agent)
  const events = await admin.get(`/devices/${enrolled[0]?.id}/events?type=agent`, pageOf(EventRow))
  const told = events.items.map(({ summary }) => summary).toSorted()
  check(
    'it ends in order when it is stopped, and the server was told',
    code === 0 && told.join() === 'agent-started,agent-stopping',
    { code, told },
  )

  const beside = readdirSync(join(opened.drive, 'ProgramData/Cutoff')).toSorted()
  check(
    'on its own disk it wrote into its state folder alone',
    beside.join() === 'State,conf.d,enrolment-token',
    beside,
  )

  const texts = recordsOf(system)
  const unlike = texts.filter((text) => !WireRecord.safeParse(JSON.parse(text)).success)
  const paths = [...new Set(texts.flatMap((text) => stringsOf(JSON.parse(text)).filter(looksLikePath)))]
  check(
    'every record is as published, and names no place but as a template',
    unlike.length === 0 && paths.toSorted().join() === published.join(),
    { unlike, paths },
  )
  const bytes = system.serverBytes()
  const words = ['private-project', session, basename(dirname(opened.copy))]
  const kept = words.filter((word) => bytes.includes(word))
  check(
    'the server has nothing of the session’s content, name or folder',
    bytes.includes('@openai/codex') && kept.length === 0,
    kept,
  )
  return checks
}

/** Whether it says so within a minute. */
function says({ said }: Started, words: string): Promise<boolean> {
  return until(words, () => said().includes(words)).then(
    () => true,
    () => false,
  )
}

/** The status that it ends with; undefined where it does not end. */
function stopped({ process }: Started): Promise<unknown> {
  process.kill('SIGINT')
  return Promise.race([
    once(process, 'exit').then(([status]) => status as unknown),
    sleep(30_000, undefined, { ref: false }),
  ])
}

/** The exact texts that the device signed and sent. */
function recordsOf({ folder }: Pick<System, 'folder'>): readonly string[] {
  const database = new DatabaseSync(join(folder, 'server/cutoff.sqlite'), { readOnly: true })
  try {
    return database
      .prepare('select text from records')
      .all()
      .map(({ text }) => String(text))
  } finally {
    database.close()
  }
}

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : []
}

function looksLikePath(text: string): boolean {
  return /[/\\]|^~|^[A-Za-z]:/.test(text)
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
