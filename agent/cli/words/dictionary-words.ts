// The data dictionary in other languages. Its words stand in the schemas and collectors, in English: here they are the keys, so
// that a meaning that changes there loses its translation, and a test asks for it anew.
import type { Language } from '#shared/words/language.ts'

const chinese: Readonly<Record<string, string>> = {
  // Records
  'What device this is. Evidence about the device, never its identity.':
    '这是哪台设备。是关于设备的佐证，不作为其身份。',
  'An account of this device.': '本设备上的一个账户。',
  'What was found of one tool for one account. Replaces the one before.':
    '某账户下发现的某个工具的情况。取代此前的记录。',
  'One dated sign of life of a tool under a rule, on or after the rule’s date.':
    '受规则约束的工具在规则日期当日或之后的一次有日期的活动迹象。',
  'One installed or vanished item, by name and version. Names no file in a project.':
    '一个已安装或已消失的项目，含名称和版本。不含项目中的任何文件名。',
  'Something that behaves like an AI coding agent and is not in the catalogue: at most a question. Replaces the one before.':
    '行为类似 AI 编程智能体、但不在目录中的对象：至多是一个疑问。取代此前的记录。',
  'One thing that could not be looked at, or could be again.': '一处未能查看或已能重新查看的地方。',
  'How well the device or an account has been looked at.': '对设备或账户查看得是否完整。',
  'One complete look: how long it took and what it cost.': '一次完整的查看：用时和开销。',
  'Something that happened to the agent itself.': '代理程序自身发生的事件。',
  // The device and its accounts
  'so that an administrator recognises the device': '便于管理员认出该设备',
  'operating system': '操作系统',
  'its version': '其版本',
  'processor architecture': '处理器架构',
  'hardware serial number, to join with the asset list': '硬件序列号，用于与资产清单核对',
  'version of the agent': '代理程序的版本',
  'how the device key is kept': '设备密钥的保存方式',
  'how the device key is kept: file': '设备密钥的保存方式：文件（file）',
  'the device whose state this one was copied from, or that was copied from this one; signed by the key that both had':
    '本设备的状态所复制自的设备，或由本设备复制而来的设备；以两者共有的密钥签名',
  'the device whose key gives its place to this one, and the token of its last receipt; signed by the key before. Needs no enrolment token':
    '此密钥所接替密钥的设备及其最近回执的令牌；由之前的密钥签名。无需注册令牌',
  'keyed hashes, the same at this organisation alone: a device that had to enrol anew is probably the one with the same ones':
    '带密钥的哈希值，仅在本组织内相同：不得不重新注册的设备很可能就是哈希值相同的那一台',
  'hash of the number that its maker gave it; null where it cannot be read':
    '制造商所给编号的哈希值；无法读取时为 null',
  'hash of the number that its system was given when it was installed': '安装系统时所给编号的哈希值',
  'account name': '账户名',
  'whether its home could be looked into': '其主目录是否可以查看',
  'true once the account is no longer there': '账户不再存在时为 true',
  'account name on the device; null for the machine as a whole': '设备上的账户名；整机为 null',
  // A tool
  'tool, by its id in the catalogue': '工具，以其在目录中的标识表示',
  tool: '工具',
  'left over, installed, started or used': '有残留、已安装、启动过或使用过',
  'true when nothing of it is found any more': '不再发现其任何内容时为 true',
  'whether it was running at the look; null while the rule’s date is ahead, no rule names the tool, or what runs could not be seen':
    '查看时是否正在运行；规则日期未到、没有规则提及该工具或无法看到运行中的程序时为 null',
  'how sure the identification is': '识别的可靠程度',
  'version of the tool': '工具的版本',
  'day of installation, when on or after a rule’s date; null before it or when not known':
    '安装日期，仅限规则日期当日或之后；更早或未知时为 null',
  'null when not known or no rule names the tool': '未知或没有规则提及该工具时为 null',
  'whether any use lies before the rule’s date; never when': '规则日期之前是否有过使用；绝不含时间',
  'whether the tool was ever seen able to run on this device': '是否曾发现该工具能在本设备上运行',
  'what speaks for it': '依据',
  'which kind of fact': '属于哪种事实',
  'which signal of the catalogue matched': '与目录中的哪个特征相符',
  'where, as a template; variable parts are left as *': '位置，以模板表示；可变部分以 * 代替',
  'tells two places under one template apart; the key stays on the device':
    '用于区分同一模板下的两处位置；密钥不离开设备',
  'what the signal says: presence, configuration, start or session': '特征说明什么：存在、设置、启动或会话',
  'how sure the signal is': '特征的可靠程度',
  // A sign of life
  'session, attempt, run or presence': '会话、尝试、运行或存在',
  'milliseconds since 1970, in the device’s clock': '自 1970 年起的毫秒数，按设备时钟',
  'how exactly the record tells the time': '记录给出时间的精确程度',
  'which start of the machine, and setting of its clock, the time belongs to; null where that cannot be told':
    '该时间属于哪次开机、哪次时钟设置；无法得知时为 null',
  'witnessed by the agent, or found in a record': '由代理程序亲见，或在记录中发现',
  'how sure': '可靠程度',
  'keyed hash of the session’s name, the same on every device of the organisation':
    '会话名称的带密钥散列值，在单位的每台设备上相同',
  'what speaks against the time or place': '对时间或地点的疑点',
  'where times disagree: with which other time, and by how much, no finer than the mark’s own time':
    '各项时间互不相符时：与哪一时间不符、相差多少，精度不高于该迹象自身的时间',
  'which other time': '另一时间是哪一个',
  'the other time minus the record’s, in milliseconds; null where it may not be told':
    '另一时间减去记录中的时间，以毫秒计；不得上报时为 null',
  'ran for more than 10 minutes and kept no session record': '运行超过 10 分钟而没有留下会话记录',
  'how many more like it, of that day and side of the rule’s dates, were dropped on the device for want of room; the first and the last are always told':
    '当日、规则日期同一侧的同类迹象中，因空间不足在设备上舍弃了多少；首次和末次始终上报',
  'what it rests on': '依据',
  // Inventory, unlisted
  'which kind': '种类',
  'package manager, editor family or kind of app': '软件包管理器、编辑器系列或应用种类',
  'name of the command, package, app, extension or known config file':
    '命令、软件包、应用、扩展或已知设置文件的名称',
  'true once it is no longer there': '不再存在时为 true',
  'package manager; home for a folder of the account’s home': '软件包管理器；账户主目录中的文件夹则为 home',
  'name of the package, or the folder’s own name as in ~/.example':
    '软件包的名称，或文件夹自身的名称，如 ~/.example',
  why: '原因',
  'what it does that such agents do': '它做了哪些此类智能体会做的事',
  'by which library, variable or place, of a list that comes with the agent':
    '依据代理程序自带列表中的哪个库、变量或位置',
  'true once it no longer behaves so, or is not there': '行为不再如此或不再存在时为 true',
  // Gaps, coverage, looks
  'who wanted to look': '由谁查看',
  'tells two gaps under one template apart': '用于区分同一模板下两处未能查看的地方',
  'why not': '未能查看的原因',
  'technical code': '技术代码',
  'when it was first seen': '首次发现的时间',
  'when it was gone; null while it lasts': '消失的时间；仍存在时为 null',
  'attested, attested but for blind spots, or not attested': '完整、除盲区外完整，或不完整',
  'as of when, or since when not': '截至何时，或自何时起不完整',
  'version of the catalogue that was looked for': '查看时所用目录的版本',
  'number of gaps': '未能查看之处的数量',
  start: '开始',
  end: '结束',
  'CPU time spent': '所用 CPU 时间',
  'policy known at the time': '当时所知的策略',
  'catalogue used': '所用目录',
  collector: '收集器',
  time: '用时',
  'facts seen': '看到的事实数',
  'things not seen': '未能看到的数量',
  // The agent, each report, enrolment
  what: '何事',
  'technical detail': '技术详情',
  'on which day: its first moment (UTC), in the device’s clock': '在哪一天：当日起始时刻（UTC），按设备时钟',
  'random; new whenever the agent’s state is new': '随机值；代理程序的状态重建时更换',
  'rises with every request of the epoch': '随每次请求递增',
  'sequence of the first record; equal to `to` + 1 when there is none':
    '第一条记录的序号；没有记录时等于 `to` + 1',
  'the token of the last receipt': '上次回执的令牌',
  'the device clock as measured against the server’s since the start of the machine, or since it was set; null until measured':
    '自开机或时钟调整以来与服务器核对的设备时钟；核对之前为 null',
  'server clock minus device clock': '服务器时钟减去设备时钟',
  'name of the signed policy that the device acts on; null while it has none':
    '本设备所依据的已签名策略的名称；没有时为 null',
  'which of the organisation’s keys count for the agent, by the first digits of their fingerprints: the one that it believes, then those that its settings let follow':
    '代理认可组织的哪些密钥，以其指纹的前几位表示：先是目前信任的，再是其设置允许接替的',
  'what was told so far, as one hash, so that what got lost is noticed; once a day at most':
    '至今已上报内容的一个哈希值，以便发现丢失的内容；每天至多一次',
  'SHA-256 over what holds now of all that was told, base64url':
    '对已上报且目前仍成立的内容计算的 SHA-256，base64url',
  'kinds of records that the hash is over': '该哈希值涵盖的记录种类',
  'since which sequence number all of it was told again; null: it was not':
    '自哪个序号起重新上报了全部内容；没有重新上报时为 null',
  'what the device gave up for want of room since the last report, where it did':
    '自上次上报以来设备因空间不足而舍弃的内容（如有）',
  'numbers under which nothing will come: their records were dropped, or wait under later numbers':
    '不会再有内容的序号：其记录已舍弃，或排在更后的序号下等待发送',
  'how many records were dropped': '舍弃了多少条记录',
  'how many of them by kind': '其中各种类的数量',
  'first moment of the day (UTC) of the last report before': '此前最后一次上报当日的起始时刻（UTC）',
  'first moment of the day (UTC) on which records were last dropped': '最近一次舍弃记录当日的起始时刻（UTC）',
  'Ed25519 public key, base64url of the raw 32 bytes': 'Ed25519 公钥，32 个原始字节的 base64url',
  // What is looked at
  'Looks at what is running now, to tell an installed tool from a running one.':
    '查看当前正在运行的程序，以区分已安装的工具和正在运行的工具。',
  'Looks at the commands that an account could start, and which package each belongs to. Starts none of them.':
    '查看账户可以启动的命令及其所属软件包。不启动其中任何一个。',
  'Looks at what package managers installed for everybody or for an account, by name and version.':
    '查看软件包管理器为所有人或某个账户安装的内容，含名称和版本。',
  'Looks at the files that tools keep of their sessions, to date a use by what the tool itself recorded.':
    '查看工具保留的会话文件，以工具自身的记录确定使用日期。',
  'Looks whether known settings of tools are there, which says that a tool was set up once.':
    '查看是否有工具的已知设置，它说明工具曾经过设置。',
  'Looks at which MCP servers known tools are set up to use: the package or program of each, nothing else of it.':
    '查看已知工具被设置为使用哪些 MCP 服务器：只看其软件包或程序，不看其他内容。',
  'Looks at the extensions of editors, because many AI coding tools are extensions.':
    '查看编辑器的扩展，因为许多 AI 编程工具都是扩展。',
  'Looks at the desktop applications that are installed, by id and name.':
    '查看已安装的桌面应用，含标识和名称。',
  'Looks whether folders of tools that nobody has listed yet hold what AI coding agents keep, so that somebody can ask what they are.':
    '查看尚未列入目录的工具的文件夹中是否有 AI 编程智能体会保留的内容，以便有人询问它们是什么。',
}

const meanings: Readonly<Record<Language, Readonly<Record<string, string>> | null>> = {
  en: null,
  'zh-CN': chinese,
}

/** A meaning of the dictionary in a language; as it stands in the schema where there is no other. */
export function meaningIn(language: Language, english: string): string {
  const table = meanings[language]
  return table !== null && Object.hasOwn(table, english) ? (table[english] ?? english) : english
}
