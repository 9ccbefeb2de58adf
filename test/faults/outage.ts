// R4 and R5: nobody answers for a week, and for 30 days, while a developer works hard. The agent's looks, state and spool are the real
// ones, on a made-up machine whose clock runs fast. At every step the state's files keep to the cap; in the end the server
// knows of every session's first and last use of each day and how many lay between, of every gap, and of how many records were
// given up.
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { MarkRecord, WireRecord } from '#shared/protocol.ts'
import { policyReader } from '../../agent/agent.ts'
import { createSpool } from '../../agent/spool.ts'
import { readPolicy } from '../../agent/sync/policy.ts'
import { fakeHost, aNow, type FakeHost } from '../helpers/fake-host.ts'
import { claudeInstalled, nowhere, testAgent, transcript, transportTo } from '../helpers/test-agent.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { examplePolicy } from '../helpers/wire-records.ts'
import type { Outcome } from './outcome.ts'
import type { Chance } from './seeded.ts'

export interface Outage {
  readonly days: number
  readonly capMegabytes: number
  /** Begun each day. */
  readonly sessions: number
  /** Packages that change each hour. */
  readonly updates: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** In the middle of a day and of sessions. */
const cutoff = aNow + 2 * dayMs + 5 * hourMs + 1_234_567

export async function sitOut(outage: Outage, chance: Chance): Promise<Outcome> {
  const server = await startTestServer()
  try {
    await server.apply({
      ...examplePolicy,
      rules: [{ ...examplePolicy.rules[0], from: new Date(cutoff).toISOString(), announced: undefined }],
    })
    return await withServer(server, outage, chance)
  } finally {
    await server.close()
  }
}

async function withServer(server: TestServer, outage: Outage, chance: Chance): Promise<Outcome> {
  const host = fakeHost({ files: claudeInstalled() })
  const agent = testAgent({ host, server })
  const developer = workOf(host, outage, chance)
  const told: WireRecord[] = []
  const failures: string[] = []
  const compactions: string[] = []
  let highest = 0
  const measure = (): void => void (highest = Math.max(highest, bytesOf(agent.folder)))
  const spool = createSpool({
    state: agent.state,
    capBytes: outage.capMegabytes * 2 ** 20,
    policy: policyReader(agent.state, readPolicy),
    now: host.now,
    log(line) {
      compactions.push(line)
      // Just now the most is in the log.
      measure()
    },
  })
  try {
    await agent.enrol()
    await agent.reporting.report()
    await agent.looks.full()
    await agent.reporting.report()
    const before = atServer(server).texts.length
    agent.transport = nowhere
    let readTo = agent.state.outbox.chain().sequence
    for (let hour = 0; hour < outage.days * 24; hour++) {
      developer(hour)
      await agent.looks.full()
      await agent.reporting.report()
      for (const { sequence, text } of agent.state.outbox.peek(1_000_000))
        if (sequence > readTo) told.push(JSON.parse(text) as WireRecord)
      measure()
      spool.prune()
      spool.keep()
      measure()
      readTo = agent.state.outbox.chain().sequence
      host.advance(hourMs)
      server.clock.now += hourMs
    }
    agent.transport = transportTo(server)
    for (let turn = 0; turn < 100 && agent.state.outbox.waiting() > 0; turn++) {
      await agent.reporting.report()
      spool.keep()
      measure()
    }
    const { texts, events } = atServer(server)
    const arrived = texts.slice(before).map((text) => JSON.parse(text) as WireRecord)
    failures.push(...compare(told, arrived, events))
    if (highest > outage.capMegabytes * 2 ** 20) failures.push(`the state took ${highest} bytes`)
    if (compactions.length === 0) failures.push('it was never full')
    if (agent.state.outbox.waiting() > 0) failures.push('not all of it could be reported')
    return {
      name: `R4, R5: ${outage.days} days without a server`,
      runs: 1,
      failures,
      notes: [
        `${told.length} records told, ${told.filter(({ type }) => type === 'mark').length} of them uses; ${arrived.length} arrived; ${compactions.length} compactions`,
        `the state took ${(highest / 2 ** 20).toFixed(1)} MB at most, of ${outage.capMegabytes}; in the end ${(bytesOf(agent.folder) / 2 ** 20).toFixed(1)}`,
        ...compactions.slice(-1),
      ],
    }
  } finally {
    agent.close()
    rmSync(agent.folder, { recursive: true, force: true })
  }
}

/** What a developer does in an hour: sessions go on, packages are brought up to date, folders cannot be read for a while. */
function workOf(host: FakeHost, { sessions, updates }: Outage, chance: Chance): (hour: number) => void {
  const open = new Map<string, { readonly times: number[]; readonly endsAt: number }>()
  const files: { readonly path: string; readonly at: number }[] = []
  let begun = 0
  return (hour) => {
    const now = host.now()
    const works = hour % 24 < 12
    for (let n = 0; works && n < sessions / 12; n++) {
      const path = `/home/ann/.claude/projects/-src-${begun % 40}/${String(begun++).padStart(8, '0')}-0000-4000-8000-000000000000.jsonl`
      open.set(path, { times: [], endsAt: now + chance.next() * 6 * hourMs })
      files.push({ path, at: now })
    }
    for (const [path, session] of open) {
      if (session.endsAt < now) open.delete(path)
      for (let at = now - hourMs + chance.next() * 600_000; at < now; at += (8 + chance.next() * 12) * 60_000)
        session.times.push(Math.floor(at))
      const last = session.times.at(-1) ?? now
      const createdAt = session.times[0] ?? now
      host.put(path, { content: transcript(...session.times), modifiedAt: last, createdAt })
    }
    // Old ones are cleared away, as tools do.
    while ((files[0]?.at ?? now) < now - 2 * dayMs) {
      const old = files.shift()
      if (old !== undefined) host.put(old.path, null)
    }
    for (let n = 0; n < updates; n++) {
      const name = `package-${chance.below(updates * 12)}`
      const content = JSON.stringify({ name, version: `1.${hour}.${n}` })
      host.put(`/home/ann/.npm-global/lib/node_modules/${name}/package.json`, { content, modifiedAt: now })
    }
    for (let n = 0; n < 3; n++) {
      const config = `/home/ann/.claude/projects/-closed-${n}`
      host.put(config, chance.next() < 0.5 ? { folder: true, fails: 'EACCES' } : null)
    }
  }
}

function compare(
  told: readonly WireRecord[],
  arrived: readonly WireRecord[],
  events: readonly string[],
): string[] {
  const failures: string[] = []
  const expected = usesOf(told)
  const got = usesOf(arrived)
  const lost = [...expected].filter(([key, use]) => got.get(key) !== use)
  if (expected.size === 0) failures.push('there was no use to lose')
  if (lost.length > 0 || got.size !== expected.size)
    failures.push(`${lost.length} of ${expected.size} uses are not as they were, such as ${String(lost[0])}`)
  const open = gapsLost(told, arrived)
  if (open > 0) failures.push(`${open} gaps are not covered`)
  const healthOf = (all: readonly WireRecord[]) =>
    new Set(all.filter(({ type }) => type === 'agent').map((record) => JSON.stringify(record))).size
  if (healthOf(told) !== healthOf(arrived)) failures.push('what the agent said of itself is not all there')
  const before = newestItems(told)
  const after = newestItems(arrived)
  if (before.size !== after.size || [...before].some(([name, text]) => after.get(name) !== text))
    failures.push('the inventory is another')
  const given = events.reduce(
    (sum, summary) => sum + Number(/^agent-compacted .*\brecords=(\d+)/.exec(summary)?.[1] ?? 0),
    0,
  )
  if (told.length !== arrived.length + given)
    failures.push(`${told.length} records: ${arrived.length} arrived, ${given} are said to be given up`)
  const alarms = events.filter((summary) => /^(missing-records|state-diverged|clone-suspected)/.test(summary))
  return [...failures, ...alarms.map((summary) => `the server shows: ${summary}`)]
}

/** First, last and number of uses by everything else that is told of them, day and side of the cutoff. */
function usesOf(records: readonly WireRecord[]): Map<string, string> {
  const marks = records.flatMap((record) => (record.type === 'mark' ? [record] : []))
  const groups = Map.groupBy(marks, ({ at, more: _, ...rest }: MarkRecord) =>
    JSON.stringify([rest, Math.floor(at / dayMs), at < cutoff]),
  )
  return new Map(
    [...groups].map(([key, uses]) => {
      const times = uses.map(({ at }) => at)
      const count = uses.reduce((sum, { more }) => sum + 1 + (more ?? 0), 0)
      return [key, `${Math.min(...times)} ${Math.max(...times)} ${count}`]
    }),
  )
}

function newestItems(records: readonly WireRecord[]): Map<string, string> {
  return new Map(
    records.flatMap((r) => (r.type === 'inventory' ? [[`${r.item} ${r.name}`, JSON.stringify(r)]] : [])),
  )
}

function gapsLost(told: readonly WireRecord[], arrived: readonly WireRecord[]): number {
  const spans = (all: readonly WireRecord[]) =>
    all.flatMap((r) =>
      r.type === 'gap' ? [{ name: JSON.stringify([r.account, r.place, r.hash, r.reason]), r }] : [],
    )
  const there = Map.groupBy(spans(arrived), ({ name }) => name)
  return spans(told).filter(({ name, r }) => {
    const end = r.until ?? r.from
    return !(there.get(name) ?? []).some((g) => g.r.from <= r.from && (g.r.until ?? end) >= end)
  }).length
}

function atServer(server: TestServer): {
  readonly texts: readonly string[]
  readonly events: readonly string[]
} {
  const database = new DatabaseSync(join(server.folder, 'cutoff.sqlite'), { readOnly: true })
  try {
    const all = (sql: string, column: string) =>
      database
        .prepare(sql)
        .all()
        .map((row) => String(row[column]))
    return {
      texts: all('SELECT text FROM records ORDER BY sequence', 'text'),
      events: all('SELECT summary FROM events ORDER BY id', 'summary'),
    }
  } finally {
    database.close()
  }
}

function bytesOf(folder: string): number {
  return readdirSync(folder)
    .filter((name) => name.startsWith('state.sqlite'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}
