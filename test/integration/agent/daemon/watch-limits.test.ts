// The daemon where the system lets it watch little or nothing: a use is seen all the same, a little later, and that is said.
// The limits are the system's own, lowered in a user namespace.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../../../helpers/system.ts'
import {
  claudeInstalled,
  openTestState,
  temporaryFolder,
  transcript,
  waitingRecords,
} from '../../../helpers/test-agent.ts'

const lowered = ['--user', '--map-root-user', '--mount']
const canLower =
  process.platform === 'linux' &&
  spawnSync('unshare', [...lowered, 'sh', '-c', 'echo 1 > /proc/sys/user/max_inotify_watches']).status === 0

let folder: string
let daemon: ChildProcess | null

beforeEach(() => {
  folder = temporaryFolder()
  daemon = null
})
afterEach(async () => {
  if (daemon !== null && daemon.exitCode === null) {
    const gone = once(daemon, 'exit')
    daemon.kill('SIGKILL')
    await gone
  }
  rmSync(folder, { recursive: true, force: true })
})

test.skipIf(!canLower).each([
  ['handles', 'max_inotify_watches', 2, 'ENOSPC'],
  ['instances', 'max_inotify_instances', 0, 'EMFILE'],
])('of %s of inotify there are too few', { timeout: 60_000 }, async (_, limit, most, code) => {
  const home = join(folder, 'home')
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  for (const [path, text] of Object.entries(claudeInstalled())) write(path.replace('/home/ann', home), text)
  const sessions = join(home, '.claude/projects/-src')
  write(join(sessions, 'readme'), '')
  write(join(folder, 'etc/passwd'), `root:x:0:0::${home}:/bin/sh\n`)
  const script = `echo ${most} > /proc/sys/user/${limit} && mount --bind '${folder}/etc' /etc && mount -t tmpfs none /home && exec "$0" agent/main.ts run`
  daemon = spawn('unshare', [...lowered, 'sh', '-c', script, process.execPath], {
    env: {
      HOME: home,
      PATH: process.env['PATH'],
      CUTOFF_STATE: join(folder, 'state'),
      CUTOFF_PROCESS_SECONDS: '5',
    },
    stdio: 'ignore',
  })
  const seen = <T>(what: (state: ReturnType<typeof openTestState>) => T, none: T): T => {
    try {
      const state = openTestState(join(folder, 'state'), Date.now(), true)
      const value = what(state)
      state.close()
      return value
    } catch {
      return none // not begun yet
    }
  }
  const gaps = () =>
    seen(
      (state) =>
        waitingRecords(state).flatMap((r) => (r.type === 'gap' && r.collector === 'watch' ? [r] : [])),
      [],
    )
  await until('the gap', () => gaps().length > 0, 30_000)
  expect(gaps()).toMatchObject([
    { account: 'root', place: '~', reason: 'blind-spot', detail: code, until: null },
  ])

  const usedAt = Date.now() - 5
  write(join(sessions, 'one.jsonl'), transcript(usedAt))
  const marks = () =>
    seen((state) => state.marks.of('claude-code', 'root').filter(({ at }) => at === usedAt), [])
  await until('the use', () => marks().length > 0, 20_000)
  expect(marks()).toMatchObject([{ kind: 'session', basis: 'witnessed', doubts: [] }])
})
