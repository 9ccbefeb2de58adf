// What the commands can know of the daemon's work: its state where it may be read, else the copy that it left for the account.
import type { DeviceLook } from '#shared/device-look.ts'
import type { DeviceVerdict, DevicePolicy } from '#shared/protocol.ts'
import { AccountCopy, concerns, copyPaths, sentFor, type SentToShow } from '../account-copies.ts'
import type { ClockState } from '../clock-segments.ts'
import { markKey, type DatedMark } from '../marks.ts'
import { emptyMemory, type Memory } from '../memory.ts'
import { readChosenFile } from '../platform/own-folder.ts'
import type { Stored } from '../repeats.ts'
import type { ClockMeasure } from '../report/windows.ts'
import { looksFor } from '../server-looks.ts'
import type { Settings } from '../settings.ts'
import type { DaemonStatus, State, SyncStatus } from '../state.ts'
import type { StateFault } from '../state/fault.ts'
import type { KnownTool } from '../state/tool-knowledge.ts'
import { readPolicy } from '../sync/policy.ts'
import type { Io } from './command.ts'
import { readStateAt } from './setup.ts'

export interface Insight {
  readonly enrolment: { readonly server: string; readonly device: string } | null
  readonly daemon: DaemonStatus | null
  readonly sync: SyncStatus | null
  readonly policy: DevicePolicy | null
  readonly verdicts: { readonly verdicts: readonly DeviceVerdict[]; readonly judgedAt: number } | null
  readonly waiting: number
  /** Records that were given up for want of room since the last report. */
  readonly givenUp: number
  readonly clocks: readonly ClockMeasure[]
  readonly clock: ClockState | null
  /** When a copy was written; null when this is the state itself. */
  readonly copiedAt: number | null
  readonly memory: Memory
  /** What the daemon's collectors gave. */
  readonly repeats: Stored
  readonly known: (tool: string, account: string | null) => KnownTool | null
  readonly able: (tool: string, account: string | null) => boolean
  readonly isKnown: (key: string) => boolean
  readonly marksOf: (tool: string, account: string | null) => readonly DatedMark[]
  readonly sent: () => readonly SentToShow[]
  /** Who looked on the server, as far as it said so; oldest first. */
  readonly looks: () => readonly DeviceLook[]
  /** Whole bodies, which hold every account's data; null where only a copy can be read. */
  readonly bodies: (() => readonly Buffer[]) | null
  readonly close: () => void
}

export type InsightOpened = { readonly ok: true; readonly insight: Insight } | StateFault

const maxCopyBytes = 64 * 1024 * 1024

export function openInsight(settings: Settings, io: Io): InsightOpened {
  const opened = readStateAt(settings.stateFolder, io)
  if (opened.ok) return { ok: true, insight: fromState(opened.state, io) }
  // Who may read the state is told what is wrong with it, and shown no copy of better days.
  const copies = io.root ? null : settings.accountsFolder
  for (const path of copies === null ? [] : copyPaths(copies, io.uid)) {
    const copy = readCopy(path, io.uid !== null)
    if (copy !== null) return { ok: true, insight: fromCopy(copy) }
  }
  return opened
}

/** As long as it may take to give an account a copy that has just been written, and how often that is looked for. */
const handOutMs = 2000
const handedOutEveryMs = 100

/** @param isSure that the path is this account’s, which then waits for it */
function readCopy(path: string, isSure: boolean): AccountCopy | null {
  let file = readChosenFile(path, maxCopyBytes)
  for (
    let left = handOutMs;
    isSure && !file.ok && file.code === 'EACCES' && left > 0;
    left -= handedOutEveryMs
  ) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, handedOutEveryMs)
    file = readChosenFile(path, maxCopyBytes)
  }
  if (!file.ok) return null
  try {
    const parsed = AccountCopy.safeParse(JSON.parse(file.text))
    return parsed.success ? parsed.data : null
  } catch {
    return null // cut off or changed by hand: as if there were none
  }
}

function fromState(state: State, io: Io): Insight {
  const stored = state.read('policy')
  const verdicts = state.read('verdicts')
  const visible = io.root ? null : io.account
  return {
    enrolment: state.enrolment(),
    daemon: state.read('daemon'),
    sync: state.read('sync'),
    policy: stored === null ? null : readPolicy(stored.signed.text),
    verdicts: verdicts && {
      ...verdicts,
      verdicts: verdicts.verdicts.filter((v) => visible === null || concerns(v, visible)),
    },
    waiting: state.outbox.waiting(),
    givenUp: state.outbox.givenUp(),
    clocks: state.read('clocks') ?? [],
    clock: state.read('clock'),
    copiedAt: null,
    memory: state.memory,
    repeats: state.repeats.of,
    known: state.tools.of,
    able: state.tools.able,
    isKnown: state.marks.has,
    marksOf: state.marks.of,
    sent: () => sentFor(state, visible),
    looks: () => looksFor(state, visible),
    // Who can read the state can read them there anyway.
    bodies: () => state.outbox.sent().map(({ body }) => body),
    close: () => state.close(),
  }
}

function fromCopy(copy: AccountCopy): Insight {
  const keys = new Set(copy.marks.map(markKey))
  const known = (tool: string, account: string | null): KnownTool | null =>
    copy.tools.find((one) => one.tool === tool && one.account === account)?.known ?? null
  const marksOf = (tool: string, account: string | null) =>
    copy.marks.filter((mark) => mark.tool === tool && mark.account === account)
  return {
    enrolment: copy.enrolment,
    daemon: copy.daemon,
    sync: copy.sync,
    policy: copy.policy === null ? null : readPolicy(copy.policy.signed.text),
    verdicts: copy.verdicts,
    waiting: copy.waiting,
    givenUp: 0,
    clocks: copy.clocks,
    clock: copy.clock,
    copiedAt: copy.writtenAt,
    memory: emptyMemory(),
    repeats: () => null,
    known,
    able: (tool, account) => known(tool, account)?.able === true || known(tool, null)?.able === true,
    isKnown: (key) => keys.has(key),
    marksOf,
    sent: () => copy.sent,
    looks: () => copy.looks,
    bodies: null,
    close: () => {},
  }
}
