import { describe, expect, test } from 'vitest'
import { tools } from '#shared/catalogue.ts'
import type { Account } from '#shared/observation.ts'
import type { FolderEvents } from '../../../agent/platform/folder-watch.ts'
import { basesOf } from '../../../agent/collectors/moved-homes.ts'
import { emptyMemory, type Memory } from '../../../agent/memory.ts'
import { watchTraces, type TraceChange } from '../../../agent/watch.ts'
import { fakeHost, type FakeTree } from '../../helpers/fake-host.ts'

const signals = tools.filter(({ id }) => id === 'claude-code').flatMap((tool) => tool.signals.trace ?? [])
const ann: Account = { name: 'ann', uid: '1000', home: '/home/ann', readable: true }

/** A watch over a fake machine, and the folders it watches, each to be poked. */
function watching(files: FakeTree, memory: Memory = emptyMemory(), refusal: string | null = null) {
  const host = fakeHost({ files })
  host.accounts()
  const changes: TraceChange[] = []
  const watched = new Map<string, FolderEvents>()
  let code = refusal
  const watch = watchTraces({
    files: host.files,
    bases: (account) => basesOf(host.files, memory, account).bases,
    changed: (change) => void changes.push(change),
    watchFolder(path, events) {
      if (code !== null) return { ok: false, code }
      watched.set(path, events)
      return { ok: true, close: () => void (watched.get(path) === events && watched.delete(path)) }
    },
  })
  watch.follow([ann], signals, true)
  const paths = () => changes.splice(0).map(({ path, signal }) => path ?? signal.place)
  return {
    host,
    watch,
    watched,
    poke: (folder: string, name: string | null) => watched.get(folder)?.changed(name),
    lose: (folder: string) => watched.get(folder)?.lost('EIO'),
    refuse: (next: string | null) => void (code = next),
    paths,
  }
}

const projects = '/home/ann/.claude/projects'

describe('watched are', () => {
  test('the home alone where there is nothing of the tool yet', () => {
    expect([...watching({}).watched.keys()]).toEqual(['/home/ann'])
  })

  test('the folders on the way to the traces, and those that hold them', () => {
    const { watched } = watching({ [`${projects}/-a/x.jsonl`]: '', '/home/ann/work/secret.txt': '' })
    expect([...watched.keys()]).toEqual(['/home/ann', '/home/ann/.claude', projects, `${projects}/-a`])
  })

  test('no folder behind a link out of the home', () => {
    const { watched } = watching({ '/srv/x/-a/x.jsonl': '', [projects]: { link: '/srv/x' } })
    expect([...watched.keys()]).toEqual(['/home/ann', '/home/ann/.claude'])
  })

  test.each(['/data/claude', '/home/ann/elsewhere'])(
    'the home and a folder that a variable moved: %s',
    (folder) => {
      const memory = emptyMemory()
      memory.moveHome('ann', '~/.claude', folder)
      const moved = {
        [folder]: { folder: true, owner: 1000 },
        [`${folder}/projects/-a/x.jsonl`]: '',
      } as const
      const { watched, poke, paths, host } = watching(moved, memory)

      expect([...watched.keys()]).toEqual([
        '/home/ann',
        folder,
        `${folder}/projects`,
        `${folder}/projects/-a`,
      ])
      poke(`${folder}/projects/-a`, 'x.jsonl')
      host.put(`${folder}/projects/-b/y.jsonl`, '')
      poke(`${folder}/projects`, '-b')
      expect(paths()).toEqual([`${folder}/projects/-a/x.jsonl`, `${folder}/projects/-b/y.jsonl`])
    },
  )

  describe('of more than a thousand folders', () => {
    const folder = (n: number) => `${projects}/-${n}`
    const many = Object.fromEntries(Array.from({ length: 1100 }, (_, n) => [`${folder(n)}/x.jsonl`, '']))

    test('a thousand, those on the way to them among them', () => {
      const { watch, watched } = watching(many)
      expect(watch.folders()).toBe(1000)
      expect([...watched.keys()]).toEqual(
        expect.arrayContaining(['/home/ann', '/home/ann/.claude', projects]),
      )
    })

    test('those that changed last: a new one takes the place of an old one', () => {
      const { host, watch, watched, poke, paths } = watching(many)
      host.put(`${folder(2000)}/y.jsonl`, '')
      poke(projects, '-2000')
      expect(paths()).toEqual([`${folder(2000)}/y.jsonl`])
      expect(watched.has(folder(2000))).toBe(true)
      expect(watch.folders()).toBe(1000)
    })

    test('and of the rest it is said, and known what to look at from time to time', () => {
      const { watch } = watching(many)
      expect(watch.gaps(7)).toEqual([refused('more than 1000')])
      expect(watch.unwatched().map(({ signal }) => signal.place)).toContain('~/.claude/projects/*/*.jsonl')
    })
  })
})

const refused = (detail: string) => ({
  collector: 'watch',
  account: 'ann',
  path: '/home/ann',
  reason: 'blind-spot',
  detail,
  at: 7,
})

describe('where the system refuses', () => {
  test('to watch, it is said, the folder is to be looked at, and tried again', () => {
    const { watch, refuse, paths } = watching({ [`${projects}/-a/x.jsonl`]: '' }, emptyMemory(), 'ENOSPC')
    expect(watch.folders()).toBe(0)
    expect(watch.gaps(7)).toEqual([refused('ENOSPC')])
    expect(watch.unwatched().map(({ signal }) => signal.place)).toEqual(['~/.claude/projects/*/*.jsonl'])

    refuse(null)
    watch.follow([ann], signals)
    expect(watch.folders()).toBe(4)
    expect([watch.gaps(7), watch.unwatched()]).toEqual([[], []])
    expect(paths()).toEqual(['~/.claude/projects/*/*.jsonl'])
  })

  test('to go on watching, all is looked at, and it is watched anew', () => {
    const { lose, watched, paths } = watching({ [`${projects}/-a/x.jsonl`]: '' })
    lose(`${projects}/-a`)
    expect(new Set(paths())).toEqual(new Set(['~/.claude/projects/*/*.jsonl']))
    expect(watched.has(`${projects}/-a`)).toBe(true)
  })
})

describe('a change', () => {
  test('of a trace is told with its path', () => {
    const { poke, paths } = watching({ [`${projects}/-a/x.jsonl`]: '' })
    poke(`${projects}/-a`, 'x.jsonl')
    expect(paths()).toEqual([`${projects}/-a/x.jsonl`])
  })

  test('is told for each of the templates that lead to its folder', () => {
    const places = [
      '~/.config/*/User/a/*.json',
      '~/.config/Code*/User/b/*.json',
      '~/.config/Code/User/c/*.json',
    ]
    const user = '/home/ann/.config/Code/User'
    const host = fakeHost({ files: { [`${user}/settings.json`]: '{}' } })
    host.accounts()
    const watched = new Map<string, (name: string | null) => void>()
    const told: string[] = []
    const watch = watchTraces({
      files: host.files,
      bases: (account) => basesOf(host.files, emptyMemory(), account).bases,
      changed: ({ path }) => void told.push(path ?? ''),
      watchFolder(path, { changed }) {
        watched.set(path, changed)
        return { ok: true, close: () => void watched.delete(path) }
      },
    })
    watch.follow(
      [ann],
      places.map((place) => ({ place, means: 'session', basis: 'observed' })),
    )
    for (const name of ['a', 'b', 'c']) {
      host.put(`${user}/${name}/1.json`, '')
      watched.get(user)?.(name)
    }
    expect(told).toEqual(['a', 'b', 'c'].map((name) => `${user}/${name}/1.json`))
  })

  test('of anything else is not told', () => {
    const { poke, paths } = watching({ [`${projects}/-a/x.jsonl`]: '' })
    poke(`${projects}/-a`, 'notes.txt')
    poke('/home/ann', '.bash_history')
    poke('/home/ann/.claude', 'settings.json')
    expect(paths()).toEqual([])
  })

  test('that the system does not name is told for the whole template', () => {
    const { poke, paths } = watching({ [`${projects}/-a/x.jsonl`]: '' })
    poke(`${projects}/-a`, null)
    expect(paths()).toEqual(['~/.claude/projects/*/*.jsonl'])
  })

  test('in a folder that came later is told, with what came with the folder', () => {
    const { host, watched, poke, paths } = watching({ [`${projects}/-a/x.jsonl`]: '' })
    host.put(`${projects}/-b/y.jsonl`, 'new')
    poke(projects, '-b')
    expect(paths()).toEqual([`${projects}/-b/y.jsonl`])
    expect(watched.has(`${projects}/-b`)).toBe(true)
    poke(`${projects}/-b`, 'y.jsonl')
    expect(paths()).toEqual([`${projects}/-b/y.jsonl`])
  })

  test('is told when the tool’s first folder appears', () => {
    const { host, poke, paths } = watching({})
    host.put(`${projects}/-a/x.jsonl`, 'new')
    poke('/home/ann', '.claude')
    expect(paths()).toEqual([`${projects}/-a/x.jsonl`])
  })
})

describe('folders that come and go', () => {
  const session = `${projects}/-a/x.jsonl`

  test('one that another took the place of is watched anew, and what is in it told', () => {
    const { host, watched, poke, paths } = watching({ [session]: '' })
    const before = watched.get(`${projects}/-a`)
    host.put(`${projects}/-a`, null)
    host.put(`${projects}/-a/y.jsonl`, '')
    // Both were told only now: the folder gone, and the folder there.
    poke(projects, '-a')
    poke(projects, '-a')
    expect(paths()).toEqual([`${projects}/-a/y.jsonl`])
    expect(watched.get(`${projects}/-a`)).not.toBe(before)
  })

  test('the home, too, which only its own watch tells of', () => {
    const { host, watched, poke, paths } = watching({ [session]: '' })
    const before = watched.get('/home/ann')
    host.put('/home/ann', null)
    host.put(session, '')
    poke('/home/ann', 'ann')
    expect(paths()).toEqual([session])
    expect(watched.get('/home/ann')).not.toBe(before)
  })

  test('what came while a look went on is watched after it, and told', () => {
    const { host, watch, watched, paths } = watching({ [session]: '' })
    watch.follow([ann], signals, true)
    // The look found nothing at these places, and so the gateway remembers.
    const { reach } = basesOf(host.files, emptyMemory(), ann).bases[0]!
    expect(reach.stat(`${projects}/-b/y.jsonl`).ok).toBe(false)
    host.put(`${projects}/-b/y.jsonl`, '')
    watch.follow([ann], signals)
    expect(paths()).toEqual([`${projects}/-b/y.jsonl`])
    expect(watched.has(`${projects}/-b`)).toBe(true)
  })

  test('the first folder of a tool, half made while a look went on, is followed to its end', () => {
    const { host, watch, poke, paths } = watching({})
    const { reach } = basesOf(host.files, emptyMemory(), ann).bases[0]!
    expect(reach.stat(session).ok).toBe(false)
    host.put('/home/ann/.claude', { folder: true })
    watch.follow([ann], signals)
    host.put(session, '')
    poke('/home/ann', '.claude')
    poke('/home/ann/.claude', 'projects')
    expect(paths()).toContain(session)
  })

  test('an account whose home is another is watched there', () => {
    const { host, watch, watched } = watching({ [session]: '' })
    host.put('/srv/ann/.claude', { folder: true, owner: 1000 })
    watch.follow([{ ...ann, home: '/srv/ann' }], signals)
    expect([...watched.keys()]).toEqual(['/srv/ann', '/srv/ann/.claude'])
  })
})

test('after so many events that some may have been dropped untold, all is looked at', () => {
  const { host, watched, poke, paths } = watching({ [`${projects}/-a/x.jsonl`]: '' })
  host.put(`${projects}/-b/y.jsonl`, '')
  for (let n = 0; n < 999; n++) poke('/home/ann', `unrelated-${n}`)
  expect(paths()).toEqual([])
  poke('/home/ann', 'unrelated-999')
  expect(new Set(paths())).toEqual(new Set([`${projects}/-b/y.jsonl`, '~/.claude/projects/*/*.jsonl']))
  expect(watched.has(`${projects}/-b`)).toBe(true)
})

test('a folder that is gone is let go, with those below it', () => {
  const { host, watched, poke } = watching({ [`${projects}/-a/x.jsonl`]: '' })
  host.put('/home/ann/.claude', null)
  poke('/home/ann', '.claude')
  expect([...watched.keys()]).toEqual(['/home/ann'])
})

test('an account that is gone is let go', () => {
  const { watch, watched } = watching({ [`${projects}/-a/x.jsonl`]: '' })
  watch.follow([], signals)
  expect([...watched.keys()]).toEqual([])
})
