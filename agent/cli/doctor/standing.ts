// How the agent stands, as `doctor` can know it: from the state where it may be read, else from the account's copy.
import type { Signed } from '#shared/protocol.ts'
import type { Language } from '#shared/words/language.ts'
import type { Io } from '../command.ts'
import { openInsight } from '../insight.ts'
import { readStateAt } from '../setup.ts'
import { doctorWords } from '../words/doctor-words.ts'
import { emptyMemory, type Memory } from '../../memory.ts'
import type { Settings } from '../../settings.ts'
import type { DaemonStatus, State, SyncStatus } from '../../state.ts'
import type { StateFault } from '../../state/fault.ts'

export interface Standing {
  readonly from: 'state' | 'copy' | 'nothing'
  /** Why the state could not be opened. */
  readonly fault: Pick<StateFault, 'code' | 'message'> | null
  readonly enrolment: { readonly server: string; readonly device: string } | null
  readonly daemon: DaemonStatus | null
  readonly sync: SyncStatus | null
  readonly waiting: number
  /** Records that were given up for want of room since the last report. */
  readonly givenUp: number
  readonly policy: KnownPolicy | null
  readonly memory: Memory
  /** For what only the device itself can ask; null where only a copy can be read. */
  readonly state: State | null
  readonly close: () => void
}

export interface KnownPolicy {
  readonly signed: Signed
  /** The organisation's key as it was pinned at enrolment. */
  readonly organisationKey: string
  /** Name of the policy that the agent went back from; null where it never did. */
  readonly givenBack: string | null
}

/** Why nothing is known of what the state holds; null when it is known, also to be missing. */
export function unknownOf({ from, fault }: Standing, language: Language): string | null {
  return from === 'nothing' && fault !== null && fault.code !== 'state-absent'
    ? doctorWords[language].notKnown(fault.code)
    : null
}

export function openStanding(settings: Settings, io: Io): Standing {
  const opened = readStateAt(settings.stateFolder, io)
  if (opened.ok) return fromState(opened.state)
  const fault = { code: opened.code, message: opened.message }
  const nothing = { enrolment: null, daemon: null, sync: null, waiting: 0, givenUp: 0 }
  const rest = { policy: null, memory: emptyMemory(), state: null, close: () => {} }
  const copied = openInsight(settings, io)
  if (!copied.ok || copied.insight.copiedAt === null) return { from: 'nothing', fault, ...nothing, ...rest }
  const { enrolment, daemon, sync, waiting, givenUp } = copied.insight
  return { from: 'copy', fault: null, enrolment, daemon, sync, waiting, givenUp, ...rest }
}

function fromState(state: State): Standing {
  const enrolment = state.enrolment()
  const stored = state.read('policy')
  return {
    from: 'state',
    fault: null,
    enrolment,
    daemon: state.read('daemon'),
    sync: state.read('sync'),
    waiting: state.outbox.waiting(),
    givenUp: state.outbox.givenUp(),
    policy:
      stored === null || enrolment === null
        ? null
        : {
            signed: stored.signed,
            organisationKey: enrolment.organisationKey,
            givenBack: state.read('givenBack'),
          },
    memory: state.memory,
    state,
    close: () => state.close(),
  }
}
