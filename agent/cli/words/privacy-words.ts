// What `privacy` says around the data dictionary.
import type { Said } from './said.ts'

const english = {
  not: 'Cutoff’s agent reads no prompts, code, file contents, command arguments, environment values, screens or keystrokes. It measures no working time. Of tools that no rule bans, and before a ban begins, no time of use leaves this device: at most that a tool was used before the ban.',
  looks: 'What it looks at',
  asked:
    'When a person asks for one tool (`cutoff-agent explain TOOL`), and then alone: when its programs were last read, as the disk keeps it, and on Windows when they were last started, as its registry (BAM, UserAssist) and the names of its Prefetch files tell. Of other programs nothing is kept, of these neither how often nor for how long. It is shown, and never sent.',
  leaves: 'What can leave this device',
  eachReport: 'With each report',
  enrolment: 'Once, when this device is enrolled',
  sent: '`cutoff-agent sent` shows the exact bytes that were sent.',
  kind: 'Kind',
  whatAndWhy: 'What and why',
  /** Between places, which have commas in them. */
  between: '; ',
  reads: (about: string, places: string) => `${about} Reads: ${places}.`,
  record: (type: string, about: string) => `${type}: ${about}`,
  field: 'Field',
  meaning: 'Meaning',
}

export const privacyWords: Said<typeof english> = {
  en: english,
  'zh-CN': {
    not: 'Cutoff 的代理程序不读取提示词、代码、文件内容、命令参数、环境变量的值、屏幕或按键，也不统计工作时间。对于没有规则禁用的工具，以及在禁用开始之前，任何使用时间都不会离开本设备：至多只有“禁用之前使用过”这一事实。',
    looks: '它查看什么',
    asked:
      '仅当有人询问某个工具时（`cutoff-agent explain 工具`）：其程序上次被读取的时间，以磁盘所记为准；在 Windows 上还有它们上次启动的时间，以注册表（BAM、UserAssist）和 Prefetch 文件名所记为准。其他程序一概不保留，这些程序的次数和时长也不读取。只显示，从不上报。',
    leaves: '哪些内容可能离开本设备',
    eachReport: '随每次上报',
    enrolment: '仅在注册本设备时一次',
    sent: '运行 `cutoff-agent sent` 可查看已发送的确切字节。',
    kind: '种类',
    whatAndWhy: '内容和原因',
    between: '；',
    reads: (about, places) => `${about}读取：${places}。`,
    record: (type, about) => `${type}：${about}`,
    field: '字段',
    meaning: '含义',
  },
}
