// Opening a database: what is not ours is told apart and left as it was.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseError } from '../../../server/store/database.ts'
import { Store } from '../../../server/store/store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-database-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

function codeOf(path: string): string {
  try {
    Store.open(path)
    return 'opened'
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return error.message.includes(path) ? error.code : `the message does not name ${path}`
  }
}

test('a new one is made with its folder, for its owner alone', async () => {
  const path = join(folder, 'a', 'b', 'cutoff.sqlite')
  const store = Store.open(path)
  await store.close()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['cutoff.sqlite'])
})

test('an old one is opened again', async () => {
  const path = join(folder, 'cutoff.sqlite')
  const store = Store.open(path)
  await store.write((db) => db.updateTable('meta').set({ value: 7 }).where('name', '=', 'rulebook').execute())
  await store.close()
  const again = Store.open(path)
  expect(
    await again.read.selectFrom('meta').select('value').where('name', '=', 'rulebook').execute(),
  ).toEqual([{ value: 7 }])
  await again.close()
})

describe('is refused and left as it was:', () => {
  function make(name: string, content: (path: string) => void): string {
    const path = join(folder, name)
    content(path)
    return path
  }

  test.each<[string, string, (path: string) => void]>([
    [
      'a file that is no database',
      'database-not-sqlite',
      (path) => writeFileSync(path, 'notes\n'.repeat(100)),
    ],
    ['a short file', 'database-not-sqlite', (path) => writeFileSync(path, 'x')],
    ['a folder', 'database-not-sqlite', (path) => mkdirSync(path)],
    [
      'another program’s database',
      'database-foreign',
      (path) => {
        const other = new DatabaseSync(path)
        other.exec('create table notes (text)')
        other.close()
      },
    ],
    [
      'a newer server’s database',
      'database-newer',
      (path) => {
        const newer = new DatabaseSync(path)
        newer.exec(`pragma application_id = ${0x4355544f}; pragma user_version = 99; create table t (a)`)
        newer.close()
      },
    ],
  ])('%s', (_, code, content) => {
    const path = make('file', content)
    const before = statSync(path).isFile() ? digest(path) : ''
    expect(codeOf(path)).toBe(code)
    expect(statSync(path).isFile() ? digest(path) : '').toBe(before)
    expect(readdirSync(folder)).toEqual(['file'])
  })

  test('a damaged one', async () => {
    const path = join(folder, 'cutoff.sqlite')
    await Store.open(path).close()
    const bytes = readFileSync(path)
    bytes.fill(0xaa, 100, 4096)
    writeFileSync(path, bytes)
    const before = digest(path)
    expect(codeOf(path)).toBe('database-broken')
    expect(digest(path)).toBe(before)
  })

  test('a place where nothing can be made', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(codeOf(join(folder, 'file', 'cutoff.sqlite'))).toBe('database-unwritable')
    // Root may write anywhere; everybody else must be told.
    if (process.getuid?.() === 0) return
    chmodSync(folder, 0o500)
    expect(codeOf(join(folder, 'cutoff.sqlite'))).toBe('database-unwritable')
    chmodSync(folder, 0o700)
  })
})

describe('writing', () => {
  let store: Store
  beforeEach(() => {
    store = Store.open(join(folder, 'cutoff.sqlite'))
  })
  afterEach(async () => {
    await store.close()
  })

  const raise = (by: number) =>
    store.write(async (db) => {
      const { value } = await db
        .selectFrom('meta')
        .select('value')
        .where('name', '=', 'rulebook')
        .executeTakeFirstOrThrow()
      await db
        .updateTable('meta')
        .set({ value: value + by })
        .execute()
      return value + by
    })

  test('at once gives each change the world that the one before left', async () => {
    const values = await Promise.all(Array.from({ length: 500 }, () => raise(1)))
    expect(values).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
  })

  test('what fails is undone alone', async () => {
    const failing = store.write(async (db) => {
      await db.updateTable('meta').set({ value: 1000 }).where('name', '=', 'rulebook').execute()
      throw new Error('no')
    })
    const [, failed, after] = await Promise.allSettled([raise(1), failing, raise(1)])
    expect(failed).toMatchObject({ status: 'rejected', reason: new Error('no') })
    expect(after).toEqual({ status: 'fulfilled', value: 2 })
    await expect(store.write(() => Promise.reject(new Error('alone')))).rejects.toThrow('alone')
    expect(await raise(1)).toBe(3)
  })

  test('is seen by readers only once it is on the disk', async () => {
    let seen: unknown
    await store.write(async (db) => {
      await db.updateTable('meta').set({ value: 5 }).where('name', '=', 'rulebook').execute()
      seen = await store.read.selectFrom('meta').select('value').where('name', '=', 'rulebook').execute()
    })
    expect(seen).toEqual([{ value: 0 }])
    expect(
      await store.read.selectFrom('meta').select('value').where('name', '=', 'rulebook').execute(),
    ).toEqual([{ value: 5 }])
  })

  test('in memory works the same', async () => {
    const memory = Store.open(':memory:')
    await memory.write((db) =>
      db.updateTable('meta').set({ value: 5 }).where('name', '=', 'rulebook').execute(),
    )
    expect(
      await memory.read.selectFrom('meta').select('value').where('name', '=', 'rulebook').execute(),
    ).toEqual([{ value: 5 }])
    await memory.close()
  })
})
