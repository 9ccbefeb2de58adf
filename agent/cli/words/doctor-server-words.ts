// What `doctor` says of the server, of what stands between, and of what the machine allows.
import { setOff, type Said } from './said.ts'

const english = {
  server: {
    answers: (host: string) => `${host} answers.`,
    proxy: (address: string) => `the proxy ${address}`,
    noName: (whose: string, code: string) => `The name of ${whose} is not found (${code}).`,
    checkName: 'Check the network, its DNS, and the spelling.',
    noConnection: (to: string, code: string) => `No connection to ${to} (${code}).`,
    nobodyListens: 'Nothing listens there: check the address and port, and that the server runs.',
    checkNetwork: 'Check the network and its firewall, and whether a VPN or a proxy is needed.',
    notBelieved: (host: string, code: string) => `${host} is reached and not believed (${code}).`,
    seeCertificate: 'See the certificate.',
    silent: (host: string, why: string) => `${host} was asked and did not answer (${why}).`,
    silentThrough: (host: string, proxy: string, why: string) =>
      `${host} was asked through the proxy ${proxy} and did not answer (${why}).`,
    checkBetween: 'Check what stands between.',
    checkProxy: 'Check that the proxy lets it through.',
    proxyAsks: 'The proxy asks who you are (status 407).',
    letThrough: 'Let it through to this server without a sign-in.',
    page: (host: string, status: number) =>
      `Something else answers in place of ${host}: a page (status ${status}), as the sign-in of a guest network sends it.`,
    pageAt: (host: string, status: number, location: string) =>
      `Something else answers in place of ${host}: a page (status ${status}, leading to ${location}), as the sign-in of a guest network sends it.`,
    signIn: 'Open a browser and sign in to the network, or leave it; nothing is lost meanwhile.',
    noCutoff: (host: string, status: number) =>
      `What answers at ${host} is no Cutoff server (status ${status}).`,
    checkAddress: 'Check the address; a gateway in front must let /livez and /api/v1 through.',
  },
  certificate: {
    refused: (code: string, message: string) => `It is refused (${code}: ${message}).`,
    checkWhat: 'Check what answers there.',
    good: (subject: string, issuer: string, until: string) =>
      `It is ${subject}’s, issued by ${issuer}, valid until ${until}.`,
    pinned: (subject: string, issuer: string, until: string) =>
      `It is ${subject}’s, issued by ${issuer}, valid until ${until}, and its key is the pinned one.`,
    renew: 'Renew it: when it has ended, no device can report.',
    ownAuthority: (authority: string) =>
      `Its authority, ${authority}, is one that this machine trusts and the public does not: the organisation’s own, or that of a proxy that reads the connection.`,
    takeOut:
      'Where neither is meant, take that authority out of the system’s store; where it is, nothing is to be done.',
    notBelieved: (subject: string, issuer: string, code: string) =>
      `It is ${subject}’s, issued by ${issuer}, and is refused (${code}).`,
    notPinned: (subject: string, issuer: string, pin: string) =>
      `It is ${subject}’s, issued by ${issuer}, and its key is not the pinned one but ${pin}.`,
    newKey:
      'Either a proxy reads the connection, or the server has a new key: then correct `certificatePin`.',
    holds: (from: string, until: string) => `It holds from ${from} to ${until}.`,
    setClock: 'Set this machine’s clock if it is wrong; otherwise renew the certificate.',
    trust: (authority: string) =>
      `If ${authority} is the organisation’s own authority, or that of its proxy, put it into the system’s store; otherwise somebody stands between.`,
    checkAddress: 'Check the server’s address and its certificate.',
  },
  proxy: {
    none: 'No proxy is used.',
    environment: (address: string, variable: string) =>
      `Requests go through ${address}, from ${variable} of the environment.`,
    setting: (address: string, source: string) =>
      `Requests go through ${address}, from \`proxy\` (${source}).`,
    system: (address: string, place: string) => `Requests go through ${address}, from ${place}.`,
    places: {
      environment: 'the environment',
      'environment-file': '/etc/environment',
      'network-settings': 'the network settings of macOS',
      winhttp: 'the machine’s WinHTTP settings',
      'internet-settings': 'the machine’s Internet Options',
    },
    automatic: (place: string) => `The automatic configuration (PAC) of ${place} is not followed.`,
    passedOver: (place: string, what: string) => `This of ${place} is not followed: ${what}.`,
    setProxy: 'If that is why the server is not reached, name the way in the settings `proxy` and `noProxy`.',
    correct: 'Correct it, or name the proxy in the setting `proxy`.',
  },
  clock: {
    same: 'This machine’s clock is as the server’s.',
    behind: (now: string, span: string) => `This machine’s clock (${now}) is ${span} behind the server’s.`,
    ahead: (now: string, span: string) => `This machine’s clock (${now}) is ${span} ahead of the server’s.`,
    toldBehind: (span: string) => `By the server’s last signed time, this machine’s clock is ${span} behind.`,
    toldAhead: (span: string) => `By the server’s last signed time, this machine’s clock is ${span} ahead.`,
    set: 'Set it, best by the network (NTP). Times are corrected by the server’s until then.',
  },
  device: {
    known: 'The server knows this device and takes its signature.',
    noPolicy: 'The server knows this device; it has no policy yet.',
    silent: (code: string) => `The server did not answer as such (${code}).`,
    seeServer: 'See the server.',
    refused: (detail: string, code: string) => `The server refuses this device: ${detail} [${code}].`,
    enrolAgain: 'Enrol again with `cutoff-agent enrol`, or check that it is the right server.',
    revoked: 'An administrator has revoked it: ask why, and enrol again if that was a mistake.',
    address:
      'The server’s own address (CUTOFF_PUBLIC_URL) must be the one that devices use; a gateway must not change requests.',
    seeLog: 'The server’s log says more; it is asked again by itself.',
  },
  watching: {
    whose: { all: 'all accounts', own: 'your account' },
    folders: (count: number, whose: string) => `${count} folders are to be watched for ${whose}.`,
    limits: (watches: number, instances: string) =>
      `The system allows an account ${watches} watches and ${instances} instances.`,
    unknown: 'an unknown number of',
    refused: (code: string) =>
      `Trying with one, the system refused (${code}): other programs of this account hold the rest.`,
    raise:
      'Raise fs.inotify.max_user_watches and fs.inotify.max_user_instances (sysctl). Until then use is seen at the looks at processes, a minute apart, rather than within seconds.',
  },
  homes: {
    ownClosed: 'Your home cannot be read.',
    checkRights: 'Check the rights of your home folder.',
    own: 'Your home can be read; other accounts’ are for an agent that runs as a service.',
    all: (read: number, count: number) => `${read} of ${count} homes can be read.`,
    some: (read: number, count: number, closed: string) =>
      `${read} of ${count} homes can be read; not those of ${closed}.`,
    gaps: 'Homes on the network, encrypted or not mounted are gaps, and are shown so; for others, check what holds even root back (SELinux, the service’s sandbox).',
  },
  catalogue: (version: string, count: number, agent: string) =>
    `Version ${version} with ${count} tools; the agent is ${agent}.`,
}

export const doctorServerWords: Said<typeof english> = {
  en: english,
  'zh-CN': {
    server: {
      answers: (host) => `${host} 有应答。`,
      proxy: (address) => `代理服务器 ${address}`,
      noName: (whose, code) => `找不到${setOff(whose)}的域名（${code}）。`,
      checkName: '请检查网络及其 DNS，并核对拼写。',
      noConnection: (to, code) => `无法连接${setOff(to).trimEnd()}（${code}）。`,
      nobodyListens: '该处没有程序监听：请检查地址和端口，并确认服务器正在运行。',
      checkNetwork: '请检查网络及其防火墙，以及是否需要 VPN 或代理服务器。',
      notBelieved: (host, code) => `能连上 ${host}，但其身份不可信（${code}）。`,
      seeCertificate: '请看“证书”一项。',
      silent: (host, why) => `已向 ${host} 发出请求，但没有应答（${why}）。`,
      silentThrough: (host, proxy, why) =>
        `已通过代理服务器 ${proxy} 向 ${host} 发出请求，但没有应答（${why}）。`,
      checkBetween: '请检查中间的网络设备。',
      checkProxy: '请确认代理服务器允许访问它。',
      proxyAsks: '代理服务器要求登录（状态码 407）。',
      letThrough: '请允许免登录通过代理服务器访问本服务器。',
      page: (host, status) => `应答的不是 ${host}，而是一个网页（状态码 ${status}），像是访客网络的登录页。`,
      pageAt: (host, status, location) =>
        `应答的不是 ${host}，而是一个网页（状态码 ${status}，转到 ${location}），像是访客网络的登录页。`,
      signIn: '请打开浏览器登录该网络，或改用其他网络；其间不会丢失任何内容。',
      noCutoff: (host, status) => `在 ${host} 应答的不是 Cutoff 服务器（状态码 ${status}）。`,
      checkAddress: '请检查地址；前置网关必须放行 /livez 和 /api/v1。',
    },
    certificate: {
      refused: (code, message) => `证书未被接受（${code}：${message}）。`,
      checkWhat: '请检查在该处应答的是什么。',
      good: (subject, issuer, until) => `证书属于 ${subject}，由 ${issuer} 签发，有效期至 ${until}。`,
      pinned: (subject, issuer, until) =>
        `证书属于 ${subject}，由 ${issuer} 签发，有效期至 ${until}，其密钥与固定的密钥一致。`,
      renew: '请更换证书：过期后，任何设备都无法上报。',
      ownAuthority: (authority) =>
        `其签发机构 ${authority} 受本机信任，但不受公众信任：它属于单位自己，或属于会解密连接的代理服务器。`,
      takeOut: '如果两者都不是有意为之，请从系统证书库中删除该机构；否则无需处理。',
      notBelieved: (subject, issuer, code) => `证书属于 ${subject}，由 ${issuer} 签发，未被接受（${code}）。`,
      notPinned: (subject, issuer, pin) =>
        `证书属于 ${subject}，由 ${issuer} 签发，但其密钥不是固定的密钥，而是 ${pin}。`,
      newKey: '可能是代理服务器在解密连接，也可能是服务器换了密钥：若是后者，请更正 `certificatePin`。',
      holds: (from, until) => `有效期自 ${from} 至 ${until}。`,
      setClock: '如果本机时钟不准，请校准；否则请更换证书。',
      trust: (authority) =>
        `如果 ${authority} 是单位自己的签发机构，或属于单位的代理服务器，请把它加入系统证书库；否则连接可能被他人拦截。`,
      checkAddress: '请检查服务器的地址及其证书。',
    },
    proxy: {
      none: '未使用代理服务器。',
      environment: (address, variable) => `请求经由 ${address}，取自环境变量 ${variable}。`,
      setting: (address, source) => `请求经由 ${address}，取自设置 \`proxy\`（${source}）。`,
      system: (address, place) => `请求经由 ${address}，取自${place}。`,
      places: {
        environment: '环境变量',
        'environment-file': '本机的 /etc/environment 文件',
        'network-settings': 'macOS 的网络设置',
        winhttp: '本机的 WinHTTP 设置',
        'internet-settings': '本机的 Internet 选项',
      },
      automatic: (place) => `${place}中的自动配置（PAC）不予采用。`,
      passedOver: (place, what) => `${place}中的以下内容不予采用：${what}。`,
      setProxy: '如果因此连不上服务器，请改用设置 `proxy` 和 `noProxy` 指定。',
      correct: '请更正，或在设置 `proxy` 中指定代理服务器。',
    },
    clock: {
      same: '本机时钟与服务器一致。',
      behind: (now, span) => `本机时钟（${now}）比服务器慢 ${span}。`,
      ahead: (now, span) => `本机时钟（${now}）比服务器快 ${span}。`,
      toldBehind: (span) => `按服务器最近一次签名的时间，本机时钟慢 ${span}。`,
      toldAhead: (span) => `按服务器最近一次签名的时间，本机时钟快 ${span}。`,
      set: '请校准时钟，最好通过网络校时（NTP）。在此之前，时间按服务器的时钟修正。',
    },
    device: {
      known: '服务器认识本设备，并接受其签名。',
      noPolicy: '服务器认识本设备；尚无策略。',
      silent: (code) => `服务器没有正常应答（${code}）。`,
      seeServer: '请看“服务器”一项。',
      refused: (detail, code) => `服务器拒绝本设备：${detail} [${code}]。`,
      enrolAgain: '请运行 `cutoff-agent enrol` 重新注册，或确认服务器是否正确。',
      revoked: '管理员已撤销本设备：请询问原因；如果是误操作，请重新注册。',
      address: '服务器自身的地址（CUTOFF_PUBLIC_URL）必须与设备所用的一致；网关不得改动请求。',
      seeLog: '服务器的日志中有更多信息；代理程序会自动重试。',
    },
    watching: {
      whose: { all: '所有账户', own: '您的账户' },
      folders: (count, whose) => `需要为${whose}监视 ${count} 个文件夹。`,
      limits: (watches, instances) => `系统允许每个账户有 ${watches} 个监视项、${instances} 个实例。`,
      unknown: '数量未知的',
      refused: (code) => `试着监视一个时，系统拒绝了（${code}）：其余名额已被该账户的其他程序占用。`,
      raise:
        '请调高 fs.inotify.max_user_watches 和 fs.inotify.max_user_instances（sysctl）。在此之前，使用情况靠每分钟一次的进程查看来发现，而不是几秒之内。',
    },
    homes: {
      ownClosed: '无法读取您的主目录。',
      checkRights: '请检查您主目录的权限。',
      own: '可以读取您的主目录；其他账户的主目录要由作为服务运行的代理程序读取。',
      all: (read, count) => `${count} 个主目录中有 ${read} 个可以读取。`,
      some: (read, count, closed) => `${count} 个主目录中有 ${read} 个可以读取；不能读取的是 ${closed} 的。`,
      gaps: '在网络上、已加密或未挂载的主目录会记为未能查看，并如实显示；其余的请检查是什么连 root 也限制了（SELinux、服务的沙盒）。',
    },
    catalogue: (version, count, agent) => `版本 ${version}，收录 ${count} 个工具；代理程序版本为 ${agent}。`,
  },
}
