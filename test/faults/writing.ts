// The ways in which tools were seen, or can be thought, to write down a use: each leaves one answered at a given time. What is
// written is what four real tools write; see test/fixtures/traces.
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  openSync,
  writeSync,
  closeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { claudeInstalled, transcript } from '../helpers/test-agent.ts'
import type { Chance } from './seeded.ts'

export interface Way {
  readonly name: string
  /** Leaves one use. @param at when a model answered, ms since 1970 */
  readonly write: (at: number) => void
}

export interface Writing {
  readonly ways: readonly Way[]
  /** Times of what is there at the beginning, long before. */
  readonly before: ReadonlySet<number>
  readonly close: () => void
}

const hourMs = 3_600_000
const line = (value: object): string => `${JSON.stringify(value)}\n`

function codexRecord(at: number): string {
  const timestamp = new Date(at).toISOString()
  return (
    line({ timestamp, type: 'session_meta', payload: {} }) +
    line({ timestamp, type: 'response_item', payload: { type: 'message', role: 'assistant' } })
  )
}

function geminiRecord(...times: readonly number[]): string {
  const messages = times.map((at) => ({ timestamp: new Date(at).toISOString(), type: 'gemini', model: 'g' }))
  return JSON.stringify({ sessionId: 's', messages })
}

/**
 * Installs the tools in a home and leaves sessions of an hour ago in it, for those ways that change what is there. Call as the
 * home's account; so are the ways to be called.
 * @param most how often one way may be used
 */
export function openWriting(home: string, most: number, chance: Chance): Writing {
  const projects = join(home, '.claude/projects')
  const chats = join(home, '.gemini/tmp/1/chats')
  const codex = join(home, '.codex/sessions')
  const before = new Set<number>()
  let made = 0
  const fresh = (): string => `0${String(made++).padStart(7, '0')}-0000-4000-8000-00000000feed`
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  const begun = Date.now() - hourMs
  const past = (): number => {
    const at = begun - before.size
    before.add(at)
    return at
  }
  /** Sessions of an hour ago; each is used once. */
  const stock = (pathOf: (name: string) => string, text: (at: number) => string) => {
    const all = Array.from({ length: most }, () => {
      const at = past()
      const path = pathOf(fresh())
      put(path, text(at))
      return { path, at }
    })
    return () => {
      const next = all.pop()
      if (next === undefined) throw new Error('a way was used more often than was said')
      return next
    }
  }

  for (const [path, text] of Object.entries(claudeInstalled())) put(path.replace('/home/ann', home), text)
  for (const name of ['@openai/codex', '@google/gemini-cli', 'opencode-ai'])
    put(
      join(home, '.npm-global/lib/node_modules', name, 'package.json'),
      JSON.stringify({ name, version: '1.0.0' }),
    )
  const inProject = (name: string) => join(projects, '-src', `${name}.jsonl`)
  const inFolder = (name: string) => join(projects, `-${name}`, `${name}.jsonl`)
  const inChats = (name: string) => join(chats, `session-${name}.json`)
  const appended = stock(inProject, transcript)
  const replaced = stock(inProject, transcript)
  const removed = stock(inProject, transcript)
  const swapped = stock(inFolder, transcript)
  const burst = stock(inProject, transcript)
  const rewritten = stock(inChats, geminiRecord)
  const renamed = stock(inChats, geminiRecord)
  const databasePath = join(home, '.local/share/opencode/opencode.db')
  mkdirSync(dirname(databasePath), { recursive: true })
  let database = openSessions(databasePath)

  const ways: Way[] = [
    { name: 'a new file', write: (at) => put(inProject(fresh()), transcript(at)) },
    {
      name: 'a new file, a few bytes at a time',
      write(at) {
        const handle = openSync(inProject(fresh()), 'wx')
        for (const part of transcript(at).match(/[^]{1,60}/g) ?? []) writeSync(handle, part)
        closeSync(handle)
      },
    },
    {
      name: 'appended, half a line first',
      write(at) {
        const { path } = appended()
        const text = transcript(at)
        const half = chance.below(text.length)
        appendFileSync(path, text.slice(0, half))
        appendFileSync(path, text.slice(half))
      },
    },
    {
      name: 'rewritten by renaming another into its place',
      write(at) {
        const { path, at: first } = replaced()
        writeFileSync(`${path}.tmp`, transcript(first, at))
        renameSync(`${path}.tmp`, path)
      },
    },
    {
      name: 'removed and made again',
      write(at) {
        const { path } = removed()
        unlinkSync(path)
        writeFileSync(path, transcript(at))
      },
    },
    {
      name: 'JSON written over in place',
      write(at) {
        const { path, at: first } = rewritten()
        writeFileSync(path, geminiRecord(first, at))
      },
    },
    {
      name: 'JSON written beside and renamed',
      write(at) {
        const { path, at: first } = renamed()
        writeFileSync(`${path}.tmp`, geminiRecord(first, at))
        renameSync(`${path}.tmp`, path)
      },
    },
    { name: 'new JSON', write: (at) => put(inChats(fresh()), geminiRecord(at)) },
    {
      name: 'rows of a database with a write-ahead log',
      write(at) {
        const what = chance.below(6)
        if (what === 0) {
          database.close()
          database = openSessions(databasePath)
        }
        if (what === 1) database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
        const data = JSON.stringify({ role: 'assistant', finish: 'stop' })
        const row = database.prepare('INSERT INTO message VALUES (?, ?, ?, ?)')
        const session = fresh()
        row.run(`${session}-q`, session, at, JSON.stringify({ role: 'user' }))
        row.run(session, session, at, data)
        if (what === 2) database.exec('PRAGMA wal_checkpoint(RESTART)')
      },
    },
    {
      name: 'a folder that is made and written to at once',
      write: (at) => put(inFolder(fresh()), transcript(at)),
    },
    {
      name: 'folders of a new day, made at once',
      write(at) {
        const day = join(codex, '2026', fresh(), '01')
        put(join(day, `rollout-${fresh()}.jsonl`), codexRecord(at))
      },
    },
    {
      name: 'a folder that is removed and made again',
      write(at) {
        const folder = dirname(swapped().path)
        rmSync(folder, { recursive: true })
        put(join(folder, `${fresh()}.jsonl`), transcript(at))
      },
    },
    {
      name: 'a folder that is moved in with what is in it',
      write(at) {
        const name = fresh()
        put(join(home, 'elsewhere', name, `${name}.jsonl`), transcript(at))
        renameSync(join(home, 'elsewhere', name), join(projects, `-${name}`))
      },
    },
    {
      name: 'among thousands of changes',
      write(at) {
        const { path } = burst()
        const handle = openSync(path, 'a')
        const all = 1000 + chance.below(4000)
        const answered = chance.below(all)
        for (let n = 0; n < all; n++)
          writeSync(handle, n === answered ? transcript(at) : line({ type: 'progress', n }))
        closeSync(handle)
      },
    },
    {
      name: 'among more changes than the system keeps',
      write(at) {
        const answered = chance.below(20_000)
        for (let n = 0; n < 20_000; n++) {
          if (n === answered) put(inFolder(fresh()), transcript(at))
          const path = join(projects, `x${n}`)
          writeFileSync(path, '')
          unlinkSync(path)
        }
      },
    },
  ]
  return { ways, before, close: () => database.close() }
}

function openSessions(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 50; CREATE TABLE IF NOT EXISTS message
     (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, data TEXT)`,
  )
  return database
}
