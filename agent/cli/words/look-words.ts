// What `sent` says of those who looked, on the server, at what it holds of this device.
import type { LookKind } from '#shared/device-look.ts'
import { setOff, type Said } from './said.ts'

interface LookWords {
  readonly title: string
  readonly commandLine: string
  readonly nobody: string
  readonly note: string
  /** @param account null: the device as a whole @param tool null: of what is in no catalogue */
  readonly looks: Readonly<
    Record<LookKind, (by: string, account: string | null, tool: string | null) => string>
  >
}

const english: LookWords = {
  title: 'Who looked at it on the server',
  commandLine: 'Somebody at the server’s command line',
  nobody: 'The server has told of nobody who looked at a name, a finding or a timeline of this device.',
  note: 'As of the last check-in; of several looks within an hour the first. Lists show neither names nor times of a single device: who opened them, the server’s audit log alone says.',
  looks: {
    'account-name': (by, account) => `${by} looked at the name of account ${account}`,
    'device-name': (by) => `${by} looked at the name of this device`,
    timeline: (by) => `${by} looked at this device’s timeline`,
    finding: (by, account, tool) =>
      `${by} looked at the finding on ${tool ?? 'something that is in no catalogue'}, ${account === null ? 'of the device as a whole' : `of account ${account}`}`,
  },
}

export const lookWords: Said<LookWords> = {
  en: english,
  'zh-CN': {
    title: '谁在服务器上查看过',
    commandLine: '有人在服务器的命令行上',
    nobody: '服务器尚未告知有人查看过与本设备有关的名称、判定或时间线。',
    note: '截至最近一次上报；同一小时内的多次查看只列第一次。列表不显示单台设备的名称和时间：谁打开过列表，只有服务器的审计日志知道。',
    looks: {
      'account-name': (by, account) => `${setOff(by).trimStart()}查看了账户${setOff(account ?? '')}的名称`,
      'device-name': (by) => `${setOff(by).trimStart()}查看了本设备的名称`,
      timeline: (by) => `${setOff(by).trimStart()}查看了本设备的时间线`,
      finding: (by, account, tool) =>
        `${setOff(by).trimStart()}查看了关于${setOff(tool ?? '目录之外的工具')}的判定（${account === null ? '整机' : `账户 ${account}`}）`,
    },
  },
}
