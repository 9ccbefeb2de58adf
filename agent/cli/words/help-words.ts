// What `--help` says. What a command and its options do stands with them, in English: those words are the keys of the others,
// so that a test asks for a translation anew when one changes.
import type { Language } from '#shared/words/language.ts'
import type { Said } from './said.ts'

const english = {
  what: 'Cutoff tells which AI coding tools are on this machine and which were used after the date on which they were banned.',
  open: 'It reads no prompts, no code and no file contents, and shows everything it sends: see `privacy` and `sent`.',
  usage: (words: string) => `Usage: cutoff-agent ${words}`,
  anyCommand: 'COMMAND [options]',
  more: 'cutoff-agent COMMAND --help tells more about one of them.',
  lang: 'language of what is said to people; otherwise that of the environment',
  help: 'this text',
}

export const helpWords: Said<typeof english> = {
  en: english,
  'zh-CN': {
    what: 'Cutoff 说明本机上有哪些 AI 编程工具，以及哪些在禁用之日以后被使用过。',
    open: '它不读取提示词、代码和文件内容，并展示它发送的一切：参见 `privacy` 和 `sent`。',
    usage: (words) => `用法：cutoff-agent ${words}`,
    anyCommand: '命令 [选项]',
    more: '运行 cutoff-agent 命令 --help 可查看某个命令的详细说明。',
    lang: '向人显示的语言；不指定时以环境为准',
    help: '显示本说明',
  },
}

const chinese: Readonly<Record<string, string>> = {
  'Looks once and shows what was found: tools, their use, and what could not be looked at.':
    '查看一次并显示结果：工具、使用情况以及未能查看的地方。',
  'Tells what a tool is, how it is recognised and what counts as its use; then what was found of it here, and each step to the verdict.':
    '说明某个工具是什么、如何识别、什么算作使用；然后说明本机上发现了什么，以及作出判定的每一步。',
  'Shows whether the agent runs and reports, which rules hold here, and the server’s verdicts on this device.':
    '显示代理程序是否在运行和上报、此处适用哪些规则，以及服务器对本设备的判定。',
  'Shows what has been sent from this device, newest last, and who looked at it on the server.':
    '显示本设备已发送的内容（最新的在最后），以及谁在服务器上查看过。',
  'Tells you what is new to you: that this device is looked at, a ban ahead, evidence of use after one. Run for you at login.':
    '告知您尚未得知的事项：本设备正被查看、即将到来的禁用、禁用后的使用证据。登录时会自动为您运行。',
  'Shows what is looked at and every field that can leave this device, with its meaning.':
    '显示查看哪些内容，以及可能离开本设备的每个字段及其含义。',
  'Looks at everything that the agent needs (settings, state, server, certificate, clock, rights) and says what is wrong and what to do.':
    '检查代理程序所需的一切（设置、状态、服务器、证书、时钟、权限），说明哪里有问题以及如何处理。',
  'Makes this device known to a server, with a token from your administrator.':
    '使用管理员提供的令牌，向服务器注册本设备。',
  'Has the agent replace this device’s key, as when somebody may have read it; the device and its history stay.':
    '让代理程序更换本设备的密钥，例如密钥可能已被他人读取时；设备及其历史记录保持不变。',
  'Tells the server that the agent is being removed from this device, or replaced; what its packages run.':
    '告知服务器：本设备上的代理程序正被移除或替换；由安装包运行。',
  'Looks and reports until it is stopped; what the service starts.': '持续查看和上报，直至停止；由服务启动。',
  'print one JSON document': '输出一个 JSON 文档',
  'print one JSON document, as device management reads it': '输出一个 JSON 文档，供设备管理读取',
  'judge by this policy (YAML or JSON)': '按此策略判定（YAML 或 JSON）',
  'judge by this policy (YAML or JSON), not by the server’s':
    '按此策略判定（YAML 或 JSON），而不按服务器的策略',
  'with --policy: end with status 3 if there is a violation, or with `suspected` if there is either':
    '与 --policy 合用：有违规时以状态 3 结束；指定 `suspected` 时，有违规或疑似均如此',
  'folder of the daemon’s state, read where it may be': '守护进程状态所在的文件夹，有权时读取',
  'another version is about to take its place': '即将由另一版本取代',
  'folder of the agent’s state': '代理程序状态所在的文件夹',
  'the exact bytes: each request’s body before compression, or each record of yours, one per line':
    '确切的字节：每次请求压缩前的正文，或与您有关的每条记录，每行一条',
  'print every notice here, those that were shown before too': '在此显示所有通知，包括以前显示过的',
  'how long to wait for a desktop that is still starting, at most 600':
    '桌面仍在启动时最多等待多少秒，不超过 600',
  'print the data dictionary as JSON Schema': '以 JSON Schema 输出数据字典',
  'address of the server': '服务器地址',
  'file with the enrolment token': '存放注册令牌的文件',
  'fingerprint of the organisation’s policy key, from the same source as the token':
    '单位策略密钥的指纹，与令牌来自同一来源',
}

const others: Readonly<Record<Language, Readonly<Record<string, string>> | null>> = {
  en: null,
  'zh-CN': chinese,
}

/** What a command or an option does, in a language; as it stands with it where there is no other. */
export function helpIn(language: Language, about: string): string {
  const table = others[language]
  return table !== null && Object.hasOwn(table, about) ? (table[about] ?? about) : about
}
