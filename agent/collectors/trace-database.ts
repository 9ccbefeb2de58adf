// One observation per session of a tool that keeps its sessions in an SQLite database. Knows no tool.
import type { TraceObservation } from '#shared/observation.ts'
import type { RecordShape } from '#shared/tool.ts'
import type { Memory } from '../memory.ts'
import type { FileInfo } from '../platform/files.ts'
import type { DatabaseTimes, SessionTimes } from './session-database.ts'
import { readDatabase } from './session-database.ts'
import type { FileLook } from './trace-look.ts'
import { isSettled, observationOf } from './trace-look.ts'

interface Known {
  readonly stamp: string
  readonly times: DatabaseTimes
}
/** What databases held at the last look of the same memory: an unchanged one is not read again. */
const databases = new WeakMap<Memory, Map<string, Known>>()

/** `look.info` has the size and time of database and log together. */
export function lookAtDatabase(look: FileLook, shape: RecordShape): readonly TraceObservation[] {
  const { context, account, path, info, onGap } = look
  const result = timesOf(look, shape)
  if (!result.ok) {
    onGap(account.name, result.gap)
    const facts = { heldAt: [], beganAt: null, whole: false }
    return [observationOf(look, { session: null, facts, isNew: false })]
  }
  const { sessions, whole } = result.value
  if (sessions.size === 0) {
    return [observationOf(look, { session: null, facts: { heldAt: [], beganAt: null, whole }, isNew: false })]
  }
  const observations: TraceObservation[] = []
  for (const [session, times] of sessions) {
    const key = `${path}\0${session}`
    const known = context.memory.trace(key)
    const isNew =
      known === null || known.bytes !== times.heldAt.length || known.heldAt.at(-1) !== times.heldAt.at(-1)
    context.memory.rememberTrace(key, { ...rememberedOf(info, times), whole })
    const facts = { heldAt: [...times.heldAt], beganAt: times.beganAt, whole }
    observations.push(observationOf(look, { session: session === '' ? null : session, facts, isNew }))
  }
  return observations
}

function timesOf(look: FileLook, shape: RecordShape): ReturnType<typeof readDatabase> {
  const { context, path, info } = look
  const { reach } = look.base
  let known = databases.get(context.memory)
  if (known === undefined) databases.set(context.memory, (known = new Map()))
  const stamp = `${info.identity} ${info.bytes} ${info.modifiedAt} ${info.changedAt}`
  const before = known.get(path)
  if (before?.stamp === stamp) return { ok: true, value: before.times }
  const result = readDatabase(reach, path, shape, () => context.signal.aborted)
  if (result.ok && isSettled(info, context.now)) known.set(path, { stamp, times: result.value })
  return result
}

/** For one session of many in a file, `bytes` is the number of its held times: the file's own size says nothing of it. */
function rememberedOf(info: FileInfo, times: SessionTimes) {
  const { heldAt, beganAt } = times
  return {
    bytes: heldAt.length,
    modifiedAt: info.modifiedAt,
    identity: info.identity,
    readTo: 0,
    heldAt,
    beganAt,
  }
}
