// What is put up for review as behaving like an AI coding agent, and the look-alikes that must stay quiet.
import { describe, expect, test } from 'vitest'
import { agentDependencies, agentMarks, sessionRecords } from '#shared/catalogue/behaviours.ts'
import { tools } from '#shared/catalogue.ts'
import { matcherOf } from '#shared/match.ts'
import type { BehaviourObservation, CommandObservation, Observation } from '#shared/observation.ts'
import { Policy } from '#shared/policy.ts'
import { behavingIn, isCandidate, listedOf } from '#shared/unlisted.ts'
import { judgeUnlisted, readUnlistedId, UnlistedId, unlistedId } from '#shared/unlisted-finding.ts'
import { ToolId } from '#shared/tool.ts'
import { home, noon, packageSeen, processSeen } from '../../helpers/observations.ts'

const matcher = matcherOf(tools, 'linux')
const listed = listedOf(tools)
const root = `${home}/.npm-global/lib/node_modules/mystery-agent`

function candidates(observations: readonly Observation[]) {
  const homeOf = (account: string | null) => (account === null ? null : home)
  const matched = new Set(observations.filter((o) => matcher.match(o, homeOf(o.account)).length > 0))
  return behavingIn(observations, matched, listed, homeOf)
    .filter(({ behaviours }) => isCandidate(behaviours))
    .map(({ account, source, name, behaviours }) => ({
      who: `${account ?? '-'} ${source} ${name}`,
      why: behaviours.map(({ behaviour, signal }) => `${behaviour} ${signal}`),
    }))
}

function installed(change: Parameters<typeof packageSeen>[0] = {}): Observation {
  return packageSeen({ name: 'mystery-agent', path: root, dependsOn: ['openai'], ...change })
}

function running(change: Parameters<typeof processSeen>[0] = {}): Observation {
  const own = { manager: 'npm', name: 'mystery-agent', version: '1.0.0', root } as const
  const script = `${root}/cli.js`
  return processSeen({ name: 'node', script, executable: null, package: own, sets: ['AI_AGENT'], ...change })
}

function kept(
  folder: string,
  behaviour: BehaviourObservation['behaviour'],
  change: Partial<BehaviourObservation> = {},
): BehaviourObservation {
  const template = behaviour === 'mcp-settings' ? '~/.*/mcp.json' : '~/.*/sessions/*.jsonl'
  const path = `${home}${folder.slice(1)}/file`
  return { kind: 'behaviour', account: 'ann', at: noon, behaviour, folder, path, template, ...change }
}

function command(name: string, of: string): CommandObservation {
  return {
    kind: 'command',
    account: 'ann',
    at: noon,
    name,
    path: `${home}/.npm-global/bin/${name}`,
    target: `${root}/cli.js`,
    bytes: 100,
    format: 'script',
    package: { manager: 'npm', name: of, version: '1.0.0', root },
  }
}

const settings = 'mcp-settings ~/.*/mcp.json'
const records = 'session-records ~/.*/sessions/*.jsonl'
const dependency = 'agent-dependency npm:openai'
const mark = 'agent-mark environment:AI_AGENT'

describe('what is put up for review', () => {
  const cases: [why: string, observations: Observation[], who: string, because: string[]][] = [
    [
      'a package with a model’s SDK whose program marks what it starts',
      [installed(), running()],
      'ann npm mystery-agent',
      [dependency, mark],
    ],
    [
      'a machine-wide one, for the account that ran it',
      [installed({ account: null }), running()],
      'ann npm mystery-agent',
      [dependency, mark],
    ],
    [
      'a package and the folder of its name, as one',
      [installed(), kept('~/.mystery-agent', 'mcp-settings')],
      'ann npm mystery-agent',
      [dependency, settings],
    ],
    [
      'a package and the folder of its command’s name, as one',
      [installed(), command('mystery', 'mystery-agent'), kept('~/.mystery', 'session-records')],
      'ann npm mystery-agent',
      [dependency, records],
    ],
    ['records alone', [kept('~/.mystery', 'session-records')], 'ann home ~/.mystery', [records]],
    [
      'settings and records of one folder',
      [kept('~/.config/mystery', 'mcp-settings'), kept('~/.config/mystery', 'session-records')],
      'ann home ~/.config/mystery',
      [settings, records],
    ],
    [
      'a program in a folder of its own that marks what it starts, and settings there',
      [
        kept('~/.mystery', 'mcp-settings'),
        running({ package: null, script: null, executable: `${home}/.mystery/bin/mystery` }),
      ],
      'ann home ~/.mystery',
      [mark, settings],
    ],
  ]
  test.each(cases)('%s', (_, observations, who, because) => {
    expect(candidates(observations)).toEqual([{ who, why: because }])
    expect(candidates(observations.toReversed())).toEqual([{ who, why: because }])
  })
})

describe('what stays quiet', () => {
  const inspector = installed({
    name: '@modelcontextprotocol/inspector',
    dependsOn: ['@modelcontextprotocol/sdk'],
  })
  const cases: [why: string, observations: Observation[]][] = [
    ['a package that asks a model something', [installed()]],
    ['an MCP inspector or server', [inspector]],
    ['one with an SDK for both', [installed({ dependsOn: ['openai', '@modelcontextprotocol/sdk'] })]],
    ['somebody’s project with an SDK that is run with a mark', [installed({ scope: 'project' }), running()]],
    ['a package fetched for one run', [installed({ scope: 'cache' }), running()]],
    ['a mark alone', [running()]],
    ['MCP settings alone', [kept('~/.mystery', 'mcp-settings')]],
    ['two things with one behaviour each', [installed(), kept('~/.other', 'mcp-settings')]],
    ['two accounts with one behaviour each', [installed(), running({ account: 'bob' })]],
    ['a listed tool’s folder', [kept('~/.claude', 'session-records'), kept('~/.claude', 'mcp-settings')]],
    ['a folder named after a listed tool', [kept('~/.config/aider', 'session-records')]],
    [
      'a listed tool that marks what it starts',
      [packageSeen({ dependsOn: ['openai'] }), processSeen({ sets: ['AI_AGENT', 'CLAUDECODE'] })],
    ],
    ['a mark that is not one of any agent', [installed(), running({ sets: ['CLAUDECODE'] })]],
    ['a name that could hold anything', [kept('~/.my secret project', 'session-records')]],
  ]
  test.each(cases)('%s', (_, observations) => {
    expect(candidates(observations)).toEqual([])
  })
})

test('every behaviour says what it rests on', () => {
  for (const { references } of [...agentDependencies, ...agentMarks, sessionRecords]) {
    expect(references.length).toBeGreaterThan(0)
    for (const { source, shows } of references) expect(source.length * shows.length).toBeGreaterThan(0)
  }
})

test('what stands for a candidate is never a tool’s id, and gives the candidate back', () => {
  for (const subject of [
    { source: 'npm', name: '@scope/agent' },
    { source: 'home', name: '~/.config/agent' },
    { source: 'homebrew-cask', name: 'agent' },
  ]) {
    const id = unlistedId(subject)
    expect(readUnlistedId(UnlistedId.parse(id))).toEqual(subject)
    expect(ToolId.safeParse(id).success).toBe(false)
  }
  expect(readUnlistedId('claude-code')).toBe(null)
})

describe('what a policy makes of a candidate', () => {
  const version = (activatedAt: number, number: number, verdict?: 'allowed' | 'review') => ({
    activatedAt,
    policy: Policy.parse({
      version: number,
      organisation: 'Example Ltd',
      timezone: 'UTC',
      rules: [{ id: 'all', tools: [{ all: true }], verdict: 'banned', from: '2026-01-01' }],
      ...(verdict === undefined ? {} : { unlisted: { verdict } }),
    }),
  })
  test('nothing without a policy, or before the first', () => {
    expect(judgeUnlisted([], noon)).toBe(null)
    expect(judgeUnlisted([version(noon + 1, 1)], noon)).toBe(null)
  })
  test('a question where the version in force asks for it, whatever its rules ban', () => {
    expect(judgeUnlisted([version(noon - 1, 1)], noon)).toEqual({ status: 'review', policyVersion: 1 })
    expect(judgeUnlisted([version(noon - 1, 2, 'allowed'), version(noon - 2, 1)], noon)).toBe(null)
    expect(judgeUnlisted([version(noon - 1, 2), version(noon - 2, 1, 'allowed')], noon)).toEqual({
      status: 'review',
      policyVersion: 2,
    })
  })
})
