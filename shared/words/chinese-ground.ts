// Words in Simplified Chinese for what is seen, before any judgement: states, marks, evidence, gaps, coverage. Data only.
import { chineseTimes } from './chinese-times.ts'
import { chineseTool } from './chinese-tool.ts'
import type { GroundWords } from './vocabulary.ts'

export const chineseGround: GroundWords = {
  state: {
    leftover: { label: '有残留', about: '工具已移除，仍留有痕迹或设置。' },
    installed: { label: '已安装', about: '它在此处，没有迹象表明启动过。' },
    started: { label: '启动过', about: '它运行过或被尝试过，未发现进行过会话。' },
    used: { label: '使用过', about: '用它进行过会话。' },
  },
  markKind: {
    session: { label: '会话', about: '所进行会话中的活动：有模型作出过回答。' },
    attempt: { label: '尝试', about: '发起过会话，没有得到回答。' },
    run: { label: '运行', about: '被发现正在运行。' },
    presence: { label: '存在', about: '当天它在此处。' },
  },
  basis: {
    witnessed: { label: '亲见', about: '代理程序看到了它发生。' },
    found: { label: '事后发现', about: '仅从文件自身的记载中得知。' },
  },
  strength: {
    proven: { label: '已证实', about: '是哪个工具已经确定：依据其软件包、签名、标识或自身的记录格式。' },
    likely: { label: '可能', about: '有两个互相独立的较弱迹象，或运行了一个不留会话记录的工具。' },
    weak: { label: '较弱', about: '仅有名称。绝不足以认定。' },
  },
  doubt: {
    'times-disagree': '各项时间互不相符。',
    'arrived-together': '它在几秒之内与多个工具的痕迹一同出现。',
    'another-device': '另一台设备报告了同一会话。',
    'another-account': '本设备的另一个账户报告了同一会话。',
    'unable-to-run': '从未发现该工具能在本设备上运行。',
  },
  times: chineseTimes,
  means: {
    presence: { label: '存在', about: '说明工具在此处。' },
    configuration: { label: '设置', about: '说明工具经过设置。' },
    start: { label: '启动', about: '说明工具启动过。' },
    session: { label: '会话', about: '说明进行过会话。' },
  },
  observation: {
    process: { label: '进程', about: '正在运行的程序。' },
    command: { label: '命令', about: '账户可以启动的程序。' },
    package: { label: '软件包', about: '已安装的软件包。' },
    app: { label: '应用', about: '已安装的应用。' },
    extension: { label: '扩展', about: '编辑器的扩展。' },
    config: { label: '设置文件', about: '位于已知位置的设置文件。' },
    'mcp-server': { label: 'MCP 服务器', about: '智能体被设置为使用的工具服务器。' },
    trace: { label: '痕迹', about: '工具在使用时写入的文件。' },
    behaviour: { label: '行为', about: '目录中没有的某个对象做了 AI 编程智能体会做的事。' },
  },
  unlisted: {
    label: '不在目录中',
    about: '其行为类似 AI 编程智能体，但不在目录中。它也可能是别的东西；这不构成对任何人的不利依据。',
    next: '请询问它是什么。如果是此类工具，请将其加入目录；如果不是，请结束此项并说明原因。',
  },
  behaviour: {
    'agent-dependency': {
      label: '为与模型通信而构建',
      about: '已安装的命令，其软件包依赖用于模型或工具服务器的库。',
    },
    'agent-mark': {
      label: '给所启动的程序做标记',
      about: '它在运行时给所启动的程序加上了智能体用来表明身份的标记。',
    },
    'mcp-settings': {
      label: '设置为使用 MCP 服务器',
      about: '其文件夹中有一个为智能体列出工具服务器的设置文件。',
    },
    'session-records': {
      label: '保留会话记录',
      about: '其文件夹中有模型作出过回答的记录。只查看了记录的结构，没有查看文字。',
    },
  },
  gap: {
    denied: {
      label: '被拒绝',
      about:
        '系统不允许代理程序查看。在 macOS 上，EPERM 表示隐私保护，配置描述文件 cutoff-access.mobileconfig 可予以解除。',
    },
    'outside-home': { label: '指向主目录之外', about: '链接指向账户的主目录之外，因此没有跟随。' },
    'not-regular': { label: '不是文件', about: '本应是文件之处为管道、套接字或设备。' },
    'foreign-owner': { label: '他人的文件', about: '该文件属于另一个账户。' },
    'too-large': { label: '过大', about: '该文件超过代理程序读取的上限。' },
    'too-many': { label: '过多', about: '条目数超过代理程序查看的上限。' },
    'too-deep': { label: '过深', about: '它所在的层级超过代理程序查看的上限。' },
    unparsable: { label: '格式无法读取', about: '该文件不是预期的格式。' },
    'remote-mount': {
      label: '网络文件系统',
      about:
        '它位于网络文件系统或用户空间文件系统上，可能使查看停滞；或者只在云端而不在本机磁盘上（not-on-disk）。代理程序不去触碰。',
    },
    'over-budget': { label: '时间用尽', about: '允许用于查看的时间已用完。' },
    'changed-while-read': { label: '其间有变化', about: '该文件在读取期间发生了变化。' },
    unsupported: { label: '未查看', about: '此版本的代理程序在本系统上不查看该处。' },
    'blind-spot': {
      label: '盲区',
      about:
        '虚拟机、容器自身的磁盘或远程服务器：可以看到，但无法查看其内部。或无法监视的文件夹：每分钟查看一次，其间出现又消失的内容看不到。',
    },
    'no-account': { label: '主目录没有账户', about: '有主目录而没有账户，或有账户而没有主目录。' },
    failed: { label: '失败', about: '因其他原因未能查看；详情中有系统给出的代码。' },
  },
  coverage: {
    attested: { label: '完整', about: '已按当前目录完整查看，没有遗漏。' },
    'attested-but-blind-spots': { label: '有盲区', about: '已完整查看；有些地方无法查看其内部。' },
    'not-attested': { label: '不完整', about: '有些内容未能看到。没有报告的内容仍可能存在。' },
  },
  contact: {
    reporting: { label: '正常报告', about: '它在过去一小时内作过报告。' },
    asleep: { label: '休眠或关机', about: '它没有报告，但时间没有超出它的习惯：休眠、关机或无法连通。' },
    quiet: {
      label: '无消息',
      about: '它没有报告的时间超出了它的习惯。没有消息不是证据：既不说明有使用，也不说明没有使用。',
    },
  },
  counts: {
    used: '进行过的会话',
    started: '会话、尝试和运行',
    installed: '会话、尝试、运行以及已安装',
  },
  category: {
    'agent-cli': '命令行智能体',
    ide: '编辑器',
    'ide-extension': '编辑器扩展',
    'desktop-app': '桌面应用',
    'browser-extension': '浏览器扩展',
    'agent-manager': '智能体管理工具',
    chat: '聊天助手',
    'local-runtime': '本地模型运行环境',
    'tool-server': '供智能体使用的工具或记忆',
    library: '库',
  },
  platform: { linux: 'Linux', darwin: 'macOS', windows: 'Windows' },
  tool: chineseTool,
}
