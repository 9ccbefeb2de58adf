// Where Cutoff says what is not true, or less than is, and is known to: each with the smallest machine that shows it. Two
// things that carry only a name of one tool are taken for it, as likely at most, which accuses nobody.
import type { State } from '#shared/detection.ts'
import { ann, draftOf, elf, json, script, start, type Draft } from './draft.ts'
import { randomOf } from './random.ts'
import { putSession } from './sessions.ts'
import { aNow } from '../helpers/fake-host.ts'
import { cutoff, lookGapMs, type Machine } from './machine.ts'
import { globalInto } from './node-layouts.ts'
import { realTool } from './real-tools.ts'

export interface KnownMistake {
  readonly what: string
  readonly tool: string
  readonly said: State
  readonly verdict: 'violation' | 'suspected' | null
  /** What would be right. */
  readonly right: string
  readonly put: (draft: Draft, later: Draft) => void
}

export const knownMistakes: readonly KnownMistake[] = [
  {
    what: 'somebody’s script of that name, and settings from a dotfiles repository',
    tool: 'claude-code',
    said: 'installed',
    verdict: null,
    right: 'nothing',
    put(draft) {
      ownScript(draft)
      draft.files[`${ann.home}/.claude/settings.json`] = json({ model: 'opus' })
    },
  },
  {
    what: 'a link of that name to another program of the distribution, and such settings',
    tool: 'codex-cli',
    said: 'installed',
    verdict: null,
    right: 'nothing',
    put(draft) {
      draft.files['/usr/bin/sleep'] = elf(40_000)
      draft.files[`${ann.home}/bin/codex`] = { link: '/usr/bin/sleep' }
      draft.files[`${ann.home}/.codex/config.toml`] = 'model = "gpt"\n'
    },
  },
  {
    what: 'variables left to a shell that the tool started once, and such settings',
    tool: 'claude-code',
    said: 'leftover',
    verdict: null,
    right: 'nothing',
    put(draft) {
      leftVariables(draft)
      draft.files[`${ann.home}/.claude/settings.json`] = json({ model: 'opus' })
    },
  },
  {
    what: 'variables left to a shell, and somebody’s script of that name',
    tool: 'claude-code',
    said: 'started',
    verdict: null,
    right: 'nothing',
    put(draft) {
      leftVariables(draft)
      ownScript(draft)
    },
  },
  {
    what: 'a tool that is installed, and variables that an earlier run of it left to a shell',
    tool: 'claude-code',
    said: 'started',
    verdict: null,
    right: 'installed: by whom they were set, and when, is not known',
    put(draft) {
      leftVariables(draft)
      globalInto(draft, realTool('claude-code'), `${ann.home}/.npm-global`)
    },
  },
  {
    what: 'records of a tool that is gone, and somebody’s script of that name',
    tool: 'claude-code',
    said: 'used',
    verdict: null,
    right: 'leftover',
    put(draft) {
      ownScript(draft)
      putSession(draft, ann, { tool: 'claude-code', kind: 'use', at: cutoff - 86_400_000 }, randomOf(1))
    },
  },
  {
    what: 'a database of sessions that cannot be read, written to after the cutoff',
    tool: 'opencode',
    said: 'leftover',
    verdict: 'suspected',
    right: 'a gap, and no session',
    put: (draft) =>
      void (draft.files[`${ann.home}/.local/share/opencode/opencode.db`] = 'SQLite format 3\0broken'),
  },
  {
    what: 'a use while watched, beside a link out of the home among the records',
    tool: 'claude-code',
    said: 'used',
    verdict: 'suspected',
    right: 'a violation: the new record lies in a folder that was listed before',
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

export function machineOfMistake(one: KnownMistake): Machine {
  const draft = draftOf([ann])
  const later = draftOf([ann])
  one.put(draft, later)
  // A new draft has a program of its own already.
  return { draft, cases: [], noise: [], later: Object.keys(later.files).length > 1 ? later : null }
}
