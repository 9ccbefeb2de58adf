// What `scan` says around the tools, findings and gaps.
import type { Said } from './said.ts'

const english = {
  accounts: (all: number, unread: number) =>
    `${all} account${all === 1 ? '' : 's'}${unread === 0 ? '' : `, ${unread} of them not readable`}`,
  noTool: 'No AI coding tool was found.',
  tool: 'Tool',
  account: 'Account',
  allAccounts: '(all)',
  state: 'State',
  running: 'running',
  version: 'Version',
  lastUsed: 'Last used',
  howSure: 'How sure',
  nothingToReport: 'By this policy there is nothing to report.',
  byPolicy: 'By the policy',
  since: 'Since',
  why: 'Why',
  unlisted: 'Behaves like an AI coding agent and is not in the catalogue:',
  what: 'What',
  noGap: 'Everything that was to be looked at could be looked at.',
  gaps: 'Not looked at; what is not reported may still be there:',
  place: 'Place',
  more: (place: string, count: number) => `${place} and ${count} more`,
}

export const scanWords: Said<typeof english> = {
  en: english,
  'zh-CN': {
    accounts: (all, unread) => `${all} 个账户${unread === 0 ? '' : `，其中 ${unread} 个无法读取`}`,
    noTool: '未发现 AI 编程工具。',
    tool: '工具',
    account: '账户',
    allAccounts: '（全部）',
    state: '状态',
    running: '正在运行',
    version: '版本',
    lastUsed: '最近使用',
    howSure: '可靠程度',
    nothingToReport: '按此策略没有需要报告的内容。',
    byPolicy: '按策略',
    since: '起始',
    why: '原因',
    unlisted: '行为类似 AI 编程智能体、但不在目录中：',
    what: '对象',
    noGap: '所有应查看的地方均已查看。',
    gaps: '以下未能查看；没有报告的内容仍可能存在：',
    place: '位置',
    more: (place, count) => `${place} 等 ${count + 1} 处`,
  },
}
