// A machine while it is being made up: files, processes and accounts, to be put into memory or on a disk. Knows no tool.
import type { Process } from '../../agent/platform/host.ts'
import { aNow, fakeHost, type FakeHost, type FakeNode } from '../helpers/fake-host.ts'

export interface Person {
  readonly name: string
  readonly uid: number
  readonly home: string
}

export type DraftProcess = Partial<Process> & { readonly pid: number }

export interface Draft {
  readonly files: Record<string, FakeNode>
  readonly processes: DraftProcess[]
  readonly people: readonly Person[]
  /** Points and types beside the root, as fake-host has them. */
  readonly mounts: string[]
}

export const ann: Person = { name: 'ann', uid: 1000, home: '/home/ann' }
export const ben: Person = { name: 'ben', uid: 1001, home: '/home/ben' }

export function draftOf(people: readonly Person[] = [ann, ben]): Draft {
  return { files: { '/usr/bin/node': elf(110_000_000) }, processes: [], people, mounts: [] }
}

export function hostOf(draft: Draft): FakeHost {
  const lines = draft.people.map(({ name, uid, home }) => `${name}:x:${uid}:${uid}::${home}:/bin/bash`)
  return fakeHost({
    files: draft.files,
    processes: draft.processes,
    passwd: ['root:x:0:0:root:/root:/bin/bash', ...lines, ''].join('\n'),
    mounts: ['/ ext4', '/proc proc', ...draft.mounts],
    now: aNow,
  })
}

/** Starts a process for a person; the parent is the one given, or the session's own. */
export function start(
  draft: Draft,
  person: Person,
  process: Omit<Partial<Process>, 'pid' | 'uid' | 'variables'>,
  variables: readonly string[] = [],
): number {
  const pid = 2000 + draft.processes.length
  draft.processes.push({
    pid,
    uid: String(person.uid),
    cwd: `${person.home}/src/demo`,
    startedAt: aNow - 5 * 60_000,
    ...process,
    variables: (names) => ({ names: variables.filter((name) => names.has(name)), folders: [] }),
  })
  return pid
}

export function elf(bytes: number): FakeNode {
  return { content: '\x7fELF\x02\x01\x01', bytes, mode: 0o755 }
}

export function script(content: string): FakeNode {
  return { content, mode: 0o755 }
}

export function json(value: unknown, more: { readonly createdAt?: number } = {}): FakeNode {
  return { content: `${JSON.stringify(value, null, 2)}\n`, ...more }
}
