import { expect, test } from 'vitest'
import type { WireRecord } from '#shared/protocol.ts'
import { recordInWords } from '../../../../agent/cli/record-words.ts'
import { timeText } from '../../../../agent/cli/time-text.ts'
import { noon } from '../../../helpers/observations.ts'
import {
  detectionRecord,
  gapRecord,
  inventoryRecord,
  markRecord,
  unlistedRecord,
} from '../../../helpers/wire-records.ts'

const when = timeText(noon)
const by = 'trace trace:~/.claude/projects/*/*.jsonl (hhhhhhhhhhhhhhhhhhhhhh)'

test.each<[WireRecord, string]>([
  [
    detectionRecord({ running: null, usedBeforeCutoff: true }),
    `Claude Code for alice: used, version 2.1.330, proven, used before the ban, installed before the ban, by ${by}`,
  ],
  [
    markRecord(noon, {
      doubts: ['times-disagree'],
      disagreement: { with: 'look', byMs: -3_600_000 },
    }),
    `Claude Code for alice: session at ${when}, witnessed, proven, The times do not fit together., The record says ${when}; when it was seen, the device’s clock said ${timeText(noon - 3_600_000)}: it lies 1 h ahead., session ${'s'.repeat(22)}, by ${by}`,
  ],
  [
    markRecord(noon, { more: 61 }),
    `Claude Code for alice: session at ${when}, witnessed, proven, and 61 more like it that day, session ${'s'.repeat(22)}, by ${by}`,
  ],
  [
    inventoryRecord({ account: null, item: 'package', source: 'npm', name: 'x', version: '1', gone: true }),
    'No longer there for all: npm package x, 1',
  ],
  [
    gapRecord({ account: 'ann', place: '~/*', reason: 'denied', detail: 'EACCES', from: noon, until: null }),
    `Could not look for ann: ~/*, refused, EACCES, from ${when}`,
  ],
  [
    unlistedRecord(),
    'mystery-agent for alice: behaves like an AI coding agent and is in no catalogue, npm package, by built to talk to models (npm:openai); set up to use mcp servers (~/.*/mcp.json)',
  ],
  [{ type: 'account', account: 'ann', readable: false, gone: false }, 'Account ann: cannot be looked into'],
  [{ type: 'agent', event: 'started', detail: null, at: noon }, 'The agent: was started, 2026-11-22'],
])('%j is said as %s', (record, text) => {
  expect(recordInWords(record, 'en')).toBe(text)
})

test('in Chinese the same facts are told', () => {
  const line = recordInWords(markRecord(noon, { doubts: ['times-disagree'] }), 'zh-CN')
  for (const part of ['Claude Code（账户 alice）：', when, '亲见', '各项时间互不相符。', 's'.repeat(22)])
    expect(line).toContain(part)
})
