// The name of the session that a trace file belongs to, from where it lies. Pure.
import path from 'node:path'
import type { TraceSignal } from '#shared/tool.ts'

/**
 * What stands for the part of the place that names the session: the last one with a `*` unless the signal says which, without
 * the ending of a file's name. Null where none does, so that one file for all sessions is not taken for one session that every
 * device shares.
 * @param file absolute; it fits the signal's place, below whichever folder stands for `~`
 */
export function sessionName(
  { place, session }: Pick<TraceSignal, 'place' | 'session'>,
  file: string,
): string | null {
  const template = place.split('/')
  const wild = template.flatMap((segment, index) => (segment.includes('*') ? [index] : []))
  const index = session === undefined ? wild.at(-1) : wild[session - 1]
  if (index === undefined) return null
  // Behind it a file has as many parts as its template.
  const name = file.split('/').at(index - template.length)
  if (name === undefined) return null
  if (index < template.length - 1) return name
  const literal = template[index]?.split('*').at(-1) ?? ''
  const ending = literal !== '' && name.endsWith(literal) ? literal : path.posix.extname(name)
  return name.slice(0, name.length - ending.length)
}
