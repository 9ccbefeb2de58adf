// What `explain` says of the starts that Windows itself notes.
import type { NotedProgram } from '../noted-starts.ts'
import type { Said } from './said.ts'

const names: Readonly<Record<NotedProgram['list'], string>> = {
  bam: 'BAM',
  'user-assist': 'UserAssist',
  prefetch: 'Prefetch',
}

const english = {
  title: 'What Windows notes of its starts',
  about:
    'Only the last start of a program at a place that is this tool’s. Asking it for its version, installing it, an updater or a log-on starts it too: it is no evidence of use, decides nothing and is not sent.',
  lists: {
    bam: 'BAM notes a program’s start and its end, so that the time may be either; it forgets what has not run for about a week or is gone, and knows none that was started at a command line.',
    'user-assist':
      'UserAssist notes what the desktop started for the account: a click, a shortcut or the menu. The account can change it.',
    prefetch:
      'Prefetch notes for the whole machine, whoever started it, some seconds late; the name of its file fits the place, and was not looked into.',
  } satisfies Record<NotedProgram['list'], string>,
  noted: (list: NotedProgram['list'], account: string | null, time: string) =>
    `${names[list]}: ${account === null ? 'on this machine' : `under account ${account}`}, about ${time}.`,
  none: 'It notes none.',
  more: (count: number) => `and ${count} more; --json has them all`,
  unread: (list: NotedProgram['list'], account: string | null) =>
    `${names[list]}${account === null ? '' : ` of account ${account}`} could not be read, or is not kept.`,
}

export const notedWords: Said<typeof english> = {
  en: english,
  'zh-CN': {
    title: 'Windows 自身所记的启动',
    about:
      '只含位于该工具专属位置的程序的最近一次启动。查询版本、安装、更新程序或登录也会启动它：它不是使用的证据，不影响任何判断，也不会上报。',
    lists: {
      bam: 'BAM 在程序启动和结束时都会记录，因此该时间可能是其中之一；约一周未运行或已不存在的程序会被清除，从命令行启动的程序不在其中。',
      'user-assist': 'UserAssist 记录由桌面为该帐户启动的程序：点击、快捷方式或菜单。该帐户可以修改它。',
      prefetch: 'Prefetch 为整台机器记录，不分由谁启动，并晚数秒；此处是其文件名与该位置相符，未查看其内容。',
    },
    noted: (list, account, time) =>
      `${names[list]}：${account === null ? '本机' : `帐户 ${account}`}，约 ${time}。`,
    none: '没有记录。',
    more: (count) => `另有 ${count} 条；完整内容见 --json`,
    unread: (list, account) =>
      `${account === null ? '' : `帐户 ${account} 的 `}${names[list]} 无法读取，或系统未保存。`,
  },
}
