// What a look at the server says: whether it is reached, who vouches for it, through which proxy, and how the clock stands.
import { wordsOf } from '#shared/words.ts'
import type { Language } from '#shared/words/language.ts'
import { apartText } from '#shared/words/time-words.ts'
import { bootAt, type ClockState } from '../../clock-segments.ts'
import type { ClockMeasure } from '../../report/windows.ts'
import { timeText } from '../time-text.ts'
import { shown, type SettingOrigin } from '../../settings.ts'
import type { CertificateSeen } from '../../sync/certificate.ts'
import type { Probe } from '../../sync/probe.ts'
import type { ProxyRoute } from '../../sync/proxy.ts'
import { doctorServerWords } from '../words/doctor-server-words.ts'
import { listed, sentences } from '../words/said.ts'
import { fail, ok, warn, type Check } from './check.ts'

export interface Asked {
  readonly server: URL
  readonly probe: Probe
  readonly pinned: boolean
  readonly route: ProxyRoute
  /** Of the setting `proxy`. */
  readonly proxyOrigin: SettingOrigin
  readonly now: number
  readonly language: Language
}

type Words = (typeof doctorServerWords)[Language]

export function serverChecks(asked: Asked): readonly Check[] {
  return [serverCheck(asked), ...certificateCheck(asked), proxyCheck(asked), ...clockCheck(asked)]
}

function serverCheck({ server, probe, language }: Asked): Check {
  const say = doctorServerWords[language].server
  const { failed, proxy } = probe
  if (failed === null) return ok('server', say.answers(server.host))
  const first = proxy === null ? server.host : say.proxy(proxy.address)
  const { code } = failed
  switch (failed.step) {
    case 'name':
      return fail('server', say.noName(first, code), say.checkName)
    case 'connection':
      return fail(
        'server',
        say.noConnection(first, code),
        code === 'ECONNREFUSED' ? say.nobodyListens : say.checkNetwork,
      )
    case 'certificate':
      return fail('server', say.notBelieved(server.host, code), say.seeCertificate)
    case 'answer':
      return answerCheck(server, probe, say)
  }
}

function answerCheck({ host }: URL, { answer, failed, proxy }: Probe, say: Words['server']): Check {
  if (answer === null) {
    const why = `${failed?.code ?? 'failed'}: ${failed?.message ?? ''}`
    return proxy === null
      ? fail('server', say.silent(host, why), say.checkBetween)
      : fail('server', say.silentThrough(host, proxy.address, why), say.checkProxy)
  }
  const { status, location, contentType } = answer
  if (status === 407) return fail('server', say.proxyAsks, say.letThrough)
  if (location !== null) return fail('server', say.pageAt(host, status, location.slice(0, 200)), say.signIn)
  if (contentType?.startsWith('text/html') === true) return fail('server', say.page(host, status), say.signIn)
  return fail('server', say.noCutoff(host, status), say.checkAddress)
}

const soonMs = 14 * 86_400_000

function certificateCheck({ server, probe, pinned, now, language }: Asked): readonly Check[] {
  const say = doctorServerWords[language].certificate
  const { certificate, failed } = probe
  if (server.protocol !== 'https:') return []
  if (certificate === null) {
    if (failed?.step !== 'certificate') return []
    return [fail('certificate', say.refused(failed.code, failed.message), say.checkWhat)]
  }
  if (failed?.step === 'certificate') return [refusedCertificate(certificate, failed, now, language)]
  const { subject, issuer, authority, until, vouchedBy } = certificate
  const says = (pinned ? say.pinned : say.good)(subject, issuer, timeText(until))
  if (until - now < soonMs) return [warn('certificate', says, say.renew)]
  if (vouchedBy === 'public' || pinned) return [ok('certificate', says)]
  return [warn('certificate', sentences(language, [says, say.ownAuthority(authority)]), say.takeOut)]
}

function refusedCertificate(
  { subject, issuer, from, until, authority, pin, vouchedBy }: CertificateSeen,
  { code, message }: NonNullable<Probe['failed']>,
  now: number,
  language: Language,
): Check {
  const say = doctorServerWords[language].certificate
  if (code === 'certificate-pin') return fail('certificate', say.notPinned(subject, issuer, pin), say.newKey)
  const refused = (advice: string, more: string | null = null): Check =>
    fail('certificate', sentences(language, [say.notBelieved(subject, issuer, code), more]), advice)
  if (now < from || now > until) return refused(say.setClock, say.holds(timeText(from), timeText(until)))
  return vouchedBy === 'nobody' ? refused(say.trust(authority)) : refused(say.checkAddress, message)
}

/** More of them help nobody. */
const maxNamed = 20

function proxyCheck({ probe: { proxy, failed }, route, proxyOrigin, language }: Asked): Check {
  const say = doctorServerWords[language].proxy
  const { from, passedOver, system } = route
  const place = say.places[system?.place ?? 'environment']
  const way = (address: string, variable: string): string => {
    if (from === 'setting') return say.setting(address, proxyOrigin.source ?? proxyOrigin.layer)
    return from === 'environment' ? say.environment(address, variable) : say.system(address, place)
  }
  const says = sentences(language, [
    proxy === null ? say.none : way(proxy.address, proxy.variable),
    system?.automatic === true ? say.automatic(place) : null,
    passedOver.length === 0
      ? null
      : say.passedOver(place, listed(language, passedOver.slice(0, maxNamed).map(shown))),
    system?.fault ?? null,
  ])
  if (system?.fault != null) return warn('proxy', says, say.correct)
  const isWhole = system?.automatic !== true && passedOver.length === 0
  return isWhole || failed === null ? ok('proxy', says) : warn('proxy', says, say.setProxy)
}

/** Beyond it the server says so too; certificates fail at the latest when it is days. */
const clockLimitMs = 5 * 60_000

/** When the server cannot be asked: how the clock stood at its last signed time, in the setting of the clock that holds. */
export function toldClockChecks(
  clock: ClockState | null,
  measures: readonly ClockMeasure[],
  language: Language,
): readonly Check[] {
  const measure = clock === null ? undefined : measures.findLast(({ boot }) => boot === bootAt(clock).id)
  if (measure === undefined) return []
  const { offsetMs } = measure
  const say = doctorServerWords[language].clock
  const apart = apartText(wordsOf(language).times, offsetMs)
  const says = offsetMs > 0 ? say.toldBehind(apart) : say.toldAhead(apart)
  return [Math.abs(offsetMs) <= clockLimitMs ? ok('clock', says) : warn('clock', says, say.set)]
}

function clockCheck({ probe, now, language }: Asked): readonly Check[] {
  const say = doctorServerWords[language].clock
  // What a page of somebody else says of the time is worth nothing.
  if (probe.failed !== null || probe.answer?.offsetMs == null) return []
  const { offsetMs } = probe.answer
  if (Math.abs(offsetMs) < 3000) return [ok('clock', say.same)]
  const apart = apartText(wordsOf(language).times, offsetMs)
  const says = (offsetMs > 0 ? say.behind : say.ahead)(timeText(now), apart)
  if (Math.abs(offsetMs) <= clockLimitMs) return [ok('clock', says)]
  return [warn('clock', says, say.set)]
}
