// What is known of each tool and account across looks: since when, whether it could ever run, when it was first and last used.
// On disk; nothing of it leaves the device by itself.
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'

export const KnownTool = z.strictObject({
  firstSeenAt: z.int(),
  /** It was seen able to run: installed, or running. */
  able: z.boolean(),
  /** It was seen running, or left what a start leaves. */
  started: z.boolean(),
  firstUsedAt: z.int().nullable(),
  lastUsedAt: z.int().nullable(),
})
export type KnownTool = z.infer<typeof KnownTool>

export interface ToolKnowledge {
  readonly of: (tool: string, account: string | null) => KnownTool | null
  /** Able for this account, or for the whole machine. */
  readonly able: (tool: string, account: string | null) => boolean
  /** Of an account and of the whole machine. */
  readonly concerning: (
    account: string,
  ) => { readonly tool: string; readonly account: string | null; readonly known: KnownTool }[]
  /** Takes back what was learnt in a transaction that failed. */
  readonly reload: () => void
  readonly learn: (tool: string, account: string | null, known: KnownTool) => void
}

export function openToolKnowledge(database: DatabaseSync): ToolKnowledge {
  const known = new Map<string, KnownTool>()
  const reload = (): void => {
    known.clear()
    for (const row of database.prepare('SELECT tool, account, known FROM tools').iterate()) {
      const parsed = KnownTool.safeParse(JSON.parse(String(row['known'])))
      if (parsed.success) known.set(`${String(row['tool'])}\0${String(row['account'])}`, parsed.data)
    }
  }
  reload()
  const of = (tool: string, account: string | null) => known.get(`${tool}\0${account ?? ''}`) ?? null
  return {
    of,
    reload,
    concerning: (account) =>
      [...known].flatMap(([key, value]) => {
        const [tool = '', of = ''] = key.split('\0')
        return of === '' || of === account ? [{ tool, account: of === '' ? null : of, known: value }] : []
      }),
    able: (tool, account) => of(tool, account)?.able === true || of(tool, null)?.able === true,
    learn(tool, account, next) {
      const text = JSON.stringify(next)
      const before = of(tool, account)
      if (before !== null && JSON.stringify(before) === text) return
      known.set(`${tool}\0${account ?? ''}`, next)
      database.prepare('INSERT OR REPLACE INTO tools VALUES (?, ?, ?)').run(tool, account ?? '', text)
    },
  }
}
