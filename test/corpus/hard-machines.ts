// Machines that were once judged wrongly: names and left-overs that only look like a tool, and what must not hide a use.
import type { State } from '#shared/detection.ts'
import { ann, draftOf, elf, json, script, start, type Draft } from './draft.ts'
import { randomOf } from './random.ts'
import { putSession } from './sessions.ts'
import { aNow } from '../helpers/fake-host.ts'
import { appImage, bunProgram, nativeFile } from '../helpers/native-builds.ts'
import { cutoff, lookGapMs, type Machine } from './machine.ts'
import { globalInto, putPackage } from './node-layouts.ts'
import { desktopEntry } from './other-layouts.ts'
import { realTool } from './real-tools.ts'

export interface HardMachine {
  readonly what: string
  readonly tool: string
  /** What is to be said; null: nothing. */
  readonly state: State | null
  readonly verdict: 'violation' | 'suspected' | null
  readonly put: (draft: Draft, later: Draft) => void
}

export const hardMachines: readonly HardMachine[] = [
  {
    what: 'somebody’s script of that name, and settings from a dotfiles repository',
    tool: 'claude-code',
    state: null,
    verdict: null,
    put(draft) {
      ownScript(draft)
      draft.files[`${ann.home}/.claude/settings.json`] = json({ model: 'opus' })
    },
  },
  {
    what: 'a link of that name to another program of the distribution, and such settings',
    tool: 'codex-cli',
    state: null,
    verdict: null,
    put(draft) {
      draft.files['/usr/bin/sleep'] = elf(40_000)
      draft.files[`${ann.home}/bin/codex`] = { link: '/usr/bin/sleep' }
      draft.files[`${ann.home}/.codex/config.toml`] = 'model = "gpt"\n'
    },
  },
  {
    what: 'variables left to a shell that the tool started once, and such settings',
    tool: 'claude-code',
    state: null,
    verdict: null,
    put(draft) {
      leftVariables(draft)
      draft.files[`${ann.home}/.claude/settings.json`] = json({ model: 'opus' })
    },
  },
  {
    what: 'variables left to a shell, and somebody’s script of that name',
    tool: 'claude-code',
    state: null,
    verdict: null,
    put(draft) {
      leftVariables(draft)
      ownScript(draft)
    },
  },
  {
    what: 'a tool that is installed, and variables that an earlier run of it left to a shell',
    tool: 'claude-code',
    state: 'installed',
    verdict: null,
    put(draft) {
      leftVariables(draft)
      globalInto(draft, realTool('claude-code'), `${ann.home}/.npm-global`)
    },
  },
  {
    what: 'records of a tool that is gone, and somebody’s script of that name',
    tool: 'claude-code',
    state: 'leftover',
    verdict: null,
    put(draft) {
      ownScript(draft)
      putSession(draft, ann, { tool: 'claude-code', kind: 'use', at: cutoff - 86_400_000 }, randomOf(1))
    },
  },
  {
    what: 'Claude Code in ~/.claude/local, where it was moved to by an older version, without its alias',
    tool: 'claude-code',
    state: 'installed',
    verdict: null,
    put(draft) {
      const claude = realTool('claude-code')
      const modules = `${ann.home}/.claude/local/node_modules`
      putPackage(draft, claude, `${modules}/${claude.package}`, modules)
      draft.files[`${modules}/.bin/claude`] = { link: '../@anthropic-ai/claude-code/bin/claude.exe' }
    },
  },
  {
    what: 'a database of sessions that cannot be read, written to after the cutoff',
    tool: 'opencode',
    state: null,
    verdict: null,
    put: (draft) =>
      void (draft.files[`${ann.home}/.local/share/opencode/opencode.db`] = 'SQLite format 3\0broken'),
  },
  {
    what: 'a copy of a tool that was removed, under another name and on no PATH, running',
    tool: 'opencode',
    state: 'started',
    verdict: null,
    put(draft) {
      const executable = `${ann.home}/work/bin/deep/notes`
      draft.files[executable] = nativeFile(
        bunProgram({ entry: 'src/index.js', text: '', built: '--user-agent=opencode/1.18.34' }),
      )
      start(draft, ann, { name: 'notes', executable, argv: ['notes'] })
    },
  },
  {
    what: 'such a copy, its records kept: whose use it was is not in doubt, that it was found is',
    tool: 'opencode',
    state: 'used',
    verdict: 'suspected',
    put(draft) {
      draft.files[`${ann.home}/bin/ll`] = nativeFile(
        bunProgram({ entry: 'src/index.js', text: '', built: '--user-agent=opencode/1.18.34' }),
      )
      putSession(draft, ann, { tool: 'opencode', kind: 'use', at: aNow - 86_400_000 }, randomOf(1))
    },
  },
  {
    what: 'an AppImage that only a desktop entry leads to',
    tool: 'cursor',
    state: 'installed',
    verdict: null,
    put(draft) {
      const image = `${ann.home}/my/things/Cursor.AppImage`
      draft.files[image] = nativeFile(appImage())
      draft.files[`${ann.home}/.local/share/applications/ed.desktop`] = desktopEntry('Editor', image)
    },
  },
  {
    what: 'a use while watched, beside a link out of the home among the records',
    tool: 'claude-code',
    state: 'used',
    verdict: 'violation',
    put(draft, later) {
      const claude = realTool('claude-code')
      globalInto(draft, claude, `${ann.home}/.npm-global`)
      draft.files[`${ann.home}/.claude/projects/-linked`] = { link: '/srv/shared' }
      draft.files['/srv/shared/a.jsonl'] = ''
      const at = aNow + lookGapMs / 2
      putSession(later, ann, { tool: 'claude-code', kind: 'use', at }, randomOf(1))
    },
  },
]

function ownScript(draft: Draft): void {
  draft.files[`${ann.home}/bin/claude`] = script('#!/bin/sh\nexec ssh build-host "$@"\n')
}

function leftVariables(draft: Draft): void {
  draft.files['/usr/bin/make'] = elf(240_000)
  start(draft, ann, { name: 'make', executable: '/usr/bin/make', argv: ['make', 'all'] }, [
    'CLAUDECODE',
    'CLAUDE_CODE_ENTRYPOINT',
  ])
}

export function machineOfHard(one: HardMachine): Machine {
  const draft = draftOf([ann])
  const later = draftOf([ann])
  one.put(draft, later)
  // A new draft has a program of its own already.
  return { draft, cases: [], noise: [], later: Object.keys(later.files).length > 1 ? later : null }
}
