// What a look at the server says: whether it is reached, who vouches for it, through which proxy, and how the clock stands.
import { bootAt, type ClockState } from '../../clock-segments.ts'
import type { ClockMeasure } from '../../report/windows.ts'
import { timeText } from '../time-text.ts'
import type { SettingOrigin } from '../../settings.ts'
import type { CertificateSeen } from '../../sync/certificate.ts'
import type { Probe } from '../../sync/probe.ts'
import { fail, ok, roughly, warn, type Check } from './check.ts'

export interface Asked {
  readonly server: URL
  readonly probe: Probe
  readonly pinned: boolean
  readonly proxyOrigin: SettingOrigin
  readonly now: number
}

export function serverChecks(asked: Asked): readonly Check[] {
  return [serverCheck(asked), ...certificateCheck(asked), proxyCheck(asked), ...clockCheck(asked)]
}

function serverCheck({ server, probe }: Asked): Check {
  const { failed, proxy } = probe
  if (failed === null) return ok('server', `${server.host} answers.`)
  const first = proxy === null ? server.host : `the proxy ${proxy.address}`
  const code = `(${failed.code})`
  switch (failed.step) {
    case 'name':
      return fail(
        'server',
        `The name of ${first} is not found ${code}.`,
        'Check the network, its DNS, and the spelling.',
      )
    case 'connection':
      return fail('server', `No connection to ${first} ${code}.`, connectionAdvice(failed.code))
    case 'certificate':
      return fail('server', `${server.host} is reached and not believed ${code}.`, 'See the certificate.')
    case 'answer':
      return answerCheck(server, probe)
  }
}

function connectionAdvice(code: string): string {
  return code === 'ECONNREFUSED'
    ? 'Nothing listens there: check the address and port, and that the server runs.'
    : 'Check the network and its firewall, and whether a VPN or a proxy is needed.'
}

function answerCheck(server: URL, { answer, failed, proxy }: Probe): Check {
  if (answer === null) {
    const via = proxy === null ? '' : ` through the proxy ${proxy.address}`
    const says = `${server.host} was asked${via} and did not answer (${failed?.code ?? 'failed'}: ${failed?.message ?? ''}).`
    return fail(
      'server',
      says,
      proxy === null ? 'Check what stands between.' : 'Check that the proxy lets it through.',
    )
  }
  const { status, location, contentType } = answer
  if (status === 407)
    return fail(
      'server',
      'The proxy asks who you are (status 407).',
      'Let it through to this server without a sign-in.',
    )
  if (location !== null || contentType?.startsWith('text/html') === true) {
    const where = location === null ? '' : `, leading to ${location.slice(0, 200)}`
    const says = `Something else answers in place of ${server.host}: a page (status ${status}${where}), as the sign-in of a guest network sends it.`
    return fail(
      'server',
      says,
      'Open a browser and sign in to the network, or leave it; nothing is lost meanwhile.',
    )
  }
  const says = `What answers at ${server.host} is no Cutoff server (status ${status}).`
  return fail('server', says, 'Check the address; a gateway in front must let /livez and /api/v1 through.')
}

const soonMs = 14 * 86_400_000

function certificateCheck({ server, probe, pinned, now }: Asked): readonly Check[] {
  const { certificate, failed } = probe
  if (server.protocol !== 'https:') return []
  if (certificate === null) {
    if (failed?.step !== 'certificate') return []
    return [
      fail('certificate', `It is refused (${failed.code}: ${failed.message}).`, 'Check what answers there.'),
    ]
  }
  const who = `It is ${certificate.subject}’s, issued by ${certificate.issuer}`
  if (failed?.step === 'certificate') return [refusedCertificate(who, certificate, failed, now)]
  const until = `valid until ${timeText(certificate.until)}`
  if (certificate.until - now < soonMs)
    return [warn('certificate', `${who}, ${until}.`, 'Renew it: when it has ended, no device can report.')]
  if (certificate.vouchedBy === 'public' || pinned)
    return [ok('certificate', `${who}, ${until}${pinned ? ', and its key is the pinned one' : ''}.`)]
  const says = `${who}, ${until}. Its authority, ${certificate.authority}, is one that this machine trusts and the public does not: the organisation’s own, or that of a proxy that reads the connection.`
  return [
    warn(
      'certificate',
      says,
      'Where neither is meant, take that authority out of the system’s store; where it is, nothing is to be done.',
    ),
  ]
}

function refusedCertificate(
  who: string,
  { from, until, authority, pin, vouchedBy }: CertificateSeen,
  { code, message }: NonNullable<Probe['failed']>,
  now: number,
): Check {
  const says = `${who}, and is refused (${code}).`
  if (code === 'certificate-pin') {
    const says = `${who}, and its key is not the pinned one but ${pin}.`
    return fail(
      'certificate',
      says,
      'Either a proxy reads the connection, or the server has a new key: then correct `certificatePin`.',
    )
  }
  if (now < from || now > until) {
    const span = `It holds from ${timeText(from)} to ${timeText(until)}`
    return fail(
      'certificate',
      `${says} ${span}.`,
      'Set this machine’s clock if it is wrong; otherwise renew the certificate.',
    )
  }
  if (vouchedBy === 'nobody') {
    const advice = `If ${authority} is the organisation’s own authority, or that of its proxy, put it into the system’s store; otherwise somebody stands between.`
    return fail('certificate', says, advice)
  }
  return fail('certificate', `${says} ${message}`, 'Check the server’s address and its certificate.')
}

function proxyCheck({ probe: { proxy }, proxyOrigin }: Asked): Check {
  if (proxy === null) return ok('proxy', 'No proxy is used.')
  const from =
    proxyOrigin.layer === 'default'
      ? `${proxy.variable} of the environment`
      : `\`proxy\` (${proxyOrigin.source})`
  return ok('proxy', `Requests go through ${proxy.address}, from ${from}.`)
}

/** Beyond it the server says so too; certificates fail at the latest when it is days. */
const clockLimitMs = 5 * 60_000

/** When the server cannot be asked: how the clock stood at its last signed time, in the setting of the clock that holds. */
export function toldClockChecks(
  clock: ClockState | null,
  measures: readonly ClockMeasure[],
): readonly Check[] {
  const measure = clock === null ? undefined : measures.findLast(({ boot }) => boot === bootAt(clock).id)
  if (measure === undefined) return []
  const { offsetMs } = measure
  const says = `By the server’s last signed time, this machine’s clock is ${roughly(offsetMs)} ${offsetMs > 0 ? 'behind' : 'ahead'}.`
  return [Math.abs(offsetMs) <= clockLimitMs ? ok('clock', says) : warn('clock', says, setClock)]
}

const setClock = 'Set it, best by the network (NTP). Times are corrected by the server’s until then.'

function clockCheck({ probe, now }: Asked): readonly Check[] {
  // What a page of somebody else says of the time is worth nothing.
  if (probe.failed !== null || probe.answer?.offsetMs == null) return []
  const { offsetMs } = probe.answer
  if (Math.abs(offsetMs) < 3000) return [ok('clock', 'This machine’s clock is as the server’s.')]
  const says = `This machine’s clock (${timeText(now)}) is ${roughly(offsetMs)} ${offsetMs > 0 ? 'behind' : 'ahead of'} the server’s.`
  if (Math.abs(offsetMs) <= clockLimitMs) return [ok('clock', says)]
  return [warn('clock', says, setClock)]
}
