// What `doctor` says of what the agent needs of its own, and of what it holds of the server.
import { counted, setOff, type Said } from './said.ts'

const english = {
  settings: {
    right: 'All that is set is right.',
    correct: 'Correct it where it is set; `cutoff-agent status` shows what is in force and from where.',
  },
  folder: {
    copy: 'The agent of this machine keeps its state for itself; you have a copy of what concerns you.',
    startService: 'Start the agent’s service, or name the folder with --state.',
    askAsRoot: 'Where the agent runs as a service, ask again as root; or name the folder with --state.',
    absent: (path: string) => `There is no state in ${path}.`,
    noFolder: (path: string) => `${path} is no folder.`,
    unusable: (path: string, code: string) => `${path} cannot be used (${code}).`,
    askAsOwner: 'Ask again as root, or as who runs the agent.',
    foreign: (path: string, owner: number, uid: number) =>
      `${path} belongs to uid ${owner}, you are uid ${uid}.`,
    ownFolder: 'Let the agent’s service keep its state in a folder of its own.',
    open: (path: string, mode: string) => `${path} can be entered by others (mode ${mode}).`,
    close: (path: string) =>
      `It holds the device’s key: chmod 700 ${path}, and enrol anew if somebody may have read it.`,
    message: 'What to do is in the message; the daemon’s log says more.',
    closed: (path: string) => `${path} is its owner’s alone.`,
  },
  space: {
    unknown: (path: string) => `It is not known how much is free for ${path}.`,
    otherMeans: 'Check the disk by other means.',
    free: (megabytes: string, path: string) => `${megabytes} MB are free for ${path}.`,
    makeRoom: 'Make room: without it, reports are kept shorter and then not at all.',
  },
  spool: {
    waiting: (records: number) => `Waiting for the server: ${counted(records, 'record')}.`,
    used: (records: number, used: string, cap: number) =>
      `Waiting for the server: ${counted(records, 'record')}; the state takes ${used} MB of ${cap}.`,
    over: 'All that may be given up was.',
    full: (records: number) =>
      `It was full: ${records} records were given up; of uses the first, the last and their number stay.`,
    seeServer: 'See why nothing reaches the server: Server and Last report.',
    raise: 'Or raise `spoolMegabytes`.',
  },
  agent: {
    start: 'Start its service, or run `cutoff-agent run`; if it ends again, its log says why.',
    notRunning: 'The agent is not running.',
    endedUnseen: (span: string) => `The agent that was started ${span} ago ended without a word.`,
    firstLook: (span: string) => `The agent was started ${span} ago and takes its first look.`,
    runs: (span: string, look: string) =>
      `The agent has been running for ${span}; its last full look was ${look} ago.`,
  },
  enrolment: {
    is: (device: string, server: string) => `This device is ${device} at ${server}.`,
    otherServer: (server: string) => `The settings name ${server}.`,
    enrolThere: 'Enrol there with `cutoff-agent enrol`, or correct the setting.',
    not: 'This device is not enrolled: nothing is reported.',
    missing: (names: string) => `Not set: ${names}.`,
    setThem: 'Set them on the managed side, or run `cutoff-agent enrol`.',
    tokenUnreadable: (path: string, code: string) => `The token file ${path} cannot be read (${code}).`,
    putToken: 'Put it there, for the agent alone.',
    tokenOpen: (path: string) => `The token file ${path} can be read by others.`,
    closeToken: (path: string) =>
      `Whoever reads it can enrol devices: chmod 600 ${path}, and use a new token.`,
    seeServer: 'See the server; the agent’s log says why enrolling failed.',
  },
  policy: {
    copy: 'Whether its signature fits is for the agent to say; `cutoff-agent status` shows your copy.',
    none: 'No policy has been received.',
    afterEnrolment: 'It comes after enrolment.',
    afterApplied: 'It comes with the first report after a policy is applied on the server.',
    unsigned: 'The stored policy is not signed by the organisation’s key.',
    nextGood: 'The next good one replaces it; if it stays so, move the state folder away and enrol again.',
    unreadable: 'The stored policy cannot be read by this version.',
    update: 'Update the agent.',
    expires: (version: number, organisation: string, since: string, until: string) =>
      `Version ${version} of ${organisation}, signed by its key, in force since ${since}; it expires ${until}.`,
    expired: (version: number, organisation: string, since: string, until: string) =>
      `Version ${version} of ${organisation}, signed by its key, in force since ${since}; it has expired (${until}).`,
    renew: 'Apply it again on the server (`cutoff-server policy apply`), which renews it.',
    wentBack: (version: number, name: string) =>
      `Version ${version} holds here: the agent died, or its looks failed, under a later one (${name}), and it went back.`,
    correct: 'Apply a corrected version on the server. The agent’s log says how it ended.',
  },
  report: {
    notYet: 'Nothing is reported yet.',
    seeEnrolment: 'See the enrolment.',
    failed: (span: string, message: string, code: string) =>
      `The last try failed ${span} ago: ${message} [${code}].`,
    wait: (records: number) => `Waiting: ${counted(records, 'record')}.`,
    never: 'No report was received yet.',
    received: (span: string) => `The last report was received ${span} ago.`,
    seeAbove: 'See the server and the agent above; nothing is lost meanwhile.',
  },
}

export const doctorOwnWords: Said<typeof english> = {
  en: english,
  'zh-CN': {
    settings: {
      right: '各项设置均正确。',
      correct: '请在设置它的地方更正；运行 `cutoff-agent status` 可查看生效的值及其来源。',
    },
    folder: {
      copy: '本机代理程序的状态只供它自己读取；您有一份与您有关的副本。',
      startService: '请启动代理程序的服务，或用 --state 指定文件夹。',
      askAsRoot: '如果代理程序作为服务运行，请以 root 身份重新运行；或用 --state 指定文件夹。',
      absent: (path) => `${path} 中没有状态。`,
      noFolder: (path) => `${path} 不是文件夹。`,
      unusable: (path, code) => `${path} 无法使用（${code}）。`,
      askAsOwner: '请以 root 身份，或以运行代理程序的账户重新运行。',
      foreign: (path, owner, uid) => `${path} 属于 uid ${owner}，而您是 uid ${uid}。`,
      ownFolder: '请让代理程序的服务把状态存放在它自己的文件夹中。',
      open: (path, mode) => `其他账户可以进入 ${path}（权限 ${mode}）。`,
      close: (path) => `其中存有设备密钥：请运行 chmod 700 ${path}；如果密钥可能已被他人读取，请重新注册。`,
      message: '处理办法见上述说明；守护进程的日志中有更多信息。',
      closed: (path) => `${path} 仅其所有者可用。`,
    },
    space: {
      unknown: (path) => `无法得知 ${path} 所在磁盘的可用空间。`,
      otherMeans: '请用其他方法检查磁盘。',
      free: (megabytes, path) => `${path} 所在磁盘有 ${megabytes} MB 可用。`,
      makeRoom: '请腾出空间：空间不足时，待上报的内容会被精简，最终无法保存。',
    },
    spool: {
      waiting: (records) => `有 ${records} 条记录等待发往服务器。`,
      used: (records, used, cap) =>
        `有 ${records} 条记录等待发往服务器；状态占用 ${used} MB，上限 ${cap} MB。`,
      over: '可舍弃的都已舍弃。',
      full: (records) => `曾写满：已舍弃 ${records} 条记录；使用记录保留首次、末次及次数。`,
      seeServer: '请查明为何无法送达服务器：见“服务器”和“上次上报”两项。',
      raise: '也可以调高 `spoolMegabytes`。',
    },
    agent: {
      start: '请启动它的服务，或运行 `cutoff-agent run`；如果它再次结束，其日志中有原因。',
      notRunning: '代理程序未运行。',
      endedUnseen: (span) => `${span}前启动的代理程序已意外结束。`,
      firstLook: (span) => `代理程序于 ${span}前启动，正在进行首次查看。`,
      runs: (span, look) => `代理程序已运行 ${span}；上次完整查看是在 ${look}前。`,
    },
    enrolment: {
      is: (device, server) => `本设备在 ${server} 的编号为 ${device}。`,
      otherServer: (server) => `而设置中的服务器是 ${server}。`,
      enrolThere: '请运行 `cutoff-agent enrol` 到该服务器注册，或更正设置。',
      not: '本设备未注册：不会上报任何内容。',
      missing: (names) => `未设置：${names}。`,
      setThem: '请在管理端设置，或运行 `cutoff-agent enrol`。',
      tokenUnreadable: (path, code) => `令牌文件 ${path} 无法读取（${code}）。`,
      putToken: '请把令牌文件放到该处，并只允许代理程序读取。',
      tokenOpen: (path) => `其他账户可以读取令牌文件 ${path}。`,
      closeToken: (path) => `任何人读到它都能注册设备：请运行 chmod 600 ${path}，并换用新的令牌。`,
      seeServer: '请看“服务器”一项；代理程序的日志中有注册失败的原因。',
    },
    policy: {
      copy: '签名是否正确由代理程序核对；运行 `cutoff-agent status` 可查看您的副本。',
      none: '尚未收到策略。',
      afterEnrolment: '注册之后会收到。',
      afterApplied: '服务器应用策略之后，会随首次上报收到。',
      unsigned: '所存策略不是由单位的密钥签名的。',
      nextGood: '下一份正确的策略会取代它；如果一直如此，请移走状态文件夹并重新注册。',
      unreadable: '本版本无法读取所存策略。',
      update: '请更新代理程序。',
      expires: (version, organisation, since, until) =>
        `${setOff(organisation).trimStart()}的策略第 ${version} 版，由其密钥签名，自 ${since} 起生效，${until} 到期。`,
      expired: (version, organisation, since, until) =>
        `${setOff(organisation).trimStart()}的策略第 ${version} 版，由其密钥签名，自 ${since} 起生效，已到期（${until}）。`,
      renew: '请在服务器上再次应用该策略（`cutoff-server policy apply`），有效期即顺延。',
      wentBack: (version, name) =>
        `此处有效的是第 ${version} 版：在较新的一份策略（${name}）下，代理程序异常结束或查看失败，因此退回到了此版。`,
      correct: '请在服务器上应用修正后的版本。代理程序的日志会说明它是如何结束的。',
    },
    report: {
      notYet: '尚未上报任何内容。',
      seeEnrolment: '请看“注册”一项。',
      failed: (span, message, code) => `最近一次尝试在 ${span}前失败：${message} [${code}]。`,
      wait: (records) => `有 ${records} 条记录等待发送。`,
      never: '服务器尚未收到任何上报。',
      received: (span) => `服务器上次收到上报是在 ${span}前。`,
      seeAbove: '请看上面“服务器”和“代理程序”两项；其间不会丢失任何内容。',
    },
  },
}
