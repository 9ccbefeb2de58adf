// `keys`: which keys count and counted, and others in their place. Says what will follow before it does anything.
import { commandLine as by } from '#shared/device-look.ts'
import type { Context } from '../context.ts'
import { fingerprintOf } from '../crypto.ts'
import { keyReach, type KeysOfDevice } from '../key-reach.ts'
import { prepareKey, replaceKey } from '../key-replacement.ts'
import { organisationKeysOfDevices } from '../store/devices.ts'
import { keyKinds, serverKeys, type KeyKind, type ServerKey } from '../store/server-keys.ts'
import { CommandError, optionOf, type Command } from './command.ts'

export const keysCommand: Command = async (context, args, { out }) => {
  const [what, kind] = args
  if (what === undefined || what === '--all') {
    const most = what === '--all' ? Infinity : mostNames
    return show(
      await serverKeys(context.store.read),
      await organisationKeysOfDevices(context.store.read),
      most,
      out,
    )
  }
  if (what === 'prepare' && kind === 'organisation') {
    return prepared(context, await prepareKey(context, 'organisation', by), out)
  }
  if (what === 'replace' && isKind(kind)) return replace(context, kind, args, out)
  throw new CommandError(
    'usage',
    'Say what to do: keys, keys --all, keys prepare organisation, keys replace organisation, or keys replace receipt.',
  )
}

function isKind(text: string | undefined): text is KeyKind {
  return keyKinds.some((kind) => kind === text)
}

type Out = (line: string) => void
/** Of devices in one line. */
const mostNames = 10

/** What counts stands first, in lines that `npm start` reads. */
function show(rows: readonly ServerKey[], devices: readonly KeysOfDevice[], most: number, out: Out): void {
  for (const kind of keyKinds) {
    const newestFirst = rows.filter((row) => row.kind === kind).toReversed()
    const groups = [
      ['', newestFirst.filter(({ since, until }) => since !== null && until === null)],
      ['next ', newestFirst.filter(({ since }) => since === null)],
      ['former ', newestFirst.filter(({ until }) => until !== null)],
    ] as const
    for (const [which, keys] of groups) {
      for (const row of keys) {
        out(line(`${which}${kind} key`, row.key))
        out(line(`${which}${kind} fingerprint`, fingerprintOf(row.key)))
        out(line(`${which}${kind} counts`, spanText(row)))
        if (kind === 'organisation' && row.until === null)
          for (const [name, text] of reachLines(row, devices, most)) out(line(name, text))
      }
    }
  }
}

/** Where it must be known before the next step is taken; the receipt key is followed by itself. */
function reachLines(
  { key, since }: ServerKey,
  devices: readonly KeysOfDevice[],
  most: number,
): readonly (readonly [string, string])[] {
  const reach = keyReach(devices, key)
  if (reach.devices === 0) return []
  const { believing, following, without, silent } = reach
  const isNext = since === null
  const lines: [string, string][] = [
    [
      isNext ? '  would follow to it' : '  followed to it',
      `${isNext ? believing + following : believing} of ${reach.devices} devices, by their last reports`,
    ],
  ]
  if (!isNext && following > 0) lines.push(['  will follow', `${following}, at their next report`])
  if (without.length > 0) lines.push(['  do not name it', `${without.length}: ${namesText(without, most)}`])
  if (silent.length > 0)
    lines.push(['  cannot say', `${silent.length}, whose agents are older: ${namesText(silent, most)}`])
  return lines
}

function namesText(names: readonly string[], most: number): string {
  const more = names.length - most
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more (keys --all)` : '')
}

function line(name: string, value: string): string {
  return `${name.padEnd(24)}  ${value}`
}

function spanText({ since, until, reason }: ServerKey): string {
  if (since === null) return 'not yet: keys replace organisation puts it into force'
  const from = since === 0 ? 'from before this was noted' : `from ${new Date(since).toISOString()}`
  return until === null ? from : `${from} until ${new Date(until).toISOString()}: ${reason ?? ''}`
}

async function prepared({ store }: Context, key: string, out: Out): Promise<void> {
  const inForce = (await serverKeys(store.read)).find(
    (row) => row.kind === 'organisation' && row.since !== null && row.until === null,
  )
  out(line('next organisation fingerprint', fingerprintOf(key)))
  out(
    'It signs nothing yet. Hand both fingerprints to the agents by device management, the one in force first:',
  )
  out(
    `organisationKey: ${[inForce?.key, key].flatMap((one) => (one === undefined ? [] : [bare(one)])).join(', ')}`,
  )
  out(
    'cutoff-server keys says which devices name it. When all do: cutoff-server keys replace organisation --reason TEXT --yes',
  )
}

function bare(key: string): string {
  return fingerprintOf(key).replaceAll(' ', '')
}

async function replace(context: Context, kind: KeyKind, args: readonly string[], out: Out): Promise<void> {
  const next = kind === 'receipt' || args.includes('--unprepared') ? 'made now' : 'prepared'
  for (const sentence of consequences(kind, next === 'prepared')) out(sentence)
  if (!args.includes('--yes')) {
    out('Nothing was changed: give --yes and --reason TEXT to do it.')
    return
  }
  const reason = optionOf(args, '--reason')?.trim() ?? ''
  if (reason === '' || reason.startsWith('--'))
    throw new CommandError('usage', 'Say why with --reason TEXT: it is recorded.')
  const key = await replaceKey(context, kind, { by, reason, next })
  if (key === null) {
    throw new CommandError(
      'key-not-prepared',
      'No next organisation key is prepared, or its file is gone: run cutoff-server keys prepare organisation, hand both fingerprints to the agents, then do this again. Where the key is lost or stolen, --unprepared puts another one into force at once.',
    )
  }
  out(line(`${kind} fingerprint`, fingerprintOf(key)))
  out('It is in force. A running server has it already. Make a new backup of the folder of the keys.')
}

function consequences(kind: KeyKind, isPrepared: boolean): readonly string[] {
  if (kind === 'receipt') {
    return [
      'The receipt key is replaced: agents are told the new one at their next report, and take it by the organisation’s word.',
      'Those that have not followed to the organisation key in force yet keep their reports until they do.',
      'The former one signs nothing any more, and stays known so that old receipts can be verified.',
    ]
  }
  return [
    'The organisation key is replaced: policies are signed with the new one from now on.',
    isPrepared
      ? 'Agents whose organisationKey names both follow at their next report.'
      : 'No agent has heard of the new key: each keeps its policy, and reports, until its organisationKey names the new fingerprint.',
    'Agents whose organisationKey names the former one alone keep reporting and keep the policy that they have; they take no other, and no new device can enrol with it.',
    isPrepared
      ? 'When all have followed, which cutoff-server keys says, take the former fingerprint out of organisationKey: until then whoever has that key can sign for agents that have not followed.'
      : 'Hand out the new fingerprint alone: a key that is lost or stolen is to count for nobody.',
  ]
}
