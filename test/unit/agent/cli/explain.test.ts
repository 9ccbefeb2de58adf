// What `explain` shows: the tool, then the chain from the look to the verdict, in 80 columns and harmless.
import { describe, expect, test } from 'vitest'
import { toolFile } from '#shared/catalogue-files.ts'
import { toolIds, tools } from '#shared/catalogue.ts'
import type { Mark } from '#shared/detection.ts'
import type { DevicePolicy } from '#shared/protocol.ts'
import { chainPage, spanText } from '../../../../agent/cli/chain-page.ts'
import { explainDocument } from '../../../../agent/cli/explain-document.ts'
import type { Survey, SurveyedDetection } from '../../../../agent/cli/survey.ts'
import { widthOf } from '../../../../agent/cli/table.ts'
import { timeText } from '../../../../agent/cli/time-text.ts'
import { judgeTool, policyOf } from '../../../../agent/cli/tool-judgement.ts'
import { toolPage } from '../../../../agent/cli/tool-page.ts'
import { boot, detectedIn, hour, noon, packageSeen, sessionSeen } from '../../../helpers/observations.ts'

const paper = { columns: 80, colour: false, language: 'en' as const }
const day = 24 * hour

function knownTool(id: string) {
  const tool = tools.find((one) => one.id === id)
  if (tool === undefined) throw new Error(`no tool ${id}`)
  return tool
}
const claude = knownTool('claude-code')

const sent: DevicePolicy = {
  version: 3,
  organisation: 'Example Ltd',
  activatedAt: noon - 30 * day,
  expiresAt: noon + day,
  rules: [
    {
      id: 'no-claude',
      tools: ['claude-code'],
      verdict: 'banned',
      from: noon - 20 * day,
      until: null,
      announced: noon - 27 * day,
      counts: 'used',
      notice: 'Use Qoder instead.',
      instead: ['qoder'],
    },
  ],
  windows: {},
  collect: { inventory: 'full', confirmUse: true, commitTrailers: false },
  checkInSeconds: 60,
}

function surveyed(): SurveyedDetection {
  const path = '/home/ann/lap\u202Etop'
  const [detected] = detectedIn([packageSeen({ path }), sessionSeen([noon - hour])])
  if (detected === undefined) throw new Error('nothing detected')
  const { tool, account, state, running, strength, version, evidence } = detected
  const trace = evidence.find((one) => one.kind === 'trace')
  if (trace === undefined) throw new Error('no trace')
  const mark = (at: number, rest: Partial<Mark>) => ({
    tool,
    account,
    kind: 'session' as const,
    at,
    resolutionMs: 1000,
    boot: boot.id,
    basis: 'witnessed' as const,
    strength: 'proven' as const,
    session: 's'.repeat(22),
    doubts: [],
    withoutRecord: false,
    evidence: trace,
    ...rest,
  })
  const disagreement = { with: 'file-born', byMs: 90 * 60_000 } as const
  const marks = [
    mark(noon - 2 * hour, { basis: 'found', doubts: ['times-disagree'], disagreement }),
    mark(noon - hour, {}),
  ]
  return {
    detected,
    marks,
    ableToRun: true,
    accesses: [
      { path: '/home/ann/bin/\u202Ell', readAt: noon - 3 * hour, keeps: 'daily', perhapsByThisLook: false },
      { path: '/opt/x', readAt: null, keeps: 'always', perhapsByThisLook: false },
      { path: '/quiet/y', readAt: null, keeps: 'never', perhapsByThisLook: false },
    ],
    detection: {
      tool,
      account,
      state,
      running,
      strength,
      version,
      firstSeenAt: noon,
      lastUsedAt: noon - hour,
      marks: marks.map(({ kind, at, basis, strength: sure, session, doubts, ...rest }) => ({
        kind,
        at,
        uncertaintyMs: 1000,
        basis,
        strength: sure,
        session,
        doubts: [...doubts],
        disagreement: rest.disagreement,
        withoutRecord: rest.withoutRecord,
        signal: trace.signal,
      })),
      evidence: [...evidence],
    },
  }
}

function look(change: Partial<Survey> = {}): Survey {
  return {
    result: {
      startedAt: noon,
      finishedAt: noon + 400,
      cpuMs: 100,
      accounts: [{ name: 'ann', uid: '1000', home: '/home/ann', readable: true }],
      observations: [],
      gaps: [
        {
          collector: 'trace',
          account: 'ann',
          path: '/home/ann/.claude',
          reason: 'denied',
          detail: null,
          at: noon,
        },
        {
          collector: 'trace',
          account: 'ann',
          path: '/home/ann/.codex',
          reason: 'denied',
          detail: null,
          at: noon,
        },
      ],
      coverage: [{ account: 'ann', state: 'not-attested', at: noon, catalogue: 'c', gaps: 2 }],
      collectors: [
        { name: 'trace', ms: 1, observations: 12, gaps: 2 },
        { name: 'app', ms: 1, observations: 7, gaps: 0 },
      ],
    },
    facts: {
      hostname: 'h',
      os: 'linux',
      osVersion: 'Debian 12',
      arch: 'x64',
      serial: null,
      machine: { hardware: null, system: null },
      boot: boot.id,
    },
    detections: [surveyed()],
    measures: [{ boot: boot.id, offsetMs: 0, errorMs: 1 }],
    boot,
    unlisted: [],
    noted: null,
    daemon: {
      policy: sent,
      verdicts: {
        judgedAt: noon - hour / 2,
        verdicts: [
          {
            tool: 'claude-code',
            account: 'ann',
            status: 'violation',
            row: 10,
            reasons: ['used-after-cutoff'],
            rule: 'no-claude',
          },
        ],
      },
    },
    ...change,
  }
}

const flat = (text: string) => text.replaceAll(/\s+/gu, ' ')

describe('the page of a tool', () => {
  test('tells of every tool of the catalogue, in 80 columns but for what must stay whole', async () => {
    const files = (await Promise.all(toolIds.map(toolFile))).filter((file) => file !== null)
    const wide = files.flatMap((file) =>
      toolPage(file, paper)
        .split('\n')
        .filter((line) => widthOf(line) > 80 && !/^ {4}\S+$/u.test(line)),
    )
    expect(files).toHaveLength(toolIds.length)
    expect(wide).toEqual([])
  })

  test('has what it is, how it is recognised, what counts and the sources', async () => {
    const file = await toolFile('claude-code')
    const page = file === null ? '' : flat(toolPage(file, paper))
    for (const text of [
      'Vendor Anthropic',
      'Country United States (US)',
      'The npm package `@anthropic-ai/claude-code` (observed)',
      'A model answered where `type` is `assistant`',
      'The variable `CLAUDE_CONFIG_DIR` moves `~/.claude`',
      'https://www.npmjs.com/package/@anthropic-ai/claude-code',
    ])
      expect(page).toContain(text)
  })
})

describe('the chain', () => {
  const made = look()
  const judgement = judgeTool(made, claude, null, noon)
  const page = flat(chainPage(claude, made, judgement, paper))

  test('begins with what was looked at, and names the gaps that concern the tool alone', () => {
    expect(page).toContain('trace 12 2')
    expect(page).not.toContain('app 7')
    expect(page).toContain('ann Refused /home/ann/.claude')
    expect(page).not.toContain('.codex')
  })

  test('tells what was found, by which signal, and how sure it is, with nothing that could reorder it', () => {
    expect(page).toContain(
      'Package: The npm package `@anthropic-ai/claude-code`. Says that the tool is there: proven. /home/ann/lap\\u{202e}top',
    )
    expect(page).toContain(
      'Trace: The session record `~/.claude/projects/*/*.jsonl`. Says that a session was held: proven.',
    )
  })

  test('tells when its programs were last read, and that nothing follows from it', () => {
    expect(page).toContain('nothing follows from it, and it is not sent')
    expect(page).toContain(`- Last read ${timeText(noon - 3 * hour)}. Kept once a day (relatime)`)
    expect(page).toContain('/home/ann/bin/\\u{202e}ll')
    expect(page).toContain('- Not read since it came there. Every read is kept. /opt/x')
    expect(page).toContain('- Not kept: the disk is mounted with noatime, or read-only. /quiet/y')
  })

  test('gives each sign of life its row, and the rule, and what would have changed it', () => {
    expect(page).toContain(`${timeText(noon - 2 * hour)} ±2 s Session found, proven undetermined, 7 [1]`)
    expect(page).toContain(`${timeText(noon - hour)} ±2 s Session witnessed, proven undetermined, 10`)
    const apart = `The record says ${timeText(noon - 2 * hour)}, its file came to be ${timeText(noon - hour / 2)}: they differ by 1 h 30 min.`
    expect(page).toContain(`[1] The times do not fit together. - ${apart} A record that is earlier than`)
    expect(page).toContain(`the looks around it give do not fit together. ${apart}`)
    expect(page).toContain(`no-claude: banned from ${timeText(noon - 20 * day)}.`)
    expect(page).toContain('1 sign of life: undetermined, by row 10 of the judgement table.')
    expect(page).toContain('What would have changed it: - Had it happened before the ban began')
  })

  test('ends with the server’s verdict and its time, which is the one that holds', () => {
    expect(page).toContain('its verdict is the one that holds')
    expect(page).toMatch(
      new RegExp(
        `What the server says At ${timeText(noon - hour / 2).replaceAll('+', '\\+')}, account ann: Violation\\. Rule no-claude\\. .*$`,
        'u',
      ),
    )
  })

  test('says of a verdict that people have dealt with that they have', () => {
    const [verdict] = made.daemon?.verdicts?.verdicts ?? []
    const closed = look({
      daemon: {
        policy: sent,
        verdicts: { judgedAt: noon, verdicts: [{ ...verdict!, lifecycle: 'closed' }] },
      },
    })
    expect(flat(chainPage(claude, closed, null, paper))).toMatch(/Violation\. .*It is dealt with\./u)
  })

  test('accuses nobody by itself: who is excepted is the server’s to know', () => {
    const excepted = look({ daemon: { policy: sent, verdicts: { judgedAt: noon, verdicts: [] } } })
    const told = flat(chainPage(claude, excepted, judgeTool(excepted, claude, null, noon), paper))
    expect(told).not.toMatch(/: (Suspected|Violation|suspected|violation)|(suspected|violation), \d/u)
    expect(told).toContain('Account ann: Undetermined.')
    expect(told).toContain('nothing about it')
  })

  test('by a policy file says what that file would mean', () => {
    const chosen = judgeTool(made, claude, policyOf(sent), noon)
    expect(chosen?.findings).toMatchObject([{ status: 'violation' }])
  })

  test('of a tool that is not here, without a policy, says so at each step', () => {
    const bare = look({ detections: [], daemon: null })
    const told = flat(chainPage(claude, bare, judgeTool(bare, claude, null, noon), paper))
    expect(told).toContain('Nothing of it was found.')
    expect(told).toContain('No policy is known on this machine.')
    expect(told).toContain('The server has said nothing to this device yet')
  })

  test('as a document has the same, with times as text', async () => {
    const file = await toolFile('claude-code')
    if (file === null) throw new Error('no file')
    const document = explainDocument(file, made, judgement)
    expect(document).toMatchObject({
      tool: { id: 'claude-code', references: expect.any(Array) as unknown },
      look: { startedAt: '2026-11-22T12:00:00.000Z', gaps: [{ path: '/home/ann/.claude' }] },
      detections: [
        {
          tool: 'claude-code',
          marks: [
            { at: '2026-11-22T10:00:00.000Z', disagreement: { with: 'file-born', byMs: 5_400_000 } },
            {},
          ],
          accesses: [
            { readAt: '2026-11-22T09:00:00.000Z', keeps: 'daily' },
            { readAt: null },
            { readAt: null },
          ],
        },
      ],
      judgement: {
        by: 'device',
        rules: [{ id: 'no-claude', from: '2026-11-02T12:00:00.000Z', until: null }],
        findings: [{ status: 'undetermined', row: 10, lifecycle: 'open' }],
      },
      server: { judgedAt: '2026-11-22T11:30:00.000Z', verdicts: [{ status: 'violation' }] },
    })
    expect(document).not.toHaveProperty('tool.cases')
  })
})

test('what a device is told of the policy is a policy with the same instants', () => {
  expect(policyOf(sent)).toMatchObject({
    version: 3,
    rules: [{ id: 'no-claude', from: '2026-11-02T12:00:00.000Z', foundUse: 'suspected', except: [] }],
  })
  expect(policyOf(sent).rules[0]).not.toHaveProperty('until')
})

test.each([
  [0, '0 s'],
  [1, '1 s'],
  [1001, '2 s'],
  [20 * 60_000, '20 min'],
  [3 * hour + 1, '4 h'],
  [day, '1 d'],
])('%d ms are told as %s, never as less', (ms, text) => {
  expect(spanText(ms)).toBe(text)
})
