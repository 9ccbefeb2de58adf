// What a notice says to the person whose account it is: facts, dates, what to do, never an accusation.
import { setOff, type Said } from './said.ts'

const english = {
  collection: {
    title: 'Your organisation inventories AI coding tools on this device',
    who: (organisation: string) => `It is done for ${organisation}.`,
    what: {
      full: 'Cutoff looks at which programs, packages, apps and editor extensions are installed and which AI coding tools run, and reports their names and versions.',
      'catalogue-only':
        'Cutoff looks at which AI coding tools are installed and run, and reports these alone.',
    },
    use: 'Of tools that your organisation has banned it also reports when they were used after the date of the ban; of earlier use only that there was some.',
    not: 'It reads no prompts, no code, no arguments and no text of yours, and does not measure your work.',
    see: '`cutoff-agent privacy` shows every field, `cutoff-agent sent` what has been sent.',
  },
  title: {
    upcoming: (tools: string, from: string | null) =>
      from === null ? `${tools} will be banned` : `${tools} will be banned from ${from}`,
    present: (tools: string) => `${tools}: banned, and still on this device`,
    suspected: (tools: string) => `${tools}: signs of use after the ban`,
    violation: (tools: string) => `${tools}: evidence of use after the ban`,
  },
  /** What the server says, and as of when. */
  says: {
    upcoming: (_: string, at: string) =>
      `It is on this device, says your organisation’s server as of ${at}. Nothing has been broken.`,
    present: (_: string, at: string) =>
      `It is on this device, says your organisation’s server as of ${at}. No use that counts has been seen.`,
    suspected: (account: string, at: string) =>
      `Your organisation’s server, as of ${at}: there are signs of use by account ${account} after the ban, and something in them is in doubt.`,
    violation: (account: string, at: string) =>
      `Your organisation’s server, as of ${at}: there is evidence of use by account ${account} after the ban. Whether a rule was broken is for people to say.`,
  },
  banned: (organisation: string, from: string) => `${organisation} bans it from ${from} on.`,
  bannedSometime: (organisation: string) => `${organisation} bans it.`,
  instead: (tools: string) => `Approved instead: ${tools}.`,
  message: (organisation: string, message: string) => `${organisation} says: “${message}”`,
  exception: 'If an exception holds for you, or this is wrong, tell your administrator.',
  explain: (tool: string) => `\`cutoff-agent explain ${tool}\` shows what it rests on.`,
  whole: 'All of it: `cutoff-agent notice --print`.',
  none: 'There is nothing that you have not been told.',
}

export const noticeWords: Said<typeof english> = {
  en: english,
  'zh-CN': {
    collection: {
      title: '您所在的单位正在清点本设备上的 AI 编程工具',
      who: (organisation) => `本项工作由${setOff(organisation)}安排。`,
      what: {
        full: 'Cutoff 会查看已安装的程序、软件包、应用和编辑器扩展，以及正在运行的 AI 编程工具，并上报其名称和版本。',
        'catalogue-only': 'Cutoff 会查看已安装和正在运行的 AI 编程工具，并且只上报这些工具。',
      },
      use: '对于单位已禁用的工具，还会上报禁用之日以后的使用时间；更早的使用只上报“曾经使用”，不含时间。',
      not: '它不读取您的提示词、代码、命令参数和任何文字内容，也不统计您的工作情况。',
      see: '运行 `cutoff-agent privacy` 可查看所有上报字段，运行 `cutoff-agent sent` 可查看已发送的内容。',
    },
    title: {
      upcoming: (tools, from) => (from === null ? `${tools} 即将禁用` : `${tools} 将从 ${from} 起禁用`),
      present: (tools) => `${tools} 已禁用，但仍在本设备上`,
      suspected: (tools) => `${tools}：发现禁用后的使用迹象`,
      violation: (tools) => `${tools}：发现禁用后的使用证据`,
    },
    says: {
      upcoming: (_, at) => `单位服务器截至 ${at} 的记录显示，本设备上有该工具。目前不涉及任何违规。`,
      present: (_, at) => `单位服务器截至 ${at} 的记录显示，本设备上有该工具，未发现应计入的使用。`,
      suspected: (account, at) =>
        `单位服务器截至 ${at} 的记录显示，禁用之后账户 ${account} 下有使用该工具的迹象，其中有存疑之处。`,
      violation: (account, at) =>
        `单位服务器截至 ${at} 的记录显示，禁用之后账户 ${account} 下有使用该工具的证据。是否违规由人来判断。`,
    },
    banned: (organisation, from) => `${setOff(organisation).trimStart()}自 ${from} 起禁用该工具。`,
    bannedSometime: (organisation) => `${setOff(organisation).trimStart()}已禁用该工具。`,
    instead: (tools) => `可改用已批准的工具：${tools}。`,
    message: (organisation, message) => `${setOff(organisation).trimStart()}的说明：“${message}”。`,
    exception: '如果您已获得例外许可，或者此信息有误，请告知管理员。',
    explain: (tool) => `运行 \`cutoff-agent explain ${tool}\` 可查看相关依据。`,
    whole: '运行 `cutoff-agent notice --print` 可查看全文。',
    none: '没有您尚未看过的通知。',
  },
}
