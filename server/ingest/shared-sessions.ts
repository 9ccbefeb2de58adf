// Sessions that several accounts or devices reported: whose use one was cannot be known, so that its marks are in doubt on every
// side. Each side is told of the other, so that it shows who lowers whose verdict.
import type { Doubt } from '#shared/detection.ts'
import { doubtsOf } from '../judging/detections.ts'
import { accountLabel, deviceLabel } from '../pseudonym.ts'
import { addEvent } from '../store/events.ts'
import { saveMark } from '../store/facts.ts'
import { marksOfSession, type Holder } from '../store/sessions-seen.ts'
import type { Applying } from './applying.ts'

/** One detection that shares sessions with somebody else, since this report. */
interface Sharing extends Holder {
  readonly tool: string
  readonly other: Holder
  /** Whether the session was known of this holder first. */
  readonly wasFirst: boolean
  sessions: number
}

/** What a report has brought to light of shared sessions. */
export type SharedSessions = Map<string, Sharing>

/** A session that all machines of one image carry is told of a few of them. */
const maxNamed = 3

/** Why the marks of a session are in doubt for a holder that others reported it too. */
export function sharedDoubts({ device }: Holder, others: readonly Holder[]): Doubt[] {
  const doubts: Doubt[] = []
  if (others.some((other) => other.device !== device)) doubts.push('another-device')
  if (others.some((other) => other.device === device)) doubts.push('another-account')
  return doubts
}

/** Puts a session that is new to one holder in doubt for the others, and notes what to tell of it. */
export async function doubtOthers(
  { db, touch }: Pick<Applying, 'db' | 'touch'>,
  shared: SharedSessions,
  { session, tool, ...holder }: Holder & { readonly session: string; readonly tool: string },
  others: readonly Holder[],
): Promise<void> {
  const devices = new Set(others.map((other) => other.device)).add(holder.device)
  for (const other of others) {
    note(shared, { ...holder, tool, other, wasFirst: false })
    // On more than one device before this, it has been in doubt there since the second.
    if (other.device !== holder.device && devices.size > 2) continue
    const news = sharedDoubts(other, [holder])
    const tools = new Set<string>()
    for (const mark of await marksOfSession(db, session, other)) {
      const doubts = doubtsOf(mark)
      if (news.every((doubt) => doubts.includes(doubt))) continue
      await saveMark(db, { ...mark, doubts: JSON.stringify([...new Set([...doubts, ...news])]) })
      touch(other.device, other.account, mark.tool).again = true
      tools.add(mark.tool)
    }
    for (const held of tools) note(shared, { ...other, tool: held, other: holder, wasFirst: true })
  }
}

function note(shared: SharedSessions, sharing: Omit<Sharing, 'sessions'>): void {
  const { device, account, tool, other, wasFirst } = sharing
  const own = [device, account, tool, wasFirst].join('\0')
  const key = [own, other.device, other.account].join('\0')
  const known = shared.get(key)
  if (known !== undefined) known.sessions++
  else if (wasFirst || [...shared.keys()].filter((one) => one.startsWith(own)).length < maxNamed) {
    shared.set(key, { ...sharing, sessions: 1 })
  }
}

/** Tells each side of the other, once for all of a report. */
export async function tellShared(
  { db, keys, now }: Pick<Applying, 'db' | 'keys' | 'now'>,
  shared: SharedSessions,
): Promise<void> {
  for (const { device, account, tool, other, wasFirst, sessions } of shared.values()) {
    const elsewhere = other.device === device ? null : other.device
    await addEvent(db, {
      device,
      at: now,
      type: 'shared-session',
      account,
      tool,
      code: 'shared-session',
      values: {
        first: wasFirst ? 'here' : 'there',
        device: elsewhere,
        host: elsewhere === null ? null : deviceLabel(keys, elsewhere),
        account: other.account === '' ? null : accountLabel(keys, other.device, other.account),
        sessions,
      },
    })
  }
}
