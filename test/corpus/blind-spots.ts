// What Cutoff is known not to see: each with the machine that shows it and the gap that says so, or none where nothing does.
import type { GapReason } from '#shared/observation.ts'
import { aNow } from '../helpers/fake-host.ts'
import { appImage, nativeFile } from '../helpers/native-builds.ts'
import { ann, ben, draftOf, elf, json, start, type Draft } from './draft.ts'
import { outcomeOf } from './pipeline.ts'
import { putPackage } from './node-layouts.ts'
import { desktopEntry } from './other-layouts.ts'
import { randomOf } from './random.ts'
import { realTool } from './real-tools.ts'
import { putSession } from './sessions.ts'

export interface BlindSpot {
  readonly what: string
  /** Null: nothing on the machine tells that there is more to see. */
  readonly gap: GapReason | null
  readonly put: (draft: Draft) => void
}

const claude = realTool('claude-code')
const random = randomOf(1)
const recent = aNow - 3_600_000

export const blindSpots: readonly BlindSpot[] = [
  {
    what: 'a home on a network file system',
    gap: 'remote-mount',
    put(draft) {
      draft.mounts.push(`${ann.home} nfs4`)
      installAndUse(draft)
    },
  },
  {
    what: 'a home that cannot be opened',
    gap: 'denied',
    put(draft) {
      installAndUse(draft)
      draft.files[ann.home] = { folder: true, fails: 'EACCES' }
    },
  },
  {
    what: 'a tool in a container with a disk of its own',
    gap: 'blind-spot',
    put(draft) {
      start(draft, ann, { name: 'sleep', executable: '/app/bin/server', argv: ['server'], contained: true })
    },
  },
  {
    what: 'the disk of a running container',
    gap: 'blind-spot',
    put: (draft) => void draft.mounts.push('/var/lib/docker/overlay2/0f3a/merged overlay'),
  },
  {
    what: 'a virtual machine',
    gap: 'blind-spot',
    put(draft) {
      draft.files['/usr/bin/qemu-system-x86_64'] = elf(20_000_000)
      start(draft, ann, {
        name: 'qemu-system-x86',
        executable: '/usr/bin/qemu-system-x86_64',
        argv: ['qemu'],
      })
    },
  },
  {
    what: 'records in a folder that a link puts outside the home',
    gap: 'outside-home',
    put(draft) {
      draft.files['/srv/data/claude/projects/-x/a.jsonl'] = '{}'
      draft.files[`${ann.home}/.claude/projects`] = { link: '/srv/data/claude/projects' }
    },
  },
  {
    what: 'records that another account owns',
    gap: 'foreign-owner',
    put(draft) {
      const path = putSession(draft, ann, { tool: 'claude-code', kind: 'use', at: recent }, random)
      draft.files[path] = { content: '{}', owner: ben.uid }
    },
  },
  {
    what: 'something else in the place of a record',
    gap: 'not-regular',
    put: (draft) => void (draft.files[`${ann.home}/.claude/projects/-x/a.jsonl`] = { fifo: true }),
  },
  {
    what: 'an editor’s archive unpacked three folders below the home, that no desktop entry leads to',
    gap: null,
    put(draft) {
      const folder = `${ann.home}/work/things/Windsurf`
      draft.files[`${folder}/windsurf`] = elf(190_000_000)
      draft.files[`${folder}/resources/app/product.json`] = json({
        applicationName: 'windsurf',
        serverDataFolderName: '.windsurf-server',
      })
    },
  },
  {
    what: 'an AppImage under another name than its maker gives it',
    gap: null,
    put(draft) {
      const image = `${ann.home}/Downloads/editor.AppImage`
      draft.files[image] = nativeFile(appImage())
      draft.files[`${ann.home}/.local/share/applications/editor.desktop`] = desktopEntry('Editor', image)
    },
  },
  {
    what: 'a project’s own dependency that has never run while looked at',
    gap: null,
    put(draft) {
      const modules = `${ann.home}/src/work/app/node_modules`
      draft.files[`${ann.home}/src/work/app/package.json`] = json({
        devDependencies: { [claude.package]: '2' },
      })
      putPackage(draft, claude, `${modules}/${claude.package}`, modules)
    },
  },
  {
    what: 'a renamed copy of a program on no PATH, not running',
    gap: null,
    put: (draft) => void (draft.files[`${ann.home}/work/bin/deep/notes`] = elf(381_121_040)),
  },
  {
    what: 'records that were deleted before the first look, the tool too',
    gap: null,
    put: (draft) => void (draft.files[`${ann.home}/.claude`] = { folder: true }),
  },
  {
    what: 'a home of the tool’s moved by a variable that no start-up file sets and nothing that runs has',
    gap: null,
    put(draft) {
      const mover = { ...ann, home: `${ann.home}/.private` }
      putSession(draft, mover, { tool: 'claude-code', kind: 'use', at: recent }, random)
    },
  },
]

function installAndUse(draft: Draft): void {
  const root = `${ann.home}/.npm-global/lib/node_modules/${claude.package}`
  putPackage(draft, claude, root, `${root}/node_modules`)
  putSession(draft, ann, { tool: 'claude-code', kind: 'use', at: recent }, random)
}

/** The gaps, and which tools are found all the same. */
export async function gapsOf(spot: BlindSpot): Promise<{
  readonly reasons: readonly GapReason[]
  readonly detected: readonly string[]
  readonly said: string
}> {
  const draft = draftOf([ann, ben])
  spot.put(draft)
  const { gaps, detected } = await outcomeOf({ draft, cases: [], noise: [], later: null })
  const own = gaps.filter(({ reason }) => reason === spot.gap)
  const gap = own[0]
  return {
    reasons: [...new Set(gaps.map(({ reason }) => reason))],
    detected: detected.map(({ tool }) => tool),
    said:
      gap === undefined
        ? 'nothing'
        : `${gap.account ?? '-'} ${gap.reason} ${gap.path} ${gap.detail ?? ''}`.trim(),
  }
}
