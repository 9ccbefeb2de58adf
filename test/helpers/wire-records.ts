// Records as an agent would send them, for tests of the server; each with what a test wants changed.
import type {
  DetectionRecord,
  GapRecord,
  InventoryRecord,
  MarkRecord,
  UnlistedRecord,
  WireEvidence,
} from '#shared/protocol.ts'

const evidence: WireEvidence = {
  kind: 'trace',
  signal: 'trace:~/.claude/projects/*/*.jsonl',
  place: '~/.claude/projects/*/*.jsonl',
  hash: 'h'.repeat(22),
  means: 'session',
  strength: 'proven',
}

export function detectionRecord(change: Partial<DetectionRecord> = {}): DetectionRecord {
  return {
    type: 'detection',
    tool: 'claude-code',
    account: 'alice',
    state: 'used',
    gone: false,
    running: false,
    strength: 'proven',
    version: '2.1.330',
    installedOn: null,
    installedBeforeCutoff: true,
    usedBeforeCutoff: false,
    ableToRun: true,
    evidence: [evidence],
    ...change,
  }
}

export function markRecord(at: number, change: Partial<MarkRecord> = {}): MarkRecord {
  return {
    type: 'mark',
    tool: 'claude-code',
    account: 'alice',
    kind: 'session',
    at,
    resolutionMs: 1,
    boot: 'boot-1',
    basis: 'witnessed',
    strength: 'proven',
    session: 's'.repeat(22),
    doubts: [],
    withoutRecord: false,
    evidence,
    ...change,
  }
}

export function gapRecord(change: Partial<GapRecord> = {}): GapRecord {
  return {
    type: 'gap',
    collector: 'trace',
    account: 'bob',
    place: '~',
    hash: null,
    reason: 'denied',
    detail: 'EACCES',
    from: 0,
    until: null,
    ...change,
  }
}

export function inventoryRecord(change: Partial<InventoryRecord> = {}): InventoryRecord {
  return {
    type: 'inventory',
    item: 'package',
    account: null,
    source: 'npm',
    name: '@anthropic-ai/claude-code',
    version: '2.1.330',
    gone: false,
    ...change,
  }
}

export function unlistedRecord(change: Partial<UnlistedRecord> = {}): UnlistedRecord {
  return {
    type: 'unlisted',
    account: 'alice',
    source: 'npm',
    name: 'mystery-agent',
    behaviours: [
      { behaviour: 'agent-dependency', signal: 'npm:openai' },
      { behaviour: 'mcp-settings', signal: '~/.*/mcp.json' },
    ],
    gone: false,
    ...change,
  }
}

/** The ban of `npm start`'s example. */
export const claudeCodeBan = {
  id: 'no-claude-code',
  tools: ['claude-code'],
  verdict: 'banned',
  from: '2026-07-10',
  announced: '2026-07-03',
}
export const codexBan = { ...claudeCodeBan, id: 'no-codex', tools: ['codex-cli'] }

export const examplePolicy = {
  version: 1,
  organisation: 'Example Ltd',
  timezone: 'Asia/Shanghai',
  rules: [claudeCodeBan],
}
