// R11 and R12: an agent whose first start finds no server looks and keeps what it saw, and enrols by itself once there is one; and
// whatever answers in the server's place, the agent keeps its credentials and reports all of it afterwards.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../helpers/system.ts'
import type { Fate } from './cutting-proxy.ts'
import { killed, openMachine, type Machine } from './machine.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'

const answer = (of: string, status: string, body: string, headers = ''): Fate => ({
  of,
  answer: `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n${headers}\r\n${body}`,
})
const problem = (status: string, code: string): Fate =>
  answer(
    `${status}, ${code}`,
    status,
    JSON.stringify({ type: `urn:cutoff:${code}`, title: code, status: Number(status.slice(0, 3)), code }),
    'content-type: application/problem+json\r\n',
  )

const strangers: readonly Fate[] = [
  answer('401 of a proxy', '401 Unauthorized', 'Proxy says no', 'www-authenticate: Basic realm="x"\r\n'),
  problem('401 Unauthorized', 'unknown-device'),
  problem('401 Unauthorized', 'bad-signature'),
  problem('403 Forbidden', 'revoked'),
  answer('captive portal', '200 OK', '<html>Please log in</html>', 'content-type: text/html\r\n'),
  answer('redirect', '302 Found', '', 'location: http://portal.example/\r\n'),
  answer('captive portal by its status', '511 Network Authentication Required', '<html></html>'),
  answer('500', '500 Internal Server Error', ''),
  answer('502', '502 Bad Gateway', 'Bad gateway'),
  answer('503', '503 Service Unavailable', '{}'),
  answer('no HTTP', 'nonsense', '\u0000\u0001'),
]

export async function answerInItsPlace(runs: number, chance: Chance): Promise<Outcome> {
  const machine = await openMachine()
  const failures: string[] = []
  let slowestMs = 0
  try {
    const fault = await firstStartAlone(machine)
    if (fault !== null) failures.push(`first start without a server: ${fault}`)
    // Without a first report there is no credential to keep.
    for (let run = 0; fault === null && run < runs; run++) {
      const stranger = run < strangers.length ? strangers[run] : chance.pick(strangers)
      if (stranger === undefined) continue
      const startedMs = performance.now()
      const said = await meet(machine, stranger)
      slowestMs = Math.max(slowestMs, performance.now() - startedMs)
      if (said !== null) failures.push(`${typeof stranger === 'string' ? stranger : stranger.of}: ${said}`)
    }
    const { devices } = machine.atServer()
    if (devices !== 1) failures.push(`there are ${devices} devices`)
  } finally {
    await machine.close()
  }
  return {
    name: 'R11, R12: no server at first, and others in its place',
    runs,
    failures,
    notes: [`the slowest of them took ${Math.round(slowestMs / 1000)} s`],
  }
}

async function firstStartAlone(machine: Machine): Promise<string | null> {
  await machine.proxy.down()
  const agent = machine.start()
  try {
    await until('the first look', () => machine.state().records.length > 0, 20_000)
    const session = machine.plant()
    await until('the session', () => machine.state().marks.some(({ at }) => at === session), 20_000)
    await machine.proxy.up()
    await until('the session at the server', () => has(machine, session), 60_000)
    return null
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${machine.output()}` : 'it threw'
  } finally {
    await killed(agent)
  }
}

async function meet(machine: Machine, stranger: Fate): Promise<string | null> {
  const { proxy } = machine
  const credentials = () =>
    ['identity.json', 'enrolment.json'].map((name) => readFileSync(join(machine.stateFolder, name), 'utf8'))
  const before = credentials()
  const asked = () => [...proxy.counts.fates.values()].reduce((sum, times) => sum + times, 0)
  const askedBefore = asked()
  proxy.fate = () => stranger
  const alone = machine.start()
  const session = machine.plant()
  try {
    await until('it to ask', () => asked() > askedBefore, 45_000)
    await until('the session', () => machine.state().marks.some(({ at }) => at === session), 20_000)
    if (alone.exitCode !== null) return 'it ended'
    if (String(credentials()) !== String(before)) return 'its credentials are others'
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${machine.output()}` : 'it threw'
  } finally {
    await killed(alone)
  }
  proxy.fate = () => 'pass'
  const agent = machine.start()
  const later = machine.plant()
  try {
    const detail = (): string => {
      const { marks, records } = machine.state()
      const known = [session, later].map((at) => marks.find((mark) => mark.at === at)?.basis ?? 'unseen')
      const there = [session, later].map((at) => has(machine, at))
      return `both at the server (${String(there)}; known as ${String(known)}, ${records.length} records wait)`
    }
    await until(detail, () => has(machine, session) && has(machine, later), 45_000)
    return String(credentials()) === String(before) ? null : 'its credentials are others'
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${machine.output()}` : 'it threw'
  } finally {
    await killed(agent)
  }
}

function has(machine: Machine, session: number): boolean {
  return machine.atServer().marks.some(({ at }) => at === session)
}
