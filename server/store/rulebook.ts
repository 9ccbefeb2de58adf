// What findings are judged by: policy versions, waivers and people, and a number that rises whenever one of them changes.
import { sql, type Selectable } from 'kysely'
import type { People, Waiver } from '#shared/people.ts'
import type { Policy } from '#shared/policy.ts'
import type { PolicyVersion } from '#shared/rules.ts'
import type { PolicyTable, WaiverTable } from './schema-administration.ts'
import type { Queries } from './store.ts'

export interface Rulebook {
  readonly revision: number
  /** Oldest first. */
  readonly versions: readonly PolicyVersion[]
  readonly waivers: readonly Waiver[]
  readonly people: People
}

const nobody: People = { owners: [], members: [], groups: [] }

export async function rulebookRevision(db: Queries): Promise<number> {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', 'rulebook')
    .executeTakeFirstOrThrow()
  return row.value
}

/** Says that what findings are judged by has changed. */
export async function raiseRevision(db: Queries): Promise<void> {
  await db
    .updateTable('meta')
    .set({ value: sql<number>`value + 1` })
    .where('name', '=', 'rulebook')
    .execute()
}

export async function readRulebook(db: Queries): Promise<Rulebook> {
  const [revision, policies, waivers, people] = [
    await rulebookRevision(db),
    await policyRows(db),
    await db.selectFrom('waivers').select('waiver').where('revoked_at', 'is', null).execute(),
    await readPeople(db),
  ]
  return {
    revision,
    versions: policies.map(versionOf),
    // Written by this server from checked values, here and below.
    waivers: waivers.map((row) => JSON.parse(row.waiver) as Waiver),
    people,
  }
}

export function policyRows(db: Queries): Promise<Selectable<PolicyTable>[]> {
  return db.selectFrom('policies').selectAll().orderBy('version').execute()
}

export function versionOf(row: Selectable<PolicyTable>): PolicyVersion {
  return { activatedAt: row.activated_at, policy: JSON.parse(row.policy) as Policy }
}

export async function addPolicy(db: Queries, row: Selectable<PolicyTable>): Promise<void> {
  await db.insertInto('policies').values(row).execute()
}

export async function readPeople(db: Queries): Promise<People> {
  const row = await db.selectFrom('people').select('people').where('id', '=', 1).executeTakeFirst()
  return row === undefined ? nobody : (JSON.parse(row.people) as People)
}

export async function savePeople(db: Queries, people: People): Promise<void> {
  await db
    .replaceInto('people')
    .values({ id: 1, people: JSON.stringify(people) })
    .execute()
}

export async function addWaiver(db: Queries, row: Selectable<WaiverTable>): Promise<void> {
  await db.insertInto('waivers').values(row).execute()
}

export function waiverRow(db: Queries, id: string): Promise<Selectable<WaiverTable> | undefined> {
  return db.selectFrom('waivers').selectAll().where('id', '=', id).executeTakeFirst()
}

export function waiverRows(db: Queries): Promise<Selectable<WaiverTable>[]> {
  return db.selectFrom('waivers').selectAll().orderBy('created_at', 'desc').orderBy('id').execute()
}

export async function revokeWaiver(db: Queries, id: string, at: number, by: string): Promise<void> {
  await db.updateTable('waivers').set({ revoked_at: at, revoked_by: by }).where('id', '=', id).execute()
}
