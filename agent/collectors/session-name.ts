// The name of the session that a trace file belongs to, from where it lies. Pure.
import path from 'node:path'
import type { TraceSignal } from '#shared/tool.ts'

/**
 * What stands for the part of the place that names the session: the last one with a `*` unless the signal says which, without
 * the ending of a file's name. Null where none does, so that one file for all sessions is not taken for one session that every
 * device shares.
 * @param file absolute; it fits the signal's place, below whichever folder stands for `~`
 */
export function sessionName(signal: Pick<TraceSignal, 'place' | 'session'>, file: string): string | null {
  const part = partOf(signal)
  if (part === null) return null
  const { fromEnd, literal } = part
  let end = file.length
  for (let n = 1; n < fromEnd && end > 0; n++) end = file.lastIndexOf('/', end - 1)
  if (end <= 0) return null
  const name = file.slice(file.lastIndexOf('/', end - 1) + 1, end)
  if (fromEnd > 1) return name
  const ending = literal !== '' && name.endsWith(literal) ? literal : path.posix.extname(name)
  return name.slice(0, name.length - ending.length)
}

interface SessionPart {
  /** 1: the file's own name. Behind the part a file has as many as its template. */
  readonly fromEnd: number
  /** What the part ends with in the template. */
  readonly literal: string
}

/** Asked for every record at every look. */
const parts = new WeakMap<Pick<TraceSignal, 'place' | 'session'>, { readonly part: SessionPart | null }>()

function partOf(signal: Pick<TraceSignal, 'place' | 'session'>): SessionPart | null {
  const known = parts.get(signal)
  if (known !== undefined) return known.part
  const template = signal.place.split('/')
  const wild = template.flatMap((segment, index) => (segment.includes('*') ? [index] : []))
  const index = signal.session === undefined ? wild.at(-1) : wild[signal.session - 1]
  const part =
    index === undefined
      ? null
      : { fromEnd: template.length - index, literal: template[index]?.split('*').at(-1) ?? '' }
  parts.set(signal, { part })
  return part
}
