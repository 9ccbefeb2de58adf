// A use that is written at any instant of the daemon's start or of a later look is seen within seconds: each way of writing is
// tried before every access to the disk that could have to do with it. The kernel's part (a watch is bound to a folder, not to
// its path, and tells later) is played by `kernelOf`.
import { rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { expect, test } from 'vitest'
import { tools as catalogue } from '#shared/catalogue.ts'
import { Agent } from '../../../../agent/agent.ts'
import type { FolderEvents, WatchFolder } from '../../../../agent/platform/folder-watch.ts'
import { fakeHost, type FakeHost, type FakeTree } from '../../../helpers/fake-host.ts'
import { claudeInstalled, testAgent, transcript } from '../../../helpers/test-agent.ts'

const tools = catalogue.filter(({ id }) => id === 'claude-code')
const home = '/home/ann'
const projects = `${home}/.claude/projects`
const folder = `${projects}/-src`
const session = `${folder}/one.jsonl`

/** Changes to the disk as the system makes them, one at a time. */
interface Disk {
  readonly make: (path: string) => void
  readonly write: (path: string, text: string) => void
  readonly remove: (path: string) => void
}
type Change = (disk: Disk) => void
type Way = readonly [name: string, before: FakeTree, changes: (text: string) => readonly Change[]]

const old = transcript(1_000)
const ways: readonly Way[] = [
  ['a new record', { [folder]: { folder: true } }, (text) => [(disk) => disk.write(session, text)]],
  ['a record that grows', { [session]: old }, (text) => [(disk) => disk.write(session, old + text)]],
  [
    'a record that is put in the place of another',
    { [session]: old },
    (text) => [(disk) => disk.remove(session), (disk) => disk.write(session, text)],
  ],
  [
    'a folder that is made and written to at once',
    { [projects]: { folder: true } },
    (text) => [(disk) => disk.make(folder), (disk) => disk.write(session, text)],
  ],
  [
    'the first use of all',
    {},
    (text) => [
      (disk) => disk.make(`${home}/.claude`),
      (disk) => disk.make(projects),
      (disk) => disk.make(folder),
      (disk) => disk.write(session, text),
    ],
  ],
  [
    'a folder in the place of one that was removed',
    { [session]: old },
    (text) => [
      (disk) => disk.remove(folder),
      (disk) => disk.make(folder),
      (disk) => disk.write(`${folder}/two.jsonl`, text),
    ],
  ],
]

/** What inotify does. */
function kernelOf(host: FakeHost) {
  /** The folder that lies at a path now. */
  const lying = new Map<string, object>()
  const watches = new Map<object, Set<FolderEvents>>()
  const told: (() => unknown)[] = []
  const folderAt = (path: string): object => {
    const known = lying.get(path) ?? {}
    lying.set(path, known)
    return known
  }
  const tell = (path: string, name: string): void => {
    const all = watches.get(folderAt(path)) ?? new Set()
    // Only to who watched when it happened, and still does when it is told.
    for (const events of [...all]) told.push(() => all.has(events) && events.changed(name))
  }
  const watchFolder: WatchFolder = (path, events) => {
    const of = folderAt(path)
    const all = watches.get(of) ?? new Set()
    watches.set(of, all.add(events))
    return { ok: true, close: () => void all.delete(events) }
  }
  const disk: Disk = {
    make(path) {
      host.put(path, { folder: true })
      lying.set(path, {})
      tell(dirname(path), basename(path))
    },
    write(path, text) {
      host.put(path, { content: text, modifiedAt: host.now(), createdAt: host.now() })
      tell(dirname(path), basename(path))
    },
    remove(path) {
      tell(path, basename(path))
      host.put(path, null)
      for (const below of [...lying.keys()])
        if (below === path || below.startsWith(`${path}/`)) lying.delete(below)
      tell(dirname(path), basename(path))
    },
  }
  return {
    disk,
    watchFolder,
    /** The daemon's own loop comes to reading what it was told. */
    deliver: (): void => {
      for (const one of told.splice(0)) one()
    },
  }
}

/**
 * Starts a daemon, with the changes spread over accesses to the disk from the nth on, and lets two seconds pass.
 * @returns whether the use was seen, and whether there was an nth access
 */
async function startAmid([, before, changes]: Way, nth: number, apart: number, looksBefore: number) {
  const host = fakeHost({ files: { ...claudeInstalled(), ...before } })
  const agent = testAgent({ host, tools })
  const { disk, watchFolder, deliver } = kernelOf(host)
  const usedAt = host.now() - 1000
  const due = [...changes(transcript(usedAt))]
  let accesses = 0
  let counts = looksBefore === 0
  host.beforeTouch = (path) => {
    // What lies on the way to the home is asked for, too, also where there is little in it.
    if (!counts || (!home.startsWith(path) && !path.startsWith(`${home}/.claude`))) return
    accesses += 1
    while (due.length > 0 && accesses >= nth + (changes('').length - due.length) * apart) due.shift()?.(disk)
  }
  const timers = new Set<{ ms: number; run: () => void }>()
  const daemon = new Agent({
    ...agent,
    tools,
    watchFolder,
    timers: {
      after(ms, run) {
        const timer = { ms, run }
        timers.add(timer)
        return () => timers.delete(timer)
      },
      monotonicMs: host.now,
    },
    random: () => 1,
    scanEveryMs: 3_600_000,
    processesEveryMs: 60_000,
    pid: 1,
    log: (line) => {
      throw new Error(line)
    },
  })
  const pass = async (mostMs: number): Promise<void> => {
    for (let turn = 0; turn < 10; turn++) {
      await daemon.settled()
      deliver()
      for (const timer of [...timers]) {
        if (timer.ms > mostMs) continue
        timers.delete(timer)
        timer.run()
      }
    }
    await daemon.settled()
  }
  daemon.start()
  if (looksBefore > 0) {
    await pass(2000)
    host.advance(10_000)
    counts = true
    const scan = [...timers].find(({ ms }) => ms === 3_600_000)
    scan?.run()
  }
  await daemon.settled()
  const reached = due.length === 0
  while (due.length > 0) due.shift()?.(disk)
  await pass(2000)
  const seen = agent.state.marks.of('claude-code', 'ann').some(({ at }) => at === usedAt)
  agent.state.close()
  rmSync(agent.folder, { recursive: true, force: true })
  return { seen, reached }
}

const cases = ways.flatMap((way) =>
  [0, 1].flatMap((looks) =>
    (way[2]('').length === 1 ? [0] : [0, 1]).map((apart) => [way[0], looks, apart, way] as const),
  ),
)

test.each(cases)(
  '%s, with %i looks before and %i accesses apart',
  { timeout: 120_000 },
  async (_, looks, apart, way) => {
    const missed: number[] = []
    let nth = 1
    for (let reached = true; reached; nth++) {
      const outcome = await startAmid(way, nth, apart, looks)
      if (!outcome.seen) missed.push(nth)
      reached = outcome.reached
    }
    expect({ missed, tried: nth > 10 }).toEqual({ missed: [], tried: true })
  },
)
