// What commands say when they cannot do their work, and what they were given wrongly. Codes stand beside it and stay; the words of the
// system, of a server and of the daemon's log stay as they are.
import type { Language } from '#shared/words/language.ts'
import type { StateFault } from '../../state/fault.ts'
import type { Said } from './said.ts'

const english = {
  noCommand: (name: string) => `There is no command "${name}".`,
  nearest: (name: string) => `Did you mean "${name}"?`,
  seeHelp: (command: string) => `See ${command} --help.`,
  tooMany: (word: string) => `"${word}" is one word too many.`,
  languages: (names: string) => `--lang takes one of ${names}.`,
  address: {
    none: (text: string) => `"${text}" is no address: give one such as https://cutoff.example.com.`,
    unsafe: (origin: string) => `${origin} is not safe: give an address that begins with https://.`,
  },
  token: {
    missing: 'Say with --token-file where the enrolment token is.',
    OPEN: (path: string) =>
      `The token file ${path} can be read by other accounts, which can then enrol devices: chmod 600 it, and put a new token there.`,
    FOREIGN: (path: string) =>
      `The token file ${path} belongs to another account, which may have put another token there: give it to root.`,
    unreadable: (path: string, code: string) => `The token file ${path} cannot be read (${code}).`,
  },
  enrol: {
    fingerprint: 'Give the fingerprint of the organisation’s policy key with --organisation-key-fingerprint.',
    already: (host: string, device: string) => `This device is already enrolled at ${host} as ${device}.`,
    done: (host: string, device: string) => `Enrolled at ${host} as ${device}.`,
    failed: (host: string, why: string) => `Enrolment at ${host} failed: ${why}.`,
  },
  notEnrolled: {
    key: 'This device is not enrolled: no server knows its key.',
    removal: 'This device is not enrolled: there is no server to tell.',
  },
  notWritten: (path: string) =>
    `Nothing could be written to the state folder ${path}: run this as root, or as the agent’s account.`,
  rotation: {
    next: (device: string, host: string) =>
      `This device, ${device}, gets another key with its next report; restart the agent to have it now. ${host} then refuses the key before.`,
    later: (device: string, host: string) =>
      `This device, ${device}, gets another key once ${host} is of a version that takes one: update the server.`,
  },
  removal: {
    byAgent: 'The agent that runs here tells it when it is stopped.',
    told: 'The server was told.',
    kept: 'The server could not be told now: it is kept in the state.',
  },
  notice: {
    wait: '--wait takes a whole number of seconds from 0 to 600.',
    desktop: (detail: string) => `The desktop shows no notices: ${detail}.`,
  },
  policy: {
    unreadable: (path: string, code: string) => `The policy ${path} cannot be read (${code}).`,
    invalid: (path: string) => `The policy ${path} has mistakes; nothing was judged.`,
  },
  failOn: {
    threshold: '--fail-on takes `violation` or `suspected`.',
    policy: '--fail-on needs a policy to judge by: give one with --policy FILE.',
  },
  tool: {
    missing: 'Say which tool: cutoff-agent explain TOOL.',
    unknown: (id: string) => `No tool "${id}" in the catalogue.`,
  },
}

export const failureWords: Said<typeof english> = {
  en: english,
  'zh-CN': {
    noCommand: (name) => `没有“${name}”这个命令。`,
    nearest: (name) => `您是不是想输入“${name}”？`,
    seeHelp: (command) => `请参阅 ${command} --help。`,
    tooMany: (word) => `多了一个词：“${word}”。`,
    languages: (names) => `--lang 只能取以下之一：${names}。`,
    address: {
      none: (text) => `“${text}”不是地址：请给出类似 https://cutoff.example.com 的地址。`,
      unsafe: (origin) => `${origin} 不安全：请给出以 https:// 开头的地址。`,
    },
    token: {
      missing: '请用 --token-file 指定注册令牌所在的文件。',
      OPEN: (path) =>
        `其他账户可以读取令牌文件 ${path}，并可借此注册设备：请将其权限改为 600（chmod 600），并换用新的令牌。`,
      FOREIGN: (path) => `令牌文件 ${path} 属于另一账户，令牌可能已被替换：请把该文件的所有者改为 root。`,
      unreadable: (path, code) => `令牌文件 ${path} 无法读取（${code}）。`,
    },
    enrol: {
      fingerprint: '请用 --organisation-key-fingerprint 给出单位策略密钥的指纹。',
      already: (host, device) => `本设备已在 ${host} 注册，编号为 ${device}。`,
      done: (host, device) => `已在 ${host} 注册，编号为 ${device}。`,
      failed: (host, why) => `在 ${host} 注册失败：${why}。`,
    },
    notEnrolled: {
      key: '本设备未注册：没有服务器认识其密钥。',
      removal: '本设备未注册：没有服务器可以告知。',
    },
    notWritten: (path) => `无法写入状态文件夹 ${path}：请以 root 身份，或以代理程序的账户运行。`,
    rotation: {
      next: (device, host) =>
        `本设备（${device}）将在下次上报时更换密钥；如需立即更换，请重新启动代理程序。此后 ${host} 将拒绝原来的密钥。`,
      later: (device, host) =>
        `${host} 的版本尚不支持更换密钥，更新后本设备（${device}）才会更换：请更新服务器。`,
    },
    removal: {
      byAgent: '正在运行的代理程序会在停止时告知服务器。',
      told: '已告知服务器。',
      kept: '目前无法告知服务器：已记入状态，待以后告知。',
    },
    notice: {
      wait: '--wait 只能取 0 到 600 之间的整数（秒）。',
      desktop: (detail) => `桌面无法显示通知：${detail}。`,
    },
    policy: {
      unreadable: (path, code) => `策略 ${path} 无法读取（${code}）。`,
      invalid: (path) => `策略 ${path} 有错误；未作任何判定。`,
    },
    failOn: {
      threshold: '--fail-on 只能取 `violation` 或 `suspected`。',
      policy: '--fail-on 需要一份作为依据的策略：请用 --policy 文件 给出。',
    },
    tool: {
      missing: '请指明是哪个工具：cutoff-agent explain 工具。',
      unknown: (id) => `目录中没有工具“${id}”。`,
    },
  },
}

type StateWords = Readonly<Record<StateFault['code'], (path: string) => string>>

/** Why a state cannot be opened, where that is not said in English, as the daemon's log has it. @param path of its folder */
export const stateWords: Readonly<Record<Exclude<Language, 'en'>, StateWords>> = {
  'zh-CN': {
    'state-absent': (path) => `${path} 中没有状态：代理程序尚未运行过。`,
    'state-denied': (path) =>
      `无法使用状态文件夹 ${path}，或其中的内容：请以 root 身份，或以代理程序的账户运行，并检查其所有者和可用空间。`,
    'state-foreign': (path) =>
      `状态文件夹 ${path} 或指向它的链接属于另一账户：请以其所有者的身份启动代理程序（它的服务即如此），或把该文件夹交给本账户。`,
    'state-open': (path) =>
      `其他账户可以写入状态文件夹 ${path}，因此其中的内容不可信：请删除它；如果知道是谁所为，也可以收回该权限（chmod 700）。`,
    'state-newer': (path) =>
      `${path} 中的状态由更高版本的代理程序建立：请重新安装该版本或更高版本。状态未作任何改动，在此之前也不会查看任何内容。`,
    'state-unusable': (path) => `${path} 中的状态无法打开。`,
    'identity-broken': (path) =>
      `${path} 中的设备密钥已损坏：代理程序下次启动时会另建密钥并重新注册；若未如此，请移走该文件夹并重新注册。`,
  },
}
