// Records of sessions as real tools wrote them (test/fixtures/traces), moved to another time.
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Draft, Person } from './draft.ts'
import type { Random } from './random.ts'

/** Tools whose records were captured: only of these is it known what a use leaves in them. */
export const recorded = ['claude-code', 'codex-cli', 'gemini-cli', 'opencode', 'pi'] as const
export type Recorded = (typeof recorded)[number]

export function isRecorded(tool: string): tool is Recorded {
  return (recorded as readonly string[]).includes(tool)
}

/** `attempt-then-use` was captured of Claude Code and pi alone. */
export type SessionKind = 'use' | 'attempt' | 'attempt-then-use'

/** Variables that put a tool’s own folder elsewhere, or the one that it lies in; seen to move the records. */
export const movers: Readonly<Partial<Record<Recorded, readonly [variable: string, folder: string]>>> = {
  'claude-code': ['CLAUDE_CONFIG_DIR', '.claude'],
  'codex-cli': ['CODEX_HOME', '.codex'],
  opencode: ['XDG_DATA_HOME', '.local/share'],
}

const fixtures = new URL('../fixtures/traces/', import.meta.url)
const instant = /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g
const milliseconds = /\b179\d{10}\b/g

interface Captured {
  readonly text: string
  readonly from: number
  readonly until: number
}

const captures = new Map<string, Captured>()

function captured(tool: Recorded, kind: SessionKind): Captured {
  const key = `${tool}/${kind}`
  const known = captures.get(key)
  if (known !== undefined) return known
  const text = readFileSync(new URL(`${key}.jsonl`, fixtures), 'utf8')
  const times = [
    ...[...text.matchAll(instant)].map(([at]) => Date.parse(at)),
    ...[...text.matchAll(milliseconds)].map(([at]) => Number(at)),
  ]
  const made = { text, from: Math.min(...times), until: Math.max(...times) }
  captures.set(key, made)
  return made
}

/** The record as it would be had the session begun at `at`. */
export function sessionText(tool: Recorded, kind: SessionKind, at: number): { text: string; until: number } {
  const { text, from, until } = captured(tool, kind)
  const by = at - from
  const moved = text
    .replaceAll(instant, (found) => new Date(Date.parse(found) + by).toISOString())
    .replaceAll(milliseconds, (found) => String(Number(found) + by))
  return { text: moved, until: until + by }
}

export interface Session {
  readonly tool: Recorded
  readonly kind: SessionKind
  readonly at: number
  /** Where the file’s own times are not those of what is in it. */
  readonly bornAt?: number
  readonly writtenAt?: number
  /** In place of the tool’s usual folder, below the home. */
  readonly movedTo?: string
}

/** Writes a session where the tool keeps it. The places are those of test/fixtures/traces/README.md. */
export function putSession(
  draft: Draft,
  person: Person,
  session: Session,
  random: Random,
  project = 'demo',
): string {
  const { tool, kind, at } = session
  const { text, until } = sessionText(tool, kind, at)
  const [, usual = ''] = movers[tool] ?? []
  const place = placeOf(tool, at, random, project)
  const path = `${person.home}/${session.movedTo === undefined ? place : `${session.movedTo}${place.slice(usual.length)}`}`
  const bornAt = session.bornAt ?? at
  const writtenAt = session.writtenAt ?? until
  if (tool === 'opencode') putDatabase(draft, person, path, text, bornAt, writtenAt)
  else draft.files[path] = { content: text, createdAt: bornAt, modifiedAt: writtenAt, owner: person.uid }
  return path
}

function placeOf(tool: Recorded, at: number, random: Random, project: string): string {
  const time = new Date(at).toISOString()
  const day = time.slice(0, 10).replaceAll('-', '/')
  const minute = time.slice(0, 16).replace(':', '-')
  const uuid = random.uuid()
  switch (tool) {
    case 'claude-code':
      return `.claude/projects/-home-someone-src-${project}/${uuid}.jsonl`
    case 'codex-cli':
      return `.codex/sessions/${day}/rollout-${minute}-00-${uuid}.jsonl`
    case 'gemini-cli':
      return `.gemini/tmp/${project}/chats/session-${minute}-${uuid.slice(0, 8)}.jsonl`
    case 'opencode':
      return '.local/share/opencode/opencode.db'
    case 'pi':
      return `.pi/agent/sessions/--home-someone-src-${project}--/${minute}_${uuid}.jsonl`
  }
}

/** opencode keeps all sessions in one database: what was in it stays. */
const rowsOf = new WeakMap<Draft, Map<string, string[]>>()

function putDatabase(
  draft: Draft,
  person: Person,
  path: string,
  text: string,
  at: number,
  until: number,
): void {
  const known = rowsOf.get(draft) ?? new Map<string, string[]>()
  rowsOf.set(draft, known)
  const before = known.get(path) ?? []
  // Ids of one capture are the same in each copy of it.
  const own = text.replaceAll(/\b(ses|msg|prt)_0+(\d+)/g, (_all, kind: string, id: string) => {
    return `${kind}_${String(before.length).padStart(6, '0')}${id.padStart(12, '0')}`
  })
  const sessions = [...before, own]
  known.set(path, sessions)
  draft.files[path] = { content: databaseOf(sessions), createdAt: at, modifiedAt: until, owner: person.uid }
}

const databases = new Map<string, Uint8Array>()

function databaseOf(sessions: readonly string[]): Uint8Array {
  const key = sessions.join('\0')
  const known = databases.get(key)
  if (known !== undefined) return known
  const db = new DatabaseSync(':memory:')
  db.exec(`PRAGMA foreign_keys=OFF; ${readFileSync(new URL('opencode/schema.sql', fixtures), 'utf8')}`)
  for (const line of sessions.join('').trim().split('\n')) {
    const { table, ...row } = JSON.parse(line) as { table: string } & Record<string, string | number | null>
    const columns = Object.keys(row)
    db.prepare(
      `INSERT OR IGNORE INTO "${table}" (${columns.map((column) => `"${column}"`).join(',')}) VALUES (${columns.map(() => '?').join(',')})`,
    ).run(...Object.values(row))
  }
  const bytes = db.serialize()
  db.close()
  databases.set(key, bytes)
  return bytes
}
