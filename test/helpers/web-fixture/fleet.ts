// An invented fleet for looking at the dashboard: some of everything that a page can show. Names are invented.
import type {
  AccountRow,
  AuditRow,
  CoverageRow,
  DetectionRow,
  DeviceRow,
  EventRow,
  FindingDetail,
  GapRow,
  InventoryRow,
  PolicyVersionRow,
  Subject,
  WaiverRow,
} from '#shared/api.ts'
import type { FindingStatus, JudgedMark, ReasonCode } from '#shared/finding.ts'
import { Policy } from '#shared/policy.ts'
import type { Rollout } from '#shared/rollout.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export interface Fleet {
  readonly devices: DeviceRow[]
  readonly accounts: AccountRow[]
  readonly findings: FindingDetail[]
  readonly detections: DetectionRow[]
  readonly inventory: InventoryRow[]
  readonly gaps: GapRow[]
  readonly coverage: CoverageRow[]
  readonly events: EventRow[]
  readonly policies: PolicyVersionRow[]
  /** The policy on its way to the devices. */
  rollout: Rollout | null
  readonly waivers: WaiverRow[]
  readonly audit: AuditRow[]
  /** Real names by key, told after a look. */
  readonly names: Map<string, string>
}

const statuses: readonly FindingStatus[] = [
  'violation',
  'suspected',
  'suspected',
  'undetermined',
  'waived',
  'upcoming',
  'present',
  'leftover',
  'review',
  'violation',
]
const tools = [
  ['claude-code', 'Claude Code'],
  ['codex-cli', 'Codex CLI'],
  ['gemini-cli', 'Gemini CLI'],
  ['cursor', 'Cursor'],
  ['opencode', 'opencode'],
] as const

const reasonsOf: Readonly<Record<FindingStatus, readonly ReasonCode[]>> = {
  violation: ['used-after-cutoff'],
  suspected: ['found-not-witnessed'],
  undetermined: ['scope-unknown'],
  waived: ['in-waiver'],
  upcoming: ['cutoff-ahead', 'installed-before-cutoff'],
  present: ['no-counted-use', 'installed-after-cutoff'],
  leftover: ['traces-only'],
  review: ['no-rule'],
}
const rowsOf: Readonly<Record<FindingStatus, number | null>> = {
  violation: 10,
  suspected: 9,
  undetermined: null,
  waived: 3,
  upcoming: null,
  present: null,
  leftover: null,
  review: null,
}

/** Builds the fleet as of `now`; the same for the same arguments. */
export function makeFleet(now: number, deviceCount: number): Fleet {
  const names = new Map<string, string>()
  const cutoff = now - 20 * day
  const notice = now - 27 * day
  const subject = (kind: string, index: number, name: string): Subject => {
    const key = `${kind}${index}`
    names.set(key, name)
    return {
      key,
      label: `${kind}-${((index + 11) * 7919).toString(16).padStart(4, '0').slice(-4)}`,
      name: null,
    }
  }
  const fleet: Fleet = {
    devices: [],
    accounts: [],
    findings: [],
    detections: [],
    inventory: [],
    gaps: [],
    coverage: [],
    events: [],
    policies: [],
    rollout: null,
    waivers: [],
    audit: [],
    names,
  }
  for (let index = 0; index < deviceCount; index++) addDevice(fleet, index, now, { cutoff, notice, subject })
  if (deviceCount === 0) return fleet
  fleet.policies.push(policyVersion(2, now - 10 * day, true, fleet), policyVersion(1, notice, false, fleet))
  fleet.rollout = rolloutOf(deviceCount, now)
  fleet.waivers.push(
    waiver('w1', { kind: 'person', person: 'li.wei' }, now - 5 * day, now + 25 * day, now - 4 * day, null),
    waiver('w2', { kind: 'group', group: 'ai-research' }, now + day, now + 60 * day, now - day, null),
    waiver('w3', { kind: 'device', device: 'd3' }, now - 40 * day, now - 10 * day, now - 41 * day, null),
    waiver(
      'w4',
      { kind: 'account', device: 'd5', account: 'build' },
      now - 9 * day,
      now + 9 * day,
      now - 9 * day,
      now - day,
    ),
  )
  fleet.audit.push(
    {
      id: 3,
      at: now - 2 * hour,
      by: 'admin',
      action: 'look-name',
      subject: 'd0',
      reason: 'Ticket 4711: asked by the works council',
      hash: 'c1d2e3f4a5b6c7d8e9f0',
    },
    {
      id: 2,
      at: now - 3 * day,
      by: 'admin',
      action: 'apply-policy',
      subject: 'version 2',
      reason: null,
      hash: 'a5b6c7d8e9f0c1d2e3f4',
    },
    {
      id: 1,
      at: now - 4 * day,
      by: 'admin',
      action: 'sign-in',
      subject: null,
      reason: null,
      hash: 'e9f0c1d2e3f4a5b6c7d8',
    },
  )
  return fleet
}

/** Some are off over night, some longer than is their habit; of these every other one said that it was stopped. */
function contactOf(index: number): DeviceRow['contact'] {
  if (index === 14) return null
  const habitMs = index % 5 === 0 ? 6 * hour : 7 * day
  if (index % 9 === 8) return { state: 'quiet', habitMs: 6 * hour, stopped: index % 2 === 0 }
  return { state: index % 7 === 6 || index === 13 ? 'asleep' : 'reporting', habitMs, stopped: false }
}

interface Ground {
  readonly cutoff: number
  readonly notice: number
  readonly subject: (kind: string, index: number, name: string) => Subject
}

function addDevice(fleet: Fleet, index: number, now: number, { cutoff, notice, subject }: Ground): void {
  const id = `d${index}`
  const host = subject('device', index, index === 4 ? 'lap\u202Etop-4<b>' : `dev-laptop-${index + 1}`)
  const account = subject('account', index, ['mara', 'jonas', 'li.wei', 'amit', 'sofia'][index % 5] ?? 'x')
  const status = statuses[index % statuses.length] ?? 'review'
  const [tool, toolName] = tools[index % tools.length] ?? tools[0]
  const covered = index % 4 === 3 ? 'not-attested' : index % 6 === 2 ? 'attested-but-blind-spots' : 'attested'
  const gaps = covered === 'attested' ? 0 : 1 + (index % 3)
  const contact = contactOf(index)
  const silentMs = { reporting: (index % 15) * minute, asleep: 15 * hour, quiet: 4 * day }
  const lastSeen = now - silentMs[contact?.state ?? 'reporting']
  fleet.devices.push({
    id,
    host,
    os: (['linux', 'darwin', 'windows'] as const)[index % 3] ?? 'linux',
    osVersion: ['Debian GNU/Linux 12', '15.6', '11 24H2'][index % 3] ?? '',
    arch: index % 2 === 0 ? 'x64' : 'arm64',
    agentVersion: '0.1.0',
    enrolledAt: now - 60 * day + index * hour,
    lastSeenAt: index === 13 ? null : lastSeen,
    lastScanAt: index === 13 ? null : lastSeen - minute,
    status: index === 14 ? 'revoked' : 'active',
    contact,
    left: index === 20 ? { why: 'removing', on: Math.floor(lastSeen / day) * day } : null,
    coverage: index === 13 ? null : covered,
    gaps,
    worst: status,
    accounts: 1 + (index % 2),
    policyVersion: index === 13 ? null : 2,
  })
  fleet.accounts.push({
    device: id,
    host,
    account,
    readable: index % 4 !== 3,
    coverage: covered,
    worst: status,
  })
  fleet.coverage.push({
    device: id,
    host,
    account: null,
    state: covered,
    at: lastSeen,
    catalogue: '2026-11-22.1',
    gaps: 0,
  })
  fleet.coverage.push({
    device: id,
    host,
    account,
    state: covered,
    at: lastSeen,
    catalogue: '2026-11-22.1',
    gaps,
  })
  const reasons = ['denied', 'remote-mount', 'blind-spot', 'unsupported'] as const
  for (let n = 0; n < gaps; n++) {
    fleet.gaps.push({
      device: id,
      host,
      account: n === 0 ? account : null,
      collector: n === 0 ? 'trace' : 'process',
      place: n === 1 ? null : '~/.claude/projects/*',
      reason: reasons[(index + n) % reasons.length] ?? 'denied',
      detail: n === 0 ? 'EACCES' : null,
      from: now - (index + 1) * hour,
      until: null,
    })
  }
  const marks = marksOf(status, now, cutoff, notice, index)
  const evidence = evidenceOf(tool)
  const last = marks.length === 0 ? null : Math.max(...marks.map((mark) => mark.at))
  const judged = status === 'leftover' || status === 'review' ? null : 'no-us-cli'
  fleet.findings.push({
    id: `f${index}`,
    device: id,
    host,
    account: index % 7 === 6 ? null : account,
    tool,
    toolName,
    unlisted: null,
    status,
    reasons: [...reasonsOf[status]],
    row: rowsOf[status],
    rule: judged,
    since: marks.length === 0 ? null : Math.min(...marks.map((mark) => mark.at)),
    lastMarkAt: last,
    state: status === 'leftover' ? 'leftover' : marks.length > 0 ? 'used' : 'installed',
    running: index % 5 === 0,
    coverage: covered,
    lifecycle:
      (['open', 'open', 'acknowledged', 'open', 'disputed', 'open', 'closed'] as const)[index % 7] ?? 'open',
    judgedAt: now - 2 * minute,
    marks,
    cutoff: status === 'upcoming' ? now + 12 * day : status === 'review' ? null : cutoff,
    notice: status === 'review' ? null : notice,
    policyVersion: status === 'review' ? null : 2,
    catalogue: '2026-11-22.1',
    usedBeforeCutoff: index % 2 === 0,
    wouldChange:
      status === 'suspected'
        ? ['witnessed', 'waiver', 'rule-found-use']
        : status === 'violation'
          ? ['waiver', 'earlier']
          : [],
    missing: status === 'undetermined' ? ['owner', 'group ai-research'] : [],
    coverageDetail: { account: 'x', state: covered, at: lastSeen, catalogue: '2026-11-22.1', gaps },
    evidence,
    behaviours: [],
    history:
      index % 7 === 2
        ? [
            {
              at: now - day,
              by: 'admin',
              lifecycle: 'acknowledged',
              reason: 'Spoke to the person; will be removed this week.',
            },
          ]
        : [],
    instead: judged === null ? [] : [{ tool: 'qoder', name: 'Qoder' }],
    sharedWith:
      status === 'suspected' && index > 0
        ? fleet.accounts.slice(index - 1, index).map(({ device, host: on, account: by }) => ({
            device,
            host: on,
            account: by,
          }))
        : [],
  })
  fleet.detections.push({
    device: id,
    host,
    account,
    tool,
    toolName,
    state: marks.length > 0 ? 'used' : 'installed',
    running: index % 5 === 0,
    strength: 'proven',
    version: '2.1.330',
    installedOn: null,
    usedBeforeCutoff: index % 2 === 0,
    gone: status === 'leftover',
    marks: marks.length,
    evidence,
    reportedAt: now - 3 * minute,
  })
  const items = [
    'git',
    'node',
    'docker',
    'typescript',
    '@anthropic-ai/claude-code',
    'esbenp.prettier-vscode',
    'ripgrep',
  ]
  for (const [n, name] of items.entries()) {
    fleet.inventory.push({
      device: id,
      host,
      account: n % 2 === 0 ? null : account,
      item:
        (['command', 'command', 'app', 'package', 'package', 'extension', 'command'] as const)[n] ??
        'command',
      source: ['path', 'path', 'desktop', 'npm', 'npm', 'vscode', 'path'][n] ?? 'path',
      name,
      version: n === 0 ? null : `${n}.${index}.0`,
      firstDay: '2026-10-01',
      lastDay: n === 3 && index % 2 === 0 ? '2026-11-02' : null,
    })
  }
  const event = (
    n: number,
    ago: number,
    rest: Pick<EventRow, 'type' | 'summary'> & Partial<EventRow>,
  ): EventRow => ({
    id: `${index}-${n}`,
    device: id,
    account: null,
    at: now - ago,
    tool: null,
    ...rest,
  })
  fleet.events.push(
    event(6, 2 * minute, {
      type: 'finding',
      summary: `finding status=${status} from=present row=9 rule=no-us-cli`,
      account,
      tool,
    }),
    event(5, 3 * minute, {
      type: 'detection',
      summary: 'detection state=used from=installed version=2.1.330',
      account,
      tool,
    }),
    event(4, 4 * hour, {
      type: 'gap-opened',
      summary: 'gap-opened reason=denied collector=trace place=~%2F.claude%2Fprojects%2F*',
      account,
    }),
    event(3, day, { type: 'missing-records', summary: 'missing-records from=41 to=44' }),
    event(2, 3 * day, { type: 'agent', summary: 'agent-started' }),
    event(1, 3 * day + minute, { type: 'enrolled', summary: 'enrolled token=t1' }),
  )
}

function marksOf(
  status: FindingStatus,
  now: number,
  cutoff: number,
  notice: number,
  index: number,
): JudgedMark[] {
  const mark = (at: number, rest: Partial<JudgedMark>): JudgedMark => ({
    kind: 'session',
    at,
    uncertaintyMs: 1000,
    basis: 'witnessed',
    strength: 'proven',
    session: `s${index}${at}`.padEnd(16, 'x'),
    doubts: [],
    withoutRecord: false,
    signal: 'trace:~/.claude/projects/*/*.jsonl',
    verdict: 'violation',
    row: 10,
    reason: 'used-after-cutoff',
    policyVersion: 2,
    rule: 'no-us-cli',
    waiver: null,
    ...rest,
  })
  const quiet = { verdict: 'nothing', row: 2, reason: 'not-counted', session: null } as const
  switch (status) {
    case 'violation':
      return [
        mark(now - (index + 1) * 37 * minute, {}),
        mark(now - 2 * day, { uncertaintyMs: 20 * minute }),
        mark(now - 9 * day, {
          verdict: 'suspected',
          row: 9,
          reason: 'found-not-witnessed',
          basis: 'found',
          uncertaintyMs: day,
        }),
        mark(now - 12 * day, {
          ...quiet,
          kind: 'run',
          signal: 'executable:~/.nvm/versions/node/*/bin/claude',
        }),
        mark(now - 15 * day, { verdict: 'waived', row: 3, reason: 'in-waiver', waiver: 'w1' }),
      ]
    case 'suspected':
      return [
        mark(now - 5 * day, { verdict: 'suspected', row: 9, reason: 'found-not-witnessed', basis: 'found' }),
        mark(cutoff + hour, {
          verdict: 'suspected',
          row: 7,
          reason: 'times-disagree',
          basis: 'found',
          doubts: ['times-disagree'],
          disagreement: { with: 'file-born', byMs: 10 * day + 23 * hour },
          uncertaintyMs: 6 * hour,
        }),
      ]
    case 'undetermined':
      return [
        mark(now - 4 * day, { verdict: 'undetermined', row: null, reason: 'scope-unknown', rule: null }),
      ]
    case 'waived':
      return [mark(now - 3 * day, { verdict: 'waived', row: 3, reason: 'in-waiver', waiver: 'w1' })]
    case 'present':
      return [
        mark(now - day, { ...quiet, kind: 'presence', basis: 'found', uncertaintyMs: 12 * hour }),
        mark(notice + 9 * day, { ...quiet, kind: 'run' }),
      ]
    case 'upcoming':
    case 'leftover':
    case 'review':
      return []
  }
}

function evidenceOf(tool: string): FindingDetail['evidence'] {
  return [
    {
      kind: 'package',
      signal: 'package:npm:@anthropic-ai/claude-code',
      place: '~/.nvm/versions/node/*/lib/node_modules/@anthropic-ai/claude-code',
      hash: 'k3J9x0aQ1bZ8w7Lm',
      means: 'presence',
      strength: 'proven',
    },
    {
      kind: 'trace',
      signal: 'trace:~/.claude/projects/*/*.jsonl',
      place: '~/.claude/projects/*/*.jsonl',
      hash: 'p0Q2r4S6t8U0v1W3',
      means: 'session',
      strength: 'proven',
    },
    {
      kind: 'config',
      signal: `config:~/.${tool}.json`,
      place: `~/.${tool}.json`,
      hash: null,
      means: 'configuration',
      strength: 'likely',
    },
  ]
}

function rolloutOf(fleet: number, now: number): Rollout {
  return {
    name: '2-invented',
    version: 2,
    state: 'staged',
    madeAt: now - 40 * 60_000,
    halted: null,
    stage: { number: 2, of: 3, since: now - 10 * 60_000, devices: 10 },
    allBy: now + 20 * 60_000,
    late: ['no-us-cli'],
    before: 1,
    devices: { fleet, acting: 9, refused: 1, failed: 0, silent: 0, awaited: 0 },
  }
}

function policyVersion(
  version: number,
  activatedAt: number,
  inForce: boolean,
  fleet: Fleet,
): PolicyVersionRow {
  const date = (at: number) => new Date(at).toISOString().slice(0, 10)
  const from = activatedAt + 7 * day
  const counts = Object.fromEntries(
    statuses.map((status) => [
      status,
      inForce ? fleet.findings.filter((one) => one.status === status).length : 0,
    ]),
  ) as PolicyVersionRow['findings']
  return {
    version,
    activatedAt,
    activatedBy: 'admin',
    inForce,
    policy: Policy.parse({
      version,
      organisation: 'Example Ltd',
      timezone: 'Asia/Shanghai',
      rules: [
        {
          id: 'research-may',
          tools: ['claude-code'],
          verdict: 'approved',
          scope: { groups: ['ai-research'] },
        },
        {
          id: 'no-us-cli',
          tools: ['claude-code', 'codex-cli', { category: 'ide-extension' }],
          except: ['qoder'],
          verdict: 'banned',
          from: date(from),
          announced: date(activatedAt),
          scope: { except: { groups: ['ai-research'], accounts: ['build'], devices: [] } },
          notice: 'Remove Claude Code before the cutoff. Questions to it-help@example.com',
          instead: ['qoder'],
        },
      ],
    }),
    instants: [
      { rule: 'research-may', from: null, until: null, announced: null },
      { rule: 'no-us-cli', from, until: null, announced: activatedAt },
    ],
    findings: counts,
  }
}

function waiver(
  id: string,
  subject: WaiverRow['subject'],
  from: number,
  until: number,
  createdAt: number,
  revokedAt: number | null,
): WaiverRow {
  return {
    id,
    subject,
    tools: ['claude-code'],
    owner: 'Head of Research',
    reason: 'Comparison of agents for the board, project Heron',
    from,
    until,
    createdAt,
    createdBy: 'admin',
    revokedAt,
  }
}
