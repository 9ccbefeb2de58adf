// What is taken over from a damaged database: the marks, which are what was witnessed and cannot be seen again, and where the chain
// stood. Only rows that fit their checksums; everything else is looked at and told anew.
import { z } from 'zod'
import type { DatedMark } from '../marks.ts'
import { Chain } from '../outbox.ts'
import { readableRows } from './database.ts'
import { StoredDatedMark, type MarkState } from './mark-store.ts'

export interface Remains {
  readonly chain: Chain | null
  readonly marks: readonly { readonly mark: DatedMark; readonly state: MarkState }[]
}

const markColumns = ['key', 'tool', 'account', 'kind', 'session', 'at', 'state', 'mark']

/** @param path the damaged database, before it is set aside */
export function remainsOf(path: string): Remains {
  const chains = readableRows(path, 'meta', ['key', 'value']).flatMap(({ key, value }) => {
    const chain = key === 'chain' ? Chain.safeParse(parse(value)) : null
    return chain?.success === true ? [chain.data] : []
  })
  const marks = readableRows(path, 'marks', markColumns).flatMap((row) => {
    const mark = StoredDatedMark.safeParse(parse(row['mark']))
    if (!mark.success) return []
    // As new, whether it was told or not: what waited to be sent is gone, and the server keeps a mark once.
    const state: MarkState = row['state'] === 'shut' ? 'shut' : 'new'
    return [{ mark: mark.data, state }]
  })
  return { chain: chains[0] ?? null, marks }
}

function parse(value: unknown): unknown {
  const text = z.string().safeParse(value)
  return text.success ? JSON.parse(text.data) : null
}
